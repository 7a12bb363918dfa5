"""What a repository says of its own judgement, as its files stand at one place."""

from gate.policy.baseline import FILE as BASELINE
from gate.policy.baseline import MAX_BYTES, FindingsBaseline, parse_baseline
from gate.policy.codeowners import MAX_SIZE as MAX_CODEOWNERS
from gate.policy.codeowners import PLACES, Codeowners, parse
from gate.policy.file_places import FilePlace
from gate.policy.trusted_sources import TrustedSources
from gate.policy.waivers import FILE as WAIVERS
from gate.policy.waivers import Waiver, parse_waivers
from gate.settings.sources import MAX_SIZE, SettingsFile, find_settings, own_text


class OwnFiles:
    """The files of the project at one of the `trusted` places; each is read when it is asked for.

    All methods raise ConfigError for a file that is wrong, and UnreadableError for one that is not in the object store.
    """

    def __init__(self, place: FilePlace, trusted: TrustedSources) -> None:
        self.place = place
        self._folder = trusted.folder
        self._root = trusted.root

    def settings(self) -> SettingsFile | None:
        """Return the settings file, or None."""
        return find_settings(self._text, self._shown, self._root)

    def waivers(self) -> tuple[Waiver, ...]:
        text = self._text(WAIVERS)
        return () if text is None else parse_waivers(text, self._shown(WAIVERS))

    def baseline(self) -> FindingsBaseline:
        content = self.place.read(self._folder + BASELINE, MAX_BYTES)
        return FindingsBaseline() if content is None else parse_baseline(content, self._shown(BASELINE))

    def codeowners(self) -> tuple[str, Codeowners] | None:
        """Return the CODEOWNERS file that counts, with its path in the project; None if there is none."""
        for path in PLACES:
            content = self.place.read(self._folder + path, MAX_CODEOWNERS)
            if content is not None:
                return path, parse(own_text(content, self._shown(path)), self._shown(path))
        return None

    def text(self, name: str) -> str:
        """Return what a file says, to find lines in; empty if it is not there."""
        return self._text(name, MAX_BYTES) or ""

    def _text(self, name: str, limit: int = MAX_SIZE) -> str | None:
        content = self.place.read(self._folder + name, limit)
        return None if content is None else own_text(content, self._shown(name))

    def _shown(self, name: str) -> str:
        return self.place.shown(self._folder + name)
