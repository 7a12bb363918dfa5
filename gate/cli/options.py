"""Settings as flags, derived from `gate.settings.options`."""

import argparse
from collections.abc import Collection
from typing import Any

from gate.core.errors import empty
from gate.settings.options import Option, nested, options, shaped, stage_layer
from gate.settings.sources import Layer, overlay

_HELP = {"cache": "keep nothing, and use nothing of earlier runs", "images": "image to judge as well"}
"""Help texts of flags that differ from those of their settings."""


OF_VERDICTS = ("reports", "since", "shard")
"""Settings of what is judged and where the verdict goes; commands without a verdict ignore them."""


def add_options(parser: argparse.ArgumentParser, without: Collection[str] = ()) -> None:
    """Add a flag for every setting but those that the command does not heed, and `--stage` and `--skip`.

    All of them in the usage line would hide the rest.
    """
    parser.usage = f"{parser.prog} [OPTION …] [TARGET …]"
    parser.add_argument("--stage", action="append", metavar="STAGE", help="run only this stage (repeat)")
    parser.add_argument("--skip", action="append", metavar="STAGE", help="do not run this stage (repeat)")
    stages = parser.add_argument_group("settings of one stage")
    for option in options():
        if option.key[0] in without:
            continue
        group = stages if option.key[0] == "stages" else parser
        group.add_argument(option.flag, dest=option.destination, default=None, **_argument(option))


def _argument(option: Option) -> dict[str, Any]:
    text = _HELP.get(".".join(option.key)) or _as_part(option.help)
    match option.kind:
        case "bool":
            return {"action": "store_const", "const": option.key != ("cache",), "help": text}
        case "int":
            return {"type": int, "metavar": option.metavar, "help": text}
        case "list" | "dict":
            return {"action": "append", "metavar": option.metavar, "help": f"{text} (repeat)"}
        case _:
            return {"metavar": option.metavar, "help": text}


def _as_part(sentence: str) -> str:
    """Return a sentence as argparse's help texts are written; one that begins with an acronym keeps it."""
    is_acronym = sentence[1:2].isupper()
    return (sentence if is_acronym else sentence[:1].lower() + sentence[1:]).rstrip(".")


def from_flags(parsed: argparse.Namespace) -> Layer:
    """Return the settings that were given as flags. Raises UsageError."""
    layer = stage_layer(parsed.stage, parsed.skip)
    for option in options():
        value = getattr(parsed, option.destination, None)
        if value == "" or (isinstance(value, list) and "" in value):
            raise empty(option.flag)
        if value is not None:
            layer = overlay(layer, nested(option.key, shaped(option, value, option.flag)))
    return layer
