"""What a person at a terminal sees while `gate run` works: a real pseudo-terminal, and what its lines come to."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_python

ESCAPE = re.compile(r"\x1b\[(\d*)([FJ])|\r?\n|[^\x1b\r\n]+")
LINE = re.compile(
    r" *\d+\.\d s  secrets \(\.\): [\d,]+ files, [\d,]+ of [\d,]+(, [\d,]+/s)?, \d+\.\d MiB(, [\d.]+ MiB/s)?"
)


def typed(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the gate with a terminal as its standard error; return its status and all that it wrote there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "gate", *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            written += os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
    os.close(ours)
    return process.wait(), written.decode()


def screen(written: str) -> list[str]:
    """Return the lines that stand on a terminal after all of it: up some lines, and clear from there on."""
    lines, row = [""], 0
    for found in ESCAPE.finditer(written):
        if found[2] == "F":
            row -= int(found[1])
        elif found[2] == "J":
            lines[row:] = [""]
        elif found[0].endswith("\n"):
            row += 1
            lines += [""] * (row == len(lines))
        else:
            lines[row] += found[0]
    return [line for line in lines if line]


def test_a_stage_at_work_has_a_line_with_files_bytes_and_rate_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """Where other work lets the gate wait, and then end before the next line is drawn, it gets more to do."""
    shown: list[str] = []
    written = ""
    for count in (60, 240, 960):
        folder = tmp_path / f"shop{count}"
        folder.mkdir()
        for number in range(count):
            (folder / f"{number}.txt").write_text(f"password {number} = of the day\n" * 1500)
        status, written = typed(folder, "run", ".", "--stage", "secrets", "--no-cache", "--jobs", "2")
        assert status in (0, 1)
        assert [line.partition(":")[0] for line in screen(written)] == ["secrets (.)"]
        shown = [part for part in written.splitlines() if LINE.fullmatch(part.split("\x1b[J")[-1])]
        if shown:
            break
    assert shown, written[-2000:]
