"""Make the verdict evidence: a signed statement of what was judged, by which policy, with which result."""

import argparse
import sys
from typing import TYPE_CHECKING

from gate.cli.saying import confirm
from gate.core.dsse import seal
from gate.core.errors import GateError
from gate.core.safe_write import write_user_path

if TYPE_CHECKING:
    from gate.model import Report

NAME = "gate.intoto.json"
SUFFIX = ".intoto.json"
"""The suffix that makes the name of a part's attestation from that of its report, in the same folder."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate attest`."""
    parser.add_argument("report", metavar="REPORT.json", help="a report that `gate run --report json=FILE` wrote")
    parser.add_argument("--key", required=True, metavar="FILE", help="private ed25519 key (PEM) to sign with")
    parser.add_argument("--push", metavar="registry:IMAGE", help="attach it to the judged image in its registry")
    parser.add_argument(
        "--output", metavar="FILE", help=f"where to write it; default: {NAME} without --push, - is standard output"
    )


def run(options: argparse.Namespace) -> int:
    """Write the attestation. A failed verdict is attested too: as FAILED, which `gate verify` refuses."""
    from gate.attestation.statement import check_attestable, state
    from gate.reports.reading import parse_report, read_content

    content = read_content(options.report)
    report = parse_report(content, options.report, is_acted_upon=True)
    check_attestable(report)
    envelope = seal(state(report, content), options.key) + b"\n"
    judged = ", ".join(judged.target for judged in report.inputs)
    says = f"says {report.verdict.status.value} of {judged}{_but(report)}"
    if options.push:
        print(f"{_push(envelope, report, options.push)}, attached to {options.push}, {says}", file=sys.stderr)
    output = options.output or (None if options.push else NAME)
    if output == "-":
        sys.stdout.buffer.write(envelope)
    elif output:
        _write(output, envelope)
        confirm(f"{output} {says}")
    return 0


def _but(report: "Report") -> str:
    """Return a sentence on what the verdict does not cover."""
    evidence = report.evidence
    assert evidence is not None
    ran = ", ".join(work.stage for work in evidence.ran if work.targets)
    words = [f"by {ran or 'no stage'}"]
    if evidence.left_out:
        words.append(f"not by {', '.join(evidence.left_out)}")
    if evidence.bases:
        words.append("as far as it came after what it was compared with")
    return f" ({'; '.join(words)})"


def _push(envelope: bytes, report: "Report", place: str) -> str:
    from gate.attestation.published import publish
    from gate.cli.access import image_access, registry_image

    return publish(envelope, report.inputs, registry_image(place), image_access())


def _write(output: str, envelope: bytes) -> None:
    try:
        write_user_path(output, envelope)
    except OSError as error:
        raise GateError(f"the attestation cannot be written ({error.strerror})", path=output) from error
