"""Check at deploy time that an image or commit was judged and passed: signature, digest, policy, age. Works offline."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gate.cli.attest import NAME
from gate.errors import GateError, UsageError
from gate.model import Image, Input, Target
from gate.project import target_of

if TYPE_CHECKING:
    from datetime import timedelta

    from gate.attestation.check import Demand
    from gate.attestation.statement import Statement


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate verify`."""
    parser.add_argument("subject", metavar="TARGET", help="image or folder that is to be deployed")
    parser.add_argument(
        "--attestation",
        metavar="FILE",
        help=f"what `gate attest` wrote; default: {NAME}, for registry:IMAGE what is attached to it there",
    )
    parser.add_argument("--key", required=True, metavar="FILE", help="public ed25519 key (PEM) of whoever attests")
    parser.add_argument(
        "--policy", action="append", default=[], metavar="FILE", help="policy that must have been a layer (repeat)"
    )
    parser.add_argument("--max-age", metavar="DURATION", help="largest age of the verdict, such as 7d")


def run(options: argparse.Namespace) -> int:
    """Return 0 if the attestation holds and 1 if it does not, with the reasons; 3 if nobody can say."""
    from datetime import UTC, datetime

    from gate.attestation.check import Demand, objections

    judged = _input(options.subject)
    demand = Demand(
        digests=judged.digests,
        folder=judged.folder,
        policies=tuple(map(_digest_of_policy, options.policy)),
        longest=_duration(options.max_age),
        now=datetime.now(UTC),
    )
    statement, shown = _statement(options, demand)
    found = list(objections(statement, demand))
    for objection in found:
        print(f"{shown}: {objection}")
    if not found:
        print(f"{options.subject} passed on {statement.predicate.time_verified}")
    return 1 if found else 0


def _statement(options: argparse.Namespace, demand: "Demand") -> "tuple[Statement, str]":
    """Return the statement and what messages call it: of the file that is named, else of the image's registry."""
    from gate.attestation.statement import read_statement
    from gate.dsse import unseal

    image = target_of(options.subject)
    if options.attestation or not (isinstance(image, Image) and image.source == "registry"):
        shown = options.attestation or NAME
        return read_statement(unseal(_read(shown), options.key, shown), shown), shown
    from gate.attestation.published import newest
    from gate.cli.access import image_access

    return newest(image, demand.digests, options.key, image_access()), image.name


def _read(path: str) -> bytes:
    from gate.dsse import MAX_SIZE

    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_SIZE + 1)
    except OSError as error:
        raise GateError(f"cannot be read ({error.strerror})", path=path, hint="gate attest makes it") from error


def _input(subject: str) -> Input:
    from gate.pipeline.inputs import input_of_folder

    target: Target = target_of(subject)
    if isinstance(target, Image):
        return Input(target=subject, digests=_image_digests(target))
    found = input_of_folder(str(Path(subject).resolve()), subject)
    if not found.digests:
        raise GateError("has no commit that names its bytes", path=subject, hint="Commit what is changed")
    return found


def _image_digests(image: Image) -> dict[str, str]:
    """Return the digests of an image whose every byte was checked."""
    from gate.cli.access import image_access
    from gate.images.limits import Budget, Limits
    from gate.images.sources import open_image
    from gate.settings import ImageSettings

    bounds = ImageSettings()
    with open_image(image, Budget(Limits(bounds.max_size, bounds.max_entries)), image_access()) as content:
        found = content.found
    names = {"imageId": found.id, "sha256": found.digest}
    return {kind: digest.partition(":")[2] for kind, digest in names.items() if digest}


def _digest_of_policy(path: str) -> str:
    from gate.policy.layers import digest_of, read_policy
    from gate.policy.rules import Organisation

    return digest_of(read_policy(path, Organisation))


def _duration(text: str | None) -> "timedelta | None":
    from gate.durations import timedelta_of

    try:
        return timedelta_of(text) if text else None
    except ValueError as error:
        raise UsageError(f"--max-age: {error}") from error
