"""Mend what is safe to mend by itself: shows the changes as a diff, then writes them."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gate.app.fixes.write import replace
from gate.app.project import Project, bases_of, open_project, root_of, targets_of
from gate.cli.consent import is_wanted
from gate.cli.explain import named_rules
from gate.cli.options import add_options, from_flags
from gate.cli.saying import say
from gate.core.errors import GateError, UsageError
from gate.core.text import counted, visible
from gate.model import GATE, Report, Status, Tree

if TYPE_CHECKING:
    from gate.app.fixes.plan import MendedFile


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="folder; default: this repository")
    parser.add_argument("--check", action="store_true", help="only tell: status 1 if something would change")
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--rule", action="append", default=[], metavar="ID", help="mend only what this finds (repeat)")
    parser.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
    parser.add_argument("--policy", metavar="FILE", help="the organisation's policy: what it ignores is not mended")
    add_options(parser, without=("reports", "shard"))


def run(options: argparse.Namespace) -> int:
    """Mend the targets and return the exit status: 1 if a change was not written, 3 if a stage or file had an error."""
    project = open_project(
        root_of(options.targets), flags=from_flags(options), config=options.config, policy=options.policy
    )
    report, outcomes = _look(options, project)
    errors = [*_errors_of(report), *(str(one.error) for one in outcomes if one.error)]
    changes = [one for one in outcomes if one.mended is not None and one.mended.diff]
    sys.stdout.writelines(f"{line}\n" for line in _diff(changes))
    is_agreed = bool(changes) and _is_wanted(options, len(changes))
    written = list(_write(changes, errors)) if is_agreed else []
    for line in (*_loosened(report), *errors):
        say(line)
    print(_summary(changes, written))
    sys.stdout.writelines(f"{_shown(line)}\n" for line in (*_renewals(changes), *_left(report, options.rule)))
    if errors:
        return GateError.exit_status
    return 1 if len(written) < len(changes) else 0


def _look(options: argparse.Namespace, project: Project) -> "tuple[Report, list[MendedFile]]":
    from gate.app.api import change_describer, trust_in
    from gate.app.fixes.mend import MendTerms
    from gate.app.fixes.plan import look_and_mend
    from gate.pipeline.progress import Progress

    rules = tuple(rule.upper() for rule in options.rule)
    trees = _trees(options.targets, project)
    bases = bases_of(trees, project.settings.since, project)
    return look_and_mend(
        trees,
        MendTerms(project.settings, project.policy, datetime.now(UTC), rules),
        _stages(rules),
        Progress(is_quiet=project.settings.quiet),
        bases,
        trust_in(project, trees, bases),
        change_describer(project, trees),
    )


def _trees(words: list[str], project: Project) -> list[Tree]:
    """Return the folders to mend; the images of the settings have no file that could be."""
    for target in targets_of(words, project)[: len(words)]:
        if not isinstance(target, Tree):
            raise UsageError("is an image: only folders can be mended", path=target.name)
    return [target for target in targets_of(words, project) if isinstance(target, Tree)]


def _stages(rules: Sequence[str]) -> list[str]:
    """Return the stages to run: with `--rule` those that have these rules. Raises UsageError for an unknown rule."""
    from gate.app.fixes.plan import FIXING_STAGES

    if not rules:
        return list(FIXING_STAGES)
    named = {rule.stage for one in rules for rule in named_rules(one)}
    return [stage for stage in FIXING_STAGES if stage in named]


def _loosened(report: Report) -> Iterator[str]:
    """Yield what the change would loosen: it has no effect on what is mended."""
    for finding in report.findings:
        if finding.stage == GATE:
            yield f"{finding.location.path}:{finding.location.line}: {finding.rule} {finding.message}"


def _errors_of(report: Report) -> list[str]:
    return [f"{stage.name}: {error}" for stage in report.stages for error in stage.errors]


_COLOURS = {"---": "1", "+++": "1", "@@": "36", "+": "32", "-": "31"}


def _diff(changes: "list[MendedFile]") -> Iterator[str]:
    """Yield the lines of the diff; on a terminal in colours."""
    is_coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for change in changes:
        for line in change.mended.diff if change.mended else ():
            yield _coloured(_shown(line)) if is_coloured else _shown(line)


def _shown(line: str) -> str:
    """Replace what a terminal, or a CI system that reads its log, would obey."""
    text = "\t".join(visible(part) for part in line.removesuffix("\r").split("\t"))
    return text.replace("::", ":·:").replace("##[", "##·[") if os.environ.get("GITHUB_ACTIONS") else text


def _coloured(line: str) -> str:
    code = next((code for start, code in _COLOURS.items() if line.startswith(start)), None)
    return f"\x1b[{code}m{line}\x1b[0m" if code else line


def _is_wanted(options: argparse.Namespace, count: int) -> bool:
    """True if the changes are to be written: asked for, or agreed to on a terminal. Raises UsageError without one."""
    return not options.check and is_wanted(f"Write these changes to {counted(count, 'file')}?", yes=options.yes)


def _write(changes: "list[MendedFile]", errors: list[str]) -> "Iterator[MendedFile]":
    """Write each file and yield what is written; what cannot be is added to `errors`."""
    for change in changes:
        assert change.mended is not None
        try:
            replace(change.target.root, change.file, change.mended.before, change.mended.after)
        except GateError as error:
            errors.append(str(error))
        else:
            yield change


def _renewals(changes: "list[MendedFile]") -> Iterator[str]:
    """Say which waivers do not hold for the new text: a fingerprint is made of an instruction's text."""
    renewals = [(one.file, renewal) for one in changes if one.mended for renewal in one.mended.renewals]
    if renewals:
        verb = "has" if len(renewals) == 1 else "have"
        yield f"{counted(len(renewals), 'waiver')} {verb} to be renewed, as the instruction is written differently:"
    for file, renewal in renewals:
        yield f"  {renewal.rule} in {file}:{renewal.line}: gate waive {renewal.after} (it was {renewal.before})"


def _left(report: Report, rules: Sequence[str]) -> Iterator[str]:
    """Say which changes are left to a person, who asks for them by the rule, because something may depend on them."""
    from gate.app.fixes.edits import repair_of
    from gate.app.fixes.mend import is_fixed_on_request

    waiting = Counter(
        one.rule
        for one in report.findings
        if not rules and one.status is Status.NEW and repair_of(one) is not None and is_fixed_on_request(one)
    )
    if waiting:
        yield "Not changed, because a build or a program may depend on what stands there. To see and make the change:"
    for rule, count in sorted(waiting.items()):
        yield f"  gate fix --rule {rule}   ({counted(count, 'finding')})"


def _summary(changes: "list[MendedFile]", written: "list[MendedFile]") -> str:
    """Say in one line what is, or would be, mended."""
    if not changes:
        return "Nothing to mend."
    counts = Counter(rule for one in changes if one.mended for rule in one.mended.rules)
    rules = ", ".join(f"{rule} ×{count}" if count > 1 else rule for rule, count in sorted(counts.items()))
    verb = "Mended" if len(written) == len(changes) else "Can be mended"
    partly = f"; {len(written)} written" if 0 < len(written) < len(changes) else ""
    return f"{verb}: {counted(counts.total(), 'finding')} in {counted(len(changes), 'file')}{partly} ({rules})"
