"""Which commands answer the same question, on which input."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from repositories import make_repository

from benchmarks.bench import counts, inputs
from benchmarks.bench.measured import Command, Group, nothing

GATE = [sys.executable, "-m", "gate"]
VERDICTS = (0, 1)
"""What `gate run` may end with: it passes, or it fails. One that is incomplete did not do its work."""
NOTHING_THERE = "0" * 40
"""What git passes to a hook as the commit of a branch that the other side does not have."""
REPORT = ["--report", "json={report}"]
GITLEAKS = ["dir", ".", "--no-banner", "--exit-code", "0", "-f", "json", "-r", "-"]
BETTERLEAKS = ["filesystem", ".", "--no-banner", "--exit-code", "0", "-o", "-"]
TRIVY_OFFLINE = ["--skip-db-update", "--skip-java-db-update", "--skip-check-update", "--offline-scan", "--quiet"]
TRIVY_LOOKS = ["--scanners", "secret,misconfig", "--list-all-pkgs"]
FOUND = {"hadolint": 1, "kingfisher": 200, "checkov": 1}
"""With which status a peer says that it found something."""


class Groups:
    """All of them, over inputs and peers that are there.

    Args:
        folder: Where the inputs are made and caches are kept.
        peers: Programs by name.
    """

    def __init__(self, folder: Path, peers: dict[str, str]) -> None:
        self._folder = folder
        self._inputs = folder / "inputs"
        self._peers = peers
        self._cache = folder / "cache"
        self._advisories = ["--offline", "--advisories", str(inputs.advisories(self._inputs))]
        self._edits = count()
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["XDG_CACHE_HOME"] = str(self._cache)

    def all(self) -> dict[str, Callable[[], Iterator[Group]]]:
        """Return what makes each part of the page, by name."""
        return {
            "whole": self.whole,
            "secrets": self.secrets,
            "files": self.files,
            "locks": self.locks,
            "images": self.images,
            "hook": self.hook,
        }

    def whole(self) -> Iterator[Group]:
        """Yield the whole pipeline on an application, beside four peers one after another."""
        root = inputs.application(self._inputs)
        run = [*GATE, "run", ".", *self._advisories, *REPORT]
        alone = [
            self._peer("hadolint", ["-f", "json", *_dockerfiles(root)], counts.of_list),
            self._peer("gitleaks", GITLEAKS, counts.of_list),
            self._peer("trivy", ["fs", *TRIVY_LOOKS, *TRIVY_OFFLINE, "-f", "json", "."], counts.of_trivy),
            self._peer("syft", ["-q", "-o", "json", "dir:."], counts.of_syft),
        ]
        together = "; ".join([*(shlex.join(command.words) for command in alone), "true"])
        yield Group(
            "An application",
            "4,300 files, 20 Dockerfiles and three locks of 1,500 packages; advisories are 50,000.",
            root,
            [
                _gate("first run ever", run, self._forget_all),
                _gate("nothing kept but the index", run, self._forget),
                _gate("three files changed", run, self._edit(root, run, _three_of(root))),
                _gate("nothing changed", run, self._run_in(root, run)),
                Command("the four peers, one after another", ["sh", "-c", together]),
                *alone,
            ],
        )

    def secrets(self) -> Iterator[Group]:
        """Yield the secrets stage on trees of sources."""
        gate = [*GATE, "run", ".", "--stage", "secrets", "--offline", *REPORT]
        kingfisher = ["scan", ".", "--no-validate", "--no-update-check", "-f", "json"]
        whole_tree = ["scan", "-n", "--all-files", "."]
        for name, root in inputs.trees(self._inputs).items():
            yield Group(
                f"Secrets in {name}",
                f"The wheel of {inputs.TREES[name]}, {sum(path.is_file() for path in root.rglob('*')):,} files.",
                root,
                [
                    _gate("nothing kept", [*gate, "--no-cache"]),
                    _gate("nothing changed", gate, self._run_in(root, gate)),
                    self._peer("gitleaks", GITLEAKS, counts.of_list),
                    self._peer("betterleaks", BETTERLEAKS, counts.of_findings),
                    self._peer("kingfisher", kingfisher, counts.of_findings),
                    replace(self._peer("detect-secrets", whole_tree, counts.of_detect_secrets), once=True),
                ],
                runs=3,
            )

    def files(self) -> Iterator[Group]:
        """Yield the stages for Dockerfiles and manifests."""
        root = inputs.infrastructure(self._inputs)
        dockerfiles = _dockerfiles(root)
        gate = [*GATE, "run", ".", "--offline", *REPORT, "--stage", "dockerfile"]
        edit = self._edit(root, gate, [root / name for name in dockerfiles])
        yield Group(
            "Dockerfiles",
            "100 of 33 lines each.",
            root,
            [
                _gate("nothing kept", [*gate, "--no-cache"]),
                _gate("every file changed, no script", gate, edit),
                _gate("nothing changed", gate, self._run_in(root, gate)),
                self._peer("hadolint", ["-f", "json", *dockerfiles], counts.of_list),
            ],
        )
        checkov = ["-d", ".", "--skip-download", "--quiet", "--compact", "-o", "json", "--framework"]
        yield Group(
            "Manifests and Dockerfiles",
            "100 of each.",
            root,
            [
                _gate("nothing kept", [*gate, "--stage", "kubernetes", "--no-cache"]),
                self._peer("trivy", ["config", "--skip-check-update", "-q", "-f", "json", "."], counts.of_trivy),
                self._peer("checkov", [*checkov, "kubernetes", "dockerfile"], counts.of_checkov),
            ],
            runs=3,
        )

    def locks(self) -> Iterator[Group]:
        """Yield the dependencies stage; the peers' own matching needs databases that are on the network."""
        root = inputs.lock(self._inputs)
        gate = [*GATE, "run", ".", "--stage", "dependencies", *self._advisories, *REPORT]
        yield Group(
            "A lock",
            "package-lock.json of 5,000 packages. The gate matches them with 50,000 advisories, the peers list them.",
            root,
            [
                _gate("nothing kept but the index", gate, self._forget),
                self._peer("trivy", ["fs", *TRIVY_OFFLINE, "-f", "cyclonedx", "."], counts.of_trivy_sbom),
                self._peer("syft", ["-q", "-o", "json", "dir:."], counts.of_syft),
            ],
        )

    def images(self) -> Iterator[Group]:
        """Yield an image in both forms; nothing where it cannot be made."""
        forms = inputs.image(self._inputs)
        if forms is None:
            return
        for form, scheme, path in (("docker archive", "archive", forms[0]), ("OCI layout, gzip", "oci-dir", forms[1])):
            source = f"{scheme}:{path}"
            run = [*GATE, "run", "--image", source, "--stage", "image", *self._advisories, *REPORT]
            sbom = [*GATE, "sbom", source, "--offline", "--no-cache", "--output", "{report}"]
            trivy = ["image", "--input", str(path), "--skip-files", "**/*.jar", *TRIVY_OFFLINE, "-f"]  # no Java DB here
            looks = [*TRIVY_LOOKS, "--image-config-scanners", "secret,misconfig"]
            syft = f"{'docker-archive' if scheme == 'archive' else 'oci-dir'}:{path}"
            yield Group(
                f"An image: {form}",
                f"Debian with {inputs.IMAGE_SYSTEM} and {', '.join(inputs.IMAGE_PYTHON)}, one layer.",
                self._folder,
                [
                    _gate("nothing known", run, self._forget),
                    _gate("again", run, self._run_in(self._folder, run)),
                    Command("gate sbom: nothing known", sbom, counts.of_gate_sbom),
                    self._peer("syft", ["-q", "-o", "json", syft], counts.of_syft),
                    self._peer("trivy", [*trivy, "cyclonedx"], counts.of_trivy_sbom, ", packages"),
                    self._peer("trivy", [*trivy, "json", *looks], counts.of_trivy, ", secrets and configuration"),
                ],
                runs=3,
            )

    def hook(self) -> Iterator[Group]:
        """Yield what starting costs, and what the hook adds to a push."""
        root = self._folder / "inputs" / "pushed"
        if not root.exists():
            make_repository(root, files=20_000, commits=5, lines=12)
        head, before = (_revision(root, name) for name in ("HEAD", "HEAD~5"))
        hook = f"{sys.executable} -m gate hook run origin https://git.example.com/shop.git"
        push = ["sh", "-c", f"echo refs/heads/main {head} refs/heads/main {before} | {hook}"]
        earlier = ["sh", "-c", f"echo refs/heads/main {before} refs/heads/main {NOTHING_THERE} | {hook}"]
        yield Group(
            "A push",
            "5 commits in a repository of 20,000 files. Git's own part is the listing of what to send.",
            root,
            [
                Command("git rev-list --objects", ["git", "rev-list", "--objects", "HEAD", "^HEAD~5"]),
                Command("gate hook: the first push", push, before=self._forget, statuses=VERDICTS),
                Command("gate hook: new commits", push, before=self._begin_with(root, earlier), statuses=VERDICTS),
                Command("gate hook: tried again", push, before=self._run_in(root, push), statuses=VERDICTS),
                Command(
                    "gate hook: nothing to judge", [*GATE, "hook", "run", "origin", "https://git.example.com/shop.git"]
                ),
                Command("gate --version", [*GATE, "--version"]),
                Command("Python, nothing", [sys.executable, "-c", "pass"]),
            ],
        )

    def _peer(self, name: str, words: Sequence[str], found: Callable[[Path], str], more: str = "") -> Command:
        """Return a peer's command, whose standard output is its report."""
        script = f'report=$1; shift; "$@" >"$report"; s=$?; [ $s -eq {FOUND.get(name, 0)} ] || exit $s'
        before = self._forget_trivy if name == "trivy" else nothing
        return Command(name + more, ["sh", "-c", script, "sh", "{report}", self._peers[name], *words], found, before)

    def _forget_all(self) -> None:
        shutil.rmtree(self._cache / "gate", ignore_errors=True)

    def _forget(self) -> None:
        forget(self._cache)

    def _forget_trivy(self) -> None:
        shutil.rmtree(self._cache / "trivy" / "fanal", ignore_errors=True)

    def _run_in(self, root: Path, words: list[str]) -> Callable[[], None]:
        """Return what makes the run before one in which nothing has changed."""

        def run() -> None:
            report = str(self._folder / "before.json")
            subprocess.run(
                [word.replace("{report}", report) for word in words], cwd=root, capture_output=True, check=False
            )

        return run

    def _begin_with(self, root: Path, words: list[str]) -> Callable[[], None]:
        """Return what forgets all results and makes an earlier run of other input."""
        run = self._run_in(root, words)

        def prepare() -> None:
            self._forget()
            run()

        return prepare

    def _edit(self, root: Path, words: list[str], files: Sequence[Path]) -> Callable[[], None]:
        """Return what makes a run and then adds a comment to files."""
        run = self._run_in(root, words)

        def edit() -> None:
            run()
            for path in files:
                with path.open("a") as file:
                    file.write(f"# {next(self._edits)}\n")

        return edit


def forget(cache: Path) -> None:
    """Remove what runs of the gate have kept, but for indexes of advisories."""
    for path in (cache / "gate").glob("answers-*"):
        path.unlink()


def _gate(name: str, words: Sequence[str], before: Callable[[], None] = nothing) -> Command:
    return Command(
        f"gate {name}" if name.startswith("run") else f"gate, {name}", words, counts.of_gate, before, VERDICTS
    )


def _dockerfiles(root: Path) -> list[str]:
    return [str(path.relative_to(root)) for path in sorted(root.glob("service*/Dockerfile"))]


def _three_of(root: Path) -> Sequence[Path]:
    return sorted(path for path in root.rglob("*.py") if path.stat().st_size > 2000)[:300:100]


def _revision(root: Path, name: str) -> str:
    return subprocess.run(
        ["git", "rev-parse", name], cwd=root, capture_output=True, text=True, check=True
    ).stdout.strip()
