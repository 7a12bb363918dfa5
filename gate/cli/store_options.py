"""The flags that name a store, for every command that uses one."""

import argparse
import os
from typing import TYPE_CHECKING

from gate.core.errors import UsageError, empty

if TYPE_CHECKING:
    from gate.fleet.store import FleetStore

VARIABLE = "GATE_STORE"


def add_store(parser: argparse.ArgumentParser) -> None:
    """Add the flags that name the store."""
    parser.add_argument(
        "--store", metavar="ADDRESS", help=f"folder, or s3://BUCKET/FOLDER and the like; default: {VARIABLE}"
    )
    parser.add_argument("--organisation", metavar="NAME", help="whose store it has to be")


def address_of(options: argparse.Namespace) -> str:
    """Return the address that flag or environment give. Raises UsageError if neither does."""
    if options.store == "" or getattr(options, "organisation", None) == "":
        raise empty("--store" if options.store == "" else "--organisation")
    address = options.store or os.environ.get(VARIABLE)
    if not address:
        raise UsageError("no store is named", hint=f"--store FOLDER, or {VARIABLE} in the environment")
    return str(address)


def store_of(options: argparse.Namespace) -> "FleetStore":
    """Open the store. Raises GateError."""
    from gate.fleet.store import open_store

    return open_store(address_of(options), options.organisation)
