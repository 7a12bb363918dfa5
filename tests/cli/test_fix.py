"""`gate fix` as scripts and people meet it.

Goes through `gate/app/fixes/plan.py`, `gate/app/fixes/mend.py`.
"""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.model import Tree
from tests.cli.conftest import Gate

MakeTree = Callable[[dict[str, str | bytes]], Tree]
BEFORE = "FROM debian:12\nADD a.py /srv/\nRUN apt-get install curl\n"
AFTER = "FROM debian:12\nCOPY a.py /srv/\nRUN apt-get install -y curl\n"
LEFT = (
    "Not changed, because a build or a program may depend on it. To see and make the change:\n"
    "  gate fix --rule DL3015   (1 finding)\n"
)


def text_of(root: str, path: str = "Dockerfile") -> str:
    return Path(root, path).read_text()


def test_it_shows_a_diff_and_writes(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BEFORE}).root
    done = gate("fix", root, "--yes", "--stage", "dockerfile")
    assert done.returncode == 0
    assert done.stdout == (
        "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n FROM debian:12\n-ADD a.py /srv/\n"
        "-RUN apt-get install curl\n+COPY a.py /srv/\n+RUN apt-get install -y curl\n"
        f"Fixed: 2 findings in 1 file (DL3014, DL3020)\n{LEFT}"
    )
    assert text_of(root) == AFTER
    again = gate("fix", root, "--yes", "--stage", "dockerfile")
    assert (again.returncode, again.stdout) == (0, f"Nothing to fix.\n{LEFT}")


def test_check_only_tells(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BEFORE}).root
    done = gate("fix", "--check", root, "--stage", "dockerfile")
    assert done.returncode == 1
    assert done.stdout.endswith(f"Can be fixed: 2 findings in 1 file (DL3014, DL3020)\n{LEFT}")
    assert text_of(root) == BEFORE


