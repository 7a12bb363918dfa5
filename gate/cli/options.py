"""Settings as flags, derived from `gate.settings_options`."""

import argparse
from typing import Any

from gate.errors import UsageError
from gate.settings_options import METAVARS, Option, nested, options, shaped, stage_layer
from gate.settings_sources import Layer, overlay

_HELP = {"cache": "keep nothing, and use nothing of earlier runs", "images": "image to judge as well"}
"""Texts for flags that say something else than their settings do."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every setting, and `--stage` and `--skip`. All of them in the usage line would hide the rest."""
    parser.usage = f"{parser.prog} [OPTION …] [TARGET …]"
    parser.add_argument("--stage", action="append", metavar="STAGE", help="run only this stage (repeat)")
    parser.add_argument("--skip", action="append", metavar="STAGE", help="do not run this stage (repeat)")
    stages = parser.add_argument_group("settings of one stage")
    for option in options():
        group = stages if option.key[0] == "stages" else parser
        group.add_argument(option.flag, dest=option.destination, default=None, **_argument(option))


def _argument(option: Option) -> dict[str, Any]:
    text = _HELP.get(".".join(option.key)) or option.help[:1].lower() + option.help[1:].rstrip(".")
    match option.kind:
        case "bool":
            return {"action": "store_const", "const": option.key != ("cache",), "help": text}
        case "int":
            return {"type": int, "metavar": "N", "help": text}
        case "list" | "dict":
            metavar = METAVARS.get(option.key[-1], "NAME=VALUE" if option.kind == "dict" else "PATTERN")
            return {"action": "append", "metavar": metavar, "help": f"{text} (repeat)".strip()}
        case _:
            return {"metavar": "TEXT", "help": text}


def from_flags(parsed: argparse.Namespace) -> Layer:
    """Return the settings that were given as flags. Raises UsageError."""
    layer = stage_layer(parsed.stage, parsed.skip)
    for option in options():
        value = getattr(parsed, option.destination)
        if value == "" or (isinstance(value, list) and "" in value):
            raise UsageError(f"{option.flag} is empty", hint="Leave it out, or give the variable in it a value")
        if value is not None:
            layer = overlay(layer, nested(option.key, shaped(option, value, option.flag)))
    return layer
