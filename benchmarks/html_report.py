"""How long 20,000 findings take to open, search, filter and sort in a headless Chromium.

python benchmarks/html_report.py        (needs chromium, and what `make e2e-tools` installs)
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from large_report import large_report

from gate.reports import write_report

FINDINGS = 20_000
RUNS = 3
BROWSE = Path(__file__).parents[1] / "tests/e2e/browser/html_report.cjs"
TOOLS = Path(os.environ.get("GATE_E2E_TOOLS") or Path.home() / ".cache/gate-e2e") / "node/node_modules"


def times(page: Path) -> dict[str, float]:
    """Return what each act took, in milliseconds until the next picture."""
    chromium, node = shutil.which("chromium"), shutil.which("node", path=f"{TOOLS}/.bin:{os.environ['PATH']}")
    if not chromium or not node or not (TOOLS / "playwright-core").is_dir():
        raise SystemExit("chromium and playwright-core are needed: apt install chromium; make e2e-tools")
    environment = {**os.environ, "CHROMIUM": chromium, "NODE_PATH": str(TOOLS)}
    done = subprocess.run(
        [node, BROWSE, page.parent, "times", page], env=environment, capture_output=True, check=True, timeout=120
    )
    return json.loads(done.stdout)["times"]  # type: ignore[no-any-return]


def main() -> None:
    """Print the least of some runs, as a Markdown table."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        write_report("html", large_report(FINDINGS), str(page))
        runs = [times(page) for _ in range(RUNS)]
        print(f"{FINDINGS:,} findings, {page.stat().st_size / 1e6:.1f} MB\n\n| act | ms |\n| --- | --- |")
    for act in runs[0]:
        print(f"| {act} | {min(run[act] for run in runs):.0f} |")


if __name__ == "__main__":
    main()
