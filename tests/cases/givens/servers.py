"""Servers on addresses of this machine, each a host of its own, that write down what they get.

    given:
      servers:
        registry: {at: 127.0.0.2, image: true, login: basic, logged_in: true}
        mirror: {at: 127.0.0.3, answers: {/: {status: 302, headers: {Location: "https://{registry}/"}}}}

`{NAME}` is then the server's host and port. What it got stands in `outside/asked.log`, a line a request: its name, the
method, the path, and the credentials that came along.

Keys: `at` (127.0.0.1), `tls` (false; the gate is given the certificate's authority), `image` (it is a registry that
has an image under every name, whose one file has the text `file`), `login` (`basic` or `bearer`: what it asks for),
`realm` (address of its token service), `logged_in` (Docker's settings have a login for it: `{login}`), `answers` (path,
by its beginning, to `status`, `headers`, `body`).
"""

import base64
import datetime
import hashlib
import io
import ipaddress
import json
import ssl
import tarfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

BEFORE_FILES = True
LOGIN = "ci:" + "correct-horse-" + "battery"
PAIR = base64.b64encode(LOGIN.encode()).decode()
"""What the login is in a header, and in Docker's settings."""


@contextmanager
def given(scene: Any, value: dict[str, dict[str, Any]]) -> Iterator[dict[str, str]]:
    """Start the servers; yield their hosts, and what the login for them is."""
    words = {"login": PAIR}
    log = scene.outside / "asked.log"
    log.touch()
    with ExitStack() as stack:
        for name, about in value.items():
            server = _Server((about.get("at", "127.0.0.1"), 0), _handler(name, about, words, log))
            words[name] = f"{server.server_address[0]}:{server.server_address[1]}"
            if about.get("tls"):
                server.socket = _context().wrap_socket(server.socket, server_side=True)
                scene.environment["REQUESTS_CA_BUNDLE"] = _certificate()
            stack.enter_context(_running(server))
        _log_in(scene, {words[name] for name, about in value.items() if about.get("logged_in")})
        scene.environment.pop("GATE_OFFLINE", None)
        yield words


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a connection that was cut."""


@contextmanager
def _running(server: ThreadingHTTPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _log_in(scene: Any, hosts: set[str]) -> None:
    folder = scene.outside / "docker"
    folder.mkdir(exist_ok=True)
    auths = {host: {"auth": PAIR} for host in hosts}
    (folder / "config.json").write_text(json.dumps({"auths": auths}))
    scene.environment["DOCKER_CONFIG"] = str(folder)


def _handler(name: str, about: dict[str, Any], words: dict[str, str], log: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            kept = ("Authorization", "PRIVATE-TOKEN", "JOB-TOKEN", "Cookie")
            came = [f"{key}: {self.headers[key]}" for key in kept if key in self.headers]
            with log.open("a") as file:
                file.write(" ".join([name, self.command, self.path, *came]) + "\n")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            with log.open("a") as file:
                file.write(f"{name} body {body.decode('latin-1')}\n" if body else "")
            for path, said in about.get("answers", {}).items():
                if self.path.startswith(path):
                    return self.say(said.get("status", 200), said.get("body", "").encode(), said.get("headers", {}))
            if about.get("image"):
                return self.registry()
            return self.say(404, b"", {})

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = answer  # noqa: N815

        def registry(self) -> None:
            if self.path.startswith("/token"):
                return self.say(200, b'{"token": "let-me-in"}', {})
            if about.get("login") and not self.headers.get("Authorization"):
                realm = about.get("realm", f"http://{words[name]}/token")
                kind = 'Basic realm="x"' if about["login"] == "basic" else f'Bearer realm="{realm}",service="x"'
                return self.say(401, b"", {"WWW-Authenticate": kind})
            kind, reference = self.path.split("/")[-2:]
            contents = _image(about.get("file", "clean"))
            content = contents.get(reference if ":" in reference else "manifest")
            if content is None:
                return self.say(404, b"", {})
            return self.say(200, content, {"Content-Type": _MANIFEST, "Docker-Content-Digest": _digest(content)})

        def say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for key, text in {"Content-Length": str(len(body)), **headers}.items():
                for word, meaning in words.items():
                    text = text.replace("{" + word + "}", meaning)
                self.send_header(key, text)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


@cache
def _image(text: str) -> dict[str, bytes]:
    """Return the blobs of an image with one file by their digests, and its manifest."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, content in {"app/file": text.encode()}.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    layer = stream.getvalue()
    about = {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]}}
    config = json.dumps({**about, "config": {"User": "1000", "Cmd": ["/app/file"]}}).encode()
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": _digest(config),
                "size": len(config),
            },
            "layers": [
                {
                    "mediaType": "application/vnd.oci.image.layer.v1.tar",
                    "digest": _digest(layer),
                    "size": len(layer),
                }
            ],
        }
    ).encode()
    return {_digest(layer): layer, _digest(config): config, _digest(manifest): manifest, "manifest": manifest}


_DAY = datetime.timedelta(days=1)


@cache
def _certificate() -> str:
    """Return a file with a key and a certificate for the addresses that servers stand at."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cases")])
    now = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=5)
    hosts = [x509.IPAddress(ipaddress.ip_address(f"127.0.0.{number}")) for number in range(1, 10)]
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + _DAY)
    builder = builder.add_extension(x509.SubjectAlternativeName([*hosts, x509.DNSName("localhost")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = builder.sign(key, hashes.SHA256())
    file = Path(mkdtemp(prefix="gate-case-")) / "server.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return str(file)


@cache
def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate())
    return context
