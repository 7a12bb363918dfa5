"""What advisories cost: an index of many, a delta, and 1,000 packages matched, each in a process of its own.

    python benchmarks/advisories.py [--advisories 300000] [--packages 1000] [--changes 1000]

The advisories are generated in the shape of OSV's: three of four are short notes on a malicious package, the others
have ranges, aliases, a CVSS vector and a page of details. The delta is served on this machine, one request a record.
"""

import argparse
import http.server
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

WORDS = ("parser", "request", "header", "token", "path", "value", "buffer", "remote", "attacker", "crafted", "input")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def advisory(number: int, modified: str = "2026-06-01T00:00:00Z") -> dict[str, Any]:
    """Return advisory `number`; it is the same in every process."""
    chance = random.Random(number)
    name = f"{chance.choice(WORDS)}-{chance.choice(WORDS)}-{number if number % 4 else number % 40_000}"
    package = {"ecosystem": "npm", "name": name, "purl": f"pkg:npm/{name}"}
    common = {"schema_version": "1.7.3", "modified": modified, "published": "2026-01-01T00:00:00Z"}
    if number % 4:
        return common | {
            "id": f"MAL-2026-{number}",
            "summary": f"Malicious code in {name} (npm)",
            "details": "Any computer that has this package installed should be considered compromised. " * 5,
            "affected": [{"package": package, "ranges": [_range("0", None)], "versions": ["1.0.0", "99.0.1"]}],
            "references": [{"type": "WEB", "url": f"https://advisories.example/{number}"}],
            "database_specific": {"malicious-packages-origins": [{"sha256": f"{number:064x}", "source": "example"}]},
        }
    return common | {
        "id": f"GHSA-{number:04x}-xxxx-{number % 9999:04d}",
        "aliases": [f"CVE-2026-{number}"],
        "summary": " ".join(chance.choices(WORDS, k=9)),
        "details": " ".join(chance.choices(WORDS, k=220)),
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [{"package": package, "ranges": [_range("0", "2.3.4"), _range("3.0.0", "3.1.9")]}],
        "references": [{"type": "WEB", "url": f"https://advisories.example/{number}/{n}"} for n in range(4)],
        "database_specific": {"severity": "HIGH", "cwe_ids": ["CWE-79"], "github_reviewed": True},
    }


def _range(introduced: str, fixed: str | None) -> dict[str, Any]:
    events = [{"introduced": introduced}, *([{"fixed": fixed}] if fixed else [])]
    return {"type": "SEMVER", "events": events}


def write_bucket(bucket: Path, count: int) -> str:
    (bucket / "npm").mkdir(parents=True)
    with zipfile.ZipFile(bucket / "npm" / "all.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(count):
            one = advisory(number)
            archive.writestr(f"{one['id']}.json", json.dumps(one))
    return f"{count:,} advisories, all.zip of {(bucket / 'npm' / 'all.zip').stat().st_size / 1e6:.0f} MB"


def write_changes(bucket: Path, count: int) -> None:
    """Write `count` records that changed, and the list of them."""
    rows = []
    for number in range(count):
        one = advisory(number * 7, modified="2026-11-20T00:00:00Z")
        (bucket / "npm" / f"{one['id']}.json").write_text(json.dumps(one))
        rows.append(f"{one['modified']},{one['id']}\n")
    (bucket / "npm" / "modified_id.csv").write_text("".join([*rows, "2026-06-01T00:00:00Z,OLD-1\n"]))


def index(bucket: Path, cache: Path) -> str:
    from gate.advisories.index import IndexJob, make_index
    from gate.advisories.store import AdvisoryFile

    source = AdvisoryFile(
        path=str(bucket / "npm" / "all.zip"), shown="npm/all.zip", cache_folder=str(cache / "advisories")
    )
    made = make_index(IndexJob(base="npm", source=source))
    return f"{made.totals.advisories:,} advisories, {os.path.getsize(made.path) / 1e6:.0f} MB on disk"


def _mirror(url: str, cache: Path, now: datetime) -> Any:
    from gate.advisories.index_folder import IndexFolder
    from gate.advisories.mirror import Mirror
    from gate.core.web import Web

    return Mirror(Web(url), IndexFolder(cache / "kept"), now)


def fetch(url: str, cache: Path) -> str:
    return str(_mirror(url, cache, NOW).refresh("npm").store)


def delta(url: str, cache: Path) -> str:
    return str(_mirror(url, cache, NOW + timedelta(hours=2)).refresh("npm").store)


def match(bucket: Path, cache: Path, count: int) -> str:
    from gate.advisories import find_vulnerabilities
    from gate.model import Package
    from gate.pipeline.context import LocalContext
    from gate.settings import AdvisorySettings, Settings

    numbers = [number * 31 for number in range(count)]
    names = [
        advisory(number)["affected"][0]["package"]["name"] if number % 2 else f"safe-{number}" for number in numbers
    ]
    packages = [Package(name=name, version="2.0.0", ecosystem="npm", purl=f"pkg:npm/{name}@2.0.0") for name in names]
    context = LocalContext(Settings(advisories=AdvisorySettings(source=str(bucket))), NOW, cache)
    started = _cpu_s()
    found = find_vulnerabilities(packages, stage="dependencies", target="t", context=context)
    return f"{count:,} packages, {len(found.findings):,} findings, {_cpu_s() - started:.2f} s CPU within"


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _measured(step: str, *arguments: str) -> None:
    """Run one step in a process of its own and print its cost."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--step", step, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.read().strip()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, step
    cpu = usage.ru_utime + usage.ru_stime
    print(f"| {step} | {cpu:.2f} | {usage.ru_maxrss / 1024:.0f} | {said} |", flush=True)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, as a bucket's do

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--advisories", type=int, default=300_000)
    parser.add_argument("--packages", type=int, default=1_000)
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        steps = {
            "write": lambda bucket, count: write_bucket(Path(bucket), int(count)),
            "index": lambda bucket, cache: index(Path(bucket), Path(cache)),
            "fetch": lambda url, cache: fetch(url, Path(cache)),
            "delta": lambda url, cache: delta(url, Path(cache)),
            "match": lambda bucket, cache, count: match(Path(bucket), Path(cache), int(count)),
        }
        print(steps[options.step](*options.rest))
        return
    with tempfile.TemporaryDirectory() as folder:
        _all(Path(folder), options)


def _all(folder: Path, options: argparse.Namespace) -> None:
    print("| step | CPU, s | peak, MiB | |\n| --- | --- | --- | --- |")
    bucket, cache = folder / "bucket", folder / "cache"
    _measured("write", str(bucket), str(options.advisories))
    _measured("index", str(bucket), str(cache))
    for _ in range(3):
        _measured("match", str(bucket), str(cache), str(options.packages))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(bucket)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    _measured("fetch", url, str(cache))
    write_changes(bucket, options.changes)
    _measured("delta", url, str(cache))
    server.shutdown()


if __name__ == "__main__":
    main()
