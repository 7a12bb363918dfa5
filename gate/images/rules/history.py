"""Rules on how the image was built, as far as its history tells."""

import re
from collections.abc import Iterator

from gate.images.rules.base import Hit, Subject, rule
from gate.model import Severity

_ADD = re.compile(r"^(?:/bin/sh -c #\(nop\) )?ADD (?P<what>.{0,4000})$", re.DOTALL)
_TO_ROOT = re.compile(r"(?:\s|\")/\"?\]?\s*(?:# buildkit\s*)?$")
"""How base images come into the world: ADD of a root file system."""
_UPGRADE = re.compile(r"\b(?:apt|apt-get|aptitude)\s(?:[^&|;]{0,200}\s)?(?:dist|full)-upgrade\b|\bdo-release-upgrade\b")
_SUDO = re.compile(r"(?:^|[;&|(]|/sh -c |# )\s*sudo\s")


@rule(
    "GI011",
    Severity.LOW,
    "Distribution upgraded during the build",
    why="Upgrading beyond the release adds and removes packages that no one has reviewed.",
    mend="Use a newer base image, and install packages by name.",
    references=("CWE-1104", "DKL-DI-0003"),
    bad='{"history": [{"created_by": "RUN /bin/sh -c apt-get -y dist-upgrade # buildkit"}]}',
    good='{"history": [{"created_by": "RUN /bin/sh -c apt-get -y upgrade # buildkit"}]}',
)
def upgrades_distribution(image: Subject) -> Iterator[Hit]:
    for number, text in _steps(image):
        if _UPGRADE.search(text):
            yield Hit(message=f"Step {number} of the history runs dist-upgrade", evidence=(str(number),))


@rule(
    "GI012",
    Severity.INFO,
    "Files added by ADD",
    why="ADD also downloads files and unpacks archives; COPY only copies.",
    mend="Use COPY, or ADD --checksum for downloads.",
    references=("CWE-494", "CIS-DI-0009", "CIS Docker 4.9"),
    bad='{"history": [{"created_by": "ADD app.tar.gz /srv # buildkit"}]}',
    good='{"history": [{"created_by": "/bin/sh -c #(nop) ADD file:4b03b5f551e3fbdf47ec in / "}]}',
)
def adds_files(image: Subject) -> Iterator[Hit]:
    for number, text in _steps(image):
        found = _ADD.match(text)
        if found and not _TO_ROOT.search(found["what"]):
            yield Hit(message=f"Step {number} of the history is an ADD", evidence=(str(number),))


@rule(
    "GI013",
    Severity.LOW,
    "Build step that calls sudo",
    why="A build step already runs as root or as USER; with sudo installed, processes can gain rights at run time too.",
    mend="Set USER root for the step and another user after it; remove sudo.",
    references=("CWE-250", "DKL-DI-0001"),
    bad='{"history": [{"created_by": "RUN /bin/sh -c sudo make install # buildkit"}]}',
    good='{"history": [{"created_by": "RUN /bin/sh -c make install # buildkit"}]}',
)
def calls_sudo(image: Subject) -> Iterator[Hit]:
    for number, text in _steps(image):
        if _SUDO.search(text):
            yield Hit(message=f"Step {number} of the history calls sudo", evidence=(str(number),))


def _steps(image: Subject) -> Iterator[tuple[int, str]]:
    return ((number, step.created_by or "") for number, step in enumerate(image.history, 1))
