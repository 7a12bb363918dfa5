"""What a build fetches, and whether anybody checks it."""

import re
from collections.abc import Iterator

from gate.dockerfile.addresses import plain_host
from gate.dockerfile.build import Command, Step
from gate.dockerfile.commands import SHELLS
from gate.dockerfile.edits import Changes, replace_in_word, replace_part
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, rule
from gate.dockerfile.shell import SUBSTITUTED, ShellWord, Spot
from gate.dockerfile.text import Word
from gate.model import Severity

_FETCHERS = frozenset({"aria2c", "curl", "fetch", "http", "https", "lynx", "wget"})
_INTERPRETER = re.compile(r"(?:python|perl|ruby|node|nodejs|php|lua|pwsh)[\d.]*")
_INLINE_CODE = ("-c", "-e", "-m", "-r", "--eval", "--command")
_STANDARD_INPUT = frozenset({"-", "/dev/stdin", "/proc/self/fd/0"})
_INCLUDES = frozenset({".", "source", "eval"})
MAX_CLIMB = 64
"""Groups around a command that are followed to see where its output goes."""


def _runs_its_input(command: Command) -> bool:
    """True for `sh`, `bash -s -- x`, `python3 -` and the like: standard input is the program."""
    if command.program not in SHELLS and not _INTERPRETER.fullmatch(command.program):
        return False
    for word in command.arguments:
        if word in _INLINE_CODE:
            return False
        if word in _STANDARD_INPUT or word == "--" or (word == "-s" and command.program in SHELLS):
            return True
        if not word.startswith(("-", "+")):
            return False
    return True


def _runs_its_words(command: Command) -> bool:
    """True if what a substitution puts into the command is run: `sh -c "$(…)"`, `eval "$(…)"`, `bash <(…)`."""
    program = command.words[0].text if command.words else ""
    if SUBSTITUTED in program:
        return True
    if command.program in _INCLUDES:
        return any(SUBSTITUTED in word for word in command.arguments)
    if command.program not in SHELLS and not _INTERPRETER.fullmatch(command.program):
        return False
    code = next((word for word in command.arguments if not word.startswith(("-", "+"))), "")
    return SUBSTITUTED in code


class _Flow:
    """Where in a step the output of one command is run by another."""

    def __init__(self, commands: tuple[Command, ...]) -> None:
        self._last_reader: dict[tuple[int, int], int] = {}
        self._runners: set[tuple[int, int, int]] = set()
        for command in commands:
            if _runs_its_input(command):
                self._add_reader(command)
            if _runs_its_words(command):
                spot = command.syntax.spot
                self._runners.add((id(command.syntax.text), spot.pipeline, spot.place))

    def _add_reader(self, command: Command) -> None:
        """Note the reader's pipeline, and that of each group that it is the first command of."""
        spot: Spot | None = command.syntax.spot
        for _ in range(MAX_CLIMB):
            if spot is None:
                return
            key = (id(command.syntax.text), spot.pipeline)
            self._last_reader[key] = max(spot.place, self._last_reader.get(key, 0))
            spot = spot.inside if spot.place == 0 and not spot.is_substituted else None

    def ends_in_interpreter(self, command: Command) -> bool:
        """True if what `command` prints is run."""
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


@rule(
    "GD002",
    Severity.HIGH,
    "Downloaded script is run unseen",
    looks_at=instructions("RUN"),
    why="Whoever controls the server runs code in your build, and may serve your build another script than you.",
    mend="Download to a file, compare its SHA-256 digest with one in the Dockerfile, then run it; or use a package.",
    references=("CWE-494", "CWE-829"),
    bad="RUN curl -fsSL https://packages.example/install | sh",
    good=(
        "ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 "
        "https://packages.example/install /tmp/install\nRUN sh /tmp/install"
    ),
)
def download_piped_to_interpreter(step: Step) -> Iterator[Hit]:
    flow = _Flow(step.commands)
    for command in step.commands:
        if command.program in _FETCHERS and flow.ends_in_interpreter(command):
            yield command.hit(f"what {command.program} fetches is run without a look at it")


_CLIENTS = _FETCHERS | {"git", "pip", "pip3", "npm", "yarn", "gem", "apk", "yum", "dnf", "go", "svn"}


@rule(
    "GD006",
    Severity.MEDIUM,
    "Download without TLS",
    looks_at=instructions("ADD", "RUN"),
    why="Anybody on the way can read and change what is fetched.",
    mend="Use https, and compare a digest.",
    references=("CWE-319", "CWE-494"),
    bad="RUN wget http://packages.example/a.tgz",
    good="RUN wget https://packages.example/a.tgz",
)
def plain_download(step: Step) -> Iterator[Hit]:
    if step.name == "ADD":
        yield from _plain_sources(step)
    for command in step.commands:
        found = _first_plain(command) if command.program in _CLIENTS else None
        if found:
            changes = replace_in_word(command, found[0], "http://", "https://") if found[1] in _SPEAK_TLS else ()
            yield command.hit(f"what {found[1]} sends can be changed on the way", found[0], changes=changes)


def _plain_sources(step: Step) -> Iterator[Hit]:
    for word, source in zip(step.instruction.arguments, step.values[:-1], strict=False):
        host = plain_host(source or word.text)
        if host:
            yield step.hit(f"what {host} sends can be changed on the way", word, changes=_with_tls(step, word, host))


_SPEAK_TLS = frozenset(
    {
        *("archive.apache.org", "bitbucket.org", "cdn.kernel.org", "codeload.github.com", "curl.se", "dl.google.com"),
        *("dl.k8s.io", "dlcdn.apache.org", "downloads.apache.org", "ftp.gnu.org", "github.com", "gitlab.com"),
        *("nodejs.org", "raw.githubusercontent.com", "releases.hashicorp.com", "storage.googleapis.com"),
        *("www.apache.org", "www.kernel.org", "www.openssl.org", "www.python.org"),
    }
)
"""Well-known hosts that give with TLS whatever they give without."""


def _with_tls(step: Step, word: Word, host: str) -> Changes:
    can_be = host in _SPEAK_TLS and word.text.startswith("http://") and not step.instruction.is_exec
    return replace_part(step, word, word.text.replace("http://", "https://", 1)) if can_be else ()


def _first_plain(command: Command) -> tuple[ShellWord, str] | None:
    for word in command.words[1:]:
        host = plain_host(word.text)
        if host:
            return word, host
    return None
