"""Checks that the rules of several systems share: each yields the hits of one family in what a system's file says."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from gate.ci.definitions import lines_with
from gate.ci.model import JobScript, PipelineParty
from gate.ci.references import CiImage, has_variable, moves
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import Severity
from gate.rules import Hit

DEPLOYS = lazy_regex(
    r"(?:^|[^a-z])(?:deploy(?:s|ment)?|release|publish|prod(?:uction)?|rollout|ship)(?![a-z])", re.IGNORECASE
)
"""Names of jobs and stages that change something outside of the pipeline."""
_SECRET_FILE = lazy_regex(
    r"(?:^|/|~)(?:\.env(?:\.(?!example|sample|template|dist|test)\w+)?|\.ssh(?:/[\w.*]+)?|\.aws(?:/[\w.*]+)?|\.npmrc"
    r"|\.pypirc|\.netrc|\.gnupg(?:/[\w.*]+)?|\.kube(?:/config)?|\.docker(?:/config\.json)?|kubeconfig|id_(?:rsa|ed25519)"
    r"|credentials(?:\.json)?|[\w.*-]+\.(?:pem|key|p12|pfx|jks|keystore))/?\Z"
)
_PUBLIC = lazy_regex(r"\.pub\Z|(?:^|[/._-])(?:ca|public|cert|chain)[\w-]*\.pem\Z", re.IGNORECASE)


def images_by_tag(parties: Iterable[PipelineParty]) -> Iterator[Hit]:
    """Yield the images that are named by a tag; those without one, or by `latest`, are worse."""
    for party in parties:
        if party.kind == "image" and not party.is_pinned and not has_variable(party.name + party.reference):
            image = CiImage(party.name, party.reference, False, True)
            how = "by a tag that moves" if image.moves else "by a tag"
            whole = f"{party.name}:{party.reference}" if party.reference else party.name
            yield party_hit(
                party, f"The image {whole} is named {how}, not by its digest", None if image.moves else Severity.LOW
            )


def moving_code(parties: Iterable[PipelineParty], kind: str, what: str) -> Iterator[Hit]:
    """Yield what is taken from a branch, or without a version: `what` says in the message what it is."""
    for party in parties:
        if party.kind == kind and not party.is_pinned and not has_variable(party.reference) and moves(party.reference):
            how = f"from {party.reference}" if party.reference else "without a version"
            yield party_hit(party, f"{what} {party.name} is taken {how}, so that what it is can change")


def code_by_version(parties: Iterable[PipelineParty], kind: str, what: str) -> Iterator[Hit]:
    """Yield what is taken by a version or tag that its owner can move, and not by a commit."""
    for party in parties:
        named = party.reference and not has_variable(party.reference) and not moves(party.reference)
        if party.kind == kind and not party.is_pinned and named:
            yield party_hit(party, f"{what} {party.name} is taken by {party.reference}, which its owner can move")


def party_hit(party: PipelineParty, message: str, severity: Severity | None = None) -> Hit:
    """Return the hit on a party of the pipeline."""
    evidence = (party.kind, party.name, party.reference)
    return Hit(message=message, path=party.path, line=party.line, evidence=evidence, severity=severity)


def text_in_scripts(
    scripts: Iterable[JobScript], pattern: re.Pattern[str], message: str, severity: Severity | None = None
) -> Iterator[Hit]:
    """Yield each line of a script that holds an expression; `message` has `{job}` and `{found}`.

    Of one expression that a script repeats the first line counts.
    """
    for script in scripts:
        seen: set[str] = set()
        for line, found in lines_with(script, lambda text: _first(pattern, text)):
            if found not in seen:
                seen.add(found)
                text = message.format(job=script.name, found=found)
                yield Hit(message=text, path=script.path, line=line, evidence=(script.name, found), severity=severity)


def carried_in_scripts(
    scripts: Iterable[JobScript], used: re.Pattern[str], origin: Callable[[JobScript, str], str], message: str
) -> Iterator[Hit]:
    """Yield the first line of each script with a name that carries text of others.

    `used` finds a use by its group `name`, `origin` says what the name brings (empty: nothing); `message` has `{job}`,
    `{found}` and `{origin}`.
    """
    for script in scripts:
        for line, found in lines_with(script, partial(_carrier, used, partial(origin, script))):
            use, _, brought = found.partition("\0")
            text = message.format(job=script.name, found=use, origin=brought)
            yield Hit(message=text, path=script.path, line=line, evidence=(script.name, use))
            break


def _carrier(used: re.Pattern[str], origin: Callable[[str], str], text: str) -> str:
    """Return the first use in a line that brings text of others, and which; empty: there is none."""
    for found in used.finditer(text):
        brought = origin(found["name"])
        if brought:
            return f"{found[0].strip()[:200]}\0{brought}"
    return ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0].strip()[:200] if found else ""


def secret_files(paths: Iterable[Value], what: str) -> Iterator[Hit]:
    """Yield the paths that are known to hold secrets: `what` says what they are given to."""
    for value in paths:
        path = value.text().strip()
        if is_secret_file(path):
            yield Hit(
                message=f"{what} {path}, which usually holds secrets",
                path=value.path,
                line=value.line,
                evidence=(path,),
            )


def is_secret_file(path: str) -> bool:
    """True for a path whose name says that it holds secrets: `.env`, `~/.ssh`, `server.key`."""
    return bool(_SECRET_FILE.search(path)) and not _PUBLIC.search(path)


def is_true(value: Value | None) -> bool:
    """True for `true`, in whatever way YAML and the systems write it."""
    return value is not None and value.text().lower() in ("true", "yes", "1", "on")
