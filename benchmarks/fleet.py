"""A store of a fleet in real shape, and what it costs to find in it and to judge it again.

    python benchmarks/fleet.py make FOLDER [--images 100000]     # FOLDER/store and FOLDER/advisories, by two processes
    python benchmarks/fleet.py index FOLDER                      # `gate store index --again`
    python benchmarks/fleet.py size FOLDER                       # files, bytes and blocks of each part of the store
    python benchmarks/fleet.py find FOLDER WHAT … [--all-cold]   # `gate fleet find`, each in a process of its own, cold
    python benchmarks/fleet.py change FOLDER [--advisories 1000] # new advisories, as of tomorrow
    python benchmarks/fleet.py rejudge FOLDER [--changed]        # `gate fleet rejudge`

Cold means that the index was dropped from the page cache; with `--all-cold`, which root alone may, all files of the
machine were, Python's own among them. `index`, `find` and `rejudge` print wall time, processor time and the largest
memory of the process, and the load of the machine before. The images are those of `benchmarks/fleet_data.py`: with
their packages, what they use of them, a finding for each vulnerability that is known when they are read, and four on
their configuration.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from functools import lru_cache
from multiprocessing import Pool
from pathlib import Path

from fleet_data import LIBRARIES, Entry, FleetImage, Layer, _library, images

from gate.fleet.reading import add_report
from gate.fleet.store import make_store, open_store
from gate.model import (
    Finding,
    Fix,
    ImageLayer,
    Input,
    InUse,
    Inventory,
    Location,
    Package,
    PackageUse,
    Report,
    Severity,
    StageSummary,
    Tool,
    Verdict,
    VerdictStatus,
    Vulnerability,
    fingerprint,
)
from gate.model.result import StageStatus

READ_AT = "2026-11-27T10:00:00+00:00"
KNOWN, TOMORROW = "2026-11-01T00:00:00Z", "2026-11-28T12:00:00Z"
VECTOR = "CVSS:3.1/AV:N/AC:{}/PR:{}/UI:N/S:U/C:{}/I:{}/A:H"
PATHS = {"Debian": "var/lib/dpkg/status", "npm": "app/package-lock.json", "PyPI": "app/uv.lock", "Maven": "app/pom.xml"}
TYPES = {"Debian": "deb/debian", "npm": "npm", "PyPI": "pypi", "Maven": "maven"}
LOG4J = "org.apache.logging.log4j:log4j-core"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("make", "index", "size", "find", "change", "rejudge"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("what", nargs="*")
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--advisories", type=int, default=1_000)
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--all-cold", action="store_true")
    given = parser.parse_args()
    if given.action == "make":
        make(given.folder, given.images)
    elif given.action == "change":
        write_advisories(given.folder / "advisories", changed=given.advisories)
    elif given.action == "index":
        measured("store", "index", "--again", "--store", str(given.folder / "store"))
    elif given.action == "size":
        sizes(given.folder / "store")
    elif given.action == "find":
        for what in given.what:
            drop_all() if given.all_cold else drop(given.folder / "store")
            measured("fleet", "find", what, "--store", str(given.folder / "store"), "--format", "json")
    else:
        words = ["fleet", "rejudge", "--store", str(given.folder / "store"), "--format", "jsonl"]
        advisories = ["--advisories", str(given.folder / "advisories")]
        measured(*words, *advisories, *(["--changed"] if given.changed else []))
    return 0


def make(folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    make_store(str(folder / "store"))
    write_advisories(folder / "advisories", changed=0)
    start = time.perf_counter()
    with Pool(2) as pool:
        pool.starmap(add_share, [(folder, count, share) for share in range(2)])
    print(f"{count:,} images added in {time.perf_counter() - start:.0f} s")
    sizes(folder / "store")


def sizes(store: Path) -> None:
    """Print files, content and blocks of each part of a store, and of all; a block of `st_blocks` has 512 bytes."""
    whole = [0, 0, 0]
    for part in sorted(store.iterdir()):
        files = [file.stat() for file in (part, *part.rglob("*")) if file.is_file()]
        numbers = [len(files), sum(one.st_size for one in files), 512 * sum(one.st_blocks for one in files)]
        whole = [sum(pair) for pair in zip(whole, numbers, strict=True)]
        print_size(part.name, numbers)
    print_size("all", whole)


def print_size(name: str, numbers: Sequence[int]) -> None:
    count, content, blocks = numbers
    print(f"{name}: {count:,} files, {content / 1e6:,.0f} MB, on disk {blocks / 1e6:,.0f} MB")


def add_share(folder: Path, count: int, share: int) -> None:
    store = open_store(str(folder / "store"))
    known = Known()
    for image in images(count):
        if image.number % 2 == share:
            team = image.repository.split("/")[1]
            add_report(store, report_of(image, known), owners=(f"@example/{team}",))


class Known:
    """Advisories on some of the packages: id, severity and the number of the first version that is not affected."""

    def __init__(self) -> None:
        dice = random.Random(7)
        self.of: dict[tuple[str, str], list[tuple[str, Severity, str, int]]] = {}
        for number in range(1_500):
            if number % 5 == 0:
                self._add(dice, "Debian", f"lib{number}", 1 + number % 9)
        for name in ("openssl", "glibc", "zlib", "xz-utils"):
            self._add(dice, "Debian", name, 5)
        for ecosystem in ("npm", "PyPI", "Maven"):
            for number in range(0, LIBRARIES, 7):
                self._add(dice, ecosystem, _library(ecosystem, number), 5 + number % 30)
        self._add(dice, "Maven", LOG4J, 25)

    def _add(self, dice: random.Random, ecosystem: str, name: str, fixed: int) -> None:
        serious = dice.random() < 0.3
        vector = VECTOR.format("L" if serious else "H", "N" if serious else "L", *("HH" if serious else "LN"))
        prefix = {"Debian": "DEBIAN-CVE-2026", "npm": "GHSA-n", "PyPI": "PYSEC-2026", "Maven": "GHSA-m"}[ecosystem]
        rows = self.of.setdefault((ecosystem, name), [])
        id = f"{prefix}-{len(self.of)}{len(rows)}"
        rows.append((id, Severity.CRITICAL if serious else Severity.MEDIUM, vector, fixed))


def number_of(entry: Entry) -> int:
    """Return the number of a version: 12 of `1.12-2` in Debian and of `1.2.0` elsewhere."""
    parts = entry.version.replace("-", ".").split(".")
    return int(parts[1]) if entry.ecosystem.startswith("Debian") else 10 * int(parts[0]) + int(parts[1])


def version_of(ecosystem: str, number: int) -> str:
    return f"1.{number}" if ecosystem == "Debian" else f"{number // 10}.{number % 10}.0"


def package_of(entry: Entry) -> Package:
    base = entry.ecosystem.partition(":")[0]
    purl = f"pkg:{TYPES[base]}/{entry.name.replace(':', '/')}@{entry.version}"
    return Package(name=entry.name, version=entry.version, ecosystem=entry.ecosystem, purl=purl, path=PATHS[base])


def use_of(answer: str) -> PackageUse:
    word, _, evidence = answer.partition(": ")
    return PackageUse(InUse(word), tuple(evidence.split("; ")))


def report_of(image: FleetImage, known: Known) -> Report:
    name = f"registry.example.com/{image.repository.split('/', 1)[1]}:{image.build}"
    rows = [(layer, *pair) for layer in image.layers for pair in zip(layer.packages, layer.answers, strict=True)]
    packages = tuple(package_of(entry) for _, entry, _ in rows)
    uses = tuple(use_of(answer) for _, _, answer in rows)
    findings = [
        *(
            vulnerable(name, layer, package, use, *advisory)
            for (layer, entry, _), package, use in zip(rows, packages, uses, strict=True)
            for advisory in known.of.get((entry.ecosystem.partition(":")[0], entry.name), ())
            if number_of(entry) < advisory[3]
        ),
        *(configured(name, rule) for rule in ("GI001", "GI010", "GI014", "GI030")),
    ]
    layers = tuple(ImageLayer(diff_id=diff_id(layer), size=1 << 24, files=900, hidden=3) for layer in image.layers)
    inventory = Inventory(
        target=name,
        kind="image",
        packages=packages,
        uses=uses,
        layers=tuple(diff_id(layer) for layer, _, _ in rows),
        is_complete=True,
        read_at=READ_AT,
    )
    stage = StageSummary(
        name="image",
        status=StageStatus.OK,
        reason=None,
        duration_s=1,
        targets=(name,),
        counts={"critical": 0, "high": 0, "medium": len(findings), "low": 0, "info": 0},
        facts={"packages": len(packages), "layers": len(layers), "user": "app"},
        started_at=READ_AT,
        finished_at=READ_AT,
    )
    return Report(
        tool=Tool(name="gate", version="0"),
        verdict=Verdict(status=VerdictStatus.PASS),
        stages=(stage,),
        findings=tuple(findings),
        packages=len(packages),
        inputs=(Input(target=name, digests={"sha256": f"{image.number:064x}"}, layers=layers),),
        inventories=(inventory,),
    )


def diff_id(layer: Layer) -> str:
    return _diff_id(layer.key)


@lru_cache(maxsize=1 << 14)
def _diff_id(key: str) -> str:
    return f"sha256:{fingerprint(key, '', None)}{fingerprint(key, 'x', None)}"


def vulnerable(
    target: str, layer: Layer, package: Package, use: PackageUse, id: str, severity: Severity, vector: str, fixed: int
) -> Finding:
    ecosystem = package.ecosystem.partition(":")[0]
    version = version_of(ecosystem, fixed)
    return Finding(
        stage="image",
        rule=id,
        severity=severity,
        title=f"{package.name} {package.version}: a buffer that overflows when a name is longer than expected",
        message=f"{id} affects {package.name} {package.version}. It is a runtime dependency. Fixed in {version}.",
        fingerprint=fingerprint("image", id, package.path, ecosystem, package.name),
        location=Location(target=target, path=package.path, layer=diff_id(layer)),
        help_uri=f"https://osv.dev/vulnerability/{id}",
        package=package,
        vulnerability=Vulnerability(id=id, cvss=9.8, vector=vector, fixed_versions=(version,), published=KNOWN),
        in_use=use.in_use,
        in_use_evidence=use.evidence,
        fix=Fix(description=f"Update {package.name} from {package.version} to {version}", version=version),
    )


def configured(target: str, rule: str) -> Finding:
    return Finding(
        stage="image",
        rule=rule,
        severity=Severity.LOW,
        title="The image's configuration is open to improvement",
        message="The container runs as a user whose name is not the application's own.",
        fingerprint=fingerprint("image", rule, None),
        location=Location(target=target),
    )


def write_advisories(folder: Path, changed: int) -> None:
    """Write the bucket; of the `changed` advisories, all new, a third is on packages of nearly every base."""
    known = Known()
    by_base: dict[str, list[dict[str, object]]] = {}
    for (ecosystem, name), rows in known.of.items():
        for id, _, vector, fixed in rows:
            by_base.setdefault(ecosystem, []).append(document(id, ecosystem, name, vector, fixed, KNOWN))
    dice = random.Random(changed)
    for number in range(changed):
        ecosystem = dice.choice(("Debian", "npm", "PyPI", "Maven"))
        library = dice.randrange(1_500) if ecosystem == "Debian" else int(LIBRARIES * dice.random() ** 3)
        name = f"lib{library}" if ecosystem == "Debian" else _library(ecosystem, library)
        serious = VECTOR.format("L", "N", "H", "H")
        made = document(f"CVE-2027-{number}", ecosystem, name, serious, dice.randrange(3, 30), TOMORROW)
        by_base[ecosystem].append(made)
    for ecosystem, documents in by_base.items():
        (folder / ecosystem).mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(folder / ecosystem / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for one in documents:
                archive.writestr(f"{one['id']}.json", json.dumps(one))
    catalogue = {"catalogVersion": "1", "vulnerabilities": [{"cveID": "CVE-1999-1"}]}
    (folder / "known_exploited_vulnerabilities.json").write_text(json.dumps(catalogue))


def document(id: str, ecosystem: str, name: str, vector: str, fixed: int, modified: str) -> dict[str, object]:
    events = [{"introduced": "0"}, {"fixed": version_of(ecosystem, fixed)}]
    releases = [f"Debian:{release}" for release in (11, 12, 13)] if ecosystem == "Debian" else [ecosystem]
    kind = "SEMVER" if ecosystem == "npm" else "ECOSYSTEM"
    affected = [
        {"package": {"ecosystem": one, "name": name}, "ranges": [{"type": kind, "events": events}]} for one in releases
    ]
    severity = [{"type": "CVSS_V3", "score": vector}]
    return {
        "id": id,
        "modified": modified,
        "published": modified,
        "summary": "a flaw",
        "affected": affected,
        "severity": severity,
    }


def drop(folder: Path) -> None:
    """Drop the files of the index, and of the folders' first level, from the page cache."""
    for file in _large(folder):
        descriptor = os.open(file, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def drop_all() -> None:
    """Drop every file from the page cache, names and inodes too."""
    os.sync()
    Path("/proc/sys/vm/drop_caches").write_text("3")


def _large(folder: Path) -> Iterator[Path]:
    yield from (path for path in (folder / "databases").iterdir() if path.is_file())


def measured(*words: str) -> None:
    load = os.getloadavg()[0]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "gate", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    size = f"{len(done.stdout.splitlines()):,} lines, {len(done.stdout):,} characters"
    print(f"gate {' '.join(words[:3])}: status {done.returncode}, {size}, {took:.2f} s", end="; ")
    processor = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(f"{processor:.2f} s of processor, at most {used.ru_maxrss >> 10:,} MiB; load before: {load:.1f}")
    print(done.stderr[-500:], end="")


if __name__ == "__main__":
    sys.exit(main())
