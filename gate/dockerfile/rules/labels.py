"""LABEL: keys that are well formed, and the schema that the settings give (`label_schema`, `strict_labels`)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from gate.dockerfile.build import MAX_INHERITED, BuildStage
from gate.dockerfile.hits import Hit
from gate.dockerfile.label_formats import is_of_format
from gate.dockerfile.rule import STAGES, instructions, rule
from gate.dockerfile.step import Step
from gate.dockerfile.text import Word
from gate.model import Severity

_KEY = re.compile(r"[a-z](?:[a-z0-9./_-]*[a-z0-9])?")
_RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")
_LABELS = instructions("LABEL")
_WHY_SCHEMA = "label_schema defines the labels and their types; tools that read labels rely on it."


def _key(step: Step, word: Word) -> str:
    """Return a label's name; one that cannot be known here as it is written."""
    value = step.expand(word.text)
    return value if value is not None else word.text


def _labels(step: Step) -> Iterator[tuple[str, Word, Word]]:
    """Yield each label's name, and where name and value stand."""
    return ((_key(step, name), name, value) for name, value in step.instruction.pairs)


@lru_cache(maxsize=2 * MAX_INHERITED)
def _names(stage: BuildStage) -> frozenset[str]:
    """Return the labels that a stage has of its own."""
    return frozenset(key for step in stage.steps_of("LABEL") for key, _, _ in _labels(step))


@rule(
    "DL3048",
    Severity.INFO,
    "Malformed label name",
    looks_at=_LABELS,
    why="Tools may reject other names; the namespaces com.docker, io.docker and org.dockerproject are reserved.",
    mend=(
        "Use lowercase letters, digits, single dots and single hyphens; start with a letter and end with a letter or "
        "digit."
    ),
    bad="LABEL Maintainer=jane",
    good="LABEL org.opencontainers.image.authors=jane",
)
def malformed_key(step: Step) -> Iterator[Hit]:
    for key, word, _ in _labels(step):
        if not _KEY.fullmatch(key) or ".." in key or "--" in key or key.startswith(_RESERVED):
            yield step.hit(f"{key} is not a valid label name", word)


@rule(
    "DL3049",
    Severity.INFO,
    "Label is missing",
    looks_at=STAGES,
    why=_WHY_SCHEMA,
    mend="Add the label.",
    bad="RUN make",
    good=(
        "LABEL authors=a@example.com created=2024-05-01T12:00:00Z licence=MIT revision=0123456 "
        "source=https://git.example/app title=app version=1.2.3"
    ),
)
def missing_label(stage: BuildStage) -> Iterator[Hit]:
    schema = stage.build.settings.label_schema
    if not schema or not stage.is_leaf:
        return
    written = stage.from_step.instruction.normalised
    own_and_inherited = [_names(one) for one in (stage, *stage.parents())]
    for label in sorted(schema):
        if any(label in names for names in own_and_inherited):
            continue
        yield stage.from_step.hit(f"the label {label} is missing", evidence=f"{label} in {written}")


@rule(
    "DL3050",
    Severity.INFO,
    "Label that is not in the schema",
    looks_at=_LABELS,
    why="With strict_labels, label_schema lists every label that is allowed; an unknown one is often misspelt.",
    mend="Correct its name, remove the label, or add it to label_schema.",
    bad="LABEL titel=app",
    good="LABEL title=app",
)
def superfluous_label(step: Step) -> Iterator[Hit]:
    settings = step.settings
    for key, word, _ in _labels(step):
        if settings.strict_labels and key not in settings.label_schema:
            yield step.hit(f"{key} is not in label_schema", word)


@rule(
    "DL3051",
    Severity.INFO,
    "Empty label",
    looks_at=_LABELS,
    why=_WHY_SCHEMA,
    mend="Give the label a value.",
    bad='LABEL title=""',
    good="LABEL title=app",
)
def empty_label(step: Step) -> Iterator[Hit]:
    for key, word, value in _labels(step):
        if key in step.settings.label_schema and step.expand(value.text) == "":
            yield step.hit(f"{key} is empty", word)


def _not_of_format(step: Step, format: str, wanted: str) -> Iterator[Hit]:
    """Say which labels that should have a format have another value."""
    for key, _, word in _labels(step):
        if step.settings.label_schema.get(key) != format:
            continue
        value = step.expand(word.text)
        if value is None:
            yield step.hit(f"{key} has a value that is only known at build time; the type `text` accepts any", word)
        elif not is_of_format(value, format):
            yield step.hit(f"{key} is not {wanted}", word)


def _format_rule(id: str, title: str, format: str, wanted: str, *, mend: str, bad: str, good: str) -> None:
    """Make the rule that a label with `format` in the schema has a value of that format."""

    @rule(
        id, Severity.INFO, title, looks_at=_LABELS, why=_WHY_SCHEMA, mend=mend, bad=f"LABEL {bad}", good=f"LABEL {good}"
    )
    def check(step: Step) -> Iterator[Hit]:
        return _not_of_format(step, format, wanted)


_format_rule(
    "DL3052",
    "Label that is not a URL",
    "url",
    "an absolute URL (RFC 3986)",
    mend="Write an absolute URL: https://….",
    bad="source=git.example/app",
    good="source=https://git.example/app",
)
_format_rule(
    "DL3053",
    "Label that is not a date and time",
    "rfc3339",
    "a time with date and zone (RFC 3339)",
    mend="Write date, time and zone: 2024-05-01T12:00:00Z.",
    bad="created=2024-05-01",
    good="created=2024-05-01T12:00:00Z",
)
_format_rule(
    "DL3054",
    "Label that is not a licence",
    "spdx",
    "an SPDX licence expression",
    mend="Write an SPDX expression: MIT, Apache-2.0 OR MIT.",
    bad="licence=Apache",
    good="licence=Apache-2.0",
)
_format_rule(
    "DL3055",
    "Label that is not a commit id",
    "hash",
    "a git commit id",
    mend="Write the commit's id, whole or its first seven digits.",
    bad="revision=main",
    good="revision=0123456789abcdef0123456789abcdef01234567",
)
_format_rule(
    "DL3056",
    "Label that is not a semantic version",
    "semver",
    "a semantic version",
    mend="Write major.minor.patch: 1.2.3.",
    bad="version=1.2",
    good="version=1.2.3",
)
_format_rule(
    "DL3058",
    "Label that is not an e-mail address",
    "email",
    "an e-mail address (RFC 5322)",
    mend="Write name@host.",
    bad="authors=jane",
    good="authors=jane@example.com",
)
