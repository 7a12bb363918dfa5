"""World-writable files, and programs that make root of everybody."""

import re
from collections.abc import Iterator
from itertools import dropwhile, islice, pairwise, takewhile

from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.edits import Changes, replace_part, replace_word
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import has_flags, instructions, programs, rule
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.dockerfile.system_places import is_system_place
from gate.model import Severity

_OCTAL = re.compile(r"[0-7]{1,5}")
_SYMBOLIC = re.compile(r"(?P<who>[ugoa]*)[+=](?P<what>[rwxXst]+)")


def _lets_others_write(mode: str) -> bool:
    """True if `mode`, in numbers or letters, gives write permission to everybody."""
    if _OCTAL.fullmatch(mode):
        return bool(int(mode, 8) & 0o002) and not int(mode, 8) & 0o1000
    return any(
        "w" in part["what"] and ("o" in part["who"] or "a" in part["who"])
        for part in map(_SYMBOLIC.fullmatch, mode.split(","))
        if part
    )


_SETS_MODE = ("chmod", "find", "install", "mkdir")


def _mode_of(command: Command) -> ShellWord | None:
    """Return the mode that chmod, `find -exec chmod`, `install -m` or `mkdir -m` gives."""
    match command.program:
        case "chmod":
            return next(iter(command.operands("--reference")), None)
        case "find":
            behind = dropwhile(lambda word: word.text.rpartition("/")[2] != "chmod", command.words)
            return next((word for word in islice(behind, 1, None) if not word.text.startswith("-")), None)
    return _mode_option(command)


def _mode_option(command: Command) -> ShellWord | None:
    """Return the value of `-m 755`, `-m755` or `--mode=755`."""
    for word, following in pairwise((*command.words[1:], None)):
        assert word is not None
        if word.text in ("-m", "--mode"):
            return following
        for start in ("-m", "--mode="):
            if word.text.startswith(start) and word.text != start:
                return ShellWord(word.text.removeprefix(start), word.start, word.end)
    return None


def _without_others(mode: str) -> str | None:
    """Return the mode with which the owner alone may write, or None if that is not a matter of this mode alone."""
    if _OCTAL.fullmatch(mode):
        return f"{int(mode, 8) & ~0o022:0{len(mode)}o}"
    part = _SYMBOLIC.fullmatch(mode)
    if part is None:
        return None
    others = part["what"].replace("w", "")
    if part["who"] in ("a", "ugo") and others:
        return f"u{mode[len(part['who'])]}{part['what']},go{mode[len(part['who'])]}{others}"
    return None


def _tamed_flag(step: Step) -> Changes:
    flag = step.instruction.flag("chmod")
    tame = _without_others(flag.value) if flag and flag.value and _OCTAL.fullmatch(flag.value) else None
    return replace_part(step, flag, f"--chmod={tame}") if flag and tame else ()


def _sets_user_id(mode: str) -> bool:
    if _OCTAL.fullmatch(mode):
        return bool(int(mode, 8) & 0o6000)
    return any("s" in part["what"] for part in map(_SYMBOLIC.fullmatch, mode.split(",")) if part)


@rule(
    "GD003",
    Severity.HIGH,
    "World-writable files",
    looks_at=programs(*_SETS_MODE, "umask"),
    why="Any process in the container, whatever user it runs as, can replace these files and so what others run. High "
    "in folders of the system's programs, accounts or settings, which root uses; medium elsewhere, where a container "
    "with one user has no one to keep out. Files that the same step restricts or deletes are not reported.",
    mend="Give the owner what it needs, and make the running user the owner: chown 10001 DIR && chmod 750 DIR.",
    references=("CWE-732",),
    bad="RUN chmod 777 /usr/local/bin",
    good="RUN chmod 755 /usr/local/bin",
    stays_in_image=True,
    fix_on_request=True,
)
def world_writable(command: Command) -> Iterator[Hit]:
    if command.program == "umask":
        yield from _open_umask(command)
        return
    mode = _mode_of(command)
    if mode is None or not _lets_others_write(mode.text):
        return
    targets = _targets(command, mode)
    if targets and all(_is_undone(command, target) for target in targets):
        return
    tame = _without_others(mode.text) if command.program == "chmod" else None
    changes = replace_word(command, mode, tame) if tame else ()
    severity = None if any(_is_of_system(command, target) for target in targets) else Severity.MEDIUM
    yield command.hit(f"{_named(command)} {mode.text} makes files world-writable", changes=changes, severity=severity)


def _targets(command: Command, mode: ShellWord) -> tuple[str, ...]:
    """Return the files and folders whose mode is set."""
    words = [word.text for word in command.operands("--reference", "-m", "--mode", "-o", "-g", "-t")]
    if command.program == "find":
        return tuple(takewhile(lambda word: not word.startswith(("-", "(", "!")), command.arguments))
    if command.program == "install":
        return tuple(words[-1:])
    return tuple(word for word in words if word != mode.text)


def _is_of_system(command: Command, target: str) -> bool:
    return is_system_place(command.step.expand(target) or target)


def _is_undone(command: Command, target: str) -> bool:
    """True if a later command of the step deletes the file, or lets its owner alone write it."""
    commands = command.step.commands
    later = commands[next(place for place, one in enumerate(commands) if one is command) + 1 :]
    return any(target in one.arguments and (one.program == "rm" or _closes(one)) for one in later)


