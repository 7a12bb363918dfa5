"""Make the pictures of the README from the example shop: `make pictures` (needs Chromium for the page).

The terminal's is what `gate run` prints, with its colours; the page's is the HTML report of the same run.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COLUMNS = 110
LINES = 18
"""Of the findings that are printed; below them come the table of the stages and the verdict."""
PAGE = (1280, 860)
"""Pixels of the page that are shown, width and height."""


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        shop = Path(shutil.copytree(ROOT / "examples/storefront", Path(scratch, "storefront")))
        subprocess.run([sys.executable, shop / "build_image.py"], check=True, capture_output=True)
        page = shop / "gate.html"
        run_gate(shop, "--report", f"html={page}")
        draw_terminal(run_gate(shop))  # the second run, as those are that people see
        photograph(page)
    return 0


def run_gate(shop: Path, *arguments: str) -> str:
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1"}
    command = [sys.executable, "-m", "gate", "run", "--offline", *arguments]
    done = subprocess.run(command, cwd=shop, env=environment, capture_output=True, text=True)
    if done.returncode != 1:
        raise SystemExit(f"the shop has to fail, but the status is {done.returncode}: {done.stderr}")
    return done.stdout


def draw_terminal(printed: str) -> None:
    """Write `terminal.svg`: the first findings, the table of the stages and the verdict of what was printed."""
    lines = printed.rstrip("\n").split("\n")
    table = next(number for number, line in enumerate(lines) if "Looked at" in line)
    end_of_table = lines.index("", table)
    verdict = max(number for number, line in enumerate(lines) if "FAIL" in line)
    shown = [*lines[:LINES], "   …", "", *lines[table : end_of_table + 1], *lines[verdict:]]
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text("$ gate run", style="bold"))
    console.print(Text.from_ansi("\n".join(shown)))
    picture = console.export_svg(title="gate run")
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)  # they would come from the network
    (HERE / "terminal.svg").write_text(picture.replace("Fira Code, monospace", "monospace"))


def photograph(page: Path) -> None:
    """Write `page.png`, as Chromium shows the report."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("Chromium is not installed: the picture of the page stays as it is")
    width, height = PAGE
    command = [chromium, "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={width},{height}"]
    subprocess.run([*command, f"--screenshot={HERE / 'page.png'}", page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
