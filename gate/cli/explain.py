"""Say why a rule is there and how to mend what it finds, what decides a finding, or why an image uses a package."""

import argparse
import re
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from gate.cli.rules import project_rules
from gate.cli.saying import WIDTH
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import UsageError
from gate.core.text import visible_lines
from gate.model import RuleDescription, is_fingerprint_prefix

_ADVISORY = re.compile(r"(CVE|GHSA|PYSEC|MAL|RUSTSEC|GO|DSA|DLA|USN|ALPINE|DEBIAN)-[A-Za-z0-9-]+", re.IGNORECASE)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate explain`."""
    described = "a rule's id, a finding's fingerprint or its first digits; with --in-use a package, or the image"
    parser.add_argument("id", metavar="ID", help=described)
    parser.add_argument("target", nargs="?", metavar="TARGET", help="with --in-use: the image that has the package")
    parser.add_argument(
        "--in-use", action="store_true", help="explain why an image uses a package or not, or draw what it uses"
    )
    parser.add_argument(
        "--from", dest="report", metavar="REPORT.json", help="report that has the finding; default: last run"
    )


def run(options: argparse.Namespace) -> int:
    """Print the text of a rule or finding and return the exit status. Raises UsageError for an id that nothing has."""
    if options.in_use:
        return _explain_use(options)
    if options.target:
        raise UsageError("one id is explained at a time", hint="With --in-use: a package, and the image that has it")
    if is_fingerprint_prefix(options.id):
        from gate.cli.explain_finding import explain_finding

        print("\n".join(explain_finding(options.id, options.report)))
        return 0
    is_advisory = _ADVISORY.fullmatch(options.id) is not None
    found = _found(options.id, options.report) if is_advisory else []
    if found:
        sys.stdout.write("\n".join([*found, "", *_own_words(options.id), _where_to_read(options.id)]) + "\n")
        return 0
    texts = ["\n".join(explanation(rule)) + "\n" for rule in named_rules(options.id)]
    if is_advisory:
        texts += [*_own_words(options.id), _where_to_read(options.id) + "\n"]
    sys.stdout.write("\n".join(texts))
    return 0


def _explain_use(options: argparse.Namespace) -> int:
    from gate.cli.explain_use import explain_image, explain_package

    if options.target:
        explained = explain_package(options.id, options.target, options.report)
    else:
        explained = explain_image(options.id, options.report)
    print("\n".join(explained.lines))
    return explained.status


def _found(advisory_id: str, report_file: str | None) -> list[str]:
    """Return the lines on what is found of an advisory or alias, in the named report or the last run."""
    from gate.cli.explain_finding import explain_advisory

    try:
        return list(explain_advisory(advisory_id, report_file))
    except UsageError:
        if report_file is not None:
            raise
        return []  # no run is kept


def named_rules(rule_id: str) -> list[RuleDescription]:
    """Return the rules with this id, whatever its case; two stages may share one. Raises UsageError."""
    rules = project_rules()
    found = [rule for rule in rules if _is_named(rule, rule_id)]
    if not found:
        raise UsageError(f"there is no rule {rule_id!r}", hint=_hint(rule_id, rules))
    return found


def _is_named(rule: RuleDescription, rule_id: str) -> bool:
    """True if the id is the rule's, or one of the many that a rule such as `GHSA-*, CVE-*` stands for."""
    wanted = rule_id.lower()
    return wanted == rule.id.lower() or any(fnmatchcase(wanted, one.lower()) for one in rule.id.split(", "))


def _hint(rule_id: str, rules: list[RuleDescription]) -> str:
    import difflib

    if _ADVISORY.fullmatch(rule_id):
        return _where_to_read(rule_id)
    ids = {rule.id.upper(): rule.id for rule in rules}
    near = difflib.get_close_matches(rule_id.upper(), ids, n=3)
    return f"Did you mean {' or '.join(ids[one] for one in near)}?" if near else "`gate rules` lists them all"


def _own_words(advisory_id: str) -> Iterator[str]:
    """Yield the text of the advisory, if it was fetched for the project of the current folder."""
    from gate.advisories.texts import text_of
    from gate.app.project import open_project
    from gate.app.roots import current_root

    project = open_project(current_root(), flags={})
    cache = user_cache_folder() / "advisories"
    text = text_of(advisory_id, project.settings, project.trust, cache, datetime.now(UTC))
    if text is not None:
        yield visible_lines(text).rstrip() + "\n"


def _where_to_read(advisory_id: str) -> str:
    return f"The advisory itself: https://osv.dev/vulnerability/{advisory_id}"


def explanation(rule: RuleDescription) -> Iterator[str]:
    """Yield the lines of a rule's text."""
    yield f"{rule.id}  {rule.title}"
    yield f"{rule.severity.value} severity, stage {rule.stage}"
    for heading, text in (("Why", rule.why), ("How to fix it", rule.mend)):
        yield from ("", heading)
        yield from textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
    for heading, example in (("Caught", rule.bad), ("Fine", rule.good)):
        if example:
            yield from ("", heading, textwrap.indent(example.rstrip("\n"), "  "))
    if rule.references:
        yield from ("", "References", *(f"  {reference}" for reference in rule.references))
