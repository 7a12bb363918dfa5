"""Reads zizmor's own configuration: which audits it disables, where it ignores them, and how it configures them.

Source: zizmor's documentation, "Configuration". Settings in `gate.yaml` win over it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gate.core.errors import GateError
from gate.declarations.ci import ZIZMOR_FILES
from gate.model import Loosened, StageError
from gate.rules import Hit
from gate.trees import FileTree

WORDS_RULE = "GATE-ZIZMOR"
MAX_SIZE = 1 << 20
"""Bytes of the file."""


class AuditConfiguration(msgspec.Struct, frozen=True):
    """What the file says of one audit."""

    disable: bool = False
    ignore: tuple[str, ...] = ()
    """`FILE`, `FILE:LINE` or `FILE:LINE:COLUMN`; the file by its name alone."""
    config: dict[str, Any] | None = None


class ZizmorFile(msgspec.Struct, frozen=True):
    """A `zizmor.yml`."""

    rules: dict[str, AuditConfiguration | None] = {}

    def audits(self) -> Iterator[tuple[str, AuditConfiguration]]:
        """Yield the audits that it configures."""
        yield from ((id, one) for id, one in self.rules.items() if one is not None)


class ZizmorConfigured(msgspec.Struct, frozen=True):
    """The file, as far as it counts."""

    path: str = ""
    """Empty: there is none."""
    text: str = ""
    """For zizmor; empty if the file does not count."""
    file: ZizmorFile = ZizmorFile()
    errors: tuple[StageError, ...] = ()


def read_zizmor_file(tree: FileTree, loosens: bool | None) -> ZizmorConfigured:
    """Return the configuration; where it may not loosen, all of it counts for nothing. A wrong one is an error."""
    path = next((place for place in ZIZMOR_FILES if tree.look_up(place) is not None), None)
    if path is None:
        return ZizmorConfigured()
    if loosens is False:
        return ZizmorConfigured(path)
    try:
        file, text = _read(tree, path)
    except GateError as error:
        hint = error.hint or "Correct the file, or remove it: gate.yaml can say the same under stages.ci"
        return ZizmorConfigured(path, errors=(StageError(title=error.message, message=hint, path=error.path or path),))
    return ZizmorConfigured(path, text, file)


def _read(tree: FileTree, path: str) -> tuple[ZizmorFile, str]:
    from gate.core import yaml
    from gate.settings.sources import convert, own_text

    text = own_text(tree.read(path, MAX_SIZE), path)
    parsed = yaml.parse(text, path)
    return convert({} if parsed is None else parsed, ZizmorFile, path, text), text


def is_ignored(file: ZizmorFile, id: str, hit: Hit) -> bool:
    """True if the file ignores an audit where a hit begins."""
    said = file.rules.get(id)
    if said is None or not said.ignore:
        return False
    name = (hit.path or "").rsplit("/", 1)[-1]
    line, column = hit.span[0] if hit.span else (hit.line or 0, 0)
    return not {name, f"{name}:{line}", f"{name}:{line}:{column}"}.isdisjoint(said.ignore)


def loosened(now: ZizmorConfigured, before: ZizmorConfigured, target: str) -> tuple[Loosened, ...]:
    """Return what a file loosens, compared with the one of before; nothing if it only tightens."""
    path = now.path or before.path or ZIZMOR_FILES[0]
    return tuple(
        Loosened(rule=WORDS_RULE, target=target, path=path, what=f"{path} {words}")
        for words in _words(now.file, before.file)
    )


def _words(now: ZizmorFile, before: ZizmorFile) -> Iterator[str]:
    nothing = AuditConfiguration()
    for id in sorted({**now.rules, **before.rules}):
        after, earlier = now.rules.get(id) or nothing, before.rules.get(id) or nothing
        if after.disable and not earlier.disable:
            yield f"disables {id}"
        if added := sorted(set(after.ignore) - set(earlier.ignore)):
            yield f"ignores {id} in {', '.join(added[:8])}"
        if after.config != earlier.config:
            yield f"configures {id} otherwise"
