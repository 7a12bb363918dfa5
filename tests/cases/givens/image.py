"""An image archive of `docker save`, `{outside}/image.tar`: `{layers: [{path: text}, …], config: {…}, debian: true}`.

A layer's path that ends with a slash is a folder; a text may be what the cases' files are. `debian: true` puts a small
Debian below, with advisories for it. `second: {…}` is another image of the same form in an index beside it.
"""

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_OCI = "application/vnd.oci.image."
_STATUS = "Package: bash\nArchitecture: amd64\nStatus: install ok installed\nVersion: 5.2.15-2\n"
_SUM = f"{hashlib.md5(b'bash', usedforsecurity=False).hexdigest()}  usr/bin/bash\n"
_DEBIAN = {
    "etc/os-release": 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n',
    "var/lib/dpkg/status": _STATUS,
    "var/lib/dpkg/info/bash.list": "/usr/bin/bash\n",
    "var/lib/dpkg/info/bash.md5sums": _SUM,
    "usr/bin/bash": "bash",
}


@contextmanager
def given(scene: Any, value: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Write the archive; `{md5:PATH}` in a layer's text stands for the sum of that path's text in the same layer,
    `{bash}` for the line that states the sum of Debian's only program.
    """
    if value.get("debian"):
        _write_advisories(scene)
    images = [value, *([value["second"]] if "second" in value else [])]
    files, manifests = {}, []
    for image in images:
        said = {key: _filled(scene, image[key]) for key in ("config", "more", "annotations") if key in image}
        image = {**image, **said}
        layers = [_layer(scene, layer) for layer in ([_DEBIAN] if image.get("debian") else []) + image["layers"]]
        manifests.append(_add(files, layers, image))
    files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": manifests}).encode()
    if len(manifests) > 1:
        index = _blob(files, files["index.json"], "index.v1+json")
        files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [index]}).encode()
    files["oci-layout"] = b'{"imageLayoutVersion":"1.0.0"}'
    (scene.outside / "image.tar").write_bytes(_tar((name, content, 0o644) for name, content in files.items()))
    yield {"image": f"archive:{scene.outside}/image.tar"}


def _filled(scene: Any, value: Any) -> Any:
    """Put in what words in braces stand for, in all texts and keys."""
    if isinstance(value, dict):
        return {scene.filled(key): _filled(scene, held) for key, held in value.items()}
    if isinstance(value, list):
        return [_filled(scene, one) for one in value]
    return scene.filled(value) if isinstance(value, str) else value


def _add(files: dict[str, bytes], layers: list[bytes], image: dict[str, Any]) -> dict[str, Any]:
    rootfs = {"type": "layers", "diff_ids": [_digest(layer) for layer in layers]}
    config = {"architecture": "amd64", "os": "linux", "config": image.get("config", {}), "rootfs": rootfs}
    descriptors = [_blob(files, layer, "layer.v1.tar") for layer in layers]
    manifest = {
        "schemaVersion": 2,
        "config": _blob(files, json.dumps({**config, **image.get("more", {})}).encode(), "config.v1+json"),
        "layers": descriptors,
        "annotations": image.get("annotations", {}),
    }
    platform = {"os": "linux", "architecture": "amd64"}
    return {**_blob(files, json.dumps(manifest).encode(), "manifest.v1+json"), "platform": platform}


def _blob(files: dict[str, bytes], content: bytes, kind: str) -> dict[str, Any]:
    files["blobs/" + _digest(content).replace(":", "/")] = content
    return {"mediaType": _OCI + kind, "digest": _digest(content), "size": len(content)}


def _digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _layer(scene: Any, files: dict[str, str]) -> bytes:
    texts = {name: scene.filled(text) for name, text in files.items()}
    sums = {
        f"{{md5:{name}}}": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() for name, text in texts.items()
    }
    sums["{bash}"] = _SUM
    return _tar((name, _with(sums, text).encode(), 0o755 if "bin/" in name else 0o644) for name, text in texts.items())


def _with(sums: dict[str, str], text: str) -> str:
    for word, digest in sums.items():
        text = text.replace(word, digest)
    return text


def _tar(entries: Any) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content, mode in entries:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def _write_advisories(scene: Any) -> None:
    folder = scene.outside / "osv"
    for ecosystem in ("Debian", "PyPI", "npm", "Maven"):
        (folder / ecosystem).mkdir(parents=True, exist_ok=True)
        if not (folder / ecosystem / "all.zip").exists():
            with zipfile.ZipFile(folder / ecosystem / "all.zip", "w") as archive:
                archive.writestr("X-1.json", json.dumps(_advisory(ecosystem)))
    scene.environment["GATE_ADVISORIES"] = str(folder)


def _advisory(ecosystem: str) -> dict[str, Any]:
    name = {"Debian": "none", "PyPI": "jinja2", "npm": "minimist", "Maven": "org.demo:demo"}[ecosystem]
    place = "Debian:12" if ecosystem == "Debian" else ecosystem
    events = [{"introduced": "0"}, {"fixed": "1.2.6" if ecosystem == "npm" else "3.1.6"}]
    return {
        "id": f"GHSA-image-{ecosystem.lower()}",
        "modified": "2026-01-01T00:00:00Z",
        "published": "2025-01-01T00:00:00Z",
        "summary": f"a hole in {name}",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [
            {
                "package": {"ecosystem": place, "name": name},
                "ranges": [{"type": "SEMVER" if ecosystem == "npm" else "ECOSYSTEM", "events": events}],
            }
        ],
    }
