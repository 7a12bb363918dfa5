"""Where advisories come from: a folder or a web address that is laid out as OSV's bucket."""

import hashlib
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from gate.advisories.store import SourceFile
from gate.errors import GateError, UnreadableError
from gate.settings import Settings

_HINT = "Set advisories.source in gate.yaml (or --advisories) to a folder or URL laid out as OSV's bucket"


class Source:
    """A folder or URL with `ECOSYSTEM/all.zip`, and perhaps with CISA's and FIRST's files at its root."""

    def __init__(self, settings: Settings, cache_folder: Path) -> None:
        self._location = settings.advisories.source
        self._settings = settings
        self._cache = cache_folder / "advisories"
        self.is_remote = self._location.startswith(("https://", "http://"))
        self.shown = _without_credentials(self._location) if self.is_remote else self._location
        if not self.is_remote:
            self._check_folder()

    def _check_folder(self) -> None:
        if "://" in self._location:
            raise GateError("advisories come from a folder, https:// or http:// only", hint=_HINT)
        if not self._folder.is_dir():
            raise UnreadableError("there is no such folder of advisories", path=self.shown, hint=_HINT)

    @property
    def _folder(self) -> Path:
        return Path(self._location).expanduser()

    def file(self, name: str, *, is_optional: bool = False) -> SourceFile | None:
        """Return the file `name` of the source (`npm/all.zip`), fetched if need be; None if the source has none.

        Raises GateError if nobody can tell: no network, or offline with nothing in the cache. What `is_optional`
        is then just not there when offline.
        """
        path = self._fetched(name, is_optional) if self.is_remote else self._folder / name
        if path is None or not path.exists():
            return None
        return SourceFile(path=str(path), shown=name, cache_folder=str(self._cache), fresh=not self._settings.cache)

    def _fetched(self, name: str, is_optional: bool) -> Path | None:
        from gate.advisories.download import Copy

        url = f"{self._location.rstrip('/')}/{quote(name)}"
        folder = self._cache / "downloads" / hashlib.sha256(self._location.encode()).hexdigest()[:16]
        copy = Copy(folder / name.replace("/", "-").replace(" ", "-"), shown=name)
        if not self._settings.offline:
            return copy.refresh(url, trust=self._settings.cache, is_optional=is_optional)
        if copy.is_sound():
            return copy.path
        if is_optional:
            return None
        raise UnreadableError(
            "no copy is in the cache, and offline forbids to fetch it",
            path=name,
            hint="Run once without --offline, or point --advisories to a folder that has it",
        )


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
