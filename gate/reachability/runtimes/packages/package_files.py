"""The files that packages brought. Settings in `/etc` that the image changed since are its own, and so is its own code.

A distribution of Python that pip installed from a folder states that ("Recording the Direct URL Origin of installed
distributions", PyPA specifications).

dpkg states the sum of each setting (deb-conffiles(5)), apk that of each file; rpm's are not read.
"""

import hashlib
import posixpath
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping

from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.strings.words import OF_ADMINISTRATORS
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.per_image import cached_per_image
from gate.trees.memo import Analysis

_ORIGIN = "/direct_url.json"
_SETTINGS = "etc/"
_STATUS, _DISTROLESS = "var/lib/dpkg/status", "var/lib/dpkg/status.d"
_OF_APK = ("lib/apk/db/installed", "usr/lib/apk/db/installed")
_OF_DPKG = re.compile(r"^ /(?P<path>etc/\S+) (?P<sum>[0-9a-f]{32})(?: obsolete)?$", re.MULTILINE)
_LINE_OF_APK = re.compile(r"^(?P<key>[FRZ]):(?P<value>.*)$", re.MULTILINE)


def _sums_of(content: bytes) -> list[str]:
    of_apk = hashlib.sha1(content, usedforsecurity=False).digest()
    return [hashlib.md5(content, usedforsecurity=False).hexdigest(), f"Q1{b64encode(of_apk).decode()}"]


_SUMS = Analysis("sums of a setting", list[str], _sums_of)


def _is_from_folder(content: bytes) -> bool:
    return b'"dir_info"' in content


_FROM_FOLDER = Analysis("was installed from a folder", bool, _is_from_folder)


def _states(content: bytes) -> bool:
    return any(line.strip() and not line.lstrip().startswith(b"#") for line in content.splitlines())


_STATES = Analysis("has a line that is no comment", bool, _states)


class PackageFiles:
    """Answers which files are as packages brought them; one of an installer that states nothing counts as such."""

    def __init__(self, owned: Iterable[Owned], files: Files) -> None:
        self._files = files
        brought = (one for one in owned if not self._is_of_image(one))
        self._all = frozenset(path for one in brought for path in one.files)
        self._known: dict[str, bool] = {}

    def __contains__(self, path: str) -> bool:
        if OF_ADMINISTRATORS.fullmatch(path) and path not in self._all:
            return self._files.find(path) is None or not self._files.analysed(path, _STATES)
        return path in self._all and not (path.startswith(_SETTINGS) and self._is_changed(path))

    def _is_of_image(self, one: Owned) -> bool:
        """True for a distribution of Python that pip installed from a folder, as `pip install .` does."""
        paths = [path for path in one.files if path.endswith(_ORIGIN) and self._files.find(path) is not None]
        return any(self._files.analysed(path, _FROM_FOLDER) for path in paths)

    def _is_changed(self, path: str) -> bool:
        """True for a setting with another sum than its package states."""
        if path not in self._known:
            stated = _stated(self._files).get(path)
            self._known[path] = stated is not None and stated not in self._sums(path)
        return self._known[path]

    def _sums(self, path: str) -> list[str]:
        return self._files.analysed(path, _SUMS) if self._files.find(path) is not None else []


@cached_per_image
def _stated(files: Files) -> Mapping[str, str]:
    """Return the sums of settings that databases of packages state, by path."""
    found: dict[str, str] = {}
    names = (name for name in files.names(_DISTROLESS) if not name.endswith(".md5sums"))
    for path in (_STATUS, *(f"{_DISTROLESS}/{name}" for name in names), *_OF_APK):
        if files.find(path) is not None:
            read = _in_apk if path in _OF_APK else _in_dpkg
            found |= files.analysed(path, Analysis("stated sums of settings", dict[str, str], read))
    return found


def _in_dpkg(content: bytes) -> dict[str, str]:
    text = content.decode("utf-8", "replace")
    return {found["path"]: found["sum"] for found in _OF_DPKG.finditer(text)}


def _in_apk(content: bytes) -> dict[str, str]:
    return dict(_files_of_apk(content.decode("utf-8", "replace")))


def _files_of_apk(text: str) -> Iterator[tuple[str, str]]:
    """Yield path and sum: `F:etc/x` is a folder, `R:name` a file in it, `Z:` its sum (apk-v2(5))."""
    folder = name = ""
    for found in _LINE_OF_APK.finditer(text):
        if found["key"] == "F":
            folder = found["value"]
        elif found["key"] == "R":
            name = found["value"]
        elif f"{folder}/".startswith(_SETTINGS):
            yield posixpath.join(folder, name), found["value"]