def _closes(command: Command) -> bool:
    mode = _mode_of(command) if command.program == "chmod" else None
    return mode is not None and not _lets_others_write(mode.text) and bool(_OCTAL.fullmatch(mode.text))


def _named(command: Command) -> str:
    return "chmod" if command.program in ("chmod", "find") else f"{command.program} -m"


def _open_umask(command: Command) -> Iterator[Hit]:
    mask = next(iter(command.operands()), None)
    if mask is not None and command.step.name == "RUN" and _OCTAL.fullmatch(mask.text) and not int(mask.text, 8) & 2:
        message = f"umask {mask.text} makes everything created from here on world-writable"
        yield command.hit(message, severity=Severity.MEDIUM)


@rule(
    "GD012",
    Severity.HIGH,
    "Files copied as world-writable",
    looks_at=instructions("ADD", "COPY"),
    why="Any process in the container, whatever user it runs as, can replace these files and so what others run. High "
    "in folders of the system's programs, accounts or settings, which root uses; medium elsewhere.",
    mend="Copy with --chown for the running user and a mode like --chmod=750.",
    references=("CWE-732",),
    bad="COPY --chmod=777 run.sh /usr/local/bin/",
    good="COPY --chmod=755 run.sh /usr/local/bin/",
    stays_in_image=True,
    fix_on_request=True,
)
def copied_world_writable(step: Step) -> Iterator[Hit]:
    flag = step.instruction.flag("chmod")
    mode = step.expand(flag.value) if flag and flag.value else None
    if mode is not None and _lets_others_write(mode):
        target = (step.values[-1] if step.values else None) or ""
        severity = None if is_system_place(target) else Severity.MEDIUM
        yield step.hit(
            f"--chmod={mode} makes the files world-writable", flag, changes=_tamed_flag(step), severity=severity
        )


@rule(
    "GD013",
    Severity.MEDIUM,
    "Program with the set-user-ID bit",
    looks_at=programs(*_SETS_MODE),
    why="Such a program runs as its owner, usually root, no matter who starts it: a flaw in it gives away root.",
    mend="Remove the bit; if the program needs one privilege, grant only that with setcap.",
    references=("CWE-250", "CIS-DI-0008"),
    bad="RUN chmod u+s /usr/local/bin/tool",
    good="RUN chmod 755 /usr/local/bin/tool",
    stays_in_image=True,
)
def set_user_id(command: Command) -> Iterator[Hit]:
    mode = _mode_of(command)
    if mode is not None and command.program != "mkdir" and _sets_user_id(mode.text):
        yield command.hit(f"{_named(command)} {mode.text} lets the program run as its owner")


@rule(
    "GD061",
    Severity.MEDIUM,
    "Program copied with the set-user-ID bit",
    looks_at=instructions("ADD", "COPY"),
    why="Such a program runs as its owner, usually root, no matter who starts it: a flaw in it gives away root.",
    mend="Remove the bit; if the program needs one privilege, grant only that with setcap.",
    references=("CWE-250", "CIS-DI-0008"),
    bad="COPY --chmod=4755 tool /usr/local/bin/tool",
    good="COPY --chmod=755 tool /usr/local/bin/tool",
    stays_in_image=True,
)
def copied_with_set_user_id(step: Step) -> Iterator[Hit]:
    flag = step.instruction.flag("chmod")
    mode = step.expand(flag.value) if flag and flag.value else None
    if mode is not None and _sets_user_id(mode):
        yield step.hit(f"--chmod={mode} lets the program run as its owner", flag)


_POWERFUL = lazy_regex(
    r"cap_(?:sys_(?:admin|ptrace|module|rawio|boot)|dac_(?:override|read_search)|set(?:uid|gid|fcap|pcap)|net_admin|"
    r"chown|fowner|bpf|mknod)(?![a-z_])|^(?:all|=|\+)?[=+]e?i?p",
    re.IGNORECASE,
)


@rule(
    "GD053",
    Severity.MEDIUM,
    "Program with a powerful capability",
    looks_at=programs("setcap"),
    why="Anyone who can start the program can do as much as root: access other users' files, processes or the kernel.",
    mend="Grant only what is needed: setcap cap_net_bind_service=+ep PROGRAM.",
    references=("CWE-250", "CIS-DI-0008"),
    bad="RUN setcap cap_sys_admin+ep /usr/local/bin/tool",
    good="RUN setcap cap_net_bind_service=+ep /usr/local/bin/tool",
    stays_in_image=True,
)
def powerful_capability(command: Command) -> Iterator[Hit]:
    for word in command.operands():
        found = _POWERFUL.search(word.text)
        if found:
            yield command.hit(f"{found[0]} is equivalent to root", word)


@rule(
    "GD014",
    Severity.HIGH,
    "Build step without a sandbox",
    looks_at=instructions("RUN", where=has_flags),
    why="The step gets all privileges on the build host, and so does everything that it downloads and runs.",
    mend="Remove --security=insecure; do what needs it on a separate machine.",
    references=("CWE-250",),
    bad="RUN --security=insecure make",
    good="RUN make",
)
def insecure_run(step: Step) -> Iterator[Hit]:
    flag = step.instruction.flag("security")
    if flag is not None and flag.value == "insecure":
        yield step.hit("--security=insecure switches the sandbox off", flag)
