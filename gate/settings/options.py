"""Settings as options: every setting once, with its flag, its variable and the shape of its value.

A setting `offline` is the flag `--offline` and the variable `GATE_OFFLINE`; one of a stage, `stages.secrets.baseline`,
is `--secrets-baseline` and `GATE_SECRETS_BASELINE`. A variable's list is written with commas.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from gate.core.errors import UsageError
from gate.declarations import DECLARED
from gate.settings import Settings, Stages
from gate.settings.sources import Layer, overlay

_METAVARS = {
    "reports": "FORMAT=FILE",
    "images": "REF",
    "images_from": "KIND",
    "identities": "IDENTITY=ISSUER",
    "since": "REV",
    "shard": "I/N",
    "source": "FOLDER-OR-URL",
    "platform": "OS/ARCHITECTURE",
    **dict.fromkeys(("max_age", "max_image_age", "observed_max_age"), "DURATION"),
    **dict.fromkeys(("key", "keys", "baseline", "trust_root", "vex", "observed"), "FILE"),
    **dict.fromkeys(("plugins", "internal_packages"), "PACKAGE"),
    **dict.fromkeys(("allow", "deny"), "LICENCE"),
    "internal_registries": "ADDRESS",
    "trusted_hosts": "HOST",
    "insecure_registries": "HOST",
    "yara": "FOLDER",
}
"""How the values of settings are called in help texts and errors, where their kind does not tell it."""
_METAVARS_BY_KIND = {"int": "N", "list": "PATTERN", "dict": "NAME=VALUE", "str": "TEXT", "bool": ""}
_NAMES = {
    "images": "image",
    "reports": "report",
    "advisories.source": "advisories",
    "cache": "no-cache",
}
"""Flags whose names do not follow from the setting's."""
for _stage in DECLARED.values():
    _NAMES |= {f"stages.{_stage.name}.{key}": flag for key, flag in _stage.flags.items()}
_ONLY_IN_FILE = ("policy", "tools", "plugins")
_BY_STAGE = ("enabled", "only_plugins", "skip_plugins")
"""Settings that `--stage` and `--skip` give."""
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class Option(msgspec.Struct, frozen=True):
    """One setting on the command line."""

    key: tuple[str, ...]
    flag: str
    kind: str
    """`bool`, `int`, `str`, `list` or `dict`."""
    help: str
    choices: tuple[str, ...] = ()
    """The only values that there are; none given: any."""

    @property
    def metavar(self) -> str:
        """How the value is called."""
        if self.key == ("allow",):
            return "WHAT"
        return "|".join(self.choices) or _METAVARS.get(self.key[-1]) or _METAVARS_BY_KIND[self.kind]

    @property
    def destination(self) -> str:
        return self.flag.lstrip("-").replace("-", "_")

    @property
    def variable(self) -> str:
        return "GATE_" + self.destination.upper()


_STAGES = Stages.__struct_fields__
"""The stages that have a section; any other is a plugin."""

_KINDS = {
    "BoolType": "bool",
    "IntType": "int",
    "StrType": "str",
    "LiteralType": "str",
    "VarTupleType": "list",
    "DictType": "dict",
}


@cache
def shape_of_settings() -> Any:
    """Return the description of the settings' type, which takes 3 ms to make."""
    return msgspec.inspect.type_info(Settings)


@cache
def options() -> tuple[Option, ...]:
    """Return every setting that has a flag."""
    return tuple(_options_of(shape_of_settings(), ()))


def _options_of(shape: Any, above: tuple[str, ...]) -> Iterator[Option]:
    for field in shape.fields:
        key = (*above, field.encode_name)
        if key[0] in _ONLY_IN_FILE or key[-1] in _BY_STAGE:
            continue
        kind, text = _unwrap(field.type)
        if hasattr(kind, "fields"):
            yield from _options_of(kind, key)
        else:
            yield Option(key, _flag(key), _KINDS[type(kind).__name__], text, tuple(getattr(kind, "values", ())))


