"""Record which files a container under test opens, or take it from another program's recording: evidence for use."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gate.core.errors import GateError, UsageError
from gate.core.safe_write import write_user_path
from gate.core.text import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from gate.reachability.runtimes.observed.profiles import Profile, Recording

NAME = "observed.json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate observe`."""
    parser.add_argument("command", metavar="COMMAND", nargs="*", help="behind --: run this and record it")
    parser.add_argument("--pid", type=int, metavar="PID", help="record this process and those of its container")
    parser.add_argument("--seconds", type=float, metavar="N", help="with --pid: how long; default: until it ends")
    parser.add_argument(
        "--import",
        dest="imported",
        action="append",
        default=[],
        metavar="FILE",
        help="what Falco, Tracee or Inspektor Gadget (JSON lines) or strace -f recorded (repeat)",
    )
    parser.add_argument("--image", metavar="NAME", help="id, digest or name of the image that it is evidence for")
    parser.add_argument("--root", metavar="FOLDER", help="with COMMAND or --import: where the image's root lies")
    parser.add_argument(
        "--compare",
        metavar="TARGET",
        help="image of which to list what the profile shows in use and the analysis missed",
    )
    parser.add_argument("--proc", action="store_true", help="look at /proc, even if strace is there")
    parser.add_argument("--output", default=NAME, metavar="FILE", help=f"profile to write or add to; default: {NAME}")


def run(options: argparse.Namespace) -> int:
    """Add to the profile what was recorded. Returns 3 if the command that was run failed, or not all was compared."""
    if options.command or options.pid or options.imported:
        _record(options)
    elif not options.compare:
        raise UsageError("nothing to observe", hint="Give -- COMMAND, --pid PID or --import FILE")
    return _compare(options.compare, options.output) if options.compare else 0


def _record(options: argparse.Namespace) -> None:
    """Raise GateError if the command that was run failed, after what it opened was added to the profile."""
    from gate.reachability.runtimes.observed.profiles import Profile, write_profile

    output = Path(options.output)
    before = _read(output) if output.exists() else Profile()
    recordings, status = _recordings(options)
    profile = before.joined(Profile(recordings=tuple(recordings)))
    _write(output, write_profile(profile))
    for each in recordings:
        print(f"{output}: {len(each.paths):,} files ({each.how})", file=sys.stderr)
    if status:
        raise GateError(f"ended with status {status}", path=options.command[0], hint="What it opened is recorded")


def _compare(word: str, profile: str) -> int:
    """Print what the profile shows in use of an image and the analysis did not find; return the exit status."""
    from gate.cli.image_answers import answers_of

    answers = answers_of(word, observed=(profile,))
    uses = answers.uses
    if not uses.recordings:
        print(f"{visible(profile)} has no recording of {visible(word)}, or all of them are too old.")
    elif not uses.missed:
        print(f"All that was used under test ({counted(uses.recordings, 'recording')}) is found without it.")
    else:
        print(f"Used under test and not found by the analysis: {counted(len(uses.missed), 'package')}")
        for one in uses.missed:
            print(f"  {visible(one.package)} ({visible(one.ecosystem)}), said {one.said.value}: {visible(one.path)}")
        print(
            "They count as in use if you pass the profile. If one was reported as `no`, that is a bug: please report "
            "it."
        )
    return answers.status


def _recordings(options: argparse.Namespace) -> "tuple[list[Recording], int]":
    from gate.reachability.runtimes.observed.profiles import recording

    found = [
        recording(paths, how=how, made_at=made_at, image=options.image) for how, paths, made_at in _imported(options)
    ]
    status = 0
    if options.pid or options.command:
        how, paths, status = _watched(options)
        found.append(recording(paths, how=how, made_at=datetime.now(UTC), image=options.image))
    return found, status


def _imported(options: argparse.Namespace) -> "Iterator[tuple[str, frozenset[str], datetime]]":
    """Yield each recording; it was made when its file was last written."""
    from gate.reachability.runtimes.observed.recordings import read_recording

    for path in options.imported:
        try:
            with Path(path).open(encoding="utf-8", errors="replace") as lines:
                read = read_recording(lines, path)
            changed = Path(path).stat().st_mtime
        except OSError as error:
            raise GateError(f"cannot be read ({error.strerror})", path=path, hint="Check the path") from error
        yield read.how, _seen_from(options.root, read.paths), datetime.fromtimestamp(changed, UTC)


def _watched(options: argparse.Namespace) -> tuple[str, frozenset[str], int]:
    from gate.reachability.runtimes.observed.watching import watch_command, watch_process

    if options.pid and options.command:
        raise UsageError("--pid and COMMAND exclude each other")
    if options.pid:
        watched = watch_process(options.pid, options.seconds, use_strace=not options.proc)
        return watched.how, watched.paths, 0
    watched = watch_command(options.command, use_strace=not options.proc)
    return watched.how, _seen_from(options.root, watched.paths), watched.status


def _seen_from(root: str | None, paths: frozenset[str]) -> frozenset[str]:
    from gate.reachability.runtimes.observed.watching import without_root

    return paths if root is None else frozenset(without_root(paths, str(Path(root).resolve())))


def _read(path: Path) -> "Profile":
    from gate.reachability.runtimes.observed.profiles import MAX_SIZE, read_profile

    try:
        with path.open("rb") as file:
            return read_profile(file.read(MAX_SIZE + 1), str(path))
    except OSError as error:
        raise GateError(f"cannot be read ({error.strerror})", path=str(path), hint="Choose another --output") from error


def _write(path: Path, content: bytes) -> None:
    try:
        write_user_path(str(path), content)
    except OSError as error:
        raise GateError(f"cannot be written ({error.strerror})", path=str(path)) from error
