"""A registry on loopback that does what its fields say: stalls, cuts, lies, asks for credentials, takes pushes."""

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.images.conftest import digest as digest_of

USER, PASSWORD = "ci", "correct horse battery"  # gate: ignore=* credentials of a server that lives for one test
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class FakeRegistry:
    """Serves the files of a layout; what it does wrong is set by its fields."""

    def __init__(self) -> None:
        self.manifests: dict[str, tuple[str, bytes]] = {}
        self.blobs: dict[str, bytes] = {}
        self.login = ""
        """`basic` or `bearer`: ask for credentials in this way."""
        self.cut_after = 0
        """Bytes after which a blob's transfer is cut, each time."""
        self.busy = 0
        """Number of requests that are answered with 429."""
        self.lists_referrers = False
        """It has the list of referrers of the specification's version 1.1."""
        self.uploads_to = "/v2/shop/api/blobs/uploads/1?state=a%2Fb"
        """Where it wants the bytes of a blob."""
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}

    def hold(self, files: dict[str, bytes], tag: str = "1") -> None:
        """Take the image of a layout, its one manifest under `tag`."""
        (top,) = json.loads(files["index.json"])["manifests"]
        for name, content in files.items():
            if name.startswith("blobs/"):
                self.blobs[name.removeprefix("blobs/").replace("/", ":")] = content
        manifest = self.blobs[top["digest"]]
        for reference in (tag, top["digest"]):
            self.manifests[reference] = (top["mediaType"], manifest)


def handler(fake: FakeRegistry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            fake.asked.append(self.path)
            if self.path.startswith("/token"):
                return self.token()
            if fake.busy:
                fake.busy -= 1
                return self.answer(429, b"", {"Retry-After": "1"})
            if fake.login and not self.is_welcome():
                return self.answer(401, b"", {"WWW-Authenticate": self.challenge()})
            kind, _, reference = self.path.removeprefix("/v2/shop/api/").partition("/")
            if kind == "referrers":
                return self.referrers(reference)
            return self.manifest(reference) if kind == "manifests" else self.blob(reference)

        def do_POST(self) -> None:
            fake.asked.append(f"POST {self.path}")
            if fake.login and not self.is_welcome():
                return self.answer(401, b"", {"WWW-Authenticate": self.challenge()})
            return self.answer(202, b"", {"Location": fake.uploads_to})

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            address = urlsplit(self.path)
            if "/blobs/uploads/1" in address.path:
                asked = parse_qs(address.query)
                assert asked["state"] == ["a/b"]
                return self.take(asked["digest"][0], content)
            reference = address.path.rpartition("/")[2]
            for name in (reference, digest_of(content)):
                fake.manifests[name] = (self.headers["Content-Type"], content)
            subject = json.loads(content).get("subject")
            more = {"OCI-Subject": subject["digest"]} if subject and fake.lists_referrers else {}
            return self.answer(201, b"", more)

        def take(self, digest: str, content: bytes) -> None:
            if digest_of(content) != digest:
                return self.answer(400, b"")
            fake.blobs[digest] = content
            return self.answer(201, b"")

        def referrers(self, digest: str) -> None:
            if not fake.lists_referrers:
                return self.answer(404, b"")
            found = {}
            for media_type, content in fake.manifests.values():
                manifest = json.loads(content)
                if (manifest.get("subject") or {}).get("digest") == digest:
                    own = digest_of(content)
                    found[own] = {
                        "mediaType": media_type,
                        "digest": own,
                        "size": len(content),
                        "artifactType": manifest["artifactType"],
                    }
            index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": list(found.values())}
            return self.answer(200, json.dumps(index).encode(), {"Content-Type": OCI_INDEX})

        def challenge(self) -> str:
            if fake.login == "basic":
                return 'Basic realm="the registry"'
            scope = 'service="registry",scope="repository:shop/api:pull"'
            return f'Bearer realm="http://{self.headers["Host"]}/token",{scope}'

        def is_welcome(self) -> bool:
            given = self.headers.get("Authorization", "")
            return given == ("Bearer let-me-in" if fake.login == "bearer" else self.pair())

        @staticmethod
        def pair() -> str:
            return "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

        def token(self) -> None:
            if self.headers.get("Authorization") != self.pair():
                return self.answer(401, b"")
            assert "scope=repository%3Ashop%2Fapi%3Apull" in self.path
            return self.answer(200, b'{"token": "let-me-in"}')

        def manifest(self, reference: str) -> None:
            if reference not in fake.manifests:
                return self.answer(404, b"")
            media_type, content = fake.manifests[reference]
            return self.answer(200, content, {"Content-Type": media_type, **fake.headers})

        def blob(self, digest: str) -> None:
            if digest not in fake.blobs:
                self.answer(404, b"")
                return
            content = fake.blobs[digest]
            wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            start = int(wanted[1]) if wanted else 0
            more = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if wanted else {}
            part = content[start:]
            self.send_response(206 if wanted else 200)
            for name, value in {"Content-Length": str(len(part)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            is_cut = fake.cut_after and len(part) > fake.cut_after
            self.wfile.write(part[: fake.cut_after] if is_cut else part)
            if is_cut:
                self.close_connection = True

        def answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving(fake: FakeRegistry) -> Iterator[str]:
    """Serve a registry; yield its host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(fake))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
