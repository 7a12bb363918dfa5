"""A mirror of advisories on a loopback address, in OSV's layout."""

import http.server
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any


def advisory(id: str, ecosystem: str, name: str, **more: Any) -> dict[str, Any]:
    """Return an advisory on all versions of a package below 2.0.0; keywords are more of its members."""
    package = {"ecosystem": ecosystem, "name": name}
    ranges = [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]
    affected = [{"package": package, "ranges": ranges}]
    details = f"In {name} there is \x1b[31ma hole\x1b[0m."
    return {"id": id, "modified": "2026-01-02T00:00:00Z", "affected": affected, "details": details, **more}


def publish(mirror: Path, *advisories: dict[str, Any]) -> None:
    """Write the files of a mirror: for each ecosystem one with its advisories."""
    by_ecosystem: dict[str, list[dict[str, Any]]] = {}
    for one in advisories:
        by_ecosystem.setdefault(one["affected"][0]["package"]["ecosystem"], []).append(one)
    for ecosystem, ones in by_ecosystem.items():
        (mirror / ecosystem).mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(mirror / ecosystem / "all.zip", "w") as archive:
            for one in ones:
                archive.writestr(f"{one['id']}.json", json.dumps(one))
    (mirror / "ecosystems.txt").write_text("PyPI\nDebian:12\nnpm\nno-such\n")


@contextmanager
def serving(mirror: Path) -> Iterator[str]:
    """Serve a folder on a free port, and yield its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(mirror)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
