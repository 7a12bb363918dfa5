"""What people write besides files: names of files and folders, targets of links, texts of commits and tags, refs.

Only what has a format of its own, a login in an address, or is sure for another reason counts there: these are words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from gate.core.cache_folder import user_cache_folder
from gate.core.errors import LimitError, UnreadableError, as_stage_error
from gate.core.lazy_regex import lazy_regex
from gate.git import Repository
from gate.git.blobs import read_blobs
from gate.model import StageError, StageResult
from gate.secrets.results.detected import DetectedSecret, Examined, FileReading, Spot
from gate.secrets.sources.files import FileOptions, limited_time
from gate.secrets.sources.files import prepare as prepare_for_files

if TYPE_CHECKING:
    from gate.context import Context
    from gate.secrets.engine.scan import Scanner

MESSAGE, AUTHOR, TAG, REF = "(commit)/message", "(commit)/author", "(tag)/text", "(ref)/name"
"""Paths that stand for what is in no file."""
_TOGETHER = "names"
"""The path under which detectors get such texts, many at once."""
_AT_ONCE = 2_000
_OF_ONE_CALL = 1_000
"""Names that are looked at by one call of another worker."""
_LONGEST = 1 << 20
"""Bytes of a commit or tag that are looked at; a larger one is said to be too large."""
_SHORTEST = 12
"""Characters of a name that can hold a token."""
HIDDEN = "…"
Path = tuple[str, str | None]
"""A path, and the target of the link, if it is one."""


class NamedText(msgspec.Struct, frozen=True):
    """A text that is no file's."""

    path: str
    """What it is shown as."""
    text: str
    within: str
    """What it is, for people."""
    commit: str | None = None
    id: str = ""
    """Of the commit or tag."""


class SecretInName(msgspec.Struct, frozen=True):
    """Such a text with secrets in it."""

    written: NamedText
    examined: Examined


def names_of(paths: Iterable[Path]) -> Iterator[NamedText]:
    """Yield what is to be looked at: paths, and targets of links."""
    for path, link in paths:
        if len(path) >= _SHORTEST:
            yield NamedText(path, path, "its name")
        if link and len(link) >= _SHORTEST:
            yield NamedText(path, link, "what it links to")


_OF_A_TAG = lazy_regex(r"object ([0-9a-f]{40,64})\ntype tag\n")
_TAGS_DEEP = 10
"""Tags of tags that are followed."""


def texts_of(repository: Repository, ids: Sequence[str], depth: int = 1) -> Iterator[NamedText]:
    """Yield what is written in commits and tags with these ids: the message, and who wrote it.

    Raises LimitError for one that is larger than any person writes.
    """
    for blob in read_blobs(repository, ids, _LONGEST) if ids and depth <= _TAGS_DEEP else ():
        if blob.size is not None and blob.content is None:
            raise LimitError(f"is a commit or tag of {blob.size:,} bytes; at most {_LONGEST:,} are read", path=blob.id)
        head, _, message = (blob.content or b"").decode("utf-8", "replace").partition("\n\n")
        if named := _OF_A_TAG.match(head):
            yield from texts_of(repository, [named[1]], depth + 1)
        is_tag = head.startswith("object ")
        commit = None if is_tag else blob.id
        yield NamedText(TAG if is_tag else AUTHOR, head, "what git notes of it", commit, blob.id)
        yield NamedText(TAG if is_tag else MESSAGE, message, "its message", commit, blob.id)


def look_at_names(texts: Iterable[NamedText], options: FileOptions) -> list[SecretInName]:
    """Return those texts that hold a secret; in compat mode none is looked at."""
    if not options.configuration.own:
        return []
    found: list[SecretInName] = []
    rest = iter(texts)
    with limited_time("names and messages"):
        while some := list(islice(rest, _AT_ONCE)):
            from gate.secrets.engine.scan import scanner  # the engine, which a tree that is known does without

            found += look_at_written(some, scanner(options.configuration, options.cache_folder))
    return found


def prepare(options: FileOptions) -> None:
    """Load the engine for the workers that `look_at_names_apart` calls."""
    prepare_for_files("", options)


