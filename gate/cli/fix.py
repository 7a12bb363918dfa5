"""Mend what is safe to mend by itself: shows the changes as a diff, then writes them."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gate.app.fixes.write import replace
from gate.app.project import Project, bases_of, open_project, targets_of
from gate.app.roots import root_of
from gate.cli.consent import is_wanted
from gate.cli.explain import named_rules
from gate.cli.fix_notes import notes
from gate.cli.options import Heeded, add_options, from_flags
from gate.cli.saying import say
from gate.core.errors import GateError, UsageError
from gate.core.text import counted, visible
from gate.declarations import DECLARED
from gate.model import GATE, Report, Tree

if TYPE_CHECKING:
    from gate.app.fixes.plan import Inspection, MendedFile


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="folder; default: this repository")
    parser.add_argument("--check", action="store_true", help="only show what would change: status 1 if anything would")
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--rule", action="append", default=[], metavar="ID", help="fix only what this finds (repeat)")
    parser.add_argument(
        "--plan", action="store_true", help="show the fewest updates that clear the most; write nothing"
    )
    parser.add_argument("--json", action="store_true", help="with --plan: as JSON")
    parser.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
    parser.add_argument(
        "--policy", metavar="FILE", help="the organisation's policy: findings that it ignores are not fixed"
    )
    fixing = tuple(name for name, stage in DECLARED.items() if stage.fixes)
    add_options(parser, without=("reports", "shard"), heeded=Heeded(stages=fixing))


def run(options: argparse.Namespace) -> int:
    """Mend the targets and return the exit status: 1 if a change was not written, 3 if a stage or file had an error."""
    project = open_project(
        root_of(options.targets), flags=from_flags(options), config=options.config, policy=options.policy
    )
    if options.json and not options.plan:
        raise UsageError("--json is the form of a plan", hint="gate fix --plan --json")
    inspection = _inspection(options, project)
    if options.plan:
        from gate.cli.fix_plan import show_plan

        return show_plan(inspection, as_json=options.json)
    from gate.app.fixes.plan import look_and_mend

    fixes = look_and_mend(inspection)
    report, outcomes = fixes.report, fixes.files
    errors = [*_errors_of(report), *(str(one.error) for one in outcomes if one.error)]
    changes = [one for one in outcomes if one.mended is not None and one.mended.diff]
    sys.stdout.writelines(f"{line}\n" for line in _diff(changes))
    is_agreed = bool(changes) and _is_wanted(options, len(changes))
    written = list(_write(changes, errors)) if is_agreed else []
    for line in (*_loosened(report), *errors):
        say(line)
    print(_summary(changes, written))
    sys.stdout.writelines(f"{_shown(line)}\n" for line in notes(fixes, options.rule))
    if errors:
        return GateError.exit_status
    return 1 if len(written) < len(changes) else 0


def _inspection(options: argparse.Namespace, project: Project) -> "Inspection":
    from gate.app.api import change_describer, trust_in
    from gate.app.fixes.mend import MendTerms
    from gate.app.fixes.plan import Inspection
    from gate.pipeline.progress import Progress

    rules = tuple(rule.upper() for rule in options.rule)
    trees = _trees(options.targets, project)
    bases = bases_of(trees, project.settings.since, project)
    return Inspection(
        trees=tuple(trees),
        terms=MendTerms(project.settings, project.policy, datetime.now(UTC), rules),
        stages=tuple(_stages(rules)),
        progress=Progress(is_quiet=project.settings.quiet),
        bases=bases,
        trust=trust_in(project, trees, bases),
        describe_change=change_describer(project, trees),
    )


def _trees(words: list[str], project: Project) -> list[Tree]:
    """Return the folders to mend; the images of the settings have no file that could be."""
    for target in targets_of(words, project)[: len(words)]:
        if not isinstance(target, Tree):
            raise UsageError("is an image: only folders can be fixed", path=target.name)
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


def _summary(changes: "list[MendedFile]", written: "list[MendedFile]") -> str:
    """Say in one line what is, or would be, mended."""
    if not changes:
        return "Nothing to fix."
    counts = Counter(rule for one in changes if one.mended for rule in one.mended.rules)
    rules = ", ".join(f"{rule} ×{count}" if count > 1 else rule for rule, count in sorted(counts.items()))
    verb = "Fixed" if len(written) == len(changes) else "Can be fixed"
    partly = f"; {len(written)} written" if 0 < len(written) < len(changes) else ""
    return f"{verb}: {counted(counts.total(), 'finding')} in {counted(len(changes), 'file')}{partly} ({rules})"
