"""Writes what was measured: tables and plots for `docs/explanation/performance.md`."""

import json
import os
import platform
import re
import statistics
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bench.measured import Group, Spent, row_of

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs/explanation/performance.md"
KEPT = Path(__file__).parent / "latest.json"
"""What was measured last, a part at a time: the page is made of it."""
MADE = re.compile(r"(?<=<!-- made by make bench -->\n).*?(?=<!-- end -->)", re.DOTALL)


def keep(part: str, measured: Mapping[Group, Mapping[str, Spent]], versions: Mapping[str, str]) -> None:
    """Put a part's figures in the place of the earlier ones, with machine, versions and date."""
    known: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    groups = [
        {"name": group.name, "question": group.question, "commands": {name: asdict(one) for name, one in spent.items()}}
        for group, spent in measured.items()
    ]
    known[part] = {"machine": machine(), "versions": dict(versions), "groups": groups}
    KEPT.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")


def machine() -> str:
    """Return date, commit, processors, memory, system and load in words."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit.stdout.strip()}, {os.cpu_count()} processors, {memory:.0f} GiB, "
        f"Linux {platform.release()}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} before"
    )


def write() -> None:
    """Write tables and plots of all that was kept into the page."""
    known = json.loads(KEPT.read_text())
    parts = []
    for name, part in known.items():
        parts += [f"Measured {part['machine']}: {_in_words(part['versions'])}.\n"]
        for number, group in enumerate(part["groups"]):
            plot = PAGE.with_name(f"performance-{name}-{number}.svg")
            draw(group, plot)
            parts += [
                f"### {group['name']}\n",
                f"{group['question']}\n",
                f"![{group['name']}]({plot.name})\n",
                _table(group),
            ]
    PAGE.write_text(MADE.sub(lambda _: "\n" + "\n".join(parts) + "\n", PAGE.read_text()))


def _in_words(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _table(group: Mapping[str, Any]) -> str:
    columns = ("command", "wall, s: least · median · most", "processor, s", "peak, MiB", "what it found")
    head = f"| {' | '.join(columns)} |\n{'| --- ' * len(columns)}|"
    rows = [
        f"| {name} | {row_of(one['wall_s'])} | {row_of(one['cpu_s'])} | {one['peak_mib']:.0f} | {one['found']} |"
        for name, one in group["commands"].items()
    ]
    return "\n".join([head, *rows, ""])


def draw(group: Mapping[str, Any], path: Path) -> None:
    """Draw the medians as bars, with a line from the least to the most; the gate's own are the dark ones."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "gate"
    from matplotlib import pyplot

    names = list(group["commands"])[::-1]
    figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.36 * len(names)), layout="constrained")
    for place, name in enumerate(names):
        values = group["commands"][name]["wall_s"]
        middle = statistics.median(values)
        axes.barh(place, middle, color="#1f5fa8" if name.startswith("gate") else "#b9c2cc")
        axes.plot((min(values), max(values)), (place, place), color="#222222", linewidth=1)
        axes.annotate(f" {middle:.2f}", (max(values), place), va="center", fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlabel("seconds by the clock", fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)
