"""`.Files` of Helm's templates: what a chart holds besides its templates, values and charts.

Facts: https://helm.sh/docs/chart_template_guide/accessing_files/. A `.helmignore` is not read.
"""

import base64
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gate.core.errors import GateError
from gate.kubernetes.helm.functions import MARK, UNKNOWN, text_of, to_yaml

MOST = 1_000
"""Files that templates see at once at most; of more the result is unknown."""
MOST_BYTES = 16 << 20
"""Bytes of all these together."""
MAX_PATTERN = 200
"""Characters of a pattern; each costs a look at each path."""
_SIGN = re.compile(r"\*\*|[*?]|[^*?]+")

ReadFile = Callable[[], bytes]


class OtherFiles:
    """Files of a chart by their paths in it; each is read when a template asks for it."""

    def __init__(self, files: Mapping[str, ReadFile]) -> None:
        self._files = files

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        return MARK

    def field(self, name: str) -> Any:
        """Return what is asked without an argument: all files as the data of a ConfigMap or of a Secret."""
        if name not in ("AsConfig", "AsSecrets"):
            return UNKNOWN
        contents = self._contents()
        if contents is None:
            return UNKNOWN
        shown = _as_secret if name == "AsSecrets" else _text
        named = {posixpath.basename(path): shown(content) for path, content in contents.items()}
        return to_yaml(named) if named else "{}"

    def method(self, name: str, argument: Any) -> Any:
        """Return what is asked with an argument: `Get`, `Lines`, `Glob`."""
        word = text_of(argument)
        if argument is UNKNOWN:
            return UNKNOWN
        if name == "Glob":
            return self._glob(word)
        if name not in ("Get", "GetBytes", "Lines"):
            return UNKNOWN
        read = self._files.get(posixpath.normpath(word))
        if read is None:
            return [] if name == "Lines" else ""
        try:
            text = _text(read())
        except GateError:  # too large, or behind a link that leads out of the tree
            return UNKNOWN
        return _lines(text) if name == "Lines" else text

    def texts(self) -> Any:
        """Return the files as a mapping, as `range` and functions see them; unknown if they are too many."""
        contents = self._contents()
        return UNKNOWN if contents is None else {path: _text(content) for path, content in sorted(contents.items())}

    def _contents(self) -> dict[str, bytes] | None:
        """Return what all files hold; None if one cannot be read, or they are too many or too large."""
        if len(self._files) > MOST:
            return None
        contents: dict[str, bytes] = {}
        left = MOST_BYTES
        for path, read in self._files.items():
            try:
                contents[path] = read()
            except GateError:
                return None
            left -= len(contents[path])
            if left < 0:
                return None
        return contents

    def _glob(self, pattern: str) -> Any:
        """Return the files whose paths match; sets of characters and alternatives in braces are not read."""
        if len(pattern) > MAX_PATTERN or any(sign in pattern for sign in "[{\\"):
            return UNKNOWN
        signs = _SIGN.findall(pattern)
        return OtherFiles({path: read for path, read in self._files.items() if _fits(path, signs)})


def _fits(path: str, signs: Iterable[str]) -> bool:
    """True if a path matches a pattern from end to end: `*` and `?` stay in a folder, `**` does not."""
    ends = {0}
    for sign in signs:
        if sign == "**":
            ends = set(range(min(ends), len(path) + 1))
        elif sign == "*":
            ends = {end for start in ends for end in range(start, _end_of_folder(path, start) + 1)}
        elif sign == "?":
            ends = {start + 1 for start in ends if path[start : start + 1] not in ("", "/")}
        else:
            ends = {start + len(sign) for start in ends if path.startswith(sign, start)}
        if not ends:
            return False
    return len(path) in ends


def _end_of_folder(path: str, start: int) -> int:
    end = path.find("/", start)
    return len(path) if end < 0 else end


def _text(content: bytes) -> Any:
    """Return a file's text; unknown for one that is no text, which no manifest can hold as it is."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return UNKNOWN


def _as_secret(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _lines(text: Any) -> Any:
    return text if text is UNKNOWN else text.removesuffix("\n").split("\n")
