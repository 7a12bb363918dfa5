"""Reads hadolint's own configuration, so that a repository that has one need not repeat it in `gate.yaml`.

Source: hadolint's README, "Configure". Settings in `gate.yaml` win over it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec

from gate.core.errors import ConfigError, GateError
from gate.declarations.dockerfile import HADOLINT_FILES, DockerfileSettings, LabelFormat
from gate.declarations.section import RuleLevel
from gate.dockerfile.rule import ON_DOCKERFILES
from gate.dockerfile.rules import all_rules, rules_with
from gate.model import Finding, Loosened, Severity, StageError
from gate.rules import Hit, StageRule, finding_of
from gate.trees import FileTree

MAX_SIZE = 1 << 20
"""Bytes of the file."""

NOT_HONOURED = ON_DOCKERFILES.without_check(
    "GD091",
    Severity.MEDIUM,
    "Part of hadolint's configuration is not honoured",
    module=__name__,
    why="The policy decides what blocks; an unknown key may be misspelt.",
    mend="Remove the key; use a waiver or the policy to let findings pass.",
    bad="no-fail: true",
    good="ignored: [DL3059]",
)

Level = Literal["error", "warning", "info", "style"]
_SEVERITY: Mapping[str, RuleLevel] = {"error": "high", "warning": "medium", "info": "low", "style": "info"}
"""What hadolint's levels are here where a file asks for one."""
_RANK: Mapping[str, int] = {"none": 0, "ignore": 0, "style": 1, "info": 2, "warning": 3, "error": 4}
_LEVELS: Mapping[str, str] = {
    **dict.fromkeys(("DL3000", "DL3004", "DL3011", "DL3012", "DL3020", "DL3021", "DL3023", "DL3024"), "error"),
    **dict.fromkeys(("DL3026", "DL3043", "DL3044", "DL3061", "DL4000", "DL4004"), "error"),
    **dict.fromkeys(("DL3001", "DL3009", "DL3010", "DL3015", "DL3019", "DL3047", "DL3049", "DL3050"), "info"),
    **dict.fromkeys(("DL3059", "DL3060", "DL3066"), "info"),
    "DL3048": "style",
}
"""hadolint's own level of each rule that is no warning; for `failure-threshold`."""
_FOR_OUTPUT = frozenset({"format", "no-color", "verbose", "file-path-in-report", "output"})
"""Keys that say how hadolint prints: there is nothing of it here."""
_NAMED = 8
"""Rules that a message names."""


class Override(msgspec.Struct, frozen=True):
    """Rules by the level that they shall have."""

    error: tuple[str, ...] = ()
    warning: tuple[str, ...] = ()
    info: tuple[str, ...] = ()
    style: tuple[str, ...] = ()


class HadolintFile(msgspec.Struct, frozen=True, rename="kebab"):
    """A `.hadolint.yaml`; hadolint ignores unknown keys, and gate reports them."""

    ignored: tuple[str, ...] = ()
    override: Override = Override()
    trusted_registries: Annotated[tuple[str, ...] | str, msgspec.Meta(description="A registry, or several.")] = (
        msgspec.field(default=(), name="trustedRegistries")
    )
    label_schema: dict[str, LabelFormat] = {}
    strict_labels: bool = False
    failure_threshold: Level | Literal["ignore", "none"] = "none"
    disable_ignore_pragma: bool = False
    no_fail: bool = False


class Configured(msgspec.Struct, frozen=True):
    """The settings with what hadolint's file adds, and what there is to say of the file."""

    settings: DockerfileSettings
    path: str | None = None
    """The file, if there is one."""
    findings: tuple[Finding, ...] = ()
    errors: tuple[StageError, ...] = ()


def with_hadolint(tree: FileTree, settings: DockerfileSettings, target: str) -> Configured:
    """Lay the settings of the stage over those of hadolint's file; one that is wrong is an error of the answer."""
    path = next((place for place in HADOLINT_FILES if tree.look_up(place) is not None), None)
    if path is None:
        return Configured(settings)
    try:
        file, layer, text = _read(tree, path)
    except GateError as error:
        return Configured(settings, path, errors=(_as_error(error, path),))
    remarks = _remarks(file, layer, text, path, target)
    return Configured(_joined(file, settings), path, (*remarks, *_refused(file, settings, text, path, target)))


def loosened(now: Configured, before: Configured, target: str) -> tuple[Loosened, ...]:
    """Return what a file loosens, compared with the one of before; nothing if it only tightens."""
    words = [*_lowered(now.settings, before.settings), *_widened(now.settings, before.settings)]
    path = now.path or before.path or HADOLINT_FILES[0]
    return tuple(Loosened(rule="GATE-HADOLINT", target=target, path=path, what=f"{path} {word}") for word in words)


def _lowered(now: DockerfileSettings, before: DockerfileSettings) -> Iterator[str]:

    if now.rules == before.rules:
        return
    known = {rule.id: rule for rule in rules_with(now.plugins)}
    lowered = [
        rule
        for rule in {**before.rules, **now.rules}
        if _counts_for(rule, now, known) < _counts_for(rule, before, known)
    ]
    if lowered:
        yield f"lowers or switches off {', '.join(sorted(lowered)[:_NAMED])}{' and others' if lowered[_NAMED:] else ''}"


def _counts_for(id: str, settings: DockerfileSettings, known: Mapping[str, StageRule]) -> int:
    """Return how much a rule counts for: 0 if it is off. One that is not known, as ShellCheck's, is high by itself."""
    level = settings.rules.get(id)
    rule = known.get(id)
    if level is not None:
        return _rank(level)
    if rule is None:
        return _rank("high")
    return 0 if rule.on_request else _rank(rule.description.severity.value)


