"""What programs write to their standard output, where the image tells: names of files, parts of paths, known texts."""

import fnmatch
import posixpath
import re
from collections.abc import Callable, Mapping
from itertools import takewhile

from gate.core.word_lists import word_lists
from gate.reachability.runtimes.shell.apt_settings import assignments
from gate.reachability.runtimes.shell.expansion import folder_of
from gate.reachability.runtimes.shell.filters import FILTERS
from gate.reachability.runtimes.shell.paths import MAX_WORDS
from gate.reachability.runtimes.shell.run import ShellRun
from gate.reachability.runtimes.shell.state import ShellState
from gate.reachability.runtimes.shell.values import assumed, is_certain, is_known, likely, quoted_assignment
from gate.reachability.runtimes.walk.graph import UNKNOWN
from gate.trees import EntryKind, resolve

_SILENT = frozenset(word_lists(__file__)["silent"])
_OPEN = frozenset(word_lists(__file__)["open"])
_EXECUTABLE = 0o111
_SIMPLE_EXPRESSION = re.compile(r"\^?(?:\[[\w.-]+\][+*]?|\\\.|[\w-])*\$?", re.ASCII)
_MAX_REPEATED = 3
"""Expressions of run-parts with more repeated parts are not tried: they could take long."""
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,5})", re.ASCII)
_MAX_NUMBERS = 100
"""Numbers that `seq` prints; of more it is not known."""
_CANONICAL = re.compile(r"-[a-z]*[fem][a-z]*|--canonicalize.*")
_FIELD = re.compile(r"-d(?P<sign>.)|-f(?P<number>[1-9]\d?)", re.DOTALL)
_PART = re.compile(r"[\w-]+", re.ASCII)
"""Names of the files that run-parts starts (run-parts(8))."""


def _operands(words: list[str]) -> list[str]:
    return [word for word in words if not word.startswith("-")]


