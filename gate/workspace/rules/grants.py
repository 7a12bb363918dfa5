"""Rules on permissions that are given beforehand, and checks that are switched off."""

from collections.abc import Iterator

from gate.model import Severity
from gate.rules import Change, Hit
from gate.workspace.model import Grant, Strength
from gate.workspace.rule import GRANTS, rule

_CONTAINER = "devcontainer"


def _hit(grant: Grant, why: str) -> Hit:
    return Hit(
        message=f"{grant.by}: {grant.what}: {why}",
        path=grant.path,
        line=grant.line,
        evidence=(grant.path, grant.what),
        changes=_changes(grant),
    )


def _changes(grant: Grant) -> tuple[Change, ...]:
    """Return the change of a flag from true to false; of all else a person decides what is allowed instead."""
    is_placed = grant.span is not None and grant.span[0] != grant.span[1]
    if grant.span is None or not is_placed or not grant.what.endswith("= true"):
        return ()
    return (Change(grant.span, "false"),)


@rule(
    "GW301",
    Severity.HIGH,
    "An agent may run any command without a question",
    looks_at=GRANTS,
    why="A sentence in an issue, a web page or a dependency is enough to have the agent run what its author wants.",
    mend="Allow the commands that are needed by name (`Bash(npm test)`); let people give more in their own settings.",
    references=("CWE-250", "CWE-862"),
    bad='.claude/settings.json: {"permissions": {"allow": ["Bash(*)"]}}',
    good='.claude/settings.json: {"permissions": {"allow": ["Bash(npm test)"]}}',
)
def everything_allowed(grant: Grant) -> Iterator[Hit]:
    if grant.strength is Strength.ALL and not grant.is_check:
        yield _hit(grant, "no one is asked")


@rule(
    "GW302",
    Severity.MEDIUM,
    "An agent may run an interpreter without a question",
    looks_at=GRANTS,
    why="A shell, an interpreter or a program that fetches others can do whatever any command can.",
    mend="Allow the script that is needed by name (`Bash(python scripts/check.py)`).",
    references=("CWE-250",),
    bad='.claude/settings.json: {"permissions": {"allow": ["Bash(python:*)"]}}',
    good='.claude/settings.json: {"permissions": {"allow": ["Bash(python scripts/check.py)"]}}',
)
def interpreter_allowed(grant: Grant) -> Iterator[Hit]:
    if grant.strength is Strength.MUCH and not grant.is_check and grant.by != _CONTAINER:
        yield _hit(grant, "it can run, fetch or send anything")


@rule(
    "GW303",
    Severity.HIGH,
    "Certificates are not checked",
    looks_at=GRANTS,
    why="Anyone on the way can answer in the place of the registry or the service, and send a program of theirs.",
    mend="Remove it; give the certificate of your own authority instead (`cafile`, `NODE_EXTRA_CA_CERTS`).",
    references=("CWE-295",),
    bad=".npmrc: strict-ssl=false",
    good=".npmrc: cafile=company.pem",
)
def certificates_unchecked(grant: Grant) -> Iterator[Hit]:
    if grant.is_check:
        yield _hit(grant, "answers may come from anyone")


@rule(
    "GW304",
    Severity.MEDIUM,
    "The development container reaches the host",
    looks_at=GRANTS,
    why="With the daemon's socket, the root of the disk or all privileges, what runs in it runs on the host.",
    mend="Leave it out; use the feature docker-in-docker where containers are needed.",
    references=("CWE-250",),
    bad='.devcontainer/devcontainer.json: {"image": "a", "runArgs": ["--privileged"]}',
    good='.devcontainer/devcontainer.json: {"image": "a", "runArgs": ["--init"]}',
)
def container_reaches_host(grant: Grant) -> Iterator[Hit]:
    if grant.by == _CONTAINER and grant.strength is not Strength.SOME:
        yield _hit(grant, "it is no border to the host")


@rule(
    "GW305",
    Severity.LOW,
    "A question is answered beforehand",
    looks_at=GRANTS,
    why="The repository answers for the person: servers, tasks, edits or plug-ins are accepted unseen.",
    mend="Remove it, so that each person is asked once.",
    references=("CWE-862",),
    bad='.claude/settings.json: {"enableAllProjectMcpServers": true}',
    good='.claude/settings.json: {"enableAllProjectMcpServers": false}',
)
def answered_beforehand(grant: Grant) -> Iterator[Hit]:
    if grant.strength is Strength.SOME and not grant.is_check:
        yield _hit(grant, "no one is asked")