def look_at_names_apart(paths: Sequence[Path], options: FileOptions, context: "Context") -> Iterator[SecretInName]:
    """Yield the names that hold a secret, found by other workers: loading the engine here too would take 50 ms."""
    if not options.configuration.own:
        return
    parts = [tuple(paths[start : start + _OF_ONE_CALL]) for start in range(0, len(paths), _OF_ONE_CALL)]
    for _, found in context.map(look_at_paths, parts, options, is_apart=True):
        yield from [_failed(found)] if isinstance(found, StageError) else found


def look_at_paths(paths: tuple[Path, ...], options: FileOptions) -> tuple[SecretInName, ...]:
    """Return the names among these that hold a secret."""
    return tuple(look_at_names(names_of(paths), options))


def _failed(error: StageError) -> SecretInName:
    return SecretInName(NamedText(_TOGETHER, "", "the names"), Examined(reading=FileReading.SCANNED, errors=(error,)))


def look_at_written(texts: Sequence[NamedText], chosen: "Scanner") -> Iterator[SecretInName]:
    """Yield those texts that hold a secret, with all that may be said of it: a path is shown without it."""
    from gate.secrets.engine.gate_mode import judged
    from gate.secrets.engine.text import Text

    lines: list[tuple[int, int]] = []
    """Of each line which text it belongs to, and which of its lines it is."""
    pieces: list[str] = []
    for number, one in enumerate(texts):
        plain = one.text.replace("\r\n", "\n").replace("\r", "\n")
        pieces.append(plain)
        lines += ((number, line) for line in range(1, plain.count("\n") + 2))
    content = "\n".join(pieces)
    text = Text(content, content.encode("utf-8", "replace"), "utf-8")
    try:
        secrets, _, _ = judged(text, _TOGETHER, chosen, formats_alone=True)
    except UnreadableError as error:  # a plugin of the baseline's own fails: what the files hold is still reported
        yield _failed(as_stage_error(error))
        return
    finally:
        chosen.forget()
    held: dict[int, list[DetectedSecret]] = {}
    for secret in secrets:
        for number, spots in _spots(secret, lines).items():
            placed = msgspec.structs.replace(secret, spots=spots, count=len(spots), within=texts[number].within)
            held.setdefault(number, []).append(placed)
    for number, of_text in sorted(held.items()):
        yield SecretInName(
            texts[number], Examined(reading=FileReading.SCANNED, encoding="utf-8", secrets=tuple(of_text))
        )


def hidden_names(found: Iterable[SecretInName]) -> dict[str, str]:
    """Return how each path that holds a secret itself is shown: with its first letters, so that it can be found."""
    held = {one.written.path: one.examined for one in found if one.written.path == one.written.text}
    if not held:
        return {}
    from gate.secrets.results.masking import masked_texts

    plain = {path for path, seen in held.items() if _is_as_written(path, seen)}
    masked = masked_texts(plain, str(user_cache_folder())) if plain else {}
    return {path: masked.get(path) or _without_name(path) for path in held}


def _is_as_written(path: str, examined: Examined) -> bool:
    """True if every secret stands in the path as it is, so that masking knows where."""
    from gate.secrets.decoders.disguises import read_plainly

    return read_plainly(path) == path and all(
        spot.column is not None for secret in examined.secrets for spot in secret.spots
    )


def _without_name(path: str) -> str:
    """Hide a path in which a secret is written in another way, but for the folder and the first letters."""
    folder, slash, name = path.rpartition("/")
    return f"{folder if len(folder) < _SHORTEST else folder[:4] + HIDDEN}{slash}{name[:4]}{HIDDEN}"


def without_names(result: StageResult, hidden: Mapping[str, str]) -> StageResult:
    """Return a stage's result that shows no path with a secret in it, wherever it names one."""
    if not hidden:
        return result
    return msgspec.json.decode(replaced(msgspec.json.encode(result).decode(), hidden), type=StageResult)


def replaced(content: str, texts: Mapping[str, str]) -> str:
    """Return JSON in which texts, wherever they stand, are others; the longest are looked for first."""
    for text in sorted(texts, key=len, reverse=True):
        content = content.replace(_quoted(text), _quoted(texts[text]))
    return content


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()[1:-1]


def _spots(secret: DetectedSecret, lines: Sequence[tuple[int, int]]) -> dict[int, tuple[Spot, ...]]:
    """Return where a secret stands, by the texts."""
    spots: dict[int, tuple[Spot, ...]] = {}
    for spot in secret.spots:
        number, line = lines[spot.line - 1]
        spots[number] = (*spots.get(number, ()), Spot(line, spot.column))
    return spots
