"""Waivers: findings that an owner accepts until a day, in `.gate/waivers.yaml`."""

import base64
import binascii
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec

from gate.core.errors import ConfigError, UsageError
from gate.core.safe_write import write_below
from gate.core.signing import is_signed_by, sign
from gate.model import Finding
from gate.policy.conditions import is_at, is_named, names_of, objects_of

FILE = ".gate/waivers.yaml"
_SIGNED = b"gate waiver v1\n"
"""Stands before what is signed, so that no other signed text can be taken for a waiver."""

MAX_WAIVERS = 10_000
MAX_BY_RULE = 1_000
"""Waivers that name no fingerprint: each of them is compared with each finding."""

Text = Annotated[str, msgspec.Meta(min_length=1)]


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Accepted findings: the one with this fingerprint, or those of a rule in a path, package or object.

    It waives nothing from the day after `until` on.
    """

    fingerprint: Text | None = None
    rule: Text | None = None
    """Rule id, or a vulnerability's id or alias; `*` as wildcard."""
    path: Text | None = None
    """Path pattern; `*` stays in one folder, `**` crosses folders."""
    package: Text | None = None
    """Package name; `*` as wildcard."""
    object: Text | None = None
    """Object of a cluster as `kind/namespace/name`; `*` as wildcard."""
    reason: Text
    owner: Text
    until: Text
    """The last day, as YYYY-MM-DD."""
    matches: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Number of findings that it matched when it was written; if it matches more, a notice says so."""
    signature: Text | None = None
    """Of `signed_bytes`, in base64: by a key that the policy names, it counts at once in the change that brings it."""

    @property
    def signed_bytes(self) -> bytes:
        """What is signed: all that it says, in one form, so that no word of it can be changed."""
        unsigned = msgspec.to_builtins(msgspec.structs.replace(self, signature=None))
        return _SIGNED + msgspec.json.encode(unsigned, order="sorted")

    @property
    def last_day(self) -> date:
        return parse_day(self.until)

    def holds_on(self, day: date) -> bool:
        return day <= self.last_day

    def covers(self, finding: Finding) -> bool:
        """True if it speaks of `finding`."""
        if self.fingerprint is not None:
            return finding.fingerprint == self.fingerprint
        package = (finding.package.name,) if finding.package else ()
        return (
            (self.path is None or is_at(self.path, finding.location.path or ""))
            and (self.package is None or is_named(self.package, package))
            and (self.object is None or is_named(self.object, objects_of(finding)))
            and is_named(self.rule, names_of(finding))
        )

    def __str__(self) -> str:
        if self.fingerprint is not None:
            return self.fingerprint
        where = [f"in {self.path}"] if self.path else []
        what = [f"of {one}" for one in (self.package, self.object) if one]
        return " ".join([str(self.rule), *what, *where])


def signed(waiver: Waiver, key_file: str) -> Waiver:
    """Return a waiver signed with the private key in `key_file`. Raises ConfigError."""
    unsigned = msgspec.structs.replace(waiver, signature=None)
    return msgspec.structs.replace(unsigned, signature=base64.b64encode(sign(unsigned.signed_bytes, key_file)).decode())


def is_signed(waiver: Waiver, keys: Mapping[str, str]) -> bool:
    """True if one of the keys (name to PEM) has signed the waiver as it stands. Raises ConfigError for no key."""
    if waiver.signature is None:
        return False
    try:
        signature = base64.b64decode(waiver.signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    return any(is_signed_by(waiver.signed_bytes, signature, pem.encode(), name) for name, pem in keys.items())


def parse_day(text: str) -> date:
    """Turn YYYY-MM-DD into a date. Raises ConfigError with the right form."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text} is not a valid date; write it as YYYY-MM-DD") from error


def read_waivers(root: str) -> tuple[Waiver, ...]:
    """Return the waivers of the project in `root`; none if it has no file. Raises ConfigError."""
    from gate.settings.sources import read_own

    file = Path(root) / FILE
    return parse_waivers(read_own(file), str(file)) if os.path.lexists(file) else ()


def parse_waivers(text: str, path: str) -> tuple[Waiver, ...]:
    """Read the waivers that a file holds. Raises ConfigError with the line."""
    from gate.core import yaml
    from gate.settings.sources import convert

    waivers = convert(yaml.parse(text, path) or [], tuple[Waiver, ...], path, text)
    _check_count(waivers, path)
    for number, waiver in enumerate(waivers):
        try:
            check(waiver, path)
        except ConfigError as error:  # a waiver's line is asked for only here: that takes as long as reading the file
            place = f"{path}:{yaml.line_of(text, [number])}"
            raise ConfigError(error.message, path=place, hint=error.hint) from error
    _check_distinct(waivers, path)
    return waivers


def _check_count(waivers: Sequence[Waiver], path: str) -> None:
    """Raise ConfigError if there are more waivers than a run can compare with all of its findings."""
    by_rule = sum(waiver.fingerprint is None for waiver in waivers)
    if len(waivers) > MAX_WAIVERS:
        hint = "Remove those that no longer apply, or record what is there with `gate baseline`"
        raise ConfigError(f"has more than {MAX_WAIVERS:,} waivers", path=path, hint=hint)
    if by_rule > MAX_BY_RULE:
        hint = "Write rules of the policy instead, or waive by fingerprint"
        raise ConfigError(f"has more than {MAX_BY_RULE:,} waivers that name a rule", path=path, hint=hint)


def check(waiver: Waiver, place: str) -> None:
    """Raise ConfigError that names `place` and the right form if `waiver` leaves open what, why, who or until when."""
    for name in ("reason", "owner"):
        if not any(map(str.isalnum, getattr(waiver, name))):  # nothing that can be seen, as U+200B, is none
            raise ConfigError(f"a waiver needs {name}", path=place)
    places = [waiver.path, waiver.package, waiver.object]
    by_rule = waiver.rule is not None and any(one is not None for one in places)
    narrowed = waiver.rule or any(places)
    if by_rule is (waiver.fingerprint is not None) or (waiver.fingerprint is not None and narrowed):
        raise ConfigError(
            "a waiver names either a fingerprint, or a rule with a path, a package or an object",
            path=place,
            hint="For a whole rule write a rule of the policy instead",
        )
    try:
        parse_day(waiver.until)
    except ConfigError as error:
        raise ConfigError(error.message, path=place) from error


def _check_distinct(waivers: Iterable[Waiver], path: str) -> None:
    seen: set[str] = set()
    for waiver in waivers:
        if str(waiver) in seen:
            raise ConfigError(f"two waivers are for {waiver}", path=path, hint="Keep the one that applies")
        seen.add(str(waiver))


def add_waiver(root: str, waiver: Waiver) -> Path:
    """Write `waiver` to the project's file, in the place of an older one for the same; return the file."""
    import yaml

    check(waiver, FILE)
    others = [old for old in read_waivers(root) if str(old) != str(waiver)]
    text = yaml.safe_dump([msgspec.to_builtins(one) for one in [*others, waiver]], sort_keys=False, allow_unicode=True)
    try:
        write_below(root, FILE, text.encode())
    except OSError as error:
        raise UsageError(f"cannot be written ({error.strerror})", path=FILE) from error
    return Path(root) / FILE
