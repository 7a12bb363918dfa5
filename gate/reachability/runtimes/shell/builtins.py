"""What a shell's own commands do to its state (POSIX, XCU 2.14; bash(1), "SHELL BUILTIN COMMANDS")."""

import posixpath
import re
from collections.abc import Callable, Mapping

from gate.core.word_lists import word_lists
from gate.reachability.runtimes.shell.run import MAX_DEPTH, ShellRun
from gate.reachability.runtimes.shell.state import ShellState
from gate.reachability.runtimes.shell.tests import tested
from gate.reachability.runtimes.shell.values import (
    FALSE,
    MANY,
    OPEN,
    TRUE,
    UNSET,
    Truth,
    compared,
    is_certain,
    is_known,
    likely,
    settled,
    truth,
)
from gate.reachability.runtimes.walk.graph import UNKNOWN

_Builtin = Callable[[ShellRun, list[str], ShellState], list[ShellState]]
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\", '\\"': '"'}
_SILENT_OPTIONS = frozenset({"-n", "-e", "-E", "-ne", "-en"})
_IGNORED = frozenset(word_lists(__file__)["ignored"])
_LOOKING_UP = frozenset({"-v", "-V", "-pv", "-pV"})


def _true(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    state.status = TRUE
    return [state]


def _false(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    state.status = FALSE
    return [state]


def _ignored(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    state.status = OPEN
    return [state]


def _test(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    operands = words[1:-1] if words[0] == "[" else words[1:]
    is_countable = MANY not in words
    state.status = tested(operands, lambda sign, path: run.path_test(sign, path, state)) if is_countable else OPEN
    return [state]


def _echo(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    place = 1
    while place < len(words) and words[place] in _SILENT_OPTIONS:
        place += 1
    is_escaped = any("\\" in word for word in words[place:])
    text = UNKNOWN if is_escaped else " ".join(words[place:])
    state.write(text.replace(MANY, UNKNOWN) + "\n" * ("n" not in "".join(words[1:place])))
    state.status = TRUE
    return [state]


def _printf(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    state.status = TRUE
    if words[1:2] == ["-v"] and len(words) > 3:
        state.assign(likely(words[2]), _formatted(words[3:]))
    else:
        state.write(_formatted(words[2:] if words[1:2] == ["--"] else words[1:]))
    return [state]


def _formatted(words: list[str]) -> str:
    """Return what printf makes of the simplest formats."""
    if not words or MANY in words:
        return UNKNOWN
    form = re.sub(r'\\[nt\\"]', lambda found: _ESCAPES[found[0]], words[0])
    if "\\" in form or re.search(r"%(?![s%])", form) or not is_certain(form):
        return UNKNOWN
    count = form.count("%s")
    if not count:
        return form.replace("%%", "%")
    arguments = words[1:] or [""]
    arguments += [""] * (-len(arguments) % count)
    lines = []
    for start in range(0, len(arguments), count):
        values = iter(arguments[start : start + count])
        lines.append(re.sub("%(.)", lambda found, each=values: next(each) if found[1] == "s" else "%", form))  # type: ignore[misc]
    return "".join(lines)


def _cd(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    operands = [word for word in words[1:] if word == "-" or not word.startswith("-")]
    state.status = OPEN
    before = state.folder
    if operands == ["-"]:
        state.folder = state.values.get("OLDPWD") or UNKNOWN
    elif operands:
        target = settled(operands[0])
        whole = posixpath.normpath(posixpath.join("/", state.folder, target))
        state.folder = UNKNOWN if UNKNOWN in whole else whole
        is_around = f"/{run.path.lstrip('/')}".startswith(
            f"{whole.rstrip('/')}/"
        )  # a script that runs lies in its folder
        state.status = TRUE if is_around else run.path_test("d", operands[0], _at(state, before))
    else:
        state.folder = settled(state.values.get("HOME") or UNKNOWN)
    state.assign("OLDPWD", before)
    state.values.pop("PWD", None)
    return [state]


def _at(state: ShellState, folder: str) -> ShellState:
    other = state.copy()
    other.folder = folder
    return other


def _popd(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    state.folder, state.status = UNKNOWN, OPEN
    return [state]


def _pwd(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    state.write(state.folder + "\n")
    state.status = TRUE
    return [state]


def _export(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    removes = "-n" in words[1:]
    for word in words[1:]:
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            continue
        if not _NAME.fullmatch(name):
            _assign_unreadable(name, state)
            continue
        if equals:
            state.assign(name, value)
        state.exported = state.exported - {name} if removes else state.exported | {name}
    state.status = TRUE
    return [state]


def _assign_unreadable(name: str, state: ShellState) -> None:
    """Set a variable whose name is not fully known, or `name+=`."""
    if name.endswith("+") and _NAME.fullmatch(name[:-1]):
        state.assign(name[:-1], UNKNOWN)
    elif not is_certain(name):
        state.assign_unknown_name()


def _declare(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    """`local`, `declare`, `typeset` and `readonly`: of a function's own variables the outer values are kept."""
    is_local = words[0] == "local" or (words[0] != "readonly" and run.depth > 0 and "-g" not in words)
    is_reference = any(word.startswith("-") and "n" in word for word in words[1:])  # to a variable of the name it has
    for word in words[1:]:
        name, equals, value = word.partition("=")
        if word.startswith(("-", "+")):
            continue
        if not _NAME.fullmatch(name):
            _assign_unreadable(name, state)
            continue
        if is_local and name not in state.outer:
            state.outer[name] = state.value(name)
        if equals or is_reference:
            state.assign(name, UNKNOWN if is_reference else value)
        elif is_local and name not in state.arrays:
            state.values[name] = UNSET
    if "-x" in words[1:]:
        _export(run, words, state)
    state.status = run.substitution_status or TRUE
    return [state]


def _unset(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    for word in words[1:]:
        if not is_certain(word):
            state.assign_unknown_name()
        elif "-f" in words:
            state.functions.pop(word, None)
        elif not word.startswith("-"):
            state.assign(word, None)
    state.status = TRUE
    return [state]


def _set(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    state.status = TRUE
    for place, word in enumerate(words[1:], start=1):
        if word in ("--", "-"):
            state.positional = tuple(words[place + 1 :])
            break
        if word[:1] not in ("-", "+") or (place > 1 and words[place - 1][:2] in ("-o", "+o") and len(word) > 1):
            if words[place - 1][-1:] == "o" and words[place - 1][:1] in ("-", "+"):
                continue
            state.positional = tuple(words[place:])
            break
        if "a" in word[1:] and word[1:].isalpha():
            state.exports_all = word[0] == "-"
    return [state]


def _shift(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    count = int(words[1]) if len(words) > 1 and words[1].isdigit() else 1
    if MANY in state.positional[:count] or (len(words) > 1 and not words[1].isdigit()):
        state.positional = (MANY,)
        state.status = OPEN
    else:
        state.status = truth(count <= len(state.positional))
        state.positional = state.positional[count:] if count <= len(state.positional) else state.positional
    return [state]


def _exit(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    if len(words) > 1:
        state.status = compared(words[1], "0")
    return run.end(state)


def _return(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    if len(words) > 1:
        state.status = compared(words[1], "0")
    run.frame.returned.append(state)
    return []


def _break(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    levels = int(words[1]) if len(words) > 1 and words[1].isdigit() else 1
    loops = run.frame.loops
    if not loops:
        return [state]
    state.status = TRUE
    broken, continued = loops[-min(max(levels, 1), len(loops))]
    (broken if words[0] == "break" else continued).append(state)
    return []


def _eval(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    return run.nested(" ".join(words[1:]).replace(MANY, UNKNOWN), state)


def _source(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    state.status = OPEN
    operands = words[2:] if words[1:2] == ["--"] else words[1:]
    name = operands[0] if operands else ""
    if not is_known(name) or run.depth >= MAX_DEPTH or (UNKNOWN in state.folder and "/" in name[1:]):
        run.add_gap("sources a file that is known only at run time")
        return [state]
    if not likely(name):
        if name and state.is_certain:
            run.add_gap("sources a file that is known only at run time")
        return [state]
    path = _sourced_path(run, likely(name), state)
    if run.files.find(path) is None:
        if run.tests.is_changing(path) and not path.startswith(("/dev/", "/proc/")):
            run.add_gap(f"sources {path[:100]!r}, which is not in the image")
        return [state]
    if run.tests.is_made(path):
        run.add_gap("sources a file that a script writes")
    run.add_opened(path, "sources", state)
    return run.sourced(path, state, tuple(operands[1:]))


def _sourced_path(run: ShellRun, name: str, state: ShellState) -> str:
    """Return the file for a name: one without a `/` is looked for along PATH, then in the working folder."""
    if "/" not in name:
        for folder in settled(state.values.get("PATH") or "").split(":"):
            path = posixpath.join("/", folder, name)
            if name and folder and UNKNOWN not in folder and run.files.find(path) is not None:
                return path
    return posixpath.normpath(posixpath.join("/", settled(state.folder), name))


def _trap(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    text = words[1] if len(words) > 2 else ""
    if text and text not in ("-", "--") and not text.startswith("-"):
        run.traps.append((text, state.copy()))
    state.status = TRUE
    return [state]


def _alias(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    for word in words[1:]:
        name, equals, text = word.partition("=")
        if equals and is_certain(name):
            state.aliases[name] = text
    state.status = TRUE
    return [state]


def _unalias(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    for word in words[1:]:
        state.aliases.pop(word, None)
    if "-a" in words[1:]:
        state.aliases.clear()
    return [state]


def _read(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    """`read`: from a known input one line after the other."""
    names = [word for word in words[1:] if _NAME.fullmatch(word)] or ["REPLY"]
    is_plain = not any(re.fullmatch(r"-\w*[adinNptu]\w*", word) for word in words[1:])
    if state.input is None or not is_known(state.input) or not is_plain:
        for name in names:
            state.assign(name, UNKNOWN)
        state.status = OPEN
        return [state]
    line, end, rest = state.input.partition("\n")
    state.input = rest
    _assign_fields(names, line, state)
    found = truth(bool(end)) if is_certain(line) else OPEN
    state.status = Truth(None, found.likely) if state.is_input_shared else found
    return [state]


def _assign_fields(names: list[str], line: str, state: ShellState) -> None:
    separators = state.values.get("IFS")
    if separators is None:
        fields = line.split(None, len(names) - 1) if len(names) > 1 else [line.strip()]
    elif separators == "":
        fields = [line]
    elif is_certain(separators):
        fields = re.split(f"[{re.escape(separators)}]", line, maxsplit=len(names) - 1) if len(names) > 1 else [line]
    else:
        fields = [UNKNOWN] * len(names)
    for place, name in enumerate(names):
        state.assign(name, fields[place] if place < len(fields) else "")


def _mapfile(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    name = words[-1] if len(words) > 1 and _NAME.fullmatch(words[-1]) else "MAPFILE"
    state.assign(name, UNKNOWN)
    is_split = state.input is not None and is_certain(state.input) and "-t" in words and "-d" not in words
    state.arrays[name] = tuple((state.input or "").splitlines()) if is_split else (MANY,)
    state.status = OPEN
    return [state]


def _getopts(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    """`getopts`: known arguments are gone through as the shell does, with OPTIND and the place in a word."""
    if len(words) < 3 or not _NAME.fullmatch(likely(words[2])):
        return _ignored(run, words, state)
    arguments = tuple(words[3:]) or state.positional
    name, letters = likely(words[2]), words[1]
    at = state.values.get("OPTIND", "1") or "1"
    inside = state.values.get(" inside", "1") or "1"
    if not (at.isdigit() and inside.isdigit()) or not all(map(is_certain, (*arguments, letters))):
        state.assign(name, UNKNOWN)
        state.assign("OPTARG", UNKNOWN)
        state.assign("OPTIND", UNKNOWN)
        state.status = OPEN
        return [state]
    place = int(at) - 1
    word = arguments[place] if place < len(arguments) else ""
    if len(word) < 2 or word[0] != "-" or word == "--":
        state.assign(name, "?")
        state.assign("OPTIND", str(place + 1 + (word == "--")))
        state.status = FALSE
        return [state]
    _take_option(state, name, letters, arguments, place, int(inside))
    state.status = TRUE
    return [state]


def _take_option(
    state: ShellState, name: str, letters: str, arguments: tuple[str, ...], place: int, inside: int
) -> None:
    """Set the variables of `getopts` to the option at a place of the arguments."""
    word = arguments[place]
    letter, rest = word[inside : inside + 1], word[inside + 1 :]
    is_known_letter = letter not in (":", "") and letter in letters
    takes_value = is_known_letter and letters.partition(letter)[2].startswith(":")
    state.assign(name, letter if is_known_letter else "?")
    state.assign("OPTARG", letter if not is_known_letter and letters.startswith(":") else None)
    if takes_value:
        state.assign("OPTARG", rest or "".join(arguments[place + 1 : place + 2]))
        if not rest and place + 1 >= len(arguments):
            state.assign(name, ":" if letters.startswith(":") else "?")
            state.assign("OPTARG", letter if letters.startswith(":") else None)
    is_at_end = takes_value or not rest
    following = place + 1 + (takes_value and not rest)
    state.values[" inside"] = "1" if is_at_end else str(inside + 1)
    state.assign("OPTIND", str((following if is_at_end else place) + 1))


def _exec(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    rest = words[1:]
    goes_on: list[ShellState] = []
    while rest and rest[0].startswith("-") and rest[0] != "--":
        if not goes_on and not re.fullmatch(r"-[cl]*a?", rest[0]):
            goes_on = [state.copy()]  # bash says that there is no such option, and goes on
        rest = rest[2:] if rest[0].endswith("a") else rest[1:]
    rest = rest[1:] if rest[:1] == ["--"] else rest
    return goes_on + (run.external(rest, state, is_exec=True) if rest else [state])


def _command(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    """`command` and `builtin`, which pass over functions."""
    rest = words[1:]
    if rest and rest[0] in _LOOKING_UP:
        return look_up(run, rest[1:], state)
    while rest and rest[0] in ("-p", "--"):
        rest = rest[1:]
    if not rest:
        return [state]
    builtin = run.own_commands.get(likely(rest[0]))
    return builtin(run, rest, state) if builtin else run.external(rest, state)


def _type(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    rest = [word for word in words[1:] if not word.startswith("-")]
    is_path = any(word in ("-p", "-P") for word in words[1:])
    states = look_up(run, rest, state.copy() if not is_path else state)
    if not is_path:
        state.status = states[0].status
        state.write(UNKNOWN)
    return [state]


def _hash(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    if any(word.startswith("-") and "p" in word for word in words[1:]):
        run.add_gap("has `hash` say which program a name means")
    return _type(run, words, state)


def look_up(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    """Look for programs, as `command -v` does: it prints where each is, and holds if one is there."""
    name = words[0] if words else ""
    if len(words) != 1 or not is_known(name):
        state.write(UNKNOWN)
        state.status = OPEN
        return [state]
    wanted = likely(name)
    is_sure = is_certain(name)
    found = run.find_program(wanted, state) if wanted else None
    if found is not None or (wanted and run.is_callable(wanted, state)):
        state.write((found if found and "/" not in wanted else wanted) + "\n")
        state.status = truth(True, is_certain=is_sure)
        return [state]
    is_open = run.tests.is_installing or UNKNOWN in settled(state.values.get("PATH") or "")
    if "/" in wanted:
        is_open = is_open or run.tests.is_changing(wanted) or not run.tests.is_of_programs(wanted)
    state.status = truth(False, is_certain=is_sure and not is_open)
    return [state]


def _which(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    rest = [word for word in words[1:] if not word.startswith("-")]
    run.external(words, state.copy())
    return look_up(run, rest, state)


def _let(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    run.forget_calculated(" ".join(words[1:]), state)
    return [state]


def _coproc(run: ShellRun, words: list[str], state: ShellState) -> list[ShellState]:
    return run.call(words[1:], state) if len(words) > 1 else [state]


BUILTINS: Mapping[str, _Builtin] = {
    **dict.fromkeys(_IGNORED, _ignored),
    ":": _true,
    "true": _true,
    "false": _false,
    "[": _test,
    "test": _test,
    "echo": _echo,
    "printf": _printf,
    "cd": _cd,
    "pushd": _cd,
    "popd": _popd,
    "pwd": _pwd,
    "export": _export,
    "local": _declare,
    "declare": _declare,
    "typeset": _declare,
    "readonly": _declare,
    "unset": _unset,
    "set": _set,
    "shift": _shift,
    "exit": _exit,
    "return": _return,
    "break": _break,
    "continue": _break,
    "eval": _eval,
    ".": _source,
    "source": _source,
    "trap": _trap,
    "alias": _alias,
    "unalias": _unalias,
    "read": _read,
    "mapfile": _mapfile,
    "readarray": _mapfile,
    "getopts": _getopts,
    "exec": _exec,
    "command": _command,
    "builtin": _command,
    "type": _type,
    "hash": _hash,
    "which": _which,
    "let": _let,
    "coproc": _coproc,
}
"""By name; each returns the states behind the command. `which` is a program, which does what `command -v` does."""