def _dirname(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    return "".join(f"{folder_of(word)}\n" for word in _operands(words))


def _basename(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    if any(word.startswith("-") and word != "--" for word in words):
        return None
    name, *suffix = _operands(words) or [""]
    base = posixpath.basename(name.rstrip("/")) or "/"
    return (base.removesuffix(suffix[0]) if suffix and base != suffix[0] else base) + "\n"


def _readlink(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    """The file behind links; without `-f` what one link states, and nothing for what is none."""
    if any(map(_CANONICAL.fullmatch, words)):
        return _realpath(run, words, state)
    operands = _operands(words)
    if len(operands) != 1 or UNKNOWN in state.folder:
        return None
    path = posixpath.normpath(posixpath.join("/", state.folder, operands[0])).strip("/")
    entry = run.files.look_up(path)
    if entry is None or (run.tests.is_changing(path) and not run.is_own(path)):
        return None
    return f"{entry.link}\n" if entry.kind is EntryKind.LINK else ""


def _realpath(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    operands = _operands(words)
    if len(operands) != 1 or UNKNOWN in state.folder or run.tests.is_changing(operands[0]):
        return None
    path = posixpath.join("/", state.folder, operands[0])
    entry = resolve(run.files, path.strip("/"))
    return f"/{entry.path}\n" if entry is not None else None


def _cat(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    if not words or words == ["-"]:
        return state.input
    texts = [run.content(word, state) for word in words]
    return None if None in texts else "".join(text or "" for text in texts)


def _cut(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    """One field of each line: `cut -d' ' -f2` (POSIX, "cut")."""
    joined = [f"{word}{words[place + 1]}" for place, word in enumerate(words[:-1]) if word in ("-d", "-f")]
    options = [found for word in (*words, *joined) if (found := _FIELD.fullmatch(word))]
    sign = next((found["sign"] for found in options if found["sign"]), "\t")
    number = next((int(found["number"]) for found in options if found["number"]), 0)
    is_value = [False, *(word in ("-d", "-f") for word in words)]
    files = [word for word, is_taken in zip(words, is_value, strict=False) if not is_taken and not word.startswith("-")]
    text = _cat(run, files, state)
    if text is None or not is_known(text) or len(options) + len(files) + len(joined) != len(words) or not number:
        return None
    lines = (line.split(sign) for line in likely(text).splitlines())
    fields = "".join(f"{parts[number - 1] if len(parts) >= number else ''}\n" for parts in lines)
    return fields if is_certain(text) else assumed(fields)


def _ls(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    options = "".join(word for word in words if word.startswith("-"))
    if not re.fullmatch(r"[-1AdrvU]*", options) or UNKNOWN in state.folder:
        return None
    names: list[str] = []
    for operand in _operands(words) or ["."]:
        whole = posixpath.join("/", state.folder, operand)
        if run.tests.is_changing(whole):
            return None
        is_folder = run.files.find(whole) is None and "d" not in options
        listed = run.files.names(posixpath.normpath(whole)) if is_folder else [operand]
        names.extend(name for name in listed if "A" in options or not name.startswith("."))
    return "".join(f"{name}\n" for name in (reversed(names) if "r" in options else names))


def _find(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    """`find` with tests of names, kinds and depth; with any other it is not known what it prints."""
    follows = list(takewhile(lambda word: word in ("-L", "-H", "-P"), words))
    words = words[len(follows) :]
    count = next((place for place, word in enumerate(words) if word[:1] in ("-", "!", "(")), len(words))
    roots, tests = words[:count] or ["."], _find_tests(words[count:])
    if tests is None or UNKNOWN in state.folder:
        return None
    follows_all = follows[-1:] == ["-L"] or "-follow" in words
    lines: list[str] = []
    for root in roots:
        found = _files_below(run, posixpath.join("/", state.folder, root), is_followed=follows_all)
        is_link = not follows and not root.endswith("/") and run.files.links(posixpath.join(state.folder, root))
        if found is None or is_link:
            return None
        lines.extend(f"{root.rstrip('/')}/{inside}\n" for inside in found if tests(inside))
    return "".join(lines)


def _files_below(run: ShellRun, root: str, *, is_followed: bool) -> list[str] | None:
    """Return the paths of the files below a folder, relative to it; None if they are not known, or more than MAX_WORDS.

    A link counts as the file it leads to if links are followed, and else not at all.
    """
    real = run.files.folder(posixpath.normpath(root))
    if run.tests.is_changing(root) or (real is None and run.files.find(root)):
        return None
    found: list[str] = []
    for path in run.files.below(real) if real is not None else ():
        is_link = bool(run.files.links(path))
        if len(found) > MAX_WORDS or (is_link and is_followed and run.files.folder(path) is not None):
            return None
        if run.files.find(path) is not None and (is_followed or not is_link):
            found.append(path[len(real or "") :].lstrip("/"))
    return found if len(found) <= MAX_WORDS else None


def _find_tests(words: list[str]) -> Callable[[str], bool] | None:
    """Return whether a path, relative to the folder, passes; None if the tests are not known."""
    valued = {"-name": "*", "-type": "f", "-maxdepth": "99", "-mindepth": "0", "-regex": ""}
    place = 0
    while place < len(words):
        if words[place] in ("-follow", "-print", "-quit", "-xdev", "-mount"):
            place += 1
        elif words[place] in valued and place + 1 < len(words):
            valued[words[place]] = words[place + 1]
            place += 2
        else:
            return None
    is_number = valued["-maxdepth"].isdigit() and valued["-mindepth"].isdigit()
    if valued["-type"] != "f" or "-quit" in words or valued["-regex"] or not is_number or "-type" not in words:
        return None
    least, most = int(valued["-mindepth"]), int(valued["-maxdepth"])

    def passes(inside: str) -> bool:
        depth = inside.count("/") + 1
        return least <= depth <= most and fnmatch.fnmatchcase(posixpath.basename(inside), valued["-name"])

    return passes


def _run_parts(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    """`run-parts --list` and `--test`; else the parts write what they like."""
    lists, tests = "--list" in words, "--test" in words
    folder = (_operands(words) or [""])[-1]
    if not (lists or tests) or not folder or run.tests.is_changing(folder):
        return None
    stated = [word.partition("=")[2] for word in words if word.startswith("--regex=")]
    stated += [words[place + 1] for place, word in enumerate(words[:-1]) if word == "--regex"]
    if stated and (not _SIMPLE_EXPRESSION.fullmatch(stated[0]) or len(re.findall(r"[+*]", stated[0])) > _MAX_REPEATED):
        return None
    try:
        expression = re.compile(stated[0]) if stated else None
    except re.error:
        return None
    names = []
    for name in run.files.names(folder):
        entry = run.files.find(f"{folder}/{name}")
        is_part = expression.search(name) if expression else _PART.fullmatch(name)
        if entry is not None and is_part and (lists or entry.mode & _EXECUTABLE):
            names.append(f"{folder.rstrip('/')}/{name}\n")
    return "".join(names)


def _lines(state: ShellState) -> list[str] | None:
    """Return the lines of the input, if it is known."""
    return None if state.input is None or not is_certain(state.input) else state.input.splitlines(keepends=True)


def _sorted(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    lines = _lines(state)
    if lines is None or _operands(words) or not set("".join(words)) <= set("-Vur"):
        return None
    ordered = sorted(set(lines) if "u" in "".join(words) else lines, reverse="r" in "".join(words))
    return "".join(ordered)


def _first_or_last(is_first: bool) -> Callable[[ShellRun, list[str], ShellState], str | None]:
    def cut(run: ShellRun, words: list[str], state: ShellState) -> str | None:
        lines = _lines(state)
        found = re.fullmatch(r"(?:-n ?|--lines=|-)?(\d*)", " ".join(words))
        if lines is None or found is None:
            return None
        count = int(found[1] or 10)
        return "".join(lines[:count] if is_first else lines[max(0, len(lines) - count) :])

    return cut


def _uname(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    """The kernel of a container is Linux; its version and machine are those of the host."""
    return "Linux\n" if not words or words in (["-s"], ["--kernel-name"]) else None


def _mktemp(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    return f"/tmp/{UNKNOWN}"  # noqa: S108


def _getopt(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    """`getopt` without parameters, of which only the end of the options is left (getopt(1))."""
    if "--" not in words:
        return None
    options, rest = words[: words.index("--")], words[words.index("--") + 1 :]
    if not any(re.match(r"-o|--o", word) for word in options):  # the letters are the first word
        rest = rest[1:] if rest else ["?"]
    return None if rest else " --\n"


def _apt_config(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    return assignments(words, state, run.files, run.written | run.redirected)


def _only_sets(*names: str) -> Callable[[ShellRun, list[str], ShellState], str | None]:
    """Return what a program writes that is made to be evaluated: it assigns these variables (dircolors(1), less(1))."""

    def written(run: ShellRun, words: list[str], state: ShellState) -> str | None:
        is_other = any(word.startswith("-") and word not in ("-b", "--sh", "--bourne-shell") for word in words)
        return None if is_other else "".join(quoted_assignment(name, UNKNOWN) for name in names)

    return written


def _seq(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    """`seq` of a few whole numbers: last, first and last, or with a step between them (seq(1))."""
    if not 1 <= len(words) <= 3 or not all(_NUMBER.fullmatch(word) for word in words):
        return None
    first, *step = [int(word) for word in words[:-1]] or [1]
    by = (step or [1])[0]
    if not by:
        return None
    numbers = range(first, int(words[-1]) + by // abs(by), by)
    return None if len(numbers) > _MAX_NUMBERS else "".join(f"{number}\n" for number in numbers)


_WRITERS: Mapping[str, Callable[[ShellRun, list[str], ShellState], str | None]] = {
    "dirname": _dirname,
    "basename": _basename,
    "readlink": _readlink,
    "realpath": _realpath,
    "cut": _cut,
    "cat": _cat,
    "ls": _ls,
    "find": _find,
    "run-parts": _run_parts,
    "sort": _sorted,
    "head": _first_or_last(is_first=True),
    "tail": _first_or_last(is_first=False),
    "mktemp": _mktemp,
    "getopt": _getopt,
    "uname": _uname,
    "apt-config": _apt_config,
    "dircolors": _only_sets("LS_COLORS"),
    "lesspipe": _only_sets("LESSOPEN", "LESSCLOSE"),
    "seq": _seq,
    **FILTERS,
}


def output_of(run: ShellRun, words: list[str], state: ShellState) -> str | None:
    """Return what a command writes; None for a program of which nothing is known.

    It holds `UNKNOWN` where the output of a known program depends on the run.
    """
    name = posixpath.basename(likely(words[0]))
    if name in _SILENT:
        return ""
    if name in _OPEN:
        return UNKNOWN
    writer = _WRITERS.get(name)
    if writer is None:
        return None
    if any(not is_known(word) for word in words):
        return UNKNOWN
    written = writer(run, [likely(word) for word in words[1:]], state)
    if written is None:
        return UNKNOWN
    return written if all(map(is_certain, words)) or UNKNOWN in written else assumed(written)
