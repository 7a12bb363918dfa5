"""Programs that go by another name: `alias c=curl`, `cp /usr/bin/curl /x`, `ln -s`, `COPY /usr/bin/curl /x`."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import msgspec

from gate.dockerfile.build import BuildStage
from gate.dockerfile.commands import SHELLS, program_of
from gate.dockerfile.flow import INTERPRETER
from gate.dockerfile.shell import ShellWord, SimpleCommand
from gate.dockerfile.step import Step

Names = Mapping[str, tuple[str, ...]]
"""By the other name: the words that it stands for, the program first."""
_RENAMERS = frozenset({"alias", "cp", "hash", "install", "link", "ln", "mv"})
_FETCHERS = frozenset({"aria2c", "axel", "curl", "lynx", "wget", "wget2"})
_RENAMING = ("alias ", "cp ", "hash ", "install ", "link ", "ln ", "mv ")
"""One of them is in each script that renames something."""
_COMMON_WORDS = frozenset({"fetch", "http", "https", "nc", "xh"})
"""Programs that fetch, and names that folders and files have as well: they count where programs lie."""
_DECODERS = frozenset({"base32", "base64", "basenc", "openssl", "xxd"})
_BOXES = frozenset({"busybox", "toybox"})
_NONE: Names = {}
_ROUNDS = 3
"""Names of names."""
_MAX_NAMES = 1000
_MANY_COMMANDS = re.compile(r"[|;&\n]")


def other_names(step: Step) -> Names:
    """Return the programs' other names that the steps of a stage, up to this one, and those that it is FROM give."""
    known = _names_of(step.stage)
    return {name: words for name, (place, words) in known.items() if place <= step.place} if known else _NONE


def names_in(commands: Iterable[SimpleCommand]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each other name that the commands give a program, with the words that it stands for."""
    for command in commands:
        program = program_of(command)
        if program == "alias":
            yield from _aliases(command.words[1:])
        elif program in _RENAMERS:
            yield from _copied([word.text for word in command.words[1:] if not word.text.startswith("-")], program)


def by_its_name(command: SimpleCommand, names: Names) -> SimpleCommand:
    """Return a command under the name of the program that it runs."""
    for _ in range(_ROUNDS):
        words = names.get(program_of(command))
        if words is None:
            break
        first, *others = command.words
        meant = tuple(ShellWord(word, first.start, first.end) for word in words)
        command = msgspec.structs.replace(command, words=(*meant, *others))
    return command


def scripts_of_aliases(command: SimpleCommand) -> Iterator[str]:
    """Yield what an alias stands for where that is more than one command."""
    if program_of(command) == "alias":
        values = (word.text.partition("=")[2] for word in command.words[1:])
        yield from (value for value in values if _MANY_COMMANDS.search(value))


@lru_cache(maxsize=8)
def _names_of(stage: BuildStage) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Return the other names that a stage has, each with the place of the first step that knows it."""
    known = {name: (0, words) for one in stage.parents() for name, (_, words) in _given_in(one).items()}
    return _given_in(stage) | known


@lru_cache(maxsize=512)
def _given_in(stage: BuildStage) -> dict[str, tuple[int, tuple[str, ...]]]:
    given: dict[str, tuple[int, tuple[str, ...]]] = {}
    for step in stage.steps:
        for name, words in _given_by(step):
            if len(given) < _MAX_NAMES:
                given.setdefault(name, (step.place, words))
    return given


def _given_by(step: Step) -> Iterator[tuple[str, tuple[str, ...]]]:
    text = step.instruction.text
    if step.name in ("ADD", "COPY"):
        if "bin/" not in text:
            return
        yield from _copied([value or "" for value in step.values], step.name)
    elif step.name == "RUN" and (step.instruction.heredocs or any(sign in text for sign in _RENAMING)):
        yield from names_in(command.syntax for command in step.commands if command.program in _RENAMERS)


def _aliases(words: Iterable[ShellWord]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for word in words:
        name, equals, value = word.text.partition("=")
        meant = tuple(value.split())
        if equals and name and meant and meant[0] != name and not _MANY_COMMANDS.search(value):
            yield name, meant


def _copied(words: list[str], how: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the name that a program gets which is copied, moved or linked: `cp CURL /x`, `hash -p CURL x`."""
    if len(words) != 2:
        return
    source, target = words
    program, name = posixpath.basename(source), posixpath.basename(target)
    is_in_folder_of_programs = posixpath.basename(posixpath.dirname(source)) in ("bin", "sbin")
    counts = is_in_folder_of_programs or (how not in ("ADD", "COPY") and program not in _COMMON_WORDS)
    kind = _kind_of(program)
    if counts and name and kind and kind != _kind_of(name):
        yield name, (program,)


def _kind_of(program: str) -> str:
    """Return what kind of program it is, of those that matter here: among others of a kind a name says enough."""
    if program in SHELLS:
        return "shell"
    if program in _FETCHERS or program in _COMMON_WORDS:
        return "fetcher"
    if program in _DECODERS:
        return program
    if program in _BOXES:
        return "box"
    return "interpreter" if INTERPRETER.fullmatch(program) else ""
