"""Reading a report that has to be signed: with a key, only an attested report is accepted."""

from typing import TYPE_CHECKING

from gate.cli.attest import SUFFIX
from gate.core.errors import empty

if TYPE_CHECKING:
    import argparse

    from gate.model import Report


def add_key(parser: "argparse.ArgumentParser") -> None:
    """Add the flag that names the key."""
    parser.add_argument(
        "--key", metavar="FILE", help=f"public ed25519 key (PEM) of REPORT.json{SUFFIX}, which each report then needs"
    )


def check_key(key: str | None) -> None:
    """Raise UsageError for a flag without a value: with a variable that is not set, nothing would be checked."""
    if key == "":
        raise empty("--key")


def read_signed(path: str, key: str | None, *, is_acted_upon: bool = True) -> "Report":
    """Return the report in `path`; with a key, if it is the one that was attested. Raises UnreadableError."""
    from gate.attestation.check import check_report
    from gate.reports.reading import parse_report, read_content

    content = read_content(path)
    if key is not None:
        check_report(content, path, read_content(path + SUFFIX), key)
    return parse_report(content, path, is_acted_upon=is_acted_upon)
