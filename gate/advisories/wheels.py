"""Advisories as a Python package without code: a company's package mirror hands it on, `pip install` brings it.

Nothing of the package is imported: its files are found through its metadata and read.
"""

import base64
import hashlib
import os
import re
import zipfile
from datetime import datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from gate.advisories.age import oldest, too_old
from gate.advisories.bundle import (
    MANIFEST,
    MAX_MANIFEST,
    SIGNATURE,
    Bundle,
    BundleMember,
    copy_into,
    entry,
    read_manifest,
)
from gate.advisories.holding import Holding
from gate.advisories.store import AdvisoryFile, digest_of
from gate.core.durations import timedelta_of
from gate.core.errors import UnreadableError, UsageError
from gate.model import Fact, StageError
from gate.settings import Settings

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,100}[A-Za-z0-9])?")
_WHEEL = "Wheel-Version: 1.0\nGenerator: gate\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel_name(name: str, version: str) -> str:
    """Return the file name of the wheel (packaging.python.org, "Binary distribution format"). Raises UsageError."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name} is no name of a Python package")
    return f"{_module(name)}-{version}-py3-none-any.whl"


def version_of(bundle: Bundle) -> str:
    """Return the version of a bundle's wheel: the time at which its newest file was checked."""
    made = bundle.manifest.made
    return f"{made:%Y}.{made.month}.{made.day}.{made.hour * 3600 + made.minute * 60 + made.second}"


def write_wheel(bundle: Bundle, name: str, folder: Path) -> Path:
    """Write the wheel of `bundle` into `folder` and return its path; the same bundle gives the same bytes."""
    version = version_of(bundle)
    place = folder / wheel_name(name, version)
    unfinished = place.with_name(f".gate-new-{os.urandom(8).hex()}")
    try:
        with zipfile.ZipFile(unfinished, "x", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, bundle, name, version)
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
    return place


def _fill(archive: zipfile.ZipFile, bundle: Bundle, name: str, version: str) -> None:
    module, about = _module(name), f"{_module(name)}-{version}.dist-info"
    texts = {f"{module}/{label}": text for label, text in bundle.texts()} | {
        f"{about}/METADATA": _metadata(name, version, bundle).encode(),
        f"{about}/WHEEL": _WHEEL.encode(),
    }
    record = [_row(path, hashlib.sha256(text), len(text)) for path, text in texts.items()]
    for path, text in texts.items():
        archive.writestr(entry(path), text)
    for label, file in bundle.paths.items():
        copy_into(archive, f"{module}/{label}", file)
        with file.open("rb") as content:
            record.append(_row(f"{module}/{label}", hashlib.file_digest(content, "sha256"), file.stat().st_size))
    archive.writestr(entry(f"{about}/RECORD"), "".join([*record, f"{about}/RECORD,,\n"]))


def _metadata(name: str, version: str, bundle: Bundle) -> str:
    text = f"Advisories from {bundle.manifest.source} for security-gate"
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {text}\n"


def _row(path: str, digest: "hashlib._Hash", size: int) -> str:
    return f"{path},sha256={base64.urlsafe_b64encode(digest.digest()).decode().rstrip('=')},{size}\n"


def _module(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


class AdvisoryWheel:
    """The advisories of an installed package (`wheel:NAME`)."""

    def __init__(self, settings: Settings, cache: Path, now: datetime) -> None:
        self.shown = settings.advisories.source
        self.errors: list[StageError] = []
        self.facts: dict[str, Fact] = {}
        self._limit = timedelta_of(settings.advisories.max_age)
        self._cache = cache
        self._now = now
        self._folder = _folder_of(self.shown)
        self._members = self._read_members(settings.advisories.key)

    def _read_members(self, key_file: str) -> dict[str, BundleMember]:
        """Return the files by the names that a source has for them."""
        try:
            text, signature = (_read(self._folder / name) for name in (MANIFEST, SIGNATURE))
        except OSError as error:
            raise UnreadableError(f"cannot be read ({error.strerror})", path=self.shown) from error
        if text is None:
            raise UnreadableError("the package holds no advisories", path=self.shown, hint="gate db export --wheel")
        manifest = read_manifest(text, signature, key_file, self.shown)
        return {f"{one.base}/all.zip" if one.base else one.name: one for one in manifest.members}

    def file(self, name: str, is_optional: bool) -> AdvisoryFile | None:
        member = self._members.get(name)
        if member is None:
            return None
        path = self._folder / member.name
        if not path.is_file() or digest_of(path) != member.sha256:
            raise UnreadableError(f"its {member.name} is damaged", path=self.shown, hint="Install the package again")
        self.facts["advisories_checked"] = oldest(self.facts, member.checked)
        error = too_old(name, member.checked, self._now, self._limit, "Install a newer one, or allow more")
        if error is not None and not is_optional:
            self.errors.append(error)
        return AdvisoryFile(path=str(path), shown=name, cache_folder=str(self._cache), is_index=not is_optional)

    def kept(self, name: str) -> AdvisoryFile | None:
        return self.file(name, is_optional=True)

    def holdings(self) -> list[Holding]:
        return [
            Holding(name=one.name, base=one.base, path=self._folder / one.name, checked=one.checked)
            for one in self._members.values()
        ]


def _read(path: Path) -> bytes | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(MAX_MANIFEST)


def _folder_of(location: str) -> Path:
    name = location.removeprefix("wheel:")
    if not _NAME.fullmatch(name):
        raise UsageError(f"{location} names no Python package", hint="advisories.source is wheel:NAME")
    return Path(str(_distribution(name).locate_file(_module(name))))


def _distribution(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError as error:
        raise UnreadableError(
            f"the package {name} is not installed", path=f"wheel:{name}", hint=f"pip install {name}"
        ) from error
