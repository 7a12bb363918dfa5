"""List every rule, those of the plugins that the project names included: id, severity, stage, title."""

import argparse
import sys
from collections.abc import Iterable

import msgspec

from gate.cli.rules_page import page
from gate.core.errors import UsageError
from gate.model import GATE, RuleDescription
from gate.settings import Settings
from gate.stages import STAGES, load_stage


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `gate rules`."""
    parser.add_argument("--stage", metavar="NAME", help="only the rules of this stage")
    parser.add_argument("--format", choices=["text", "json", "markdown"], default="text", help="default: text")


def run(options: argparse.Namespace) -> int:
    """Print the rules and return the exit status."""
    rules = project_rules(options.stage)
    if options.format == "json":
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(rules), indent=2).decode() + "\n")
    elif options.format == "markdown":
        sys.stdout.writelines(page(rules))
    else:
        sys.stdout.writelines(f"{line}\n" for line in _table(rules))
    return 0


def project_rules(stage: str | None = None) -> list[RuleDescription]:
    """Return the rules of all stages, or of one, for the project of the current folder: by stage, then by id.

    Raises UsageError if there is no such stage, or for plugins as a run does.
    """
    from gate.app.project import own_settings
    from gate.app.roots import current_root

    settings, _ = own_settings(current_root())
    stages = (GATE, *STAGES, *settings.plugins)
    if stage is not None and stage not in stages:
        raise UsageError(f"no such stage: {stage}", hint=f"Stages: {', '.join(stages)}")
    return describe_rules(stages if stage is None else (stage,), settings)


def describe_rules(stages: Iterable[str], settings: Settings) -> list[RuleDescription]:
    """Return the rules of the stages, those of plugins that the settings name included: by stage, then by id."""
    return [rule for name in stages for rule in sorted(_rules_of(name, settings), key=lambda rule: rule.id)]


def _rules_of(stage: str, settings: Settings) -> Iterable[RuleDescription]:
    if stage == GATE:
        from gate.policy.loosening_rules import RULES

        return [rule.description for rule in RULES.values()]
    return load_stage(stage).rules(settings)


def _table(rules: list[RuleDescription]) -> Iterable[str]:
    """Yield a line a rule, in columns; ids come first, so that scripts can cut them off."""
    id_width = max((len(rule.id) for rule in rules), default=0)
    stage_width = max((len(rule.stage) for rule in rules), default=0)
    for rule in rules:
        yield f"{rule.id:<{id_width}}  {rule.severity.value:<8}  {rule.stage:<{stage_width}}  {rule.title}"
