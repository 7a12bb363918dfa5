"""Commands that are no line: continued on the next one, or a list of arguments in a program.

    mysql -h db \\
      -pPASSWORD shop                     subprocess.run(["mysql", "-pPASSWORD", "shop"])

Each is written as one line, which the detectors of command lines know.
"""

from collections.abc import Iterator, Mapping, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.secrets.decoders.part import MAX_LINE, DecodedPart, numbers_of_lines, part_of
from gate.secrets.engine.prefilter_patterns import Pattern
from gate.secrets.engine.text import Text

_CONTINUED = lazy_regex(r"[\\`^][ \t]*\n?$")
_OPTION = lazy_regex(r"[ \t]{0,40}(-(?:[upawPUk][^\n-]|-user|-pass|[Ss]tring)[^\n]*)")
_PROGRAMS = (
    "curl|mysql|mysqldump|mysqladmin|mariadb|sshpass|redis-cli|ldapsearch|docker|mongo|mongosh|mongodump|smbclient"
    "|sqlcmd|openssl|lftp|htpasswd"
)
_LIST = lazy_regex(rf"([\"'])(?:{_PROGRAMS})\1[ ]?,[ ]?[\"'][^\n]*")
_ARGUMENT = lazy_regex(r"\"([^\"\n]{0,300})\"|'([^'\n]{0,300})'")
_MOST_LINES = 12
"""Lines that a command is continued over; longer ones are lists of options without an end."""
FORM = "Commands"
SIEVE = (
    Pattern(FORM, rb"[\\`^][ \t]{0,40}\n[ \t]{0,40}-(?:[upawPUk][^\n-]|-user|-pass|[Ss]tring)"),
    Pattern(FORM, rb"[\"'](?:" + _PROGRAMS.encode() + rb")[\"'][ ]?,[ ]?[\"']"),
)
"""Lines with an option of a command that began above, or with a list of arguments."""


def parts(text: Text, path: str, values: Mapping[int, int] | None = None) -> Iterator[DecodedPart]:
    """Yield one part with each such command as a line, at the line of the option or the list.

    `values`: the lines in which SIEVE matches, and where in bytes they start; None: any.
    """
    numbers = numbers_of_lines(text, values)
    found = [(number, command) for number in numbers if (command := _command(text.lines, number))]
    yield from part_of(found, path)


def _command(lines: Sequence[str], number: int) -> str | None:
    line = lines[number - 1]
    if len(line) > MAX_LINE:
        return None
    if listed := _LIST.search(line):
        return " ".join(one[1] or one[2] or "" for one in _ARGUMENT.finditer(listed.group()))
    option = _OPTION.match(line)
    program = _program(lines, number) if option else None
    return f"{program} {_CONTINUED.sub('', option[1]).rstrip()}" if option and program else None


def _program(lines: Sequence[str], number: int) -> str | None:
    """Return the words before the first option of the command that line `number` goes on with, if it does."""
    first = number
    while first > 1 and number - first < _MOST_LINES and _CONTINUED.search(lines[first - 2]):
        first -= 1
    head = lines[first - 1][:MAX_LINE]
    return _CONTINUED.sub("", head).partition(" -")[0].strip() if first < number else None
