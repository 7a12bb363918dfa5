"""Try a policy on past reports: what it would have decided, before it is enforced."""

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from gate.core.cache_folder import user_cache_folder
from gate.core.text import clipped, counted, one_line, visible
from gate.policy.layers import layers_of
from gate.policy.what_if import VerdictChange, change_of

_MOST = 10


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate policy`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    testing = actions.add_parser("test", help="say what a policy would have decided on past reports")
    testing.add_argument("policy", metavar="POLICY", help="the policy: a file, or an address as in `extends`")
    testing.add_argument("reports", nargs="+", metavar="REPORT.json", help="reports of `gate run --report json=FILE`")


def run(options: argparse.Namespace) -> int:
    """Print for each report the verdict as it was and as it would be; nothing fails by it."""
    from gate.policy.sources import Fetching, read_sources
    from gate.reports.reading import read_report

    now = datetime.now(UTC)
    *above, own = read_sources(options.policy, str(Path.cwd()), Fetching(cache_folder=user_cache_folder(), now=now))
    layers = layers_of(own, above)
    for path in options.reports:
        print("\n".join(_lines(path, change_of(read_report(path), layers, now))))
    return 0


def _lines(path: str, change: VerdictChange) -> Iterator[str]:
    before, after = change.before.value.upper(), change.after.value.upper()
    yield f"{visible(path)}: {before} → {after}" if before != after else f"{visible(path)}: {after}, as before"
    for heading, findings in (("would block", change.blocking), ("would block no more", change.passing)):
        if not findings:
            continue
        rules = Counter(visible(one.decided_by or "no rule") for one in findings)
        yield f"  {heading}: {counted(len(findings), 'finding')} ({', '.join(f'{r} {n:,}' for r, n in rules.items())})"
        for finding in findings[:_MOST]:
            yield f"    {finding.severity.value:<8} {clipped(one_line(finding.title), 100)}  {finding.fingerprint}"
        if len(findings) > _MOST:
            yield f"    … and {len(findings) - _MOST:,} more"
