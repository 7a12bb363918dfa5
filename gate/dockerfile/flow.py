"""How what a command fetches comes to be run, within one step: pipes, substitutions, variables, inline code."""

import posixpath
import re

from gate.dockerfile.commands import SHELLS
from gate.dockerfile.output_option import writes_file
from gate.dockerfile.shell import SUBSTITUTED, CommandPlace
from gate.dockerfile.step import Command
from gate.dockerfile.written import exported

FETCHERS = frozenset({"aria2c", "axel", "curl", "fetch", "http", "https", "lynx", "wget", "wget2", "xh"})
"""Programs that fetch what an address names and print or keep it."""
INTERPRETER = re.compile(r"(?:python|perl|ruby|node|nodejs|php|lua|pwsh|powershell|fish|tclsh|bun|deno)[\d.]*")
"""Programs that are no POSIX shell and run what they are given."""
MAX_CLIMB = 64
"""Groups around a command that are followed to see where its output goes."""
_INLINE_CODE = ("-c", "-e", "-m", "-r", "--eval", "--command", "-Command", "eval", "run", "repl")
_STANDARD_INPUT = frozenset({"-", "/dev/stdin", "/proc/self/fd/0", "/dev/fd/0"})
_INCLUDES = frozenset({".", "source", "eval"})

_Place = tuple[int, int, int]
"""A command: its script, pipeline, and place in the pipeline."""


def runs_code(command: Command) -> bool:
    """True for shells and interpreters."""
    return command.program in SHELLS or bool(INTERPRETER.fullmatch(command.program))


def _runs_its_input(command: Command) -> bool:
    """True for `sh`, `bash -s -- x`, `python3 -` and the like: standard input is the program."""
    if command.program == "xargs":
        return _hands_on_code(command.arguments)
    if command.program in _INCLUDES:
        return any(word in _STANDARD_INPUT for word in command.arguments)
    if not runs_code(command):
        return False
    for word in command.arguments:
        if word in _INLINE_CODE:
            return False
        if word in _STANDARD_INPUT or word == "--" or (word == "-s" and command.program in SHELLS):
            return True
        if not word.startswith(("-", "+")):
            return False
    return True


_REPLACED = re.compile(r"[\"']*(?:\{\}|%|\$[@*01])[\"']*")


def _hands_on_code(words: tuple[str, ...]) -> bool:
    """True for `xargs sh -c` and `xargs -I% sh -c %`: the words that come in are the script."""
    shell = next((place for place, word in enumerate(words) if posixpath.basename(word) in SHELLS), None)
    if shell is None:
        return False
    behind = words[shell + 1 :]
    if not behind or not (behind[0].startswith("-") and behind[0].endswith("c")):
        return False
    return len(behind) == 1 or bool(_REPLACED.fullmatch(behind[1]))


def _code_in(command: Command) -> tuple[str, ...]:
    """Return the words that a command runs as code, or takes as its script: `sh -c CODE`, `eval CODE`, `bash FILE`."""
    if command.program in _INCLUDES:
        return command.arguments
    if not runs_code(command):
        return ()
    return tuple(word for word in command.arguments if not word.startswith(("-", "+")))[:1]


def _runs_its_words(command: Command) -> bool:
    """True if what a substitution puts into the command is run: `sh -c "$(…)"`, `bash <(…)`, `bash <<< "$(…)"`."""
    if command.words and SUBSTITUTED in command.words[0].text:
        return True
    if any(SUBSTITUTED in word for word in _code_in(command)):
        return True
    is_fed = any(SUBSTITUTED in redirect.target.text for redirect in command.syntax.redirects)
    return is_fed and _runs_its_input(command)


_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)


def _is_written_to(command: Command) -> bool:
    """True for the first command of `>(…)`."""
    spot, words = command.syntax.spot, command.syntax.words
    before = command.syntax.text.content[: words[0].start].rstrip() if words else ""
    return spot.is_substituted and spot.place == 0 and before.endswith(">(")


