"""The OSV schema (ossf.github.io/osv-schema), as far as matching needs it, and the short form that is indexed."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gate.ecosystems import BY_COMMIT, COMMITS, base_of

MAX_SUMMARY = 200
"""Characters of a summary; the rest stays with the advisory, which the finding links."""


MAX_LINKS = 8
"""Links of an advisory that are kept."""
MAX_LINK = 500
"""Characters of a link; longer ones are left out."""
_LINKS = {"ADVISORY": 0, "FIX": 1, "REPORT": 2, "ARTICLE": 3, "EVIDENCE": 4}
"""OSV's types of references, in the order in which they are kept."""
_WEB = ("https://", "http://")
_LAST_KNOWN = re.compile(r"\s*(?P<sign><=?|=)\s*(?P<version>[^\s,<>=]{1,100})\s*")
_ONLY_VERSIONS = re.compile(r"\AAn issue was discovered in (?:[A-Z]\w{0,40} )?[0-9a-z., ]{1,200}?[0-9]\.(?:\s+|\Z)")
"""`An issue was discovered in Django 4.2 before 4.2.28, and 5.2 before 5.2.11.`"""
_CWE = re.compile(r"CWE-[0-9]{1,5}")
_RUST_FUNCTION = re.compile(r"\w{1,100}(?:::\w{1,100}){1,10}")
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,10}")
_CVE_PAGE = re.compile(r"(?:\A|[/=-])(CVE-[0-9]{4}-[0-9]{4,10})\Z", re.IGNORECASE)
"""The end of an address of a page about a CVE: `…/vuln/detail/CVE-2021-44228`, `…CVERecord?id=CVE-2021-44228`."""


class _Severity(msgspec.Struct, frozen=True):
    type: str
    score: str


class _Event(msgspec.Struct, frozen=True):
    introduced: str | None = None
    fixed: str | None = None
    last_affected: str | None = None
    limit: str | None = None


class _Range(msgspec.Struct, frozen=True):
    type: str
    events: list[_Event] = []
    repo: str | None = None
    """Address of the repository that a range of commits is about."""


class _Package(msgspec.Struct, frozen=True):
    ecosystem: str
    name: str


class _Reference(msgspec.Struct, frozen=True):
    type: str = ""
    url: str = ""


class _Specific(msgspec.Struct, frozen=True):
    """Fields that databases add: GitHub's severity, Debian's urgency, RustSec's categories."""

    severity: Any = None
    urgency: Any = None
    categories: Any = None
    informational: Any = None
    cwe_ids: Any = None
    """GitHub's: `["CWE-79"]`."""
    cwes: Any = None
    """The Go and CVE converters': `[{"cweId": "CWE-79"}]`."""
    last_known_affected_version_range: Any = None
    """GitHub's: `<= 1.2.3` or `< 1.2.3`, where no version is known to be fixed."""
    imports: Any = None
    """Go's: `[{"path": "net/http", "symbols": ["Server.Serve"]}]`, what of a module is vulnerable."""
    affects: Any = None
    """RustSec's: `{"functions": ["smallvec::SmallVec::grow"]}`, what of a crate is vulnerable."""


class _Affected(msgspec.Struct, frozen=True):
    package: _Package | None = None
    severity: list[_Severity] | None = None
    ranges: list[_Range] | None = None
    versions: list[str] | None = None
    ecosystem_specific: _Specific | None = None
    database_specific: _Specific | None = None

    @property
    def specifics(self) -> Iterator[_Specific]:
        yield from filter(None, (self.ecosystem_specific, self.database_specific))


class Document(msgspec.Struct, frozen=True):
    """One advisory as a database publishes it."""

    id: str
    modified: str = ""
    published: str | None = None
    withdrawn: str | None = None
    aliases: list[str] | None = None
    upstream: list[str] | None = None
    related: list[str] | None = None
    summary: str | None = None
    details: str | None = None
    severity: list[_Severity] | None = None
    affected: list[_Affected] | None = None
    database_specific: _Specific | None = None
    references: list[_Reference] | None = None

    @property
    def related_cves(self) -> tuple[str, ...]:
        """The CVEs that it says it is related to, or links a page of; nothing if it has a CVE of its own."""
        names = (self.id, *(self.aliases or ()), *(self.upstream or ()))
        if any(_CVE.fullmatch(name) for name in names):
            return ()
        stated = (name for name in self.related or () if _CVE.fullmatch(name))
        linked = (_CVE_PAGE.search(each.url) for each in self.references or ())
        return tuple(dict.fromkeys((*stated, *(found[1].upper() for found in linked if found))))

    @property
    def links(self) -> list[str]:
        """Addresses of pages about it, the advisory itself and its fix first; no others than of the web."""
        links = sorted(self.references or (), key=lambda each: _LINKS.get(each.type, len(_LINKS)))
        fit = (each.url for each in links if each.url.startswith(_WEB) and len(each.url) <= MAX_LINK)
        return [url for url in dict.fromkeys(fit) if url.isprintable() and " " not in url][:MAX_LINKS]


