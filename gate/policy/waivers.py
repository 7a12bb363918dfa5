"""Waivers: findings that somebody answers for until a day, in `.gate/waivers.yaml`."""

from datetime import date
from pathlib import Path

import msgspec

from gate.errors import ConfigError

FILE = ".gate/waivers.yaml"


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One accepted finding. It waives nothing from the day after `until` on."""

    fingerprint: str
    reason: str
    owner: str
    until: str
    """The last day, as YYYY-MM-DD."""

    def holds_on(self, day: date) -> bool:
        return day <= parse_day(self.until)


def parse_day(text: str) -> date:
    """Turn YYYY-MM-DD into a date. Raises ConfigError with the right form."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text} is no day; write it as YYYY-MM-DD") from error


def read_waivers(root: str) -> tuple[Waiver, ...]:
    """Return the waivers of the project in `root`; none if it has no file. Raises ConfigError."""
    from gate import yaml
    from gate.settings_sources import convert, read_yaml

    file = Path(root) / FILE
    if not file.exists():
        return ()
    document, text = read_yaml(str(file), empty=[])
    waivers = convert(document, tuple[Waiver, ...], str(file), text)
    for number, waiver in enumerate(waivers):
        _check(waiver, f"{file}:{yaml.line_of(text, [number])}")
    return waivers


def _check(waiver: Waiver, place: str) -> None:
    for name in ("fingerprint", "reason", "owner"):
        if not getattr(waiver, name).strip():
            raise ConfigError(f"a waiver needs {name}", path=place)
    try:
        parse_day(waiver.until)
    except ConfigError as error:
        raise ConfigError(error.message, path=place) from error


def add_waiver(root: str, waiver: Waiver) -> Path:
    """Write `waiver` to the project's file, in the place of an older one of the same fingerprint; return the file."""
    import yaml

    _check(waiver, FILE)
    others = [old for old in read_waivers(root) if old.fingerprint != waiver.fingerprint]
    file = Path(root) / FILE
    file.parent.mkdir(exist_ok=True)
    text = yaml.safe_dump([msgspec.to_builtins(one) for one in [*others, waiver]], sort_keys=False, allow_unicode=True)
    beside = file.with_suffix(".tmp")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
    return file
