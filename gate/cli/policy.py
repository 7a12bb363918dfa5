"""Try a policy on past reports: what it would have decided, before it is enforced."""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from gate.core.cache_folder import user_cache_folder
from gate.core.text import clipped, counted, one_line, visible
from gate.policy.layers import layers_of
from gate.policy.what_if import VerdictChange, change_of
from gate.reports.waiver_commands import short
from gate.reports.wording import place

_MOST = 10


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate policy`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    testing = actions.add_parser("test", help="show what a policy would have decided on past reports")
    testing.add_argument("policy", metavar="POLICY", help="the policy: a file, or an address as in `extends`")
    testing.add_argument("reports", nargs="+", metavar="REPORT.json", help="reports of `gate run --report json=FILE`")


def run(options: argparse.Namespace) -> int:
    """Print for each report the verdict as it was and as it would be; nothing fails by it."""
    from gate.policy.sources import Fetching, read_sources
    from gate.reports.reading import read_report

    now = datetime.now(UTC)
    *above, own = read_sources(options.policy, str(Path.cwd()), Fetching(cache_folder=user_cache_folder(), now=now))
    layers = layers_of(own, above)
    changes = [(path, change_of(read_report(path), layers, now)) for path in options.reports]
    for path, change in changes:
        print("\n".join(_lines(path, change)))
    if len(changes) > 1:
        print(_totals([change for _, change in changes]))
    return 0


def _totals(changes: Sequence[VerdictChange]) -> str:
    """Return how many reports would have which verdict, and how many findings would be decided in another way."""
    verdicts: dict[str, int] = Counter(change.after.value for change in changes)
    changed = sum(change.before is not change.after for change in changes)
    blocking = sum(len(change.blocking) for change in changes)
    passing = sum(len(change.passing) for change in changes)
    said = ", ".join(f"{number:,} {verdict}" for verdict, number in sorted(verdicts.items()))
    return (
        f"{counted(len(changes), 'report')}: {said} ({changed:,} not as before);"
        f" {counted(blocking, 'finding')} would block, {passing:,} would no longer block"
    )


def _lines(path: str, change: VerdictChange) -> Iterator[str]:
    before, after = change.before.value.upper(), change.after.value.upper()
    yield f"{visible(path)}: {before} → {after}" if before != after else f"{visible(path)}: {after}, as before"
    for heading, findings in (("would block", change.blocking), ("would no longer block", change.passing)):
        if not findings:
            continue
        rules = Counter(visible(one.decided_by or "no rule") for one in findings)
        yield f"  {heading}: {counted(len(findings), 'finding')} ({', '.join(f'{r} {n:,}' for r, n in rules.items())})"
        for finding in findings[:_MOST]:
            what = clipped(one_line(finding.title), 100)
            yield f"    {finding.severity.value:<8} {short(finding)}  {place(finding.location)}  {what}"
        if len(findings) > _MOST:
            yield f"    … and {len(findings) - _MOST:,} more"
