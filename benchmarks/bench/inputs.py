"""What is measured on: made from package indexes and Debian once, and kept in a folder.

Nothing of it is started. Which packages it is made of stands here, with their versions.
"""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from advisories import write_bucket
from dockerfile import TEMPLATE
from image import make_image
from kubernetes import write_manifests
from lockfiles import npm, packages

APPLICATION = ("wagtail==6.2.1", "celery==5.4.0", "sentry-sdk==2.13.0")
"""Sources of some 4,300 files."""
LOCKS = {"shop": "react-scripts@5.0.1", "office": "@angular-devkit/build-angular@18.2.0", "site": "gatsby@5.13.7"}
"""What is locked with all that it needs: some 1,500 packages each."""
TREES = {"django": "django==5.1", "moto": "moto==5.0.14", "kubernetes": "kubernetes==30.1.0"}
SUITE = "trixie"
IMAGE_SYSTEM = "python3,nginx,perl,curl,git,default-jre-headless"
IMAGE_PYTHON = ("django==5.1", "boto3==1.35.0", "pandas==2.2.2", "requests==2.32.3", "gunicorn==23.0.0")
ADVISORIES = 50_000
PYTHON_ADVISORY = {
    "schema_version": "1.7.3",
    "id": "PYSEC-2026-1",
    "modified": "2026-06-01T00:00:00Z",
    "summary": "An example",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "nobody-has-it"}, "versions": ["1.0"]}],
}

DEBIAN_ADVISORY = {
    **PYTHON_ADVISORY,
    "id": "DEBIAN-CVE-2026-1",
    "affected": [
        {
            "package": {"ecosystem": "Debian:13", "name": "nobody-has-it"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.0-1"}]}],
        }
    ],
}


def application(folder: Path) -> Path:
    """Return a repository of some 4,300 files, 20 Dockerfiles and three locks of 1,500 packages."""
    root = folder / "application"
    if not (root / ".git").exists():
        shutil.rmtree(root, ignore_errors=True)
        _sources(APPLICATION, root, folder)
        write_dockerfiles(root, 20)
        for name, package in LOCKS.items():
            _lock(root / name, package)
        commit(root)
    return root


def trees(folder: Path) -> dict[str, Path]:
    """Return source trees by name."""
    found = {}
    for name, package in TREES.items():
        found[name] = folder / "trees" / name
        if not found[name].exists():
            _sources((package,), found[name], folder)
            commit(found[name])
    return found


def infrastructure(folder: Path) -> Path:
    """Return a folder of 100 manifests and 100 Dockerfiles."""
    root = folder / "infrastructure"
    if not root.exists():
        write_dockerfiles(root, 100)
        write_manifests(root)
        commit(root)
    return root


def lock(folder: Path) -> Path:
    """Return a folder with a lock of 5,000 packages."""
    root = folder / "lock"
    if not root.exists():
        root.mkdir(parents=True)
        for name, text in npm(packages()).items():
            (root / name).write_text(text)
        commit(root)
    return root


def advisories(folder: Path) -> Path:
    """Return a bucket of 50,000 advisories on npm's packages in OSV's shape, and of one each for Python and Debian."""
    bucket = folder / "advisories"
    if not bucket.exists():
        unfinished = folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        write_bucket(unfinished, ADVISORIES)
        unfinished.rename(bucket)
    for ecosystem, advisory in (("PyPI", PYTHON_ADVISORY), ("Debian", DEBIAN_ADVISORY)):
        place = bucket / ecosystem / "all.zip"
        if not place.exists():
            place.parent.mkdir()
            with zipfile.ZipFile(place, "w") as archive:
                archive.writestr(f"{advisory['id']}.json", json.dumps(advisory))
    return bucket


def image(folder: Path) -> tuple[Path, Path] | None:
    """Return an image of Debian with Python's packages, as docker archive and OCI layout; None without mmdebstrap."""
    home = folder / "image"
    if not (home / "oci/oci-layout").exists():
        if not shutil.which("mmdebstrap"):
            return None
        home.mkdir(parents=True, exist_ok=True)
        root = home / "root"
        debian = ["mmdebstrap", "--variant=minbase", f"--include={IMAGE_SYSTEM}", "--format=directory", SUITE]
        subprocess.run([*debian, str(root)], check=True)
        target = root / "opt/app"
        _pip("install", "--quiet", "--only-binary", ":all:", "--target", str(target), *IMAGE_PYTHON)
        make_image(root, home)
        shutil.rmtree(root)
    return home / "docker.tar", home / "oci"


def write_dockerfiles(root: Path, count: int) -> None:
    for number in range(count):
        path = root / f"service{number}" / "Dockerfile"
        path.parent.mkdir(parents=True)
        path.write_text(TEMPLATE.format(number=number))


def commit(root: Path) -> None:
    """Make a repository of a folder, with all that it has in one commit."""
    for words in (["init", "-q", "-b", "main"], ["add", "--force", "--all"], ["commit", "-q", "-m", "All of it"]):
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "core.hooksPath=/dev/null"]
        subprocess.run(["git", *who, *words], cwd=root, check=True)


def _sources(wanted: Sequence[str], root: Path, folder: Path) -> None:
    for package in wanted:
        downloads = folder / "downloads" / package
        _pip("download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(downloads), package)
        (wheel,) = downloads.iterdir()
        with zipfile.ZipFile(wheel) as file:
            file.extractall(root)


def _lock(root: Path, package: str) -> None:
    root.mkdir(parents=True)
    (root / "package.json").write_text('{"name": "shop", "version": "1.0.0", "private": true}\n')
    words = ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run([*words, "--legacy-peer-deps", package], cwd=root, check=True)


def _pip(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", *words], check=True)
