"""Makes the finding of a vulnerability of a package: its message, fix and rule."""

from urllib.parse import quote

import msgspec

from gate.advisories.flaws import flaw_title
from gate.advisories.matches import Edits
from gate.advisories.matching import Case
from gate.advisories.remedy import brought_by, command
from gate.advisories.severity import Rating, rate
from gate.advisories.vex import Statement
from gate.advisories.vulnerable_functions import FunctionsTable, VulnerableFunctions
from gate.ecosystems import described
from gate.model import Finding, Fix, InUse, Package, Vulnerability
from gate.package_rules.rules import MALICIOUS, VULNERABLE, finding_on, hit_on

MAX_ALIASES = 8
"""Aliases that the message spells out; `Vulnerability.aliases` has all."""
_NAMING_FUNCTIONS = ("GO-", "RUSTSEC-")
"""How ids of databases begin whose advisories name functions."""


class Exploitation(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the exploitation of CVEs."""

    exploited: frozenset[str] = frozenset()
    scores: dict[str, float] = {}


def finding_of(
    case: Case,
    known: Exploitation,
    *,
    stage: str,
    target: str,
    edits: Edits,
    functions: FunctionsTable | None = None,
    cleared: Statement | None = None,
) -> Finding:
    """Make the finding of `case`, which a VEX statement may have `cleared`.

    `functions` names the vulnerable functions where the advisory does not.
    """
    package = case.package
    affecting = case.hit.affecting
    rating = rate((*affecting, *(each for each in case.hit.group.advisories if each not in affecting)))
    vulnerability = _vulnerability(case, rating, known, functions)
    fix = _fix(case, edits)
    flaw = flaw_title(case.summary, package.name, vulnerability.cwes, (case.id, *vulnerability.aliases))
    hit = hit_on(
        package,
        _message(case, rating, vulnerability, cleared),
        title=f"{package.name} {package.version}: {flaw}",
        severity=rating.severity,
    )
    family = MALICIOUS if case.hit.is_malicious else VULNERABLE
    finding = finding_on(
        family.named(case.id, f"https://osv.dev/vulnerability/{quote(case.id)}"),
        hit,
        stage=stage,
        target=target,
        vex=str(cleared) if cleared else None,
        vulnerability=vulnerability,
        in_use=InUse.UNKNOWN,
    )
    return msgspec.structs.replace(finding, fix=fix)


def _vulnerability(case: Case, rating: Rating, known: Exploitation, functions: FunctionsTable | None) -> Vulnerability:
    names = case.names
    asked = names | case.related_cves
    derived = functions.of(names, case.package.ecosystem, case.package.name) if functions else None
    return Vulnerability(
        id=case.id,
        aliases=tuple(sorted(names - {case.id})),
        cvss=rating.cvss,
        vector=rating.vector,
        epss=max((known.scores[name] for name in asked if name in known.scores), default=None),
        known_exploited=not known.exploited.isdisjoint(asked),
        malicious=case.hit.is_malicious,
        fixed_versions=case.hit.fixed_versions,
        cwes=tuple(sorted({cwe for each in case.hit.group.advisories for cwe in each.cwes}, key=_number)),
        symbols=_symbols(case) or (derived.functions if derived else ()),
        symbols_source=_source(case, derived),
        references=case.links,
        published=min((each.published for each in case.hit.group.advisories if each.published), default=None),
    )


def _symbols(case: Case) -> tuple[str, ...]:
    """Return the functions that Go's or RustSec's own advisories name; nothing if one means the whole package.

    Other databases name no functions, so that their advisories on the same vulnerability do not count here.
    """
    own = [each for each in case.hit.affecting if each.id.startswith(_NAMING_FUNCTIONS)]
    return tuple(sorted({name for each in own for name in each.symbols})) if all(each.symbols for each in own) else ()


def _source(case: Case, derived: VulnerableFunctions | None) -> str | None:
    """Return where the vulnerable functions are known from."""
    if _symbols(case):
        return next(each.id for each in case.hit.affecting if each.id.startswith(_NAMING_FUNCTIONS))
    return derived.source if derived else None


def _number(cwe: str) -> int:
    return int(cwe.removeprefix("CWE-"))


def _message(case: Case, rating: Rating, vulnerability: Vulnerability, cleared: Statement | None) -> str:
    package = case.package
    sentences = [
        f"{case.id}{_also(vulnerability.aliases)} affects {package.name} {package.version}.",
        _brought(package),
    ]
    if case.hit.is_malicious:
        sentences.append("The package was published with malicious intent. Treat what it could reach as compromised.")
    elif vulnerability.fixed_versions:
        sentences.append(f"Fixed in {', '.join(vulnerability.fixed_versions)}.")
    else:
        sentences.append("No fixed version is known.")
    if vulnerability.known_exploited:
        sentences.append("It is in CISA's catalogue of vulnerabilities that attackers already use.")
    if case.related_cves:
        cves = ", ".join(sorted(case.related_cves)[:MAX_ALIASES])
        sentences.append(f"What is known of exploitation is that of {cves}, which it is related to.")
    if not rating.is_known:
        sentences.append("No severity is known; medium is assumed.")
    if cleared:
        sentences.append(f"A VEX document says: {cleared}.")
    return " ".join(sentences)


def _also(aliases: tuple[str, ...]) -> str:
    if not aliases:
        return ""
    more = f" and {len(aliases) - MAX_ALIASES} more" if len(aliases) > MAX_ALIASES else ""
    return f" (also {', '.join(aliases[:MAX_ALIASES])}{more})"


def _brought(package: Package) -> str:
    kind = f"{package.scope.value} dependency"
    match package.direct:
        case True:
            return f"It is a direct {kind}."
        case _ if package.via:
            return f"It is a {kind} that {_way(package.via)} brings in."
        case False:
            return f"It is a {kind} that another package brings in."
        case None:
            return f"It is a {kind}."


def _way(via: tuple[str, ...]) -> str:
    """Say `express (through body-parser, qs)`."""
    return f"{via[0]} (through {', '.join(via[1:])})" if via[1:] else via[0]


def _fix(case: Case, edits: Edits) -> Fix | None:
    package = case.package
    if case.hit.is_malicious:
        return Fix(description=f"Remove {package.name} and replace the credentials that it could reach")
    if not case.hit.fixed_versions:
        return None
    version = _as_written(package, case.safe_version or case.best_version or case.hit.fixed_versions[0])
    return Fix(
        description=_remedy(package, version, is_whole=case.safe_version is not None),
        edits=edits(package, version) if case.safe_version is not None else (),
        version=version,
        command=command(package, version),
    )


def _remedy(package: Package, version: str, *, is_whole: bool) -> str:
    """Say which version to raise a package to, how, and what to do if another package holds it back."""
    typed, parent = command(package, version), brought_by(package)
    how = f": {typed}" if typed else ""
    parts = [f"Update {package.name} from {package.version} to {version}{how}"]
    if parent:
        parts.append(f"if {parent} does not allow it, update {parent}")
    if not is_whole:
        parts.append("no version is known that fixes all its vulnerabilities")
    return "; ".join(parts)


def _as_written(package: Package, version: str) -> str:
    """Return a version as the package's files write it: with what its advisories leave out."""
    prefix = described(package.ecosystem).version_prefix
    return f"{prefix}{version}" if package.version.startswith(prefix) else version
