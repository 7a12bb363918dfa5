"""Files that everybody may write, and programs that make root of everybody."""

import re
from collections.abc import Iterator

from gate.dockerfile.build import Command, Step
from gate.dockerfile.edits import Changes, replace_part, replace_word
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, programs, rule
from gate.model import Severity

_OCTAL = re.compile(r"[0-7]{3,5}")
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
    "Files that everybody may write",
    looks_at=programs("chmod"),
    why="Any process in the container, whoever it runs as, can replace what is there and so what others run.",
    mend="Give the owner what it needs, and make the running user the owner: chown 10001 DIR && chmod 750 DIR.",
    references=("CWE-732",),
    bad="RUN chmod 777 /srv",
    good="RUN chmod 750 /srv",
)
def world_writable(command: Command) -> Iterator[Hit]:
    mode = next(iter(command.operands("--reference")), None)
    if mode is not None and _lets_others_write(mode.text):
        tame = _without_others(mode.text)
        changes = replace_word(command, mode, tame) if tame else ()
        yield command.hit(f"chmod {mode.text} lets everybody write", changes=changes)


@rule(
    "GD012",
    Severity.HIGH,
    "Files copied so that everybody may write them",
    looks_at=instructions("ADD", "COPY"),
    why="Any process in the container, whoever it runs as, can replace what is there and so what others run.",
    mend="Copy with --chown for the running user and a mode like --chmod=750.",
    references=("CWE-732",),
    bad="COPY --chmod=777 . /srv",
    good="COPY --chmod=750 --chown=10001 . /srv",
)
def copied_world_writable(step: Step) -> Iterator[Hit]:
    flag = step.instruction.flag("chmod")
    mode = step.expand(flag.value) if flag and flag.value else None
    if mode is not None and _lets_others_write(mode):
        yield step.hit(f"--chmod={mode} lets everybody write", flag, changes=_tamed_flag(step))


@rule(
    "GD013",
    Severity.MEDIUM,
    "Program with the set-user-ID bit",
    looks_at=programs("chmod"),
    why="Such a program runs as its owner, mostly root, whoever starts it: a mistake in it gives root away.",
    mend="Do without the bit; if the program needs one privilege, give it that with setcap.",
    references=("CWE-250", "CIS-DI-0008"),
    bad="RUN chmod u+s /usr/local/bin/tool",
    good="RUN chmod 755 /usr/local/bin/tool",
)
def set_user_id(command: Command) -> Iterator[Hit]:
    mode = next(iter(command.operands("--reference")), None)
    if mode is not None and _sets_user_id(mode.text):
        yield command.hit(f"chmod {mode.text} lets the program run as its owner")


@rule(
    "GD014",
    Severity.HIGH,
    "Build step without its sandbox",
    looks_at=instructions("RUN"),
    why="The step gets all privileges on the build host: what it downloads and runs does too.",
    mend="Remove --security=insecure; what needs it belongs on a machine of its own.",
    references=("CWE-250",),
    bad="RUN --security=insecure make",
    good="RUN make",
)
def insecure_run(step: Step) -> Iterator[Hit]:
    flag = step.instruction.flag("security")
    if flag is not None and flag.value == "insecure":
        yield step.hit("--security=insecure switches the sandbox off", flag)
