"""The files that packages brought. One that the image changed since is its own, and so is its own code.

A distribution of Python that pip installed from a folder states that ("Recording the Direct URL Origin of installed
distributions", PyPA specifications).

The databases of dpkg, apk and rpm state the digest of each file, and so does the RECORD of a distribution of Python.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from gate.inventory.records.file_record import Record, digest_of, stated_sha256
from gate.inventory.records.package_records import read_records
from gate.reachability.runtimes.node.modules import is_installed
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.packages.static_copies import original_of
from gate.reachability.runtimes.strings.words import OF_ADMINISTRATORS
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.per_image import cached_per_image
from gate.reachability.runtimes.walk.system_files import is_of_system
from gate.trees import EntryKind
from gate.trees.memo import Analysis

_ORIGIN = "/direct_url.json"
_RECORD = "/RECORD"
_SETTINGS = "etc/"
_STANDARD_LIBRARY = re.compile(r"(?:^|/)lib/(?:python\d\.\d+|perl5|ruby/\d[\d.]*)/(?!(?:site|dist)-packages/|site_)")


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
        brought = [one for one in owned if not self._is_of_image(one)]
        self._all = frozenset(path for one in brought for path in one.files)
        self._record_of = dict(_with_records(brought))

    def __contains__(self, path: str) -> bool:
        """True for a file that a package brought; outside of `/etc` the image may have changed it since."""
        if OF_ADMINISTRATORS.fullmatch(path) and path not in self._all:
            return self._files.find(path) is None or not self._files.analysed(path, _STATES)
        return path in self._all and not (path.startswith(_SETTINGS) and self._is_changed(path))

    def is_brought(self, path: str) -> bool:
        """True for a file that a package or a distribution brought, whatever the image made of it."""
        is_of_language = is_installed(path) or _STANDARD_LIBRARY.search(path) is not None
        is_listed = is_of_language or (is_of_system(path) and OF_ADMINISTRATORS.fullmatch(path) is None)
        return is_listed or path in self

    def is_published(self, path: str) -> bool:
        """True for a file that a package or a distribution brought, and that is as it was then."""
        return self.is_brought(path) and not self._is_changed(path)

    def is_copy(self, path: str) -> bool:
        """True for a copy of what a distribution has for browsers, as it was published. Raises as `Files.read` does."""
        original = original_of(path, self._files)
        return original is not None and self.is_published(original)

    def _is_of_image(self, one: Owned) -> bool:
        """True for a distribution of Python that pip installed from a folder, as `pip install .` does."""
        paths = [path for path in one.files if path.endswith(_ORIGIN) and self._files.find(path) is not None]
        return any(self._files.analysed(path, _FROM_FOLDER) for path in paths)

    def _is_changed(self, path: str) -> bool:
        """True for a file with another digest than its package states."""
        known = _changed(self._files)
        if path not in known:
            record = self._recorded(path)
            known[path] = record is not None and not self._has_digest(path, record)
        return known[path]

    def _recorded(self, path: str) -> Record | None:
        """Return what a package states of a file, if that is a digest."""
        record = _records(self._files).get(path)
        if record is None and path in self._record_of:
            record = _in_record(self._record_of[path], self._files).get(path)
        return record if record is not None and record.digest else None

    def _has_digest(self, path: str, record: Record) -> bool:
        """True for a link and for what is not there any more, too."""
        entry = self._files.look_up(path)
        if entry is None or entry.kind is not EntryKind.FILE:
            return True
        digest = Analysis("digest", str, partial(digest_of, algorithm=record.algorithm), (record.algorithm,))
        return self._files.analysed_again(path, digest) == record.digest


def _with_records(owned: Iterable[Owned]) -> Iterator[tuple[str, str]]:
    """Yield each file of Python's distributions with the RECORD that lists it."""
    for one in owned:
        record = next((path for path in one.files if path.endswith(_RECORD)), None)
        if record is not None:
            yield from ((path, record) for path in one.files)


@cached_per_image
def _changed(_: Files) -> dict[str, bool]:
    """Return what is known of files so far."""
    return {}


@cached_per_image
def _records(files: Files) -> Mapping[str, Record]:
    return read_records(files)


def _in_record(path: str, files: Files) -> Mapping[str, Record]:
    """Return what a RECORD states of each file with a digest, by path."""
    if files.find(path) is None:
        return {}
    site = posixpath.dirname(posixpath.dirname(path))

    def found() -> dict[str, Record]:
        rows = files.analysed_again(path, Analysis("digests of a RECORD", dict[str, str], _digests))
        paths = ((posixpath.normpath(posixpath.join(site, name)), digest) for name, digest in rows.items())
        return {each: Record(path=each, package="", digest=digest, algorithm="sha256") for each, digest in paths}

    return files.cached((_in_record, path), found)


def _digests(content: bytes) -> dict[str, str]:
    rows = (line.rsplit(",", 2) for line in content.decode("utf-8", "replace").splitlines())
    stated = ((row[0].strip('"'), stated_sha256(row[1])) for row in rows if len(row) > 1)
    return {path: digest for path, digest in stated if digest}