class Range(msgspec.Struct, frozen=True, array_like=True):
    """Events as (kind, version or commit); kinds are OSV's names."""

    events: tuple[tuple[str, str], ...]
    is_semantic: bool = False
    """True for OSV's type SEMVER, whose versions are semantic ones in whichever ecosystem."""


class Advisory(msgspec.Struct, frozen=True, array_like=True):
    """What one advisory says about one package: the short form that is indexed."""

    id: str
    aliases: tuple[str, ...]
    upstream: tuple[str, ...]
    """The vulnerabilities that a distribution's advisory is about; several if it bundles them."""
    summary: str
    published: str | None
    scores: tuple[tuple[str, str], ...]
    """(type, score): CVSS vectors, and what distributions write in their place."""
    label: str
    """The database's own word for the severity, in lower case, or nothing."""
    informational: str
    """RustSec's kind of advisory that is no vulnerability (`unmaintained`), or nothing."""
    is_malicious: bool
    versions: tuple[str, ...]
    ranges: tuple[Range, ...]
    git_ranges: int
    """Ranges of commits, which package versions cannot be compared with."""
    cwes: tuple[str, ...] = ()
    """Kinds of weakness: `CWE-79`."""
    symbols: tuple[str, ...] = ()
    """The functions that are vulnerable, `net/http.Server.Serve`, and packages of which all are; empty: not said."""
    related_cves: tuple[str, ...] = ()
    """CVEs of which exploitation is asked, where it has none of its own."""

    @property
    def is_judgeable(self) -> bool:
        """True if it names versions at all."""
        return bool(self.versions or self.ranges)


def short_forms(document: Document, base: str) -> Iterator[tuple[str, str, Advisory]]:
    """Yield (ecosystem, package name as written, short form) for every package of the ecosystem `base`.

    Of an ecosystem of commits these are the repositories, whatever the package is called, if there is any.
    """
    if base in BY_COMMIT:
        yield from _by_repository(document)
        return
    entries: dict[tuple[str, str], list[_Affected]] = {}
    for affected in document.affected or ():
        if affected.package is not None and base_of(affected.package.ecosystem) == base:
            entries.setdefault((affected.package.ecosystem, affected.package.name), []).append(affected)
    for (ecosystem, name), of_package in entries.items():
        ranges = [(each, entry) for entry in of_package for each in entry.ranges or ()]
        versions = dict.fromkeys(version for entry in of_package for version in entry.versions or ())
        yield (
            ecosystem,
            name,
            _short_form(
                document,
                of_package,
                versions=tuple(versions),
                ranges=tuple(
                    Range((*_events(each), *_last_known(each, entry)), each.type == "SEMVER")
                    for each, entry in ranges
                    if each.type != "GIT"
                ),
                git_ranges=sum(each.type == "GIT" for each, _ in ranges),
            ),
        )


def _by_repository(document: Document) -> Iterator[tuple[str, str, Advisory]]:
    entries: dict[str, dict[int, _Affected]] = {}
    for position, affected in enumerate(document.affected or ()):
        for each in affected.ranges or ():
            if each.type == "GIT" and each.repo:
                entries.setdefault(each.repo, {})[position] = affected
    for repo, found in entries.items():
        of_repo = list(found.values())
        ranges = [each for entry in of_repo for each in entry.ranges or () if each.type == "GIT" and each.repo == repo]
        tags = dict.fromkeys(tag for entry in of_repo if _lists_tags(entry) for tag in entry.versions or ())
        yield (
            COMMITS,
            repo,
            _short_form(document, of_repo, versions=tuple(tags), ranges=tuple(Range(_events(each)) for each in ranges)),
        )


def _lists_tags(affected: _Affected) -> bool:
    """True if its versions are a repository's tags, not versions of a package."""
    return affected.package is None or base_of(affected.package.ecosystem) in BY_COMMIT


