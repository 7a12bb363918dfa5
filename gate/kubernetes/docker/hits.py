"""Hits on containers of Docker: each names the service, the key and what is wrong with it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from gate.core.values import Value
from gate.core.word_lists import word_lists
from gate.kubernetes.docker.containers import DockerContainer
from gate.model import Worth
from gate.rules import Hit, StageRule
from gate.rules.hits import Weighed
from gate.rules.worth import where_no_image_ships, where_no_program_is

_WORDS = word_lists(__file__)
_AGENTS = frozenset(_WORDS["agents"])
_ANY_NAME = "|".join(map(re.escape, _WORDS["named"]))
_NAMED = re.compile(rf"(?<![a-z0-9])(?:{_ANY_NAME})(?![a-z0-9])")
_FOR_DEVELOPERS = frozenset(_WORDS["profiles"])


def container_of_docker_hit(container: DockerContainer, key: str, at: Value, what: str, **further: Any) -> Hit:
    """Return a hit at a key of a service. `at` gives the line, `what` says what is wrong with it."""
    worth, known_by = _worth(container, at.path)
    return Hit(
        message=f"{container.id}: {key} {what}",
        path=at.path or None,
        line=at.line or None,
        evidence=(container.id, key, what),
        object=container.id,
        field=key,
        worth=worth,
        worth_evidence=known_by,
        **further,
    )


def _worth(container: DockerContainer, path: str) -> Weighed:
    """Return whether it stops a change that a container may do what others must not: agents of the host have to."""
    place = where_no_program_is(path) or where_no_image_ships(path)
    if place:
        return Worth.LOW, (place,)
    if container.is_of_each_node:
        return Worth.LOW, ("the service runs an agent on each node of the Swarm",)
    agent = _agent(container)
    if agent:
        return Worth.LOW, (f"{agent} manages or watches the host or its containers",)
    profiles = [name for name, _ in container.listed("profiles")]
    if profiles and all(name.lower() in _FOR_DEVELOPERS for name in profiles):
        return Worth.LOW, (f"it starts only with the profile {profiles[0]}",)
    return Worth.MEDIUM, ()


def _agent(container: DockerContainer) -> str:
    """Return the program, by the image's name or the service's, whose work is on the host; empty for others."""
    if container.program in _AGENTS:
        return container.program
    image = container.value.text("image").lower().partition("/")[2] or container.value.text("image").lower()
    found = _NAMED.search(f"{image} {container.name.lower()}".replace("_", "-"))
    return found[0] if found else ""


def once_a_place(hits: Iterable[tuple[StageRule, Hit]]) -> Iterator[tuple[StageRule, Hit]]:
    """Yield hits, of those that several services share by an anchor, `extends` or an overlay only the first."""
    seen: set[tuple[object, ...]] = set()
    for rule, hit in hits:
        place = (rule.id, hit.path, hit.line, *hit.evidence[1:])
        if hit.path is None or place not in seen:
            seen.add(place)
            yield rule, hit
