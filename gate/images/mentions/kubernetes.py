"""Kubernetes manifests: the containers of pods and what runs in them, wherever a pod is specified (PodSpec, core/v1).

Deployments, cron jobs, lists and custom resources hold pods at different depths, so every mapping of a manifest is
searched for lists of containers.
"""

from collections.abc import Iterator

import yaml

from gate.core.source_text import text_of
from gate.core.spelled import may_hold
from gate.core.yaml import child, compose_all
from gate.images.mentions.mention import Mention
from gate.kubernetes.first_look import may_hold_objects
from gate.model import ContainerStart

MAX_DOCUMENTS = 2000
"""Documents of one file."""
_ENDINGS = (".yaml", ".yml", ".json")
_LISTS = ("containers", "initContainers", "ephemeralContainers")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")


def has_name(name: str) -> bool:
    """True for YAML and JSON."""
    return name.lower().endswith(_ENDINGS)


def read(content: bytes, path: str) -> tuple[Mention, ...]:
    """Return the images of all containers and volumes in a file of manifests. Raises ConfigError, LimitError."""
    if not (may_hold_objects(content) and may_hold(content, "image")):  # others may be broken
        return ()
    documents = compose_all(text_of(content, path), path, MAX_DOCUMENTS)
    return tuple(mention for document in documents if _is_manifest(document) for mention in _mentions(document, path))


def _is_manifest(document: yaml.Node) -> bool:
    return all(isinstance(child(document, key), yaml.ScalarNode) for key in ("apiVersion", "kind"))


def _mentions(document: yaml.Node, path: str) -> Iterator[Mention]:
    """Look at each node once, however often aliases name it."""
    visited: set[int] = set()
    todo = [document]
    while todo:
        node = todo.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for name in _LISTS:
                yield from _containers(child(node, name), path)
            yield from _volumes(child(node, "volumes"))
            todo.extend(value for _, value in reversed(node.value))
        elif isinstance(node, yaml.SequenceNode):
            todo.extend(reversed(node.value))


def _containers(node: yaml.Node | None, path: str) -> Iterator[Mention]:
    for container in node.value if isinstance(node, yaml.SequenceNode) else ():
        image = child(container, "image")
        if isinstance(image, yaml.ScalarNode) and image.value:
            starts = tuple(_starts(container, path))
            yield Mention(_known(image.value), _called("container", container), image.start_mark.line + 1, starts)


def _volumes(node: yaml.Node | None) -> Iterator[Mention]:
    """Yield the images that are mounted as volumes."""
    for volume in node.value if isinstance(node, yaml.SequenceNode) else ():
        image = child(child(volume, "image"), "reference")
        if isinstance(image, yaml.ScalarNode) and image.value:
            yield Mention(_known(image.value), _called("volume", volume), image.start_mark.line + 1)


def _known(image: str) -> str | None:
    """Return an image's name, None for a template that is filled in when it is deployed."""
    return None if any(mark in image for mark in ("$", "{{")) else image


def _called(what: str, node: yaml.Node) -> str:
    name = child(node, "name")
    return f"{what} {name.value}" if isinstance(name, yaml.ScalarNode) else f"a {what}"


def _starts(container: yaml.Node, path: str) -> Iterator[ContainerStart]:
    """Yield what a container starts if that is not what its image says, and what is run in it by probes and hooks."""
    environment = tuple(_variables(child(container, "env")))
    folder = _text(child(container, "workingDir"))
    command, arguments = child(container, "command"), child(container, "args")
    own = command or arguments or child(container, "env") or child(container, "workingDir")
    if own is not None:
        yield ContainerStart(
            place=_place(path, own),
            entrypoint=_words(command),
            command=_words(arguments),
            environment=environment,
            folder=folder,
        )
    hooks = child(container, "lifecycle")
    for handler in (*(child(container, name) for name in _PROBES), *(child(hooks, name) for name in _HOOKS)):
        asked = child(child(handler, "exec"), "command")
        if asked is not None:
            yield ContainerStart(
                place=_place(path, asked), entrypoint=_words(asked), environment=environment, folder=folder
            )


def _place(path: str, node: yaml.Node) -> str:
    return f"{path}:{node.start_mark.line + 1}"


def _words(node: yaml.Node | None) -> tuple[str, ...] | None:
    if not isinstance(node, yaml.SequenceNode):
        return None
    return tuple(word.value for word in node.value if isinstance(word, yaml.ScalarNode))


def _variables(node: yaml.Node | None) -> Iterator[str]:
    """Yield `NAME=value` of variables, and `NAME` of those whose values the manifest does not say."""
    for variable in node.value if isinstance(node, yaml.SequenceNode) else ():
        name, value = _text(child(variable, "name")), _text(child(variable, "value"))
        if name:
            yield name if value is None else f"{name}={value}"


def _text(node: yaml.Node | None) -> str | None:
    return node.value if isinstance(node, yaml.ScalarNode) else None
