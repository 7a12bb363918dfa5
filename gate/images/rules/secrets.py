"""Rules on credentials that an image's configuration gives to everyone who can pull it."""

import re
from collections.abc import Iterator

from gate.images.rules.base import Hit, Subject, rule
from gate.images.rules.credentials import Assignment, Credential, assignments, credentials
from gate.model import Severity

_WHY = "Anyone who can pull the image, or has a copy of it, can read the secret with one command."
_CWE = ("CWE-798", "CWE-522", "CIS-DI-0010")
_OPTION = re.compile(r"(?<!\S)--([A-Za-z][\w-]{2,60})[ ]([^\s-]\S*)")
"""`--password VALUE`, as two words."""


@rule(
    "GI002",
    Severity.HIGH,
    "Secret in an environment variable",
    why=_WHY,
    mend="Revoke it. Pass secrets to the container when it starts: as a file, from the orchestrator's secret store.",
    references=_CWE,
    bad='{"runtime": {"Env": ["DB_PASSWORD=correct-horse-battery"]}}',  # pragma: allowlist secret
    good='{"runtime": {"Env": ["DB_PASSWORD_FILE=/run/secrets/db"]}}',
)
def secret_in_environment(image: Subject) -> Iterator[Hit]:
    for found in _in_environment(image):
        yield _hit(f"The environment sets {found.what}", found)


def _in_environment(image: Subject) -> list[Credential]:
    return _whole(image.runtime.env or [])


def _whole(texts: list[str]) -> list[Credential]:
    """Judge texts of which each is one `KEY=value`, whatever the value holds."""
    pairs = (text.partition("=") for text in texts)
    return credentials((Assignment(key, value.strip(), place) for place, (key, _, value) in enumerate(pairs, 1)), texts)


@rule(
    "GI003",
    Severity.HIGH,
    "Secret in the image's history",
    why=_WHY + " Build arguments and overwritten variables stay in the history.",
    mend="Revoke it. Use RUN --mount=type=secret for what a build needs; build again, since no later step removes it.",
    references=_CWE,
    bad='{"history": [{"created_by": "RUN |1 NPM_TOKEN=correct-horse-battery /bin/sh -c npm ci"}]}',
    good='{"history": [{"created_by": "RUN /bin/sh -c npm ci # buildkit"}]}',
)
def secret_in_history(image: Subject) -> Iterator[Hit]:
    texts = [step.created_by or "" for step in image.history]
    known = {found.secret.hash for found in _in_environment(image) + _in_labels(image)}
    for found in credentials(assignments(texts), texts):
        if found.secret.hash not in known:
            yield _hit(f"Step {found.place} of the history holds {found.what}", found)


@rule(
    "GI006",
    Severity.HIGH,
    "Secret in a label",
    why=_WHY,
    mend="Revoke it, and remove the label.",
    references=_CWE,
    bad='{"runtime": {"Labels": {"deploy.token": "correct-horse-battery"}}}',
    good='{"runtime": {"Labels": {"org.opencontainers.image.version": "1.4"}}}',
)
def secret_in_label(image: Subject) -> Iterator[Hit]:
    for found in _in_labels(image):
        yield _hit(f"A label holds {found.what}", found)


def _in_labels(image: Subject) -> list[Credential]:
    return _whole([f"{key}={value}" for key, value in sorted((image.runtime.labels or {}).items())])


@rule(
    "GI032",
    Severity.HIGH,
    "Secret in the image's configuration",
    why=_WHY,
    mend="Revoke it. Pass it to the container when it starts, as a file or from the orchestrator's secret store.",
    references=_CWE,
    bad='{"texts": ["serve DB_PASSWORD=correct-horse-battery"]}',  # pragma: allowlist secret
    good='{"texts": ["sh -c serve --db-password-file=/run/secrets/db", "author=Ada"]}',
)
def secret_in_configuration(image: Subject) -> Iterator[Hit]:
    """Look at commands, checks of health, triggers, shells, authors, comments, annotations and fields of others."""
    texts = [_OPTION.sub(r"--\1=\2", text) for text in image.texts]
    for found in credentials(assignments(texts), texts):
        yield _hit(f"The configuration holds {found.what}", found)


def _hit(message: str, found: Credential) -> Hit:
    return Hit(
        message=message, evidence=(found.key, found.secret.hash), secret=found.secret, confidence=found.confidence
    )
