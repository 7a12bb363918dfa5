"""One image as docker archive and as OCI layout with gzip, the whole process, beside syft and trivy, paired in one run.

Usage: python benchmarks/image.py ARCHIVE.tar OCI-FOLDER [RUNS]
       python benchmarks/image.py --of FOLDER [RUNS]     an image of one layer is made of the folder's files
       python benchmarks/image.py --next IMAGE BEFORE [RUNS]     an image after another on the same base, and without

All list packages, without a network and without vulnerabilities. That is all that "gate sbom", "syft" and "trivy" do,
except that the gate checks every digest. "gate run" also looks for secrets and malware, compares files with their
packages' records, tells what is in use and judges the configuration; "trivy, secrets" is the most like it that trivy
does offline: secrets, as it looks for them unless told otherwise, and misconfiguration, of the image too. A status
that is not 0 means that a command did not do its work (trivy ends with 1 where an image holds Java archives whose
database it cannot fetch), except that "gate run" ends with 1 or 3 for what it found.
"cold" has the compiled patterns and the advisories' index of earlier runs, as trivy has its database, and knows nothing
of the image; "warm" is the run after.
Set PATH so that syft and trivy are found, GATE_ADVISORIES for a folder of advisories. Peak memory is the sum over all
processes of a run, what they share counted once (Pss), looked at every 50 ms.
"""

import gzip
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from dockerfile import use_scratch

Command = list[str]
PEERS = ("syft", "trivy", "trivy, secrets")
SECRETS_AND_CONFIGURATION = [
    *("--scanners", "secret,misconfig", "--image-config-scanners", "secret,misconfig", "--skip-check-update")
]
OCI = "application/vnd.oci.image."


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    status: int


class Memory(threading.Thread):
    """Adds up the memory of a process and its descendants while it runs, each page shared among those that have it."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self._is_over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self._is_over.wait(0.05):
            self.peak = max(self.peak, sum(map(self._resident, Path("/proc").glob("[0-9]*"))))

    def end(self) -> float:
        """Return the peak in MiB."""
        self._is_over.set()
        self.join()
        return self.peak / 2**20

    def _resident(self, process: Path) -> int:
        try:
            session = int((process / "stat").read_text().rpartition(")")[2].split()[3])
            rollup = (process / "smaps_rollup").read_text() if session == self._session else ""
        except OSError:  # it has ended meanwhile
            return 0
        return next((int(line.split()[1]) << 10 for line in rollup.split("\n") if line.startswith("Pss:")), 0)


def run_once(command: Command) -> Cost:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    memory = Memory(process.pid)
    memory.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(wall, usage.ru_utime + usage.ru_stime, memory.end(), process.returncode)


def compare(commands: dict[str, tuple[Command, Callable[[], None]]], runs: int) -> dict[str, Cost]:
    """Run every command `runs` times, in turn, each after what prepares it; return the medians."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, (command, prepare) in commands.items():
            prepare()
            costs[name].append(run_once(command))
    return {
        name: Cost(
            statistics.median(cost.wall_s for cost in measured),
            statistics.median(cost.cpu_s for cost in measured),
            max(cost.peak_mib for cost in measured),
            measured[-1].status,
        )
        for name, measured in costs.items()
    }


