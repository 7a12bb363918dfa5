"""Newer attestations of what a fleet keeps, after it was judged again.

What is signed is what the store says, so who may write to it decides what the key signs.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from gate.attestation.renewal import JudgedAgain, state_again
from gate.core.dsse import seal
from gate.core.errors import GateError
from gate.core.safe_write import write_user_path
from gate.fleet.nightly import Night
from gate.fleet.rejudge import JudgedTarget
from gate.fleet.store import FleetStore
from gate.model import PolicyUsed, VerdictStatus
from gate.policy.layers import PolicyLayer
from gate.reports.reading import parse_report


class RenewedAttestations(msgspec.Struct, frozen=True, kw_only=True):
    """How many attestations were written, and why others were not."""

    written: int
    left: dict[str, int]
    """Reason to number of targets."""


def renew(
    store: FleetStore, night: Night, layers: Sequence[PolicyLayer], key_file: str, folder: Path
) -> RenewedAttestations:
    """Write an attestation of every target that was judged again, signed with a private key.

    Its name is the digest of the image or the commit. Raises GateError if advisories were missing, for the key, and for
    a folder that cannot be written.
    """
    if night.judgement.errors:
        raise GateError("advisories are missing, so nothing is attested", hint="See what was not judged")
    policies = tuple(PolicyUsed(source=layer.source, sha256=layer.sha256) for layer in layers)
    written, left = 0, Counter[str]()
    for target in night.judgement.judged:
        try:
            name, statement = _statement(store, night, target, policies)
        except GateError as error:
            left[error.message] += 1
            continue
        _write(folder / name, seal(statement, key_file) + b"\n")
        written += 1
    return RenewedAttestations(written=written, left=dict(left))


def _statement(
    store: FleetStore, night: Night, target: JudgedTarget, policies: tuple[PolicyUsed, ...]
) -> tuple[str, bytes]:
    """Return the name and the content of a statement. Raises GateError for what cannot be attested."""
    record = store.record(target.record)
    if target.status is VerdictStatus.INCOMPLETE or not (record.is_complete and record.report):
        raise GateError("it was not read whole")
    if not record.digest:
        raise GateError("it has no digest")
    content = store.report(record.report)
    report = parse_report(content, record.name, is_acted_upon=True)
    again = JudgedAgain(
        at=night.at,
        status=target.status,
        blocking=tuple(one.what for one in target.blocking),
        policies=policies,
        advisories_newest=night.advisories_newest,
        advisories_checked=night.advisories_checked,
    )
    # One commit may be of several branches and folders.
    which = hashlib.sha256(record.key.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{record.digest.rpartition(':')[2]}-{which}.intoto.json", state_again(report, content, again)


def _write(place: Path, content: bytes) -> None:
    try:
        write_user_path(str(place), content, makes_folders=True)
    except OSError as error:
        raise GateError(f"cannot be written ({error.strerror})", path=str(place)) from error
