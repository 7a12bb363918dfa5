"""Our tables as detect-secrets plugins: `detect-secrets scan -p gate/secrets/plugins/detectors.py` takes them all.

Its default filters drop what looks like a UUID or starts with `$`; some credentials do.
"""

import re
from collections.abc import Generator
from functools import cache, cached_property
from typing import Any, ClassVar

from gate.secrets.engine.detect_secrets_adapter import BasePlugin
from gate.secrets.engine.windows import matches_near, reach_of
from gate.secrets.kinds import TOKENS
from gate.secrets.kinds.token import Token

_TOKENS = {token.plugin: token for token in TOKENS}
"""By the names of their plugins."""


class _TokenDetector(BasePlugin):
    """A row of a table at work."""

    token: ClassVar[Token]

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(self.token.expression, re.ASCII | (re.IGNORECASE if self.token.folds else 0))

    @cached_property
    def _reach(self) -> int:
        return reach_of(self.token.expression)

    @cached_property
    def _files(self) -> re.Pattern[str]:
        return re.compile(self.token.files)

    @cached_property
    def _near(self) -> re.Pattern[str]:
        return re.compile(self.token.beside, re.ASCII)

    def looks_at(self, path: str) -> bool:
        """True if the kind counts in the file at `path`."""
        return not self.token.files or self._files.search(path) is not None

    @property
    def looks_around(self) -> bool:
        """True if it needs the lines around the one that it is given."""
        return bool(self.token.beside)

    def analyze_line(self, filename: str, line: str, line_number: int = 0, context: Any = None, **more: Any) -> Any:
        """Return the secrets of one line, as detect-secrets wants them; `places` as `matches_near` takes them."""
        if not self.looks_at(filename):
            return set()
        if self.looks_around and not any(self._near.search(one) for one in (line, *(context or ()))):
            return set()
        return super().analyze_line(filename=filename, line=line, line_number=line_number, places=more.get("places"))

    def analyze_string(self, string: str, places: list[int] | None = None, **_: Any) -> Generator[str, None, None]:
        """Yield the values of one line."""
        for match in matches_near(self._expression, string, places, self._reach):
            value = match[self._expression.groups and 1]
            if value and (self.token.accepts is None or self.token.accepts(value)):
                yield value


@cache
def detector_of(token: Token) -> type[_TokenDetector]:
    """Return the plugin of a table's row."""
    return type(token.plugin, (_TokenDetector,), {"token": token, "secret_type": token.type})


def __dir__() -> list[str]:
    """Name the plugins: detect-secrets takes the classes that it finds among a module's names."""
    return list(_TOKENS)


def __getattr__(name: str) -> type[_TokenDetector]:
    if name not in _TOKENS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return detector_of(_TOKENS[name])
