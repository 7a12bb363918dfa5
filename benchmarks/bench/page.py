"""Writes what was measured: tables and plots for `docs/explanation/performance.md`."""

import json
import os
import platform
import re
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    groups = [
        {"name": group.name, "question": group.question, "commands": {name: asdict(one) for name, one in spent.items()}}
        for group, spent in measured.items()
    ]
    _put("parts", part, {"machine": machine(), "versions": dict(versions), "groups": groups})


def keep_growth(name: str, series: Mapping[str, Any]) -> None:
    """Put what was measured of one kind of input in the place of the earlier figures."""
    _put("growth", name, {"machine": machine(), **series})


def _put(kind: str, name: str, figures: Mapping[str, Any]) -> None:
    known = _known()
    known.setdefault(kind, {})[name] = figures
    KEPT.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n")


def _known() -> dict[str, Any]:
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}  # type: ignore[no-any-return]


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
    known = _known()
    parts = []
    for name, part in known.get("parts", {}).items():
        parts.append(f"Measured {part['machine']}: {_in_words(part['versions'])}.\n")
        for number, group in enumerate(part["groups"]):
            plot = PAGE.with_name(f"performance-{name}-{number}.svg")
            draw(group, plot)
            title = f"### {group['name']}\n\n{group['question']}\n"
            parts += [title, f"![{group['name']}]({plot.name})\n", _of_group(group)]
    if "growth" in known:
        parts += ["## How costs grow\n", _growth(known["growth"]), "![How costs grow](performance-growth.svg)\n"]
        draw_growth(known["growth"], PAGE.with_name("performance-growth.svg"))
    PAGE.write_text(MADE.sub(lambda _: "\n" + "\n".join(parts) + "\n", PAGE.read_text()))


def _growth(series: Mapping[str, Any]) -> str:
    rows = []
    for one in series.values():
        sizes = " / ".join(f"{point['size']:,}" for point in one["points"])
        figures = (
            " / ".join(f"{point[key]:{form}}" for point in one["points"])
            for key, form in (("wall_s", ".2f"), ("cpu_s", ".2f"), ("peak_mib", ".0f"))
        )
        rows.append((f"{sizes} {one['unit']}", *figures, f"{one['power']:.2f}", one["machine"]))
    return _table(("input", "wall, s", "processor, s", "peak, MiB", "grows by the power", "measured"), rows)


def _of_group(group: Mapping[str, Any]) -> str:
    columns = ("command", "wall, s: least · median · most", "processor, s", "peak, MiB", "what it found")
    rows = [
        (name, row_of(one["wall_s"]), row_of(one["cpu_s"]), f"{one['peak_mib']:.0f}", one["found"])
        for name, one in group["commands"].items()
    ]
    return _table(columns, rows)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _in_words(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def draw(group: Mapping[str, Any], path: Path) -> None:
    """Draw the medians as bars, with a line from the least to the most; the gate's own are the dark ones."""
    names = list(group["commands"])[::-1]
    with _axes(path, 0.6 + 0.36 * len(names)) as axes:
        for place, name in enumerate(names):
            values = group["commands"][name]["wall_s"]
            middle = statistics.median(values)
            axes.barh(place, middle, color="#1f5fa8" if name.startswith("gate") else "#b9c2cc")
            axes.plot((min(values), max(values)), (place, place), color="#222222", linewidth=1)
            axes.annotate(f" {middle:.2f}", (max(values), place), va="center", fontsize=8)
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.set_xlabel("seconds by the clock", fontsize=8)


def draw_growth(series: Mapping[str, Any], path: Path) -> None:
    """Draw processor time over size, both by powers of ten: what is linear rises like the dotted line."""
    with _axes(path, 4.5) as axes:
        for one in series.values():
            sizes, times = zip(*((point["size"], point["cpu_s"]) for point in one["points"]), strict=True)
            axes.plot(sizes, times, marker="o", markersize=3, label=one["unit"])
        axes.plot((1_000, 100_000), (0.3, 30), linestyle="dotted", color="#888888", label="linear")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("size", fontsize=8)
        axes.set_ylabel("processor seconds", fontsize=8)
        axes.legend(fontsize=8)


@contextmanager
def _axes(path: Path, height: float) -> Iterator[Any]:
    """Give axes to draw on; they are written when the block ends, the same bytes for the same figures."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "gate"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, height), layout="constrained")
    axes.spines[["top", "right"]].set_visible(False)
    yield axes
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)
