"""Images made in Python: layers, archives of `docker save`, OCI layouts, and ways to damage them."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from gate.images.layers.blob import Layer
from gate.images.layers.merged import LayeredTree
from gate.images.layers.span import Span
from gate.images.limits import Budget, Limits

OS_RELEASE = b'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
STATUS = b"Package: bash\nStatus: install ok installed\nVersion: 5.2.15-2+b2\nSource: bash (5.2.15-2)\n\n"
OCI = "application/vnd.oci.image."


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Make:
    """Makes tar entries, layers and images."""

    digest = staticmethod(digest)
    release = OS_RELEASE

    @staticmethod
    def file(name: str, content: bytes = b"", *, mode: int = 0o644) -> tuple[tarfile.TarInfo, bytes]:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), mode
        return entry, content

    @staticmethod
    def special(name: str, type: bytes, link: str = "") -> tuple[tarfile.TarInfo, bytes]:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname, entry.mode = type, link, 0o755
        return entry, b""

    def link(self, name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
        return self.special(name, tarfile.SYMTYPE, target)

    def hard_link(self, name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
        return self.special(name, tarfile.LNKTYPE, target)

    def folder(self, name: str) -> tuple[tarfile.TarInfo, bytes]:
        return self.special(name, tarfile.DIRTYPE)

    @staticmethod
    def layer(*entries: tuple[tarfile.TarInfo, bytes], format: int = tarfile.GNU_FORMAT) -> bytes:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=format) as archive:
            for entry, content in entries:
                archive.addfile(entry, io.BytesIO(content))
        return stream.getvalue()

    def base(self) -> bytes:
        """A layer with a Debian in it."""
        return self.layer(self.file("etc/os-release", OS_RELEASE), self.file("var/lib/dpkg/status", STATUS))

    @staticmethod
    def config(layers: list[bytes], **parts: Any) -> bytes:
        rootfs = {"type": "layers", "diff_ids": [digest(layer) for layer in layers]}
        return json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": rootfs, **parts}).encode()

    def docker_files(
        self, layers: list[bytes], *, pack: Callable[[bytes], bytes] = bytes, tags: Any = ("app:1",), **parts: Any
    ) -> dict[str, bytes]:
        """The files of a `docker save` before version 25."""
        config = self.config(layers, **parts)
        names = [f"{digest(layer)[7:]}/layer.tar" for layer in layers]
        name = f"{digest(config)[7:]}.json"
        manifest = json.dumps([{"Config": name, "RepoTags": list(tags), "Layers": names}]).encode()
        return {name: config, **dict(zip(names, map(pack, layers), strict=True)), "manifest.json": manifest}

    def oci_files(
        self,
        layers: list[bytes],
        *,
        pack: Callable[[bytes], bytes] = bytes,
        layer_type: str = OCI + "layer.v1.tar",
        platform: Any = None,
        annotations: Any = None,
        **parts: Any,
    ) -> dict[str, bytes]:
        """The files of an OCI image layout."""
        config = self.config(layers, **parts)
        packed = [pack(layer) for layer in layers]
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "config": self.descriptor(config, OCI + "config.v1+json"),
                "layers": [self.descriptor(layer, layer_type) for layer in packed],
            }
        ).encode()
        top = self.descriptor(manifest, OCI + "manifest.v1+json", platform=platform, annotations=annotations)
        return self.index_files([top], *packed, config, manifest)

    @staticmethod
    def descriptor(content: bytes, media_type: str, **more: Any) -> dict[str, Any]:
        wanted = {key: value for key, value in more.items() if value is not None}
        return {"mediaType": media_type, "digest": digest(content), "size": len(content), **wanted}

    @staticmethod
    def index_files(manifests: list[dict[str, Any]], *blobs: bytes) -> dict[str, bytes]:
        index = json.dumps({"schemaVersion": 2, "manifests": manifests}).encode()
        named = {f"blobs/sha256/{digest(blob)[7:]}": blob for blob in blobs}
        return {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": index, **named}

    def hybrid_files(self, layers: list[bytes], **parts: Any) -> dict[str, bytes]:
        """The files of a `docker save` since version 25: an OCI layout with a `manifest.json`."""
        files = self.oci_files(layers, **parts)
        names = [f"blobs/sha256/{digest(layer)[7:]}" for layer in layers]
        config = f"blobs/sha256/{digest(self.config(layers, **parts))[7:]}"
        manifest = json.dumps([{"Config": config, "RepoTags": ["app:1"], "Layers": names}]).encode()
        return {**files, "manifest.json": manifest}

    def archive(self, path: Path, files: dict[str, bytes]) -> str:
        """Write `files` as a tar archive; return its path."""
        path.write_bytes(self.layer(*(self.file(name, content) for name, content in files.items())))
        return str(path)

    @staticmethod
    def folder_of(path: Path, files: dict[str, bytes]) -> str:
        """Write `files` into a folder; return its path."""
        for name, content in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
        return str(path)

    @staticmethod
    def budget(size: int = 1 << 30, entries: int = 1_000_000) -> Budget:
        return Budget(Limits(size, entries))

    @staticmethod
    def gzip(content: bytes) -> bytes:
        return gzip.compress(content, 1, mtime=0)

    @staticmethod
    def zstd(content: bytes) -> bytes:
        import zstandard

        return zstandard.compress(content)


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()


@pytest.fixture
def span(tmp_path: Path) -> Iterator[Callable[[bytes], Span]]:
    """Return a function that makes a span of bytes."""
    with ExitStack() as opened:

        def of(content: bytes) -> Span:
            path = tmp_path / digest(content)[7:]
            path.write_bytes(content)
            return Span.of_file(opened.enter_context(path.open("rb")), "the file")

        yield of


@pytest.fixture
def layered(span: Callable[[bytes], Span], make: Make) -> Callable[..., LayeredTree]:
    """Return a function that lays layers (as bytes) over one another."""

    def lay(*layers: bytes, **limits: int) -> LayeredTree:
        return LayeredTree(
            [Layer(diff_id=digest(layer), archive=span(layer)) for layer in layers], make.budget(**limits)
        )

    return lay