class Flow:
    """Where in a step the output of one command is run by another."""

    def __init__(self, commands: tuple[Command, ...]) -> None:
        self._last_reader: dict[tuple[int, int], int] = {}
        self._runners: set[_Place] = set()
        self._run_variables = {name for command in commands for name in _variables_run(command)}
        for command in commands:
            if _runs_its_input(command):
                self._add_reader(command)
            if _runs_its_words(command) or self._sets_run_variable(command):
                spot = command.syntax.spot
                self._runners.add((id(command.syntax.text), spot.pipeline, spot.place))

    def _sets_run_variable(self, command: Command) -> bool:
        return any(
            name in self._run_variables and SUBSTITUTED in value and command.program != "env"
            for name, value, _ in exported(command)
        )

    def _add_reader(self, command: Command) -> None:
        """Note the reader's pipeline, and that of each group that it is the first command of."""
        spot: CommandPlace | None = command.syntax.spot
        outer = command.syntax.spot.inside
        if outer is not None and _is_written_to(command):  # `tee >(sh)`, `curl … > >(sh)`
            key = (id(command.syntax.text), outer.pipeline)
            self._last_reader[key] = max(outer.place + 1, self._last_reader.get(key, 0))
        for _ in range(MAX_CLIMB):
            if spot is None:
                return
            key = (id(command.syntax.text), spot.pipeline)
            self._last_reader[key] = max(spot.place, self._last_reader.get(key, 0))
            spot = spot.inside if spot.place == 0 and not spot.is_substituted else None

    def ends_in_interpreter(self, command: Command) -> bool:
        """True if what `command` prints is run; what an option writes to a file is not printed."""
        if writes_file(command):
            return False
        spot, script = command.syntax.spot, id(command.syntax.text)
        for _ in range(MAX_CLIMB):
            if self._last_reader.get((script, spot.pipeline), 0) > spot.place:
                return True
            if spot.inside is None:
                return False
            if spot.is_substituted and (script, spot.inside.pipeline, spot.inside.place) in self._runners:
                return True
            spot = spot.inside
        return False


def _variables_run(command: Command) -> list[str]:
    """Return the variables whose values a command runs: `eval "$script"`, `sh -c "$script"`."""
    if command.program not in _INCLUDES and not any(word in _INLINE_CODE for word in command.arguments):
        return []
    return [name for word in _code_in(command) for name in _VARIABLE.findall(word)]


_FETCHING_CODE = re.compile(
    r"urlopen|urlretrieve|LWP::Simple|requests\.get|httpx\.get|open-uri|URI\.open|Net::HTTP|LWP::|file_get_contents\(\s{0,9}.https?:|"
    r"fetch\(|https?\.get\("
)
_RUNNING_CODE = re.compile(r"\bexec\s{0,9}\(|\beval\b|\bos\.system\(|\bsubprocess\b|\bexecSync\(|\binstance_eval\b")
_VERIFYING_CODE = re.compile(r"\bhashlib\b|\bhash_file\b|\bDigest::SHA|\bcreateHash\(|\bGet-FileHash\b")
_POWERSHELL_FETCHES = re.compile(
    r"\b(?:DownloadString|Invoke-WebRequest|Invoke-RestMethod|iwr|irm|curl|wget)\b", re.IGNORECASE
)
_POWERSHELL_RUNS = re.compile(r"\b(?:iex|Invoke-Expression)\b", re.IGNORECASE)


def fetches_and_runs(command: Command) -> bool:
    """True if the code on an interpreter's command line fetches something and runs it."""
    return bool(INTERPRETER.fullmatch(command.program)) and code_fetches_and_runs(" ".join(command.arguments))


def code_fetches_and_runs(code: str) -> bool:
    """True if code of Python, Perl, Ruby, PHP, Node or PowerShell fetches something and runs it, unverified."""
    if _VERIFYING_CODE.search(code):
        return False
    return powershell_fetches_and_runs(code) or (code_fetches(code) and bool(_RUNNING_CODE.search(code)))


def code_fetches(code: str) -> bool:
    """True if code fetches something from another machine."""
    return _FETCHING_CODE.search(code) is not None


def powershell_fetches_and_runs(script: str) -> bool:
    """True for `iex (iwr https://…)` and its like."""
    return bool(_POWERSHELL_RUNS.search(script) and _POWERSHELL_FETCHES.search(script))
