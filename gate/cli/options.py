"""Settings as flags, derived from `gate.settings.options`."""

import argparse
from collections.abc import Collection
from typing import Any

import msgspec

from gate.cli import HELP_ALL
from gate.core.errors import empty
from gate.declarations import DECLARED
from gate.settings.options import Option, nested, options, shaped, stage_layer
from gate.settings.sources import Layer, overlay

_HELP = {"cache": "keep nothing, and use nothing of earlier runs", "images": "image to judge as well"}
"""Help texts of flags that differ from those of their settings."""


OF_VERDICTS = ("reports", "since", "shard")
"""Settings of what is judged and where the verdict goes; commands without a verdict ignore them."""
COMMON = frozenset({"images", "since", "reports", "advisories.source", "offline", "cache", "jobs", "quiet", "verbose"})
"""Settings that the short help shows."""
OF_ADVISORIES = frozenset({"advisories", "trusted_hosts", "offline", "cache", "quiet", "verbose"})
"""Settings that count where no target is read."""
OF_RUNS = frozenset(
    {
        *("images", "images_from", "trusted_hosts", "offline", "cache", "jobs", "timeout", "memory", "isolation"),
        *("quiet", "verbose"),
    }
)
"""Settings that count where targets are read and nothing is judged."""
_SHORT = {"quiet": "-q", "verbose": "-v"}


class Heeded(msgspec.Struct, frozen=True):
    """Which settings a command heeds. Its help shows no others; they are read, for scripts that give all commands one
    list of flags.
    """

    stages: tuple[str, ...] = tuple(DECLARED)
    keys: frozenset[str] | None = None
    """The first words of their keys; None: all."""

    def has(self, option: Option) -> bool:
        """True if the command heeds the setting."""
        if option.key[0] == "stages":
            return option.key[1] in self.stages
        return self.keys is None or option.key[0] in self.keys


ALL_SETTINGS = Heeded()


def add_options(
    parser: argparse.ArgumentParser,
    without: Collection[str] = (),
    heeded: Heeded = ALL_SETTINGS,
    operands: str = "TARGET …",
) -> None:
    """Add a flag for every setting but those `without` effect, and, for a command with stages, `--stage` and `--skip`.

    The short help shows the COMMON ones of those that are `heeded`, and `--help-all` all of these. All of them in the
    usage line would hide the rest, which are the `operands`.
    """
    shows_all = getattr(parser, "shows_all", True)
    parser.usage = f"{parser.prog} [OPTION …] [{operands}]" if operands else f"{parser.prog} [OPTION …]"
    for flag, text in {"--stage": "run only this stage (repeat)", "--skip": "do not run this stage (repeat)"}.items():
        parser.add_argument(flag, action="append", metavar="STAGE", help=text if heeded.stages else argparse.SUPPRESS)
    stages = parser.add_argument_group("settings of one stage")
    hidden = 0
    for option in options():
        if option.key[0] in without:
            continue
        group = stages if option.key[0] == "stages" else parser
        argument = _argument(option)
        if not heeded.has(option):
            argument["help"] = argparse.SUPPRESS
        elif not (shows_all or ".".join(option.key) in COMMON):
            argument["help"] = argparse.SUPPRESS
            hidden += 1
        short = [_SHORT[option.key[0]]] if option.key[0] in _SHORT else []
        group.add_argument(*short, option.flag, dest=option.destination, default=None, **argument)
    if hidden:
        parser.epilog = f"{HELP_ALL} lists {hidden} more settings, which gate.yaml and the environment can have too."


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
