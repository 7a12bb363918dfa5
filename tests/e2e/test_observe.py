"""`gate observe` on a root file system that runs under strace, and what its profile then makes of the analysis.

The image is made of this machine's own shell, coreutils and libraries, so that the start is a real one. Goes through
`gate/cli/observe.py`, `gate/reachability/runtimes/observed/watching.py`, `gate/reachability/runtimes/analyse.py`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_sbom import in_use, installed, write_image

START = """#!/bin/sh
read -r program < /run/choice
"$program" 20
"""
"""Runs a program that a file names whose content at run time no image tells."""
LIBRARY = re.compile(r"(/\S+) \(0x")


def libraries_of(program: str) -> set[str]:
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return set(LIBRARY.findall(listed))


@pytest.fixture
def root(tmp_path: Path, require: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root file system with four packages: a shell, a program that runs, another that does not, and libraries."""
    if os.geteuid() != 0:
        pytest.skip("chroot needs root")
    programs = {name: os.path.realpath(require(name)) for name in ("sh", "sleep", "date")}
    require("strace")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    files = {"start.sh": START.encode(), "run/choice": b"/bin/sleep\n", "etc/os-release": b"ID=debian\nVERSION_ID=13\n"}
    files |= {f"bin/{name}": Path(path).read_bytes() for name, path in programs.items()}
    libraries = set().union(*map(libraries_of, programs.values()))
    files |= {path.lstrip("/"): Path(path).read_bytes() for path in libraries}
    owned = {name: (f"bin/{name}",) for name in programs} | {"libraries": tuple(path[1:] for path in libraries)}
    status = b""
    for name, paths in owned.items():
        paragraph, listed = installed(name, *paths)
        status += paragraph
        files |= listed
    files["var/lib/dpkg/status"] = status
    for path, content in files.items():
        place = tmp_path / "root" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(0o755)
    write_image(tmp_path / "app.tar", files, Entrypoint=["/start.sh"])
    return tmp_path / "root"


def gate(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "gate", *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answers(*words: str) -> dict[str, str]:
    """Return the answer for each package of the root; what is recognised by its bytes alone is left out."""
    said = in_use(gate("sbom", "--in-use", "archive:app.tar", *words))
    return {name: said[name][0] for name in ("sh", "libraries", "sleep", "date")}


MISSED = [
    "Used under test and not found by the analysis: 1 package",
    "  sleep 1.0 (Debian:13), said unknown: bin/sleep",
]


def test_a_root_that_runs_under_strace_decides_what_the_analysis_left_open(root: Path) -> None:
    (root / "start.sh").write_text(START.replace("20", "0.1"))
    assert answers() == {"sh": "yes", "libraries": "yes", "sleep": "unknown", "date": "unknown"}
    said = gate("observe", "--root", str(root), "--compare", "archive:app.tar", "--", "chroot", str(root), "/start.sh")
    assert said.splitlines()[:2] == MISSED
    assert answers("--image-observed", "observed.json") == {
        "sh": "yes",
        "libraries": "yes",
        "sleep": "yes",
        "date": "unknown",
    }


def test_a_container_that_runs_already_is_watched_by_its_process(root: Path, require: Callable[[str], str]) -> None:
    """A process with a mount namespace and a root of its own, as a container engine makes it."""
    words = [require("unshare"), "--mount", "chroot", str(root), "/start.sh"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as container:
        try:
            deadline = time.monotonic() + 20
            while os.readlink(f"/proc/{container.pid}/root") != str(root) and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.3)
            said = gate(
                "observe", "--pid", str(container.pid), "--seconds", "1", "--compare", "archive:app.tar"
            ).splitlines()
        finally:
            subprocess.run(["kill", *map(str, (child for child in children_of(container.pid)))], check=False)
            container.kill()
    (made,) = json.loads(Path("observed.json").read_text())["recordings"]
    assert {"bin/sh", "bin/sleep"} <= set(made["paths"])
    assert not any(path.startswith(str(root)[1:]) for path in made["paths"])
    assert said[:2] == MISSED


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in listed]


def test_the_program_that_is_chosen_otherwise_is_the_one_that_counts(root: Path) -> None:
    """The same image with another choice: what was observed is what ran, and not what was installed."""
    shutil.copy(root / "run/choice", root / "run/choice.before")
    (root / "run/choice").write_text("/bin/date\n")
    (root / "start.sh").write_text(START.replace(" 20", ""))
    gate("observe", "--root", str(root), "--", "chroot", str(root), "/start.sh")
    after = answers("--image-observed", "observed.json")
    assert (after["date"], after["sleep"]) == ("yes", "unknown")
