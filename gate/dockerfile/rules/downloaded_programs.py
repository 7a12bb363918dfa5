"""Files that a RUN downloads, and runs or installs without a look at them."""

from collections.abc import Iterator

from gate.dockerfile.build import BuildStage
from gate.dockerfile.downloaded import run_later, unverified
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import PIECES, instructions, rule
from gate.dockerfile.step import Command, Step
from gate.dockerfile.trusted_ways import protection_of_fetch, severity_of_fetch
from gate.model import Severity

_MEND = "Check its digest first: echo '…  FILE' | sha256sum -c - ; or check its signature, or use ADD --checksum."


@rule(
    "GD028",
    Severity.HIGH,
    "Downloaded program is run without verification",
    looks_at=PIECES,
    why="Anyone who controls the server or its files runs code in your build. Medium over https from a "
    "vendor's own installer and from a commit or a release that is named; else high.",
    mend=_MEND,
    references=("CWE-494", "CIS-DI-0011"),
    bad="RUN curl -fsSLo install.sh https://packages.example/install.sh && sh install.sh",
    good=(
        "RUN curl -fsSLo install.sh https://packages.example/install.sh "
        "&& echo '0123abcd  install.sh' | sha256sum -c - && sh install.sh"
    ),
)
def downloaded_and_run(stage: BuildStage) -> Iterator[Hit]:
    for download in (one for step in stage.steps for one in unverified(step)):
        if download.is_run:
            message = f"{download.name} is run, and nothing verifies it"
            yield _hit(download.command, message)
    for late in run_later(stage):
        message = f"{late.name} is run by a later step, and nothing verifies it"
        yield _hit(late.command, message)


def _hit(command: Command, message: str) -> Hit:
    return command.hit(message, severity=severity_of_fetch(command), low_worth=protection_of_fetch(command))


@rule(
    "GD029",
    Severity.MEDIUM,
    "Downloaded file is installed without verification",
    looks_at=instructions("RUN"),
    why="Anyone who controls the server or its files decides which programs are in your image.",
    mend=_MEND,
    references=("CWE-494", "CIS-DI-0011"),
    bad="RUN curl -fsSL https://packages.example/a.tgz | tar xz -C /opt",
    good=(
        "RUN curl -fsSLO https://packages.example/a.tgz "
        "&& echo '0123abcd  a.tgz' | sha256sum -c - && tar xzf a.tgz -C /opt"
    ),
)
def downloaded_and_installed(step: Step) -> Iterator[Hit]:
    for download in unverified(step):
        if not download.is_run:
            what = download.name or f"what {download.command.program} fetches"
            yield download.command.hit(f"{what} is installed, and nothing verifies it")
