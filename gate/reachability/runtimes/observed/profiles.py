"""Profiles of the files that containers of an image opened while they were tested; `gate observe` writes them.

A profile proves only use: a file that is not in it may still be used. So it can change a package from unused to used,
never from used to unused.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from gate.core.errors import GateError, UnreadableError
from gate.model import Fact
from gate.reachability.runtimes.walk.graph import Because, Opened

MAX_SIZE = 256 << 20
"""Bytes of a profile."""
MAX_PATHS = 1_000_000
"""Files of one recording."""
_METADATA = re.compile(r"\.(?:dist|egg)-info/|\.egg-info$|/EGG-INFO/|/specifications/(?:default/)?[^/]+\.gemspec$")
"""Metadata of Python's distributions and of gems; to read it is not to use the package."""
_COMPILED = re.compile(r"(?P<folder>.*/)__pycache__/(?P<module>[^/]+?)\.[a-z]+-?\d+(?:\.opt-\d)?\.pyc", re.DOTALL)


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """The files that one run opened."""

    image: str | None = None
    """Id, digest or name of the image; None if it counts for every image that it is given for."""
    made_at: str
    """RFC 3339 time."""
    how: str
    """What recorded it: `strace`, `proc`, `falco`, `tracee`, `inspektor-gadget`."""
    paths: tuple[str, ...]
    """Files as the container sees them, sorted, without the `/` in front."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """The recordings of several runs."""

    schema_version: str = "1.0"
    recordings: tuple[Recording, ...] = ()

    def joined(self, other: "Profile") -> "Profile":
        """Return a profile with the recordings of both, without duplicates."""
        return Profile(recordings=tuple(dict.fromkeys((*self.recordings, *other.recordings))))


class ObservedProfiles(msgspec.Struct, frozen=True, kw_only=True):
    """The profiles that are given for a run, and how old a recording may be."""

    profile: Profile = Profile()
    now: datetime
    max_age: timedelta


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """What the profiles contain for one image."""

    paths: dict[str, str] = {}
    """Path to a text that says when and how it was seen."""
    counted: int = 0
    too_old: int = 0
    of_others: int = 0
    """Numbers of recordings that count, that are too old, and that are of other images."""

    @property
    def facts(self) -> dict[str, Fact]:
        """The stage's facts about the recordings; empty if there are none."""
        counts = {"counted": self.counted, "too old": self.too_old, "of other images": self.of_others}
        listed = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
        return {"observed": f"recordings: {listed}"} if listed else {}

    @property
    def key(self) -> tuple[str, ...]:
        """The part of a cache key that stands for this evidence."""
        content = msgspec.json.encode(sorted(self.paths.items()))
        return (hashlib.sha256(content).hexdigest(),) if self.paths else ()


def read_profile(content: bytes, path: str) -> Profile:
    """Parse a profile. Raises UnreadableError for any other content."""
    try:
        profile = msgspec.json.decode(content, type=Profile)
        for recording in profile.recordings:
            _time(recording.made_at)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableError(f"cannot be parsed: {error}", path=path, hint="gate observe makes it") from error
    if profile.schema_version.partition(".")[0] != "1":
        raise UnreadableError(
            f"has the unknown version {profile.schema_version[:20]}", path=path, hint="Record it again"
        )
    return profile


def write_profile(profile: Profile) -> bytes:
    """Return a profile as JSON."""
    return msgspec.json.format(msgspec.json.encode(profile), indent=1) + b"\n"


def recording(paths: Iterable[str], *, how: str, made_at: datetime, image: str | None = None) -> Recording:
    """Make a recording of `paths`; those that are no files of a container (`/proc`, sockets) are left out."""
    files = {path for each in paths if (path := _file(each))}
    if len(files) > MAX_PATHS:
        raise UnreadableError(f"names more than {MAX_PATHS:,} files", hint="Record a shorter run")
    time = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Recording(image=image, made_at=time, how=how, paths=tuple(sorted(files)))


def read_profiles(paths: Iterable[str], read: Callable[[str], bytes]) -> tuple[Profile, tuple[GateError, ...]]:
    """Read and join the profiles at `paths` with `read`; return also the errors of those that cannot be read."""
    profile = Profile()
    errors: list[GateError] = []
    for path in paths:
        try:
            profile = profile.joined(read_profile(read(path), path))
        except GateError as error:
            errors.append(error)
    return profile, tuple(errors)


def observed(evidence: ObservedProfiles, names: Iterable[str | None]) -> Observed:
    """Return the recordings of an image that has one of these names, without those that are too old."""
    wanted = {None, *names}
    paths: dict[str, str] = {}
    counted = too_old = of_others = 0
    for each in evidence.profile.recordings:
        if each.image not in wanted:
            of_others += 1
        elif evidence.now - _time(each.made_at) > evidence.max_age:
            too_old += 1
        else:
            counted += 1
            for path in each.paths:
                paths.setdefault(path, f"opened under test on {each.made_at[:10]} ({each.how})")
    return Observed(paths=paths, counted=counted, too_old=too_old, of_others=of_others)


def steps(seen: Observed) -> Iterator[Opened]:
    """Yield what was seen as certain steps.

    Metadata only may be opened, as programs that look for plug-ins read that of every distribution.
    For a compiled module of Python, yield its source too, because packages list only sources.
    """
    for path, how in seen.paths.items():
        because = Because("", how)
        yield Opened(path=path, because=because, is_certain=_METADATA.search(path) is None)
        if source := _source(path):
            yield Opened(path=source, because=because)


def _source(path: str) -> str | None:
    compiled = _COMPILED.fullmatch(path)
    return f"{compiled['folder']}{compiled['module']}.py" if compiled else None


def _file(path: str) -> str | None:
    """Return the path without `/` in front; None for what is no file of an image."""
    if not path.startswith("/") or "\0" in path:
        return None
    path = posixpath.normpath(path.removesuffix(" (deleted)")).strip("/")
    return None if not path or path.partition("/")[0] in ("proc", "sys", "dev") else path


def _time(text: str) -> datetime:
    """Read an RFC 3339 time. Raises ValueError for one without a zone, too."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text[:40]!r} is no time with a zone")
    return time