def _short_form(
    document: Document,
    entries: list[_Affected],
    *,
    versions: tuple[str, ...],
    ranges: tuple[Range, ...],
    git_ranges: int = 0,
) -> Advisory:
    specifics = [*filter(None, [document.database_specific]), *(each for entry in entries for each in entry.specifics)]
    severities = [*(document.severity or ()), *(each for entry in entries for each in entry.severity or ())]
    return Advisory(
        id=document.id,
        aliases=tuple(document.aliases or ()),
        upstream=tuple(document.upstream or ()),
        summary=_summary(document),
        published=_time(document.published),
        scores=tuple(dict.fromkeys((each.type, each.score) for each in severities)),
        label=_first_word(each.severity or each.urgency for each in specifics),
        informational=_first_word(each.informational for each in specifics),
        is_malicious=document.id.startswith("MAL-") or any(_says_malicious(each) for each in specifics),
        versions=versions,
        ranges=ranges,
        git_ranges=git_ranges,
        cwes=tuple(sorted({cwe for each in specifics for cwe in _cwes(each)})),
        symbols=_symbols(entries),
        related_cves=document.related_cves,
    )


def _symbols(entries: list[_Affected]) -> tuple[str, ...]:
    """Return what all entries name; nothing if one of them names nothing, so that all of the package may be meant."""
    named: set[str] = set()
    for entry in entries:
        of_entry = set(_named_by(entry.ecosystem_specific)) if entry.ecosystem_specific else set()
        if not of_entry:
            return ()
        named |= of_entry
    return tuple(sorted(named))


def _named_by(specific: _Specific) -> Iterator[str]:
    """Yield what an entry names: packages and functions of Go, functions of Rust."""
    for each in specific.imports if isinstance(specific.imports, list) else ():
        if isinstance(each, dict):
            yield from _named(each)
    functions = specific.affects.get("functions") if isinstance(specific.affects, dict) else None
    for name in functions if isinstance(functions, list) else ():
        if isinstance(name, str) and _RUST_FUNCTION.fullmatch(name):
            yield name


def _named(imported: dict[Any, Any]) -> Iterator[str]:
    path, symbols = imported.get("path"), imported.get("symbols")
    if isinstance(path, str) and path:
        names = [symbol for symbol in symbols if isinstance(symbol, str)] if isinstance(symbols, list) else []
        yield from (f"{path}.{name}" for name in names) if names else (path,)


def _says_malicious(specific: _Specific) -> bool:
    return isinstance(specific.categories, list) and "malicious" in specific.categories


def _cwes(specific: _Specific) -> Iterator[str]:
    for listed in (specific.cwe_ids, specific.cwes):
        for each in listed if isinstance(listed, list) else ():
            cwe = each.get("cweId") if isinstance(each, dict) else each
            if isinstance(cwe, str) and _CWE.fullmatch(cwe):
                yield cwe


def _first_word(values: Iterator[Any]) -> str:
    return next((value.lower() for value in values if isinstance(value, str) and value), "")


def _events(each: _Range) -> tuple[tuple[str, str], ...]:
    return tuple(
        (kind, version)
        for event in each.events
        for kind, version in (
            ("introduced", event.introduced),
            ("fixed", event.fixed),
            ("last_affected", event.last_affected),
            ("limit", event.limit),
        )
        if version is not None
    )


def _last_known(each: _Range, entry: _Affected) -> tuple[tuple[str, str], ...]:
    """Return the end of a range without one, where GitHub says which versions it knows to be affected."""
    stated = entry.database_specific and entry.database_specific.last_known_affected_version_range
    found = _LAST_KNOWN.fullmatch(stated) if isinstance(stated, str) else None
    if found is None or any(event.fixed or event.last_affected or event.limit for event in each.events):
        return ()
    return (("limit" if found["sign"] == "<" else "last_affected", found["version"]),)


def _summary(document: Document) -> str:
    """Return the summary, else what the details begin with: one line of printable text."""
    text = document.summary or _beginning(document.details or "")
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).strip(" #").split())
    return line if len(line) <= MAX_SUMMARY else f"{line[: MAX_SUMMARY - 1]}…"


def _beginning(details: str) -> str:
    """Return the first line; where that begins with the versions that it is about, the paragraphs behind these."""
    first = next((line for line in details.splitlines() if line.strip(" #")), "")
    versions = _ONLY_VERSIONS.match(first)
    return details[versions.end() :].strip() or first if versions and details.startswith(first) else first


def _time(published: str | None) -> str | None:
    """Return a publication time, or None for the zero time that some databases write for "unknown"."""
    return None if published is None or published.startswith("0001-") else published