def _rank(level: str) -> int:
    return 0 if level == "off" else 1 + Severity(level).rank


def _widened(now: DockerfileSettings, before: DockerfileSettings) -> Iterator[str]:
    trusted, was_trusted = set(now.trusted_registries), set(before.trusted_registries)
    if was_trusted and (not trusted or not trusted <= was_trusted):
        yield "trusts further registries"
    if any(now.label_schema.get(name) != form for name, form in before.label_schema.items()):
        yield "asks for fewer labels, or others"
    if before.strict_labels and not now.strict_labels:
        yield "lets any label be"
    if before.no_pragmas and not now.no_pragmas:
        yield "lets comments silence rules"


def _as_error(error: GateError, path: str) -> StageError:
    hint = error.hint or "Correct the file, or remove it: gate.yaml can say the same under stages.dockerfile"
    return StageError(title=error.message, message=hint, path=error.path or path)


def _read(tree: FileTree, path: str) -> tuple[HadolintFile, dict[str, Any], str]:
    """Return the file's content, typed, as a layer and as text. Raises GateError."""
    from gate.core import yaml
    from gate.settings.sources import convert

    try:
        text = tree.read(path, MAX_SIZE).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError("cannot be parsed: it is not UTF-8", path=path) from error
    parsed = yaml.parse(text, path)
    layer = _without_empty({} if parsed is None else parsed)
    return convert(layer, HadolintFile, path, text), layer, text


def _without_empty(layer: Any) -> Any:
    """Leave out keys without a value, as hadolint does."""
    if not isinstance(layer, dict):
        return layer
    return {key: _without_empty(value) for key, value in layer.items() if value is not None}


def _below_threshold(file: HadolintFile) -> dict[str, RuleLevel]:
    asked = {id.upper(): level for level in _SEVERITY for id in getattr(file.override, level)}
    least = _RANK[file.failure_threshold]
    levels = {id: asked.get(id, _LEVELS.get(id, "warning")) for id in _hadolint_ids()}
    return {id: "info" for id, level in levels.items() if _RANK[level] < least}


_LOOSENING: Mapping[str, Callable[[HadolintFile], dict[str, RuleLevel]]] = {
    "override": lambda file: {
        id.upper(): severity for level, severity in _SEVERITY.items() for id in getattr(file.override, level)
    },
    "failure-threshold": _below_threshold,
    "ignored": lambda file: {id.upper(): "off" for id in file.ignored},
}
"""Keys that give rules another level; of two that name the same rule the later one holds."""


def _joined(file: HadolintFile, settings: DockerfileSettings) -> DockerfileSettings:
    """Return the settings, completed from the file."""
    registries = file.trusted_registries
    rules = {rule: level for key in _LOOSENING for rule, level in _levels(file, key, settings).items()}
    return msgspec.structs.replace(
        settings,
        rules={**rules, **settings.rules},
        trusted_registries=settings.trusted_registries
        or ((registries,) if isinstance(registries, str) else registries),
        label_schema=settings.label_schema or file.label_schema,
        strict_labels=settings.strict_labels or file.strict_labels,
        no_pragmas=settings.no_pragmas or file.disable_ignore_pragma,
    )


def _levels(file: HadolintFile, key: str, settings: DockerfileSettings) -> dict[str, RuleLevel]:
    """Return the level of each rule that `key` of the file gives one; without those that loosen, if it may not."""

    levels = _LOOSENING[key](file)
    if settings.hadolint_loosens is not False:
        return levels
    known = {rule.id: rule for rule in rules_with(settings.plugins)}
    return {id: level for id, level in levels.items() if not _is_looser(known.get(id), level)}


def _is_looser(rule: StageRule | None, level: RuleLevel) -> bool:
    """True if a rule counts for less at `level` than by itself. One that is not known, as ShellCheck's, may be high."""
    if rule is None:
        return level != _SEVERITY["error"]
    return not rule.on_request and (level == "off" or Severity(level) < rule.description.severity)


def _hadolint_ids() -> tuple[str, ...]:
    """Return the ids that a threshold is for: those of the rules that are not asked only on request."""

    return tuple(rule.id for rule in all_rules() if rule.id.startswith("DL") and not rule.on_request)


def _remarks(file: HadolintFile, layer: Mapping[str, Any], text: str, path: str, target: str) -> Iterator[Finding]:
    """Yield a finding for `no-fail`, and one for each unknown key."""
    known = {field.encode_name for field in msgspec.structs.fields(HadolintFile)} | _FOR_OUTPUT
    if file.no_fail:
        message = "no-fail has no effect: the policy decides what blocks"
        yield _remark("no-fail", message, NOT_HONOURED.description.severity, text, path, target)
    for key in sorted(str(key) for key in layer if key not in known):
        message = f"{key} is not a key of hadolint's configuration"
        yield _remark(key, message, Severity.LOW, text, path, target)


def _refused(file: HadolintFile, settings: DockerfileSettings, text: str, path: str, target: str) -> Iterator[Finding]:
    """Yield a finding for each key that would loosen and may not."""
    for key, levels in _LOOSENING.items():
        if levels(file).keys() - _levels(file, key, settings).keys():
            message = f"{key} cannot lower rules here: a policy overrides the project's settings"
            yield _remark(key, message, NOT_HONOURED.description.severity, text, path, target)


def _remark(key: str, message: str, severity: Severity, text: str, path: str, target: str) -> Finding:
    from gate.core import yaml

    line = yaml.line_of(text, [key])
    hit = Hit(message=message, line=line, end_line=line, severity=severity, evidence=(key,))
    return finding_of(NOT_HONOURED, hit, target, path=path)
