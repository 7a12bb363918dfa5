"""Rules on what services of Compose and Swarm, and containers of a daemon, leave at Docker's defaults.

One finding names all of a file. The numbers are those of the CIS Docker Benchmark 1.6.0.
"""

import re
from collections.abc import Callable, Iterator

from gate.kubernetes.docker.containers import DockerContainer
from gate.kubernetes.docker.host_file import HostFile
from gate.kubernetes.rule import HOST_FILES, rule
from gate.model import Severity
from gate.rules import Hit

_MOST_NAMED = 3
_SECRET = re.compile(r"(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)\Z", re.IGNORECASE)
"""How the names of variables end that hold a secret; `…_FILE` names a file with it."""
_IMAGE = "services:\n  web:\n    image: shop/web:1\n"


def _service(more: str) -> str:
    return f"{_IMAGE}    {more}\n"


def _lacking(file: HostFile, what: str, lacks: Callable[[DockerContainer], bool]) -> Iterator[Hit]:
    """Yield one hit for all containers of a file that lack something; unfinished ones are left out."""
    found = [one for one in file.containers if one.is_whole and lacks(one)]
    if found:
        named = ", ".join(one.id for one in found[:_MOST_NAMED])
        more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
        place = found[0].value
        yield Hit(message=f"{what}: {named}{more}", path=place.path or None, line=place.line or None)


@rule(
    "GK409",
    Severity.LOW,
    "Service may gain privileges",
    looks_at=HOST_FILES,
    why="A setuid program in the container makes root of its user: with no-new-privileges it cannot (CIS Docker 5.26).",
    mend="Write security_opt: [no-new-privileges:true], for each service or once in the daemon's settings.",
    references=("CWE-250",),
    bad=_IMAGE,
    good=_service("security_opt: ['no-new-privileges:true']"),
)
def new_privileges(file: HostFile) -> Iterator[Hit]:
    yield from _lacking(file, "no-new-privileges is missing", _may_gain_privileges)


def _may_gain_privileges(container: DockerContainer) -> bool:
    options = [text.partition(":")[0].partition("=")[0] for text, _ in container.listed("security_opt")]
    return "no-new-privileges" not in options


@rule(
    "GK410",
    Severity.LOW,
    "Service keeps the default capabilities",
    looks_at=HOST_FILES,
    why="A container of Docker starts with fourteen capabilities, of which most programs need none (CIS Docker 5.4).",
    mend="Write cap_drop: [ALL], and add the ones that the program fails without.",
    references=("CWE-250",),
    bad=_IMAGE,
    good=_service("cap_drop: [ALL]"),
)
def kept_capabilities(file: HostFile) -> Iterator[Hit]:
    yield from _lacking(file, "cap_drop is missing", _keeps_capabilities)


def _keeps_capabilities(container: DockerContainer) -> bool:
    return container.stated("privileged") != "true" and not any(container.listed("cap_drop"))


@rule(
    "GK411",
    Severity.INFO,
    "Service with a root file system that it can write",
    looks_at=HOST_FILES,
    why="Who takes over the program replaces it and leaves tools behind (CIS Docker 5.13).",
    mend="Write read_only: true, with tmpfs for the folders that the program writes.",
    references=("CWE-732",),
    bad=_IMAGE,
    good=_service("read_only: true"),
)
def writable_root(file: HostFile) -> Iterator[Hit]:
    yield from _lacking(file, "read_only is not true", lambda one: one.stated("read_only") != "true")


@rule(
    "GK412",
    Severity.INFO,
    "Service without limits",
    looks_at=HOST_FILES,
    why="One container that leaks memory, or forks without end, stops all others of the host (CIS Docker 5.11, 5.29).",
    mend="Write mem_limit and pids_limit, or deploy.resources.limits.",
    references=("CWE-770",),
    bad=_IMAGE,
    good=_service("deploy: {resources: {limits: {memory: 256M, pids: 100}}}"),
)
def without_limits(file: HostFile) -> Iterator[Hit]:
    yield from _lacking(file, "no limit of memory", _has_no_limit)


def _has_no_limit(container: DockerContainer) -> bool:
    limits = container.value.get("deploy", "resources", "limits")
    return not (container.stated("mem_limit") or (limits is not None and limits.get("memory")))


@rule(
    "GK415",
    Severity.LOW,
    "Secret in the environment of a service",
    looks_at=HOST_FILES,
    why="Each program that the container starts gets it, `docker inspect` shows it, and crash reports send it on.",
    mend="Give it by `secrets`, and let the program read the file (for many images NAME_FILE: /run/secrets/name).",
    references=("CWE-526",),
    bad=_service("environment: {DB_PASSWORD: '${DB_PASSWORD}'}"),
    good=_service("environment: {DB_PASSWORD_FILE: /run/secrets/db}"),
)
def secret_in_the_environment(file: HostFile) -> Iterator[Hit]:
    yield from _lacking(file, "a secret is taken from the environment", _takes_secret)


def _takes_secret(container: DockerContainer) -> bool:
    """True if a variable with a secret's name has its value from elsewhere; written ones are the secrets stage's."""
    found = container.value.get("environment")
    if found is None:
        return False
    pairs = [(name, value.text()) for name, value in found.items()]
    for element in found.elements() if isinstance(found.data, list) else ():
        name, _, value = element.text().partition("=")
        pairs.append((name, value))
    return any(_SECRET.search(name) and (value.startswith("${") or not value) for name, value in pairs)
