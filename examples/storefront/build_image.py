"""Build the API's image as `build/storefront-api.tar`, without a Docker daemon: the standard library is enough.

    python build_image.py [FOLDER]     FOLDER: the shop; the folder of this file by default

It follows `api/Dockerfile` line by line and writes what `docker save` would: layers, configuration and history
with the digests that belong to them. Nothing is downloaded or executed. What a command would have installed is
known beforehand: Debian's packages from `api/base-images.json`, Python's from `api/requirements.txt`, npm's from
the command itself. Other commands change no file here. Two runs write the same bytes.
"""

import hashlib
import io
import json
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

BUILT = "2026-01-15T12:00:00Z"
BUILT_SECONDS = 1768478400
LIBRARIES = "usr/local/lib/python3.13/site-packages"
NODE_MODULES = "usr/local/lib/node_modules"

Files = dict[str, bytes]
"""Path in the image to content; a path that ends in `/` is a folder."""


def instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    """Yield (keyword, arguments) of each instruction, continuation lines joined and comments left out."""
    lines = "\n".join(line for line in dockerfile.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", "", lines).splitlines():
        if line.strip():
            keyword, _, arguments = line.strip().partition(" ")
            yield keyword.upper(), arguments.strip()


def debian_package(package: dict[str, str]) -> str:
    """Return a package's entry in dpkg's status file."""
    fields = {
        "Package": package["package"],
        "Status": "install ok installed",
        "Architecture": "amd64",
        "Source": package.get("source"),
        "Version": package["version"],
        "Maintainer": "Storefront example <nobody@storefront.example>",
        "Description": "a package of the example's image",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items() if value)


def dpkg_status(packages: Iterable[dict[str, str]]) -> Files:
    """Return dpkg's list of installed packages."""
    ordered = sorted(packages, key=lambda package: package["package"])
    return {"var/lib/dpkg/status": "\n".join(map(debian_package, ordered)).encode()}


def base_files(packages: Iterable[dict[str, str]]) -> Files:
    """Return the first layer: a Debian 12 that is reduced to what a scanner reads."""
    release = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n'
    accounts = "root:x:0:0:root:/root:/bin/sh\n"
    return {
        "etc/os-release": release.encode(),
        "etc/passwd": accounts.encode(),
        "tmp/": b"",
        **dpkg_status(packages),
    }


def python_package(requirement: str) -> Files:
    """Return what pip leaves behind for `NAME==VERSION`."""
    name, version = requirement.split("==")
    folder = f"{LIBRARIES}/{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    return {f"{folder}/METADATA": metadata.encode(), f"{folder}/INSTALLER": b"pip\n"}


def node_package(requirement: str) -> Files:
    """Return what npm leaves behind for `NAME@VERSION`."""
    name, _, version = requirement.rpartition("@")
    manifest = {"name": name, "version": version, "license": "MIT"}
    return {f"{NODE_MODULES}/{name}/package.json": json.dumps(manifest, indent=2).encode()}


def layer_of(files: Files) -> bytes:
    """Return `files` as an uncompressed tar archive."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as layer:
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(path.rstrip("/"))
            member.type = tarfile.DIRTYPE if path.endswith("/") else tarfile.REGTYPE
            member.mode = 0o755 if path.endswith("/") else 0o644
            member.mtime = BUILT_SECONDS
            member.size = len(content)
            layer.addfile(member, io.BytesIO(content))
    return archive.getvalue()


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


class Image:
    """An image while it is built: `do_…` is what the instruction of that name does."""

    def __init__(self, context: Path) -> None:
        self._context = context
        self._bases = json.loads((context / "base-images.json").read_text(encoding="utf-8"))
        self._base: dict[str, list[dict[str, str]]] = {}
        self._folder = "/"
        self._shell = ["/bin/sh", "-c"]
        self._arguments: list[str] = []
        self.layers: list[bytes] = []
        self.history: list[dict[str, object]] = []
        self.config: dict[str, Any] = {"Env": [], "Labels": {}, "ExposedPorts": {}}

    def follow(self, keyword: str, arguments: str) -> None:
        """Do what one instruction says."""
        step = getattr(self, f"do_{keyword.lower()}", None)
        if step is None:
            sys.exit(f"api/Dockerfile: {keyword} is not known to build_image.py")
        step(arguments)

    def _commit(self, files: Files, said: str) -> None:
        entry: dict[str, object] = {"created": BUILT, "created_by": said}
        if files:
            self.layers.append(layer_of(files))
        else:
            entry["empty_layer"] = True
        self.history.append(entry)

    def do_from(self, reference: str) -> None:
        self._base = self._bases[reference]
        self.config["Env"] = list(self._base["env"])
        self._commit(base_files(self._base["installed"]), "/bin/sh -c #(nop) ADD file:rootfs.tar.xz in / ")

    def do_arg(self, arguments: str) -> None:
        if "=" in arguments:
            self._arguments.append(arguments)
        self._commit({}, f"ARG {arguments}")

    def do_env(self, arguments: str) -> None:
        self.config["Env"] += arguments.split()
        self._commit({}, f"ENV {arguments}")

    def do_label(self, arguments: str) -> None:
        name, _, value = arguments.partition("=")
        self.config["Labels"][name] = value.strip('"')
        self._commit({}, f"LABEL {arguments}")

    def do_shell(self, arguments: str) -> None:
        self._shell = json.loads(arguments)
        self.config["Shell"] = self._shell
        self._commit({}, f"SHELL {arguments}")

    def do_run(self, command: str) -> None:
        build_arguments = f"|{len(self._arguments)} {' '.join(self._arguments)} " if self._arguments else ""
        self._commit(self._outcome(command), f"RUN {build_arguments}{' '.join(self._shell)} {command} # buildkit")

    def _outcome(self, command: str) -> Files:
        words = command.split()
        files: Files = {}
        if "apt-get install" in command:
            names = {word.partition("=")[0] for word in words}
            wanted = [package for package in self._base["available"] if package["package"] in names]
            files |= dpkg_status([*self._base["installed"], *wanted])
        if "pip install" in command:
            files |= self._requirements()
        if "npm install" in command:
            for word in words:
                files |= node_package(word) if "@" in word else {}
        if "npm uninstall" in command:
            files[f"{NODE_MODULES}/.wh.{words[-1]}"] = b""
        return files

    def _requirements(self) -> Files:
        files: Files = {}
        for line in (self._context / "requirements.txt").read_text(encoding="utf-8").splitlines():
            files |= python_package(line.strip()) if "==" in line else {}
        return files

    def do_workdir(self, path: str) -> None:
        self._folder = path
        self.config["WorkingDir"] = path
        self._commit({path.strip("/") + "/": b""}, f"WORKDIR {path}")

    def do_copy(self, arguments: str) -> None:
        source, target = arguments.split()
        origin = self._context / source
        found = sorted(origin.rglob("*.py")) if origin.is_dir() else [origin]
        folder = f"{self._folder.strip('/')}/{target.strip('./')}".rstrip("/")
        files = {f"{folder}/{path.name}": path.read_bytes() for path in found}
        self._commit(files, f"COPY {arguments} # buildkit")

    def do_add(self, arguments: str) -> None:
        self._commit({}, f"ADD {arguments} # buildkit")

    def do_user(self, name: str) -> None:
        self.config["User"] = name
        self._commit({}, f"USER {name}")

    def do_expose(self, port: str) -> None:
        self.config["ExposedPorts"][f"{port}/tcp"] = {}
        self._commit({}, f"EXPOSE map[{port}/tcp:{{}}]")

    def do_healthcheck(self, arguments: str) -> None:
        command = json.loads(arguments[arguments.index("[") :])
        self.config["Healthcheck"] = {"Test": ["CMD", *command], "Interval": 30_000_000_000, "Timeout": 3_000_000_000}
        self._commit({}, f"HEALTHCHECK {arguments}")

    def do_cmd(self, arguments: str) -> None:
        self.config["Cmd"] = json.loads(arguments) if arguments.startswith("[") else [*self._shell, arguments]
        self._commit({}, f"CMD {json.dumps(self.config['Cmd'])}")


def configuration(image: Image) -> bytes:
    """Return the image's configuration; its SHA-256 is the image's id."""
    content = {
        "architecture": "amd64",
        "config": {name: value for name, value in image.config.items() if value},
        "created": BUILT,
        "history": image.history,
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest(layer)}" for layer in image.layers]},
    }
    return json.dumps(content, separators=(",", ":")).encode()


def save(image: Image, archive: Path) -> str:
    """Write the image as `docker save` would; return its name and tag."""
    settings = configuration(image)
    name = f"storefront-api:{image.config['Labels'].get('org.opencontainers.image.version', 'latest')}"
    layers = {f"{digest(layer)}/layer.tar": layer for layer in image.layers}
    manifest = [{"Config": f"{digest(settings)}.json", "RepoTags": [name], "Layers": list(layers)}]
    files = {f"{digest(settings)}.json": settings, **layers, "manifest.json": json.dumps(manifest).encode()}
    archive.parent.mkdir(parents=True, exist_ok=True)
    archive.write_bytes(layer_of(files))
    return name


def build(shop: Path) -> tuple[Path, str]:
    """Build the image of the shop in this folder; return the archive and the image's name."""
    image = Image(shop / "api")
    for keyword, arguments in instructions((shop / "api" / "Dockerfile").read_text(encoding="utf-8")):
        image.follow(keyword, arguments)
    archive = shop / "build" / "storefront-api.tar"
    return archive, save(image, archive)


if __name__ == "__main__":
    built, name = build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
    print(f"{name}: {built} ({built.stat().st_size:,} bytes)")