def _unwrap(kind: Any) -> tuple[Any, str]:
    """Return the type inside Metadata and `| None`, and its description."""
    text = ""
    if isinstance(kind, msgspec.inspect.Metadata):
        text = (kind.extra_json_schema or {}).get("description", "")
        kind = kind.type
    if isinstance(kind, msgspec.inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, msgspec.inspect.NoneType))
    return kind, text


def _flag(key: tuple[str, ...]) -> str:
    name = _NAMES.get(".".join(key), "-".join(part for part in key if part != "stages"))
    return "--" + name.replace("_", "-")


def from_environment(environment: Mapping[str, str]) -> Layer:
    """Return the settings that the environment gives; one value that is empty is none, as CI cannot unset a variable.

    Raises UsageError.
    """
    layer = stage_layer(_words(environment.get("GATE_STAGE")), _words(environment.get("GATE_SKIP")))
    for option in options():
        variable = _variable(option)
        if environment.get(variable) or (variable in environment and option.kind in ("list", "dict")):
            value = _parsed(option, environment[variable], variable)
            layer = overlay(layer, nested(option.key, shaped(option, value, variable)))
    return layer


def _variable(option: Option) -> str:
    return "GATE_CACHE" if option.key == ("cache",) else option.variable


def _words(text: str | None) -> list[str] | None:
    return [word.strip() for word in text.split(",") if word.strip()] if text is not None else None


def _parsed(option: Option, text: str, name: str) -> Any:
    match option.kind:
        case "list" | "dict":
            return _words(text)
        case "int":
            return _number(text, name)
        case "bool":
            return _boolean(text, name)
        case _:
            return text


def _number(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise UsageError(f"{name}: {text} is no whole number") from error


def _boolean(text: str, name: str) -> bool:
    if text.lower() not in (*_TRUE, *_FALSE):
        raise UsageError(f"{name}: {text} is neither true nor false")
    return text.lower() in _TRUE


def shaped(option: Option, value: Any, name: str) -> Any:
    """Return an option's words as the settings write them; `name` is the flag or variable. Raises UsageError."""
    if option.key == ("images",):
        return [{"ref": ref} for ref in value]
    if option.key[-1] == "identities":
        given = pairs(value, name, option.metavar)
        return [{"identity": identity, "issuer": issuer} for identity, issuer in given.items()]
    if option.kind == "dict":
        return pairs(value, name, option.metavar)
    return value


def pairs(texts: Iterable[str], name: str, form: str) -> dict[str, str]:
    """Split texts of the form NAME=VALUE. Raises UsageError for another form, which `form` shows, or a name twice."""
    given: dict[str, str] = {}
    for key, value in (_pair(text, name, form) for text in texts):
        if given.setdefault(key, value) != value:
            raise UsageError(f"{name}: {key} is given twice", hint="Keep one of them")
    return given


def _pair(text: str, name: str, form: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not (key and separator and value):
        raise UsageError(f"{name}: {text} is not of the form {form}")
    return key, value


def nested(key: tuple[str, ...], value: Any) -> Layer:
    """Return the settings in which only `key` is given."""
    for part in reversed(key):
        value = {part: value}
    return dict(value)


def stage_layer(only: list[str] | None, skip: list[str] | None) -> Layer:
    """Return the choice among stages; one that is not the gate's own is a plugin's (`open_project` knows them)."""
    only, skip = only or [], skip or []
    enabled = {name: name in only for name in _STAGES} if only else {}
    enabled |= {name: False for name in _STAGES if name in skip}
    layer: Layer = {"stages": {name: {"enabled": value} for name, value in enabled.items()}} if enabled else {}
    if only:
        layer["only_plugins"] = [name for name in only if name not in _STAGES]
    if only or skip:
        layer["skip_plugins"] = [name for name in skip if name not in _STAGES]
    return layer