MANIFEST = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: shop/web:1.4
"""


def test_a_manifest_is_judged_again_after_its_fix(gate: Gate, make_tree: MakeTree) -> None:
    restricted = "stages: {kubernetes: {pod_security: restricted}}\n"
    root = make_tree({"web.yaml": MANIFEST, "gate.yaml": restricted}).root
    assert gate("fix", root, "--check", "--stage", "kubernetes").returncode == 1
    done = gate("fix", root, "--yes", "--stage", "kubernetes")
    assert done.returncode == 0
    assert "(GK011, PSS-privilege-escalation, PSS-seccomp-restricted)" in done.stdout
    assert "gate fix --rule PSS-non-root" in done.stdout
    added = MANIFEST.replace("spec:\n", "spec:\n  securityContext:\n    seccompProfile:\n      type: RuntimeDefault\n")
    added = added.replace("spec:\n", "spec:\n  automountServiceAccountToken: false\n", 1)
    added += "      securityContext:\n        allowPrivilegeEscalation: false\n"
    assert sorted(text_of(root, "web.yaml").splitlines()) == sorted(added.splitlines())
    again = gate("fix", root, "--yes", "--stage", "kubernetes", "--rule", "pss-non-root")
    assert again.returncode == 0
    assert "    runAsNonRoot: true\n" in text_of(root, "web.yaml")


def test_rule_restricts(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BEFORE}).root
    assert gate("fix", root, "--yes", "--rule", "dl3020").returncode == 0
    assert text_of(root) == BEFORE.replace("ADD", "COPY")
    assert "no rule" in gate("fix", root, "--yes", "--rule", "DL9999").stderr


def test_what_is_waived_ignored_or_silenced_is_left_alone(gate: Gate, make_tree: MakeTree) -> None:
    settings = "policy: {rules: [{id: pins, why: w, when: {rule: DL3015}, effect: ignore}]}\n"
    silenced = "FROM debian:12\n# hadolint ignore=DL3020\nADD a.py /srv/\nRUN apt-get install curl\n"
    root = make_tree({"Dockerfile": silenced, "gate.yaml": settings}).root
    found = gate("run", root, "--stage", "dockerfile", "--report", "csv=-").stdout
    mark = next(word for line in found.splitlines() if "DL3014" in line for word in line.split(",") if len(word) == 32)
    waiver = ["--reason", "r", "--owner", "o", "--until", "2099-01-01", "--target", root]
    assert gate("waive", mark, *waiver).returncode == 0
    done = gate("fix", root, "--yes", "--stage", "dockerfile")
    assert (done.returncode, done.stdout) == (0, "Nothing to fix.\n")
    assert text_of(root) == silenced


def test_what_hadolints_configuration_ignores_is_left_alone(gate: Gate, make_tree: MakeTree) -> None:
    """After a first repair the file is looked at again: it must hold then too."""
    root = make_tree({"Dockerfile": BEFORE, ".hadolint.yaml": "ignored: [DL3014, DL3020]\n"}).root
    found = "--rule", "DL3014", "--rule", "DL3015", "--rule", "DL3020"
    assert gate("fix", root, "--yes", *found).returncode == 0
    assert text_of(root) == BEFORE.replace("install", "install --no-install-recommends")


def test_a_waived_finding_is_left_alone_though_its_instruction_changes(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BEFORE}).root
    found = gate("run", root, "--stage", "dockerfile", "--report", "csv=-").stdout
    mark = next(word for line in found.splitlines() if "DL3014" in line for word in line.split(",") if len(word) == 32)
    waiver = ["--reason", "r", "--owner", "o", "--until", "2099-01-01", "--target", root]
    gate("waive", mark, *waiver)
    done = gate("fix", root, "--yes", "--rule", "DL3015")
    assert text_of(root) == BEFORE.replace("install", "install --no-install-recommends")
    *_, head, line = done.stdout.splitlines()
    assert head == "1 waiver has to be renewed, because the instruction has changed:"
    assert line.startswith("  DL3014 in Dockerfile:3: gate waive ")
    assert line.endswith(f"(it was {mark})")
    renewed = line.split()[5]
    assert gate("waive", renewed, *waiver).returncode == 0
    assert f"{renewed}" in gate("run", root, "--stage", "dockerfile", "--report", "csv=-").stdout
    assert gate("fix", root, "--yes", "--rule", "DL3015").stdout == "Nothing to fix.\n"


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_mended(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BEFORE, "big/Dockerfile": b"#" * (11 << 20)}).root
    done = gate("fix", root, "--yes", "--stage", "dockerfile")
    assert done.returncode == 3
    assert "big/Dockerfile" in done.stderr
    assert text_of(root) == AFTER


def test_a_link_out_of_the_folder_is_not_followed(gate: Gate, make_tree: MakeTree, tmp_path: Path) -> None:
    root = make_tree({"Dockerfile": BEFORE}).root
    (tmp_path / "outside").write_text(BEFORE)
    Path(root, "api.Dockerfile").symlink_to(tmp_path / "outside")
    gate("fix", root, "--yes", "--stage", "dockerfile")
    assert (tmp_path / "outside").read_text() == BEFORE


def test_a_link_within_the_folder_stays_one(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"docker/real": BEFORE}).root
    Path(root, "Dockerfile").symlink_to("docker/real")
    assert gate("fix", root, "--yes", "--stage", "dockerfile").returncode == 0
    assert Path(root, "Dockerfile").is_symlink()
    assert text_of(root, "docker/real") == AFTER


def test_images_are_wrong_usage(gate: Gate, make_tree: MakeTree) -> None:
    done = gate("fix", "docker:alpine")
    assert done.returncode == 2
    assert "only folders" in done.stderr


@pytest.mark.parametrize(("answer", "expected"), [(b"n\n", BEFORE), (b"y\n", AFTER)])
def test_on_a_terminal_it_asks_once(make_tree: MakeTree, own_cache: Path, answer: bytes, expected: str) -> None:
    root = make_tree({"Dockerfile": BEFORE}).root
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "gate", "fix", root, "--stage", "dockerfile"]
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL) as process:
        os.close(theirs)
        os.write(ours, answer)
        shown = read_all(ours)
        status = process.wait(60)
    os.close(ours)
    assert b"Write these changes to 1 file? [y/N]" in shown
    assert b"\x1b[32m+COPY a.py" in shown
    assert text_of(root) == expected
    assert status == (0 if expected == AFTER else 1)


@pytest.mark.parametrize("standard_input", ["closed", "a file"])
def test_without_a_terminal_nothing_is_written(make_tree: MakeTree, own_cache: Path, standard_input: str) -> None:
    root = make_tree({"Dockerfile": BEFORE}).root
    words = [sys.executable, "-m", "gate", "fix", root, "--stage", "dockerfile"]
    close = (lambda: os.close(0)) if standard_input == "closed" else None
    done = subprocess.run(words, stdin=subprocess.DEVNULL, preexec_fn=close, capture_output=True, text=True)
    assert done.returncode == 2
    assert "+COPY a.py" in done.stdout
    assert "--yes writes it" in done.stderr
    assert text_of(root) == BEFORE


def read_all(descriptor: int) -> bytes:
    """Read a terminal until the program behind it has ended, which Linux says with an error."""
    parts = []
    while True:
        try:
            part = os.read(descriptor, 4096)
        except OSError:
            return b"".join(parts)
        if not part:
            return b"".join(parts)
        parts.append(part)
