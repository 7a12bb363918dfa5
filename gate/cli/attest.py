"""Make the verdict evidence: a signed statement of what was judged, by which policy, with which result."""

import argparse
import sys
from pathlib import Path

from gate.errors import GateError

NAME = "gate.intoto.json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate attest`."""
    parser.add_argument("report", metavar="REPORT.json", help="a report that `gate run --report json=FILE` wrote")
    parser.add_argument("--key", required=True, metavar="FILE", help="private ed25519 key (PEM) to sign with")
    parser.add_argument(
        "--output", default=NAME, metavar="FILE", help=f"where to write it; default: {NAME}, - is standard output"
    )


def run(options: argparse.Namespace) -> int:
    """Write the attestation. A failed verdict is attested too: as FAILED, which `gate verify` refuses."""
    from datetime import UTC, datetime

    from gate.attestation.dsse import seal
    from gate.attestation.statement import state
    from gate.reports.reading import read_report

    report = read_report(options.report)
    envelope = seal(state(report, datetime.now(UTC)), options.key) + b"\n"
    if options.output == "-":
        sys.stdout.buffer.write(envelope)
        return 0
    try:
        Path(options.output).write_bytes(envelope)
    except OSError as error:
        raise GateError(f"the attestation cannot be written ({error.strerror})", path=options.output) from error
    judged = ", ".join(judged.target for judged in report.inputs)
    print(f"{options.output} says {report.verdict.status.value} of {judged}")
    return 0
