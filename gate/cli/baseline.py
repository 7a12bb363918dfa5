"""Record today's findings, so that from now on only new ones block: written to .gate/baseline.jsonl."""

import argparse
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from gate.app.project import Project, build_images, open_project, targets_of
from gate.app.roots import root_of
from gate.cli.options import OF_VERDICTS, add_options, from_flags
from gate.cli.saying import say
from gate.core.errors import GateError, UsageError
from gate.core.text import counted
from gate.declarations.secrets import SECRETS
from gate.model import Finding, Report, StageStatus, Status, Tree, Trust
from gate.policy.baseline import BaselineEntry, FindingsBaseline, entries_of, new_key, write_baseline
from gate.reports.order import errors_of
from gate.settings.sources import Layer, overlay
from gate.stages import STAGES

_RECORDED = (Status.NEW, Status.EXISTING)
_IMPORTED = (Status.EXISTING,)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="folder or image; default: this repository")
    parser.add_argument("--from", dest="source", metavar="FILE", help="add what this detect-secrets baseline lists")
    parser.add_argument("--to", metavar="FILE", help="write FILE instead, as `detect-secrets scan` would")
    parser.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
    parser.add_argument(
        "--policy", metavar="FILE", help="the organisation's policy: findings that it ignores are not recorded"
    )
    add_options(parser, without=OF_VERDICTS)


def run(options: argparse.Namespace) -> int:
    """Record the findings and return the exit status: 3 if a stage had an error, whose old entries are kept."""
    root = root_of(options.targets)
    flags = from_flags(options)
    if options.source:
        flags = overlay(flags, _importing(options.source, root))
    project = open_project(root, flags=flags, config=options.config, policy=options.policy, compares=False)
    if options.to:
        return _list(Path(options.to), project)
    report = _look(options.targets, project)
    old = project.policy.baseline
    wanted = [one for one in report.findings if one.status in (_IMPORTED if options.source else _RECORDED)]
    baseline = _with(old, old.entries, wanted) if options.source else _renewed(old, report, wanted)
    file = write_baseline(project.root, baseline)
    errors = [f"{stage.name}: {error}" for stage in report.stages for error in errors_of(stage)]
    for error in errors:
        say(error)
    print(_summary(old, baseline, file, len(wanted)))
    return GateError.exit_status if errors else 0


def _importing(source: str, root: str) -> Layer:
    """Return settings that run only the secrets stage, with the findings that `source` lists."""
    path = os.path.relpath(Path(source).resolve(), Path(root).resolve())
    if not Path(source).is_file():
        raise UsageError("there is no such file", path=source)
    if path.startswith(os.pardir):
        raise UsageError("is not in the project whose files it names", path=source, hint="Copy it into the project")
    stages: dict[str, Layer] = {name: {"enabled": name == SECRETS.name} for name in STAGES}
    stages[SECRETS.name][SECRETS.known_findings] = Path(path).as_posix()
    return {"stages": stages, "only_plugins": []}


def _list(file: Path, project: Project) -> int:
    """Write a detect-secrets baseline of the project."""
    from gate.pipeline.secrets_baseline import write_listing

    target = Tree(root=project.root, name=Path(project.root).name)
    count, errors = write_listing(target, file.resolve(), project.settings, datetime.now(UTC))
    for error in errors:
        say(str(error))
    print(f"{counted(count, 'secret')} in {file}, a detect-secrets baseline. Commit it.")
    return GateError.exit_status if errors else 0


def _look(words: list[str], project: Project) -> Report:
    """Run the pipeline on all targets without a baseline."""
    from gate.pipeline.progress import Progress
    from gate.pipeline.run import judge

    targets = targets_of(words, project)
    build_images(project)
    return judge(
        targets,
        msgspec.structs.replace(project.settings, shard=None),
        msgspec.structs.replace(project.policy, baseline=FindingsBaseline()),
        now=datetime.now(UTC),
        progress=Progress(is_quiet=project.settings.quiet),
        trust=Trust(stated=project.trust.stated),
    )


def _renewed(old: FindingsBaseline, report: Report, wanted: Sequence[Finding]) -> FindingsBaseline:
    """Return today's findings, and the old entries of stages that failed or did not run."""
    looked = {stage.name for stage in report.stages if stage.status is not StageStatus.ERROR and stage.targets}
    kept = (entry for entry in old.entries if entry.stage not in looked)
    return _with(old, kept, wanted)


def _with(old: FindingsBaseline, kept: Iterable[BaselineEntry], findings: Sequence[Finding]) -> FindingsBaseline:
    key = old.key or new_key()
    added = (entry for finding in findings for entry in entries_of(finding, key))
    return FindingsBaseline(key=key, entries=frozenset([*kept, *added]))


def _summary(old: FindingsBaseline, new: FindingsBaseline, file: Path, findings: int) -> str:
    """Return how many findings were recorded, as reports count them, and how many lines of the file that makes."""
    added, gone, total = len(new.entries - old.entries), len(old.entries - new.entries), len(new.entries)
    kept = "; entries of other stages and files are kept" if total - findings and old.entries & new.entries else ""
    lines = "" if total == findings else f", in {counted(total, 'line')} (one for each file of a finding{kept})"
    return f"{counted(findings, 'finding')} in {file}{lines}: {added:,} added, {gone:,} gone. Commit it."
