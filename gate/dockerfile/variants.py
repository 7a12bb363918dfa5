"""Lints a Dockerfile in each variant in which it is built, and a Dockerfile inside another file."""

from datetime import date

import msgspec

from gate.core.end_of_life import EndOfLifeTable
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.build_context import NO_CONTEXT, BuildContext
from gate.dockerfile.definition import InlineText
from gate.dockerfile.definitions import Inline
from gate.dockerfile.foreign import is_other_text, may_be_foreign, why_foreign
from gate.dockerfile.lint import MAX_SIZE, Linted, lint
from gate.dockerfile.parser import parse
from gate.dockerfile.pragmas import UNPARSABLE
from gate.dockerfile.rules import all_rules
from gate.dockerfile.variant import PLAIN, Variant
from gate.model import Finding, Fix, Location, Tree
from gate.trees import open_tree

_NOTHING = Linted(findings=(), instructions=0, bytes=0, suppressed=0, foreign_shells=0)


def prepare(*_: object) -> None:
    """Load every rule, so that processes forked from this one need not."""
    all_rules()


def lint_variants(
    path: str,
    target: Tree,
    settings: DockerfileSettings,
    today: date,
    variants: dict[str, tuple[Variant, ...]],
    named: frozenset[str] = frozenset(),
    end_of_life: EndOfLifeTable | None = None,
) -> Linted:
    """Lint a file of a tree in its variants, or as it is; `named` are those that something builds from.

    `end_of_life` is the built-in table if none is given. Raises as `lint_file` does.
    """
    first, *others = variants.get(path, (PLAIN,))
    tree = open_tree(target)
    content = tree.read(path, MAX_SIZE)

    def lint_as(variant: Variant) -> Linted:
        context = BuildContext(tree, path, folder=variant.context)
        return lint(content, path, target.name, settings, context, today, variant, end_of_life)

    linted = lint_as(first)
    broken = tuple(finding for finding in linted.findings if finding.rule == UNPARSABLE)
    if broken or may_be_foreign(content):
        foreign = why_foreign(content, path, is_named=path in variants or path in named)
        if foreign:
            return msgspec.structs.replace(_NOTHING, foreign=(path, foreign))
        if is_other_text(parse(content)):
            return msgspec.structs.replace(linted, findings=broken, silenced=())
    return _joined([linted, *map(lint_as, others)])


def lint_inline(
    inline: Inline,
    target: Tree,
    settings: DockerfileSettings,
    today: date,
    end_of_life: EndOfLifeTable | None = None,
) -> Linted:
    """Lint a Dockerfile that stands in another file; the findings' places are in that file, and they have no fixes."""
    content, folder = inline.content.text.encode(), inline.variant.context
    context = BuildContext(open_tree(target), folder=folder) if folder is not None else NO_CONTEXT
    linted = lint(content, inline.path, target.name, settings, context, today, inline.variant, end_of_life)
    findings = tuple(_placed(finding, inline.content) for finding in linted.findings)
    silenced = tuple(_placed(finding, inline.content) for finding in linted.silenced)
    return msgspec.structs.replace(linted, findings=findings, silenced=silenced, meanings={})


def _joined(linted: list[Linted]) -> Linted:
    """Join the findings of all variants; of one rule's findings at one place the most severe is kept, once."""
    first = linted[0]
    if len(linted) == 1:
        return first
    findings = list(dict.fromkeys(finding for each in linted for finding in each.findings))
    worst: dict[tuple[str, Location], int] = {}
    for finding in findings:
        place = finding.rule, finding.location
        worst[place] = max(worst.get(place, 0), finding.severity.rank)
    kept = (finding for finding in findings if finding.severity.rank == worst[finding.rule, finding.location])
    silenced = dict.fromkeys(finding for each in linted for finding in each.silenced)
    return msgspec.structs.replace(first, findings=tuple(sorted(kept, key=_order)), silenced=tuple(silenced))


def _order(finding: Finding) -> tuple[int, int, str, str]:
    place = finding.location
    return place.line or 0, place.column or 0, finding.rule, finding.message


def _placed(finding: Finding, content: InlineText) -> Finding:
    place = finding.location
    location = (
        msgspec.structs.replace(
            place,
            line=_moved(place.line, content.line - 1),
            end_line=_moved(place.end_line, content.line - 1),
            column=_moved(place.column, content.indent),
            end_column=_moved(place.end_column, content.indent),
        )
        if content.is_exact
        else Location(target=place.target, path=place.path, line=content.line)
    )
    fix = Fix(description=finding.fix.description) if finding.fix else None
    return msgspec.structs.replace(finding, location=location, fix=fix)


def _moved(place: int | None, by: int) -> int | None:
    return None if place is None else place + by
