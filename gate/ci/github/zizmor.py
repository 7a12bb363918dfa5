"""Asks zizmor about workflows, actions and Dependabot's configuration, and makes hits of its remarks.

Zizmor is a program of its own (package `zizmor`): nothing of it is in here but its report's format `json-v1`. It gets
the files in a folder of the gate's, never the target itself. What it says of a file is cached under its content.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from gate.ci.github.audits import audit_rule
from gate.ci.zizmor_program import (
    AuditInput,
    AuditInputs,
    ZizmorFailed,
    find_zizmor,
    number_of,
    remarks_on,
    version_of,
)
from gate.core.cache import Cache, key_of
from gate.core.lazy_regex import lazy_regex
from gate.model import Confidence, Severity, StageError
from gate.rules import Hit, StageRule

BATCH = 500
"""Files in one process."""
MAX_FAILURES = 40
"""Processes that may fail while those files are searched that zizmor cannot read; the others are errors then."""
MAX_REMARKS = 20_000
"""Remarks on one batch; more are an error."""
_OF_THE_FILE = ("validation schema", "invalid YAML", "failed to parse", "failed to load")
"""Reasons of zizmor's that are about the file, and not about zizmor."""
_OF_CONFIGURATION = "configuration error"
_SEVERITIES = {
    "Informational": Severity.INFO,
    "Low": Severity.LOW,
    "Medium": Severity.MEDIUM,
    "High": Severity.HIGH,
}
_CONFIDENCES = {"Low": Confidence.LOW, "Medium": Confidence.MEDIUM, "High": Confidence.HIGH}
_IGNORE = lazy_regex(r"#\s*zizmor:\s*ignore\[(?P<ids>[a-zA-Z0-9_, -]{1,400})\].*")
_OWN_ACTIONS = lazy_regex(r"^(?:actions|github)/")
"""Actions of the owner of the runners, who could run anything anyway."""
_MISSING = StageError(title="zizmor is not installed", message="pip install zizmor: it comes with the gate's package")


class Remark(msgspec.Struct, frozen=True, array_like=True):
    """One remark on one file; lines and columns count from 1, ends are exclusive."""

    ident: str
    description: str
    severity: str
    confidence: str
    note: str
    value: str
    """The expression or reference in question; empty if it is a larger part of the file."""
    place: str
    """The job and the step."""
    start: tuple[int, int]
    end: tuple[int, int]
    comments: tuple[str, ...]
    """Comments of zizmor's own that ignore it."""
    starts: tuple[tuple[int, int], ...]
    """Where each part of it begins, the first with its primary one."""


class ZizmorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What zizmor says of a target."""

    version: str = ""
    remarks: tuple[tuple[str, Remark], ...] = ()
    """Each with the path of its file."""
    unreadable: tuple[tuple[str, str], ...] = ()
    """Files that it cannot read, each with its reason."""
    errors: tuple[StageError, ...] = ()
    asked: int = 0
    """Files that it was asked about; the others are known by the cache."""


class _Point(msgspec.Struct, frozen=True):
    row: int
    column: int


class _Location(msgspec.Struct, frozen=True):
    start_point: _Point
    end_point: _Point


class _Concrete(msgspec.Struct, frozen=True):
    location: _Location
    comments: list[str] = []


class _Symbolic(msgspec.Struct, frozen=True):
    key: Any
    annotation: str = ""
    route: Any = None
    feature_kind: Any = None
    kind: str = ""


class _Place(msgspec.Struct, frozen=True):
    symbolic: _Symbolic
    concrete: _Concrete


class _Determinations(msgspec.Struct, frozen=True):
    confidence: str
    severity: str


class _Finding(msgspec.Struct, frozen=True):
    ident: str
    desc: str
    determinations: _Determinations
    locations: list[_Place]


def ask_zizmor(files: Mapping[str, AuditInput], configuration: str, cache_folder: Path) -> ZizmorAnswer:
    """Return what zizmor says of files by their paths; if it is missing or fails, that is an error of the answer."""
    program = find_zizmor()
    if program is None:
        return ZizmorAnswer(errors=(_MISSING,))
    try:
        version = version_of(program)
    except ZizmorFailed as error:
        return ZizmorAnswer(errors=(_error(error),))
    cache = Cache(cache_folder)
    keys = {path: key_of("zizmor", version, configuration, one.kind, one.text) for path, one in files.items()}
    known = _known(cache, keys)
    unknown = [path for path in files if path not in known]
    asking = _Asking(program, files, configuration)
    try:
        for start in range(0, len(unknown), BATCH):
            asking.about(unknown[start : start + BATCH])
    except ZizmorFailed as error:  # for every file alike
        asking.errors.append(_error(error))
    cache.put({keys[path]: msgspec.msgpack.encode(remarks) for path, remarks in asking.said.items()})
    said = {**known, **asking.said}
    return ZizmorAnswer(
        version=version,
        remarks=tuple((path, remark) for path in files for remark in said.get(path, ())),
        unreadable=tuple(asking.unreadable),
        errors=tuple(asking.errors),
        asked=len(unknown),
    )


def _known(cache: Cache, keys: Mapping[str, bytes]) -> dict[str, tuple[Remark, ...]]:
    stored = cache.get(keys.values())
    known = {}
    for path, key in keys.items():
        try:
            if key in stored:
                known[path] = msgspec.msgpack.decode(stored[key], type=tuple[Remark, ...])
        except msgspec.MsgspecError:  # of another version of the gate: it is asked again
            continue
    return known


class _Asking:
    """Asks about batches; one that fails is halved until the file is found that it fails for."""

    def __init__(self, program: str, files: Mapping[str, AuditInput], configuration: str) -> None:
        self._program = program
        self._files = files
        self._configuration = configuration
        self._failures = 0
        self.said: dict[str, tuple[Remark, ...]] = {}
        self.unreadable: list[tuple[str, str]] = []
        self.errors: list[StageError] = []

    def about(self, paths: Sequence[str]) -> None:
        if self._failures >= MAX_FAILURES:
            self.errors += (_error(ZizmorFailed("too many other files could not be read"), path) for path in paths)
            return
        try:
            self.said |= self._answer(paths)
        except ZizmorFailed as error:
            if _OF_CONFIGURATION in str(error):
                raise
            self._failures += 1
            if len(paths) == 1:
                self._note(paths[0], error)
                return
            half = len(paths) // 2
            self.about(paths[:half])
            self.about(paths[half:])

    def _answer(self, paths: Sequence[str]) -> dict[str, tuple[Remark, ...]]:
        asked = AuditInputs(tuple(self._files[path] for path in paths), self._configuration)
        content = remarks_on(asked, self._program)
        try:
            findings = msgspec.json.decode(content, type=list[_Finding])
            remarks = [_remark(finding) for finding in findings]
        except (msgspec.MsgspecError, ValueError, KeyError, LookupError, TypeError) as error:
            raise ZizmorFailed(f"its report has another form than `json-v1`: {error}") from error
        if len(remarks) > MAX_REMARKS:
            raise ZizmorFailed(f"it has more than {MAX_REMARKS:,} remarks")
        said: dict[str, list[Remark]] = {path: [] for path in paths}
        for number, remark in remarks:
            said[paths[number]].append(remark)
        return {path: tuple(found) for path, found in said.items()}

    def _note(self, path: str, error: ZizmorFailed) -> None:
        if any(words in str(error) for words in _OF_THE_FILE):
            self.unreadable.append((path, str(error)))
        else:
            self.errors.append(_error(error, path))


def _error(error: ZizmorFailed, path: str | None = None) -> StageError:
    return StageError(title=f"zizmor gave no answer: {error}", message="Correct the file, or report it", path=path)


def _remark(finding: _Finding) -> tuple[int, Remark]:
    """Return a remark, and the place of its file in the batch."""
    primary = next((one for one in finding.locations if one.symbolic.kind == "Primary"), finding.locations[0])
    span = primary.concrete.location
    comments = [words for one in finding.locations for words in one.concrete.comments if _ignores(words, finding.ident)]
    others = [one for one in finding.locations if one is not primary]
    starts = [_position(one.concrete.location.start_point) for one in (primary, *others)]
    return number_of(primary.symbolic.key["Local"]["verbatim_path"]), Remark(
        finding.ident,
        finding.desc,
        finding.determinations.severity,
        finding.determinations.confidence,
        primary.symbolic.annotation,
        _value(primary.symbolic.feature_kind),
        _place(primary.symbolic.route),
        starts[0],
        _position(span.end_point),
        tuple(dict.fromkeys(comments)),
        tuple(starts),
    )


def _ignores(words: str, ident: str) -> bool:
    found = _IGNORE.search(words)
    return found is not None and ident in (id.strip() for id in found["ids"].split(","))


def _position(point: _Point) -> tuple[int, int]:
    return point.row + 1, point.column + 1


def _value(feature: Any) -> str:
    """Return the part of a line that a remark is about. Whole features are left out: they may hold a password."""
    fragment = feature.get("Subfeature", {}).get("fragment", {}) if isinstance(feature, dict) else {}
    raw = fragment.get("Raw", "") if isinstance(fragment, dict) else ""
    return str(raw).strip().split("\n", 1)[0][:200]


def _place(route: Any) -> str:
    """Return the names on the way to a part of the file: `jobs build steps 1`."""
    keys = route.get("route", []) if isinstance(route, dict) else []
    return " ".join(str(value) for key in keys for value in key.values())


def hits_of(answer: ZizmorAnswer) -> Iterator[tuple[StageRule, Hit, tuple[str, ...]]]:
    """Yield the hit of each remark with its rule, and the comments of zizmor's own that ignore it."""
    for path, remark in answer.remarks:
        rule = audit_rule(remark.ident, remark.description)
        hit = Hit(
            message=f"{remark.value or _where(remark.place)}: {remark.note or remark.description}",
            path=path,
            span=(remark.start, max(remark.end, remark.start)),
            evidence=(_where(remark.place), remark.value),
            severity=_severity(rule, remark),
            confidence=_CONFIDENCES.get(remark.confidence, Confidence.MEDIUM),
        )
        yield rule, hit, remark.comments


def _where(place: str) -> str:
    """Return the job of a place, or its first key; without numbers, which change as steps are added."""
    keys = place.split(" ")
    return f"job {keys[1]}" if keys[0] == "jobs" and len(keys) > 1 else keys[0] or "the file"


def _severity(rule: StageRule, remark: Remark) -> Severity:
    if remark.ident == "unpinned-uses" and _OWN_ACTIONS.search(remark.value):
        return Severity.LOW
    said = _SEVERITIES.get(remark.severity, Severity.MEDIUM)
    return min(said, rule.description.severity, key=lambda one: one.rank)