class Commands:
    """What is compared, with caches of its own in `scratch`."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._gate = [sys.executable, "-m", "gate"]
        advisories = os.environ.get("GATE_ADVISORIES")
        self._run = ["--stage", "image", "--offline", *(["--advisories", advisories] if advisories else [])]
        use_scratch(scratch)

    def on(self, image: str, archive: str) -> dict[str, tuple[Command, Callable[[], None]]]:
        """Return the commands on one form of an image: as the gate calls it, and as its peers do."""
        run = [*self._gate, "run", "--image", image, *self._run]
        run_once(run)  # compiles the patterns and the index
        commands = {
            "gate run, cold": (run, self._forget),
            "gate run, warm": (run, lambda: None),
            "gate sbom, without cache": ([*self._gate, "sbom", image, "--no-cache"], lambda: None),
        }
        syft, trivy = shutil.which("syft"), shutil.which("trivy")
        if syft:
            form = "docker-archive" if image.startswith("archive:") else "oci-dir"
            commands["syft"] = ([syft, "-q", "-o", "json", f"{form}:{archive}"], lambda: None)
        if trivy:
            cache = str(self._scratch / "trivy")
            offline = ["--offline-scan", "--skip-db-update", "--skip-java-db-update", "-f", "cyclonedx"]
            listing = [trivy, "-q", "image", "--input", archive, *offline, "--cache-dir", cache]
            secrets = [*listing, "-f", "json", "--list-all-pkgs", *SECRETS_AND_CONFIGURATION]
            for name, command in (("trivy", listing), ("trivy, secrets", secrets)):
                commands[name] = (command, lambda: shutil.rmtree(cache, ignore_errors=True))
        return commands

    def after(self, image: str, before: str) -> dict[str, tuple[Command, Callable[[], None]]]:
        """Return the command on an image when nothing is known, and when the image `before` has been looked at."""
        run, earlier = ([*self._gate, "run", "--image", name, *self._run] for name in (image, before))
        run_once(run)  # compiles the patterns and the index

        def look_before() -> None:
            self._forget()
            run_once(earlier)

        return {"nothing known": (run, self._forget), "base known": (run, look_before)}

    def _forget(self) -> None:
        for answers in (self._scratch / "cache").rglob("answers-*.sqlite*"):
            answers.unlink()


def make_image(folder: Path, scratch: Path) -> tuple[str, str]:
    """Make an image of one layer of the files in `folder`; return its docker archive and its OCI layout."""
    layer = scratch / "layer.tar"
    with tarfile.open(layer, "w") as tar:
        tar.add(folder, ".")
    diff_id = digest_of(layer)
    rootfs = {"type": "layers", "diff_ids": ["sha256:" + diff_id]}
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": rootfs}).encode()
    name = hashlib.sha256(config).hexdigest()
    archive = scratch / "docker.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(layer, f"{diff_id}/layer.tar")
        add(tar, f"{name}.json", config)
        manifest = [{"Config": f"{name}.json", "RepoTags": ["app:1"], "Layers": [f"{diff_id}/layer.tar"]}]
        add(tar, "manifest.json", json.dumps(manifest).encode())
    return str(archive), str(make_layout(scratch / "oci", layer, config))


def make_layout(folder: Path, layer: Path, config: bytes) -> Path:
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    packed = folder / "packed"
    with layer.open("rb") as plain, gzip.open(packed, "wb", 6) as file:
        shutil.copyfileobj(plain, file, 1 << 20)
    layers = [descriptor("layer.v1.tar+gzip", digest_of(packed), packed.stat().st_size)]
    packed.rename(blobs / digest_of(packed))
    manifest = {"schemaVersion": 2, "config": put(blobs, config, "config.v1+json"), "layers": layers}
    index = {"schemaVersion": 2, "manifests": [put(blobs, json.dumps(manifest).encode(), "manifest.v1+json")]}
    (folder / "index.json").write_text(json.dumps(index))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return folder


def descriptor(kind: str, digest: str, size: int) -> dict[str, str | int]:
    return {"mediaType": OCI + kind, "digest": f"sha256:{digest}", "size": size}


def put(blobs: Path, content: bytes, kind: str) -> dict[str, str | int]:
    digest = hashlib.sha256(content).hexdigest()
    (blobs / digest).write_bytes(content)
    return descriptor(kind, digest, len(content))


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, BytesIO(content))


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def print_table(title: str, costs: dict[str, Cost]) -> None:
    shares = " | ".join(f"of {peer}" for peer in PEERS)
    print(f"\n{title}\n\n| command | wall, s | {shares} | CPU, s | peak, MiB | status |")
    print("| --- " * (len(PEERS) + 5) + "|")
    for name, cost in costs.items():
        shares = [f"{cost.wall_s / costs[peer].wall_s:.2f}" if peer in costs else "" for peer in PEERS]
        print(
            f"| {name} | {cost.wall_s:.2f} | {' | '.join(shares)} | {cost.cpu_s:.2f} | {cost.peak_mib:.0f} "
            f"| {cost.status} |"
        )


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        if sys.argv[1] == "--next":
            image, before, *more = sys.argv[2:]
            costs = compare(Commands(scratch).after(image, before), int(more[0]) if more else 5)
            print_table(image, costs)
            return
        runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
        forms = make_image(Path(sys.argv[2]), scratch) if sys.argv[1] == "--of" else (sys.argv[1], sys.argv[2])
        commands = Commands(scratch)
        for source, form in zip(("archive", "oci-dir"), forms, strict=True):
            print_table(source, compare(commands.on(f"{source}:{form}", form), runs))


if __name__ == "__main__":
    main()
