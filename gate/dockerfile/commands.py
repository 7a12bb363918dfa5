"""The commands that a RUN, CMD, ENTRYPOINT or HEALTHCHECK runs, seen through `sh -c`, `sudo`, `env` and heredocs."""

import posixpath
from collections.abc import Callable, Iterable, Iterator

import msgspec

from gate.dockerfile.shell import CommandPlace, Redirect, ShellWord, SimpleCommand, parse_script
from gate.dockerfile.syntax import Heredoc, Instruction
from gate.dockerfile.text import JoinedText, Word
from gate.dockerfile.wrappers import OF_USERS, behind_wrapper

SHELLS = frozenset({"sh", "bash", "ash", "dash", "ksh", "zsh"})
"""Programs that read a script as `gate.dockerfile.shell` does."""
MAX_NESTING = 50
"""Scripts inside scripts (`sh -c 'sh -c …'`): each level doubles the escapes, so that no file can hold more."""
MAX_WRAPPERS = 8
"""Wrappers in wrappers (`sudo env nice …`) that are commands of their own; of more, the innermost is the next."""


def program_of(command: SimpleCommand) -> str:
    """Return the name of the program that a command runs, without its folder; empty for a bare assignment."""
    return command.words[0].text.rpartition("/")[2] if command.words else ""


def commands_of(instruction: Instruction) -> tuple[SimpleCommand, ...]:
    """Return the commands that an instruction runs, in order, those inside wrappers behind their wrapper."""
    words = instruction.arguments
    if instruction.name == "HEALTHCHECK":
        words = words[1:]
    if not words:
        return ()
    if instruction.is_exec:
        found: tuple[SimpleCommand, ...] = (_exec_command(words, instruction.source),)
    else:
        found = parse_script(instruction.source, words[0].start, words[-1].end)
    scripts = list(_fed_scripts(found, instruction.heredocs))
    seen = list(_see_through(found, 0))
    for script in scripts:
        seen.extend(_see_through(parse_script(script), 0))
    return tuple(seen)


def _exec_command(words: tuple[Word, ...], text: JoinedText) -> SimpleCommand:
    shell_words = tuple(ShellWord(word.text, word.start, word.end) for word in words)
    return SimpleCommand(shell_words, (), (), CommandPlace(0, 0, None, False), text)


def _fed_scripts(commands: Iterable[SimpleCommand], heredocs: tuple[Heredoc, ...]) -> Iterator[JoinedText]:
    """Yield the bodies of the heredocs that a shell runs, in their order."""
    waiting = iter(heredocs)
    for command in commands:
        fed = [redirect for redirect in command.redirects if redirect.operator in ("<<", "<<-")]
        runs = _runs_heredoc(command) if fed else None
        for _, heredoc in zip(fed, waiting, strict=False):
            if runs is not None and runs(heredoc):
                yield heredoc.body


def _runs_heredoc(command: SimpleCommand) -> Callable[[Heredoc], bool]:
    """Return what tells whether a heredoc of the command is run by a shell: Docker's own, or the one that is named."""
    if not command.words:
        return _is_for_shell
    *_, innermost = unwrap(command)
    return lambda _: program_of(innermost) in SHELLS


def _is_for_shell(heredoc: Heredoc) -> bool:
    first = heredoc.body.content.partition("\n")[0]
    shebang = first.removeprefix("#!").split()
    if not first.startswith("#!") or not shebang:
        return True
    return any(posixpath.basename(word) in SHELLS for word in shebang[:2])


def _see_through(commands: Iterable[SimpleCommand], nesting: int) -> Iterator[SimpleCommand]:
    for command in commands:
        for unwrapped in unwrap(command):
            yield unwrapped
            script = _inline_script(unwrapped)
            if script is not None and nesting < MAX_NESTING:
                yield from _see_through(parse_script(script), nesting + 1)


def unwrap(command: SimpleCommand) -> Iterator[SimpleCommand]:
    """Yield the command, then what it runs if it is `sudo`, `env` or the like: the first few and the innermost."""
    yield command
    words = command.words
    starts = list(_wrapped_starts(words))
    for start in (*starts[:MAX_WRAPPERS], *starts[MAX_WRAPPERS:][-1:]):
        yield msgspec.structs.replace(command, words=words[start:], redirects=())


def _wrapped_starts(words: tuple[ShellWord, ...]) -> Iterator[int]:
    """Yield where each command that a wrapper runs begins."""
    texts = [word.text for word in words]
    start = behind_wrapper(texts)
    while start is not None and start < len(texts):
        yield start
        start = behind_wrapper(texts, start)


def _inline_script(command: SimpleCommand) -> JoinedText | None:
    """Return the script of `sh -c SCRIPT`, `su USER -c SCRIPT` or `eval SCRIPT`."""
    program = program_of(command)
    if program in OF_USERS:
        options = (place for place, word in enumerate(command.words[:-1]) if word.text in ("-c", "--command"))
        place = next(options, None)
        return None if place is None else _text_of(command.text, command.words[place + 1])
    if program == "eval" and len(command.words) > 1:
        return _text_of(command.text, command.words[1])
    if program not in SHELLS:
        return None
    for place, word in enumerate(command.words[1:-1], start=1):
        if word.text.startswith("-") and not word.text.startswith("--") and "c" in word.text:
            return _text_of(command.text, command.words[place + 1])
        if not word.text.startswith(("-", "+")):
            return None
    return None


def _text_of(text: JoinedText, word: ShellWord) -> JoinedText:
    """Return a word as a script: with exact places if nothing in it was quoted but the whole."""
    written = text.content[word.start : word.end]
    if written == word.text:
        return text.part(word.start, word.end)
    if written[1:-1] == word.text:
        return text.part(word.start + 1, word.end - 1)
    return JoinedText(word.text, (0,), (text.position(word.start),), is_exact=False)


def redirects_to(command: SimpleCommand) -> tuple[Redirect, ...]:
    """Return the redirections that write a file."""
    return tuple(redirect for redirect in command.redirects if ">" in redirect.operator)
