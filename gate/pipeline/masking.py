"""What stages say in their own words, without the secrets that they quote: no report is ever made of these."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from gate.core.cache import Cache, installed, key_of, own_code
from gate.core.cache_folder import user_cache_folder
from gate.core.lazy_regex import lazy_regex
from gate.declarations import declared
from gate.model import Finding, StageError, StageResult, Verdict

_MAY_QUOTE = lazy_regex(
    r"://[^/\s]*@|-----BEGIN|(?<![\w.-])(?![0-9a-f]+(?![\w.-]))(?=[A-Za-z_.-]*[0-9])[\w.-]{16,}", re.ASCII
)
"""A login, armour, or a long word with a digit that is no digest. Most runs say none, and need not load the engine."""
_MAY_BE_NAMED = lazy_regex(
    r"(?:A3T|A[BKS]IA|ACCA)[A-Z0-9]{16}|[a-z]{2,8}[_-](?:[a-z0-9]{2,8}_)?[0-9a-f]{32}"
    r"|(?<![A-Za-z0-9])(?=\w*[0-9]\w*[0-9])(?=\w*[a-z])(?=\w*[A-Z])[\w-]{20}",
    re.ASCII,
)
"""A word as tokens are and as names of files hardly are: long, with digits, and letters of both cases."""


def without_quoted_secrets(
    results: Sequence[StageResult], kinds: tuple[str, ...] = (), cache_folder: Path | None = None
) -> list[StageResult]:
    """Return the results; a finding or error that quotes a secret in its texts does so no more.

    An edit that would write one is left out, with the others of its fix. `kinds`: packages that know kinds of secrets
    besides our own. `cache_folder` knows texts of earlier runs that quoted none.
    """
    texts = set(filter(_MAY_QUOTE.search, {text for result in results for text in _texts(result)}))
    paths = set(filter(_MAY_BE_NAMED.search, {path for result in results for path in _paths(result)}))
    if not texts and not paths:
        return list(results)
    masked = _quoting(texts | paths, kinds, cache_folder)
    if not masked:
        return list(results)
    hidden = {path: masked[path] for path in paths if path in masked}
    return [_without_paths(_masked(result, masked), hidden) for result in results]


def verdict_without_quoted_secrets(
    verdict: Verdict, kinds: tuple[str, ...] = (), cache_folder: Path | None = None
) -> Verdict:
    """Return the verdict without secrets in what rules, waivers and their owners say: it comes from settings."""
    content = msgspec.json.encode(verdict)
    texts = {text for text in _strings(msgspec.json.decode(content)) if _MAY_QUOTE.search(text)}
    masked = _quoting(texts, kinds, cache_folder) if texts else {}
    if not masked:
        return verdict
    from gate.secrets.sources.names import replaced

    return msgspec.json.decode(replaced(content.decode(), masked), type=Verdict)


def _strings(value: object) -> Iterator[str]:
    """Yield the texts in what JSON holds, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _quoting(texts: set[str], kinds: tuple[str, ...], cache_folder: Path | None) -> Mapping[str, str]:
    """Return the texts that quote a secret, without it. The engine is loaded only for texts that are not known."""
    key = key_of("texts without a secret", own_code(), installed(), *kinds, "", *sorted(texts))
    cache = Cache(cache_folder) if cache_folder else None
    if cache is not None and key in cache.get([key]):
        return {}
    from gate.secrets.results.masking import masked_texts

    masked = masked_texts(texts, str(user_cache_folder()), kinds)
    if cache is not None and not masked:
        cache.put({key: b""})
    return masked


def _paths(result: StageResult) -> Iterator[str]:
    for finding in (*result.findings, *result.silenced):
        yield finding.location.path or ""
        yield from (place.path or "" for place in finding.places)
    yield from (error.path or "" for error in result.errors)
    for fact in result.facts.values():
        if isinstance(fact, list):
            yield from (one for one in fact if isinstance(one, str))


def _without_paths(result: StageResult, hidden: Mapping[str, str]) -> StageResult:
    """Return a result that shows no path with a secret in it, wherever it names one."""
    if not hidden:
        return result
    from gate.secrets.sources.names import without_names

    return without_names(result, hidden)


def _is_quoting(finding: Finding) -> bool:
    """True unless the words are those of the secrets stage, which masks its own, or of an advisory."""
    return not declared(finding.stage).finds_secrets and finding.vulnerability is None


def _texts(result: StageResult) -> Iterator[str]:
    for finding in filter(_is_quoting, (*result.findings, *result.silenced)):
        yield finding.title
        yield finding.message
        if finding.fix:
            yield finding.fix.description
            yield from (edit.text for edit in finding.fix.edits)
    for error in result.errors:
        yield error.title
        yield error.message


def _masked(result: StageResult, masked: Mapping[str, str]) -> StageResult:
    return msgspec.structs.replace(
        result,
        findings=tuple(_finding(one, masked) for one in result.findings),
        silenced=tuple(_finding(one, masked) for one in result.silenced),
        errors=tuple(_error(one, masked) for one in result.errors),
    )


def _finding(finding: Finding, masked: Mapping[str, str]) -> Finding:
    if not _is_quoting(finding):
        return finding
    fix = finding.fix
    if fix:
        edits = () if any(edit.text in masked for edit in fix.edits) else fix.edits
        fix = msgspec.structs.replace(fix, description=masked.get(fix.description, fix.description), edits=edits)
    title, message = (masked.get(text, text) for text in (finding.title, finding.message))
    return msgspec.structs.replace(finding, title=title, message=message, fix=fix)


def _error(error: StageError, masked: Mapping[str, str]) -> StageError:
    title, message = (masked.get(text, text) for text in (error.title, error.message))
    return msgspec.structs.replace(error, title=title, message=message)
