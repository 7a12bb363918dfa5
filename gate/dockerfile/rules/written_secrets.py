"""Secrets that stand in the Dockerfile itself: keys, tokens, labels, exports, addresses."""

import re
from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.build import Build
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import BUILD, instructions, rule
from gate.dockerfile.secret_words import holds_password, is_literal, is_secret_name, severity_of
from gate.dockerfile.shell import SUBSTITUTED, ShellWord
from gate.dockerfile.step import Command, Step
from gate.dockerfile.tokens import tokens_in
from gate.dockerfile.written import exports, written
from gate.model import Severity

_KEY = lazy_regex(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?P<body>(?:\\n|\\r|[\"'\s\\]){0,40}(?:[A-Za-z0-9+/=]{16}|Proc-Type|Version:))?"
)


def _holds_key(text: str) -> bool:
    return "PRIVATE KEY" in text and any(found["body"] for found in _KEY.finditer(text))


@rule(
    "GD040",
    Severity.HIGH,
    "Private key in the Dockerfile",
    looks_at=instructions("ADD", "ARG", "COPY", "ENV", "LABEL", "RUN"),
    why="Anyone who can read the repository, or pull the image, has the key.",
    mend="Replace the key, and pass the new one to the build with RUN --mount=type=ssh or --mount=type=secret.",
    references=("CWE-321", "CWE-798", "CIS-DI-0010"),
    bad='RUN echo "-----BEGIN {} KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC" > /root/key.pem'.format("PRIVATE"),
    good="RUN --mount=type=ssh git clone git@git.example:team/project.git",
    stays_in_image=True,
)
def private_key(step: Step) -> Iterator[Hit]:
    instruction = step.instruction
    if step.name in ("ARG", "ENV", "LABEL"):
        if _holds_key(instruction.text):
            yield step.hit("a private key is written here", evidence="private key")
        return
    for text in written(step):
        if "PRIVATE KEY" in text.content and (_holds_key(text.content) or _begins_key_file(text.content, text.path)):
            yield text.hit("a private key is written here", evidence="private key")
            return
    for command, _, value, _ in exports(step):
        if _holds_key(value):
            yield command.hit("a private key is written here", evidence="private key")


def _begins_key_file(content: str, path: str | None) -> bool:
    """True for the first line of a key that goes into a file; its other lines may be written by other commands."""
    return path is not None and path != "/dev/null" and bool(_KEY.match(content.strip()))


@rule(
    "GD041",
    Severity.HIGH,
    "Secret in a label",
    looks_at=instructions("LABEL"),
    why="Labels can be read by anyone who can pull the image, and by every tool that lists images.",
    mend="Remove the label, and change this secret.",
    references=("CWE-798", "CIS-DI-0010"),
    bad="LABEL com.example.api-key=correct-horse-battery",
    good="LABEL com.example.api-version=2",
    stays_in_image=True,
)
def secret_in_label(step: Step) -> Iterator[Hit]:
    for name, value in step.instruction.pairs:
        text = step.expand(value.text)
        last = name.text.strip("\"'").rpartition(".")[2].replace("-", "_")
        if text and ((is_secret_name(last) and is_literal(text)) or holds_password(text)):
            message = f"the label {name.text} contains a value that looks like a secret"
            yield step.hit(message, name, evidence=name.text, severity=severity_of(text))


@rule(
    "GD042",
    Severity.HIGH,
    "Token in the Dockerfile",
    looks_at=BUILD,
    why="Anyone who can read the repository, or pull the image, can use the token.",
    mend="Revoke the token, and pass a new one to the build with RUN --mount=type=secret.",
    references=("CWE-798", "CIS-DI-0010"),
    bad="RUN curl -H 'Authorization: Bearer ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz' https://git.example/a",
    good="RUN --mount=type=secret,id=token curl -H @/run/secrets/token https://git.example/a",
    stays_in_image=True,
)
def known_token(build: Build) -> Iterator[Hit]:
    texts = [(step, _text_of(step)) for step in build.steps() if step.name != "ONBUILD"]
    if not any(tokens_in("\n".join(text for _, text in texts))):
        return  # asked of all at once: nearly every file is done here
    for step, text in texts:
        kinds = list(tokens_in(text))
        if kinds and not _is_secret_variable(step):
            yield from (step.hit(f"this looks like a {kind}", evidence=kind) for kind in kinds)


def _text_of(step: Step) -> str:
    return "\n".join((step.instruction.text, *(heredoc.body.content for heredoc in step.instruction.heredocs)))


def _is_secret_variable(step: Step) -> bool:
    """True for ARG and ENV of which GD004 says the same."""
    return any(value and is_secret_name(name) and is_literal(value) for name, value, _ in step.assignments())


@rule(
    "GD047",
    Severity.HIGH,
    "Secret set in a RUN",
    looks_at=instructions("RUN"),
    why="The command is in the image's history: anyone who can pull the image can read the value.",
    mend="Use RUN --mount=type=secret,id=…,env=NAME, and change this secret.",
    references=("CWE-798", "CWE-526", "CIS-DI-0010"),
    bad="RUN export AWS_SECRET_ACCESS_KEY=correct/horse/battery && aws s3 cp s3://bucket/a /a",
    good="RUN --mount=type=secret,id=key,env=AWS_SECRET_ACCESS_KEY aws s3 cp s3://bucket/a /a",
    stays_in_image=True,
)
def secret_set_in_run(step: Step) -> Iterator[Hit]:
    for command, name, value, word in exports(step):
        if is_secret_name(name) and is_literal(value) and SUBSTITUTED not in value:
            message = f"{name} is set to a value that looks like a secret"
            yield command.hit(message, word, evidence=name, severity=severity_of(value))


_LOGIN = lazy_regex(
    r"[a-z][a-z0-9+.-]{1,30}://(?P<user>[^/\s:@]{0,300})(?::(?P<password>[^/\s@]{0,300}))?@", re.IGNORECASE
)
_KEEPS_ADDRESS = frozenset({"clone", "remote", "submodule", "config"})
_LIKE_A_TOKEN = 20
"""Characters of a user name without password that is rather a token."""


@rule(
    "GD046",
    Severity.HIGH,
    "Credentials in a URL",
    looks_at=instructions("ADD", "RUN"),
    why="Anyone who can pull the image can read the URL in its history, and in .git/config if git cloned it.",
    mend="Use RUN --mount=type=ssh, or a git credential helper that reads RUN --mount=type=secret.",
    references=("CWE-522", "CWE-798", "CIS-DI-0010"),
    bad="ADD https://deploy:correct-horse@git.example/team/project.git /src",  # pragma: allowlist secret
    good="RUN --mount=type=ssh git clone git@git.example:team/project.git",
    stays_in_image=True,
)
def credentials_in_address(step: Step) -> Iterator[Hit]:
    if step.name == "ADD":
        for word, value in zip(step.instruction.arguments, step.values, strict=True):
            if _holds_credentials(value or word.text):
                yield step.hit("the URL contains credentials", word, evidence="ADD address")
    for command in step.commands:
        kept = next((one for one in command.words[1:] if _is_kept(command, one)), None)
        if kept is not None:
            yield command.hit("git stores the URL with its credentials", kept, evidence="git address")


def _holds_credentials(text: str) -> bool:
    found = _LOGIN.search(text) if "@" in text else None
    if found is None:
        return False
    secret = found["password"] if found["password"] is not None else found["user"]
    return bool(found["password"]) or "$" in secret or len(secret) >= _LIKE_A_TOKEN


def _is_kept(command: Command, word: ShellWord) -> bool:
    """True for an address with credentials, other than plain passwords (GD017), that git writes into its files."""
    if command.program != "git" or _KEEPS_ADDRESS.isdisjoint(command.arguments):
        return False
    return _holds_credentials(word.text) and not holds_password(word.text)
