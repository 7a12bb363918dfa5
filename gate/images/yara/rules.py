"""YARA rules: our own in `own/`, and those in the folders that the settings name; needs the package yara-x."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.core.cache import code_key, key_of
from gate.core.errors import ConfigError, LimitError, UsageError
from gate.model import Tree
from gate.trees import EntryKind, open_tree

if TYPE_CHECKING:
    import yara_x

MAX_FILE = 16 << 20
MAX_FILES = 5_000
MAX_BYTES = 64 << 20
"""Bytes of one file of rules, files, and bytes of all of them."""
_ENDINGS = (".yar", ".yara")
_GLOBALS = ("filename", "filepath", "extension")
"""Variables that public rule sets expect: parts of the path of the file that is looked at."""


class RuleFile(msgspec.Struct, frozen=True):
    """A file of rules, which are a namespace of their own."""

    name: str
    text: str
    is_own: bool = False
    """One of ours, which match nothing that `first_look` does not."""


def is_installed() -> bool:
    """True if YARA-X is there."""
    return find_spec("yara_x") is not None


def rule_files(folders: Sequence[str]) -> tuple[RuleFile, ...]:
    """Return our own rules and those in `folders`; none without YARA-X.

    Raises UsageError if folders are named and it is not installed, ConfigError for a folder without rules, LimitError.
    """
    if not is_installed():
        if folders:
            raise UsageError(
                "rules are named, and YARA-X is not installed",
                path="stages.image.yara",
                hint="pip install yara-x",
            )
        return ()
    own = (_own(file) for file in sorted((Path(__file__).parent / "own").glob("*.yar")))
    return (*own, *(file for folder in folders for file in _files_in(folder)))


def first_look() -> RuleFile:
    """Return the rule that tells quickly whether any of our own may match a file."""
    return _own(Path(__file__).parent / "first_look.yar")


def _own(file: Path) -> RuleFile:
    return RuleFile(f"gate:{file.name}", file.read_text(), is_own=True)


def _files_in(folder: str) -> Iterator[RuleFile]:
    if not Path(folder).is_dir():
        raise ConfigError("is no folder, and stages.image.yara names it", path=folder)
    tree = open_tree(Tree(root=folder, name=Path(folder).name))
    paths = [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE and entry.path.endswith(_ENDINGS)]
    if not paths:
        raise ConfigError(f"holds no rules ({', '.join('*' + one for one in _ENDINGS)})", path=folder)
    if len(paths) > MAX_FILES:
        raise LimitError(f"holds more than {MAX_FILES:,} files of rules", path=folder)
    left = MAX_BYTES
    for path in sorted(paths):
        content = tree.read(path, min(left, MAX_FILE))
        left -= len(content)
        yield RuleFile(path, _decoded(content, path))


def _decoded(content: bytes, path: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"is no UTF-8 (byte {error.start:,})", path=path) from error


def identity_of(files: Sequence[RuleFile]) -> str:
    """Name all that a look with these rules depends on: their text, and which YARA-X reads them."""
    asked = (first_look(), *files)
    parts = (text for file in asked for text in (file.name, file.text))
    return key_of(b"YARA", _code_of_yara(), *parts).hex() if files else ""


def _code_of_yara() -> bytes:
    """Name the files of YARA-X: to ask the package's metadata for its version takes longer than all else of a run."""
    found = find_spec("yara_x")
    folders = found.submodule_search_locations if found else None
    return code_key(file for folder in folders or () for file in sorted(Path(folder).iterdir()) if file.is_file())


def compiled(files: Sequence[RuleFile]) -> "yara_x.Rules":
    """Compile rules. Raises ConfigError that names file and line for one that cannot be understood."""
    import yara_x

    compiler = yara_x.Compiler(includes_enabled=False)  # an include would read any file of this machine
    for name in _GLOBALS:
        compiler.define_global(name, "")
    for file in files:
        compiler.new_namespace(file.name)
        try:
            compiler.add_source(file.text, origin=file.name)
        except yara_x.CompileError as error:
            raise _wrong(file, compiler.errors()[-1]) from error
    return compiler.build()


def _wrong(file: RuleFile, error: dict[str, object]) -> ConfigError:
    return ConfigError(f"line {error['line']}: {error['title']}", path=file.name, hint="See stages.image.yara")


def path_variables(path: str) -> dict[str, str]:
    """Return the variables that rules may ask about the path of a file."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return dict(zip(_GLOBALS, (name, f"/{path}", f".{ending}" if stem and dot else ""), strict=True))
