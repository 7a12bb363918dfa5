"""Credentials in a Dockerfile end up in the image, or in its history, for everybody who can pull it."""

import re
from collections.abc import Iterator

from gate.dockerfile.build import Command, Step
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, programs, rule
from gate.model import Severity

_SECRET_NAME = re.compile(
    r"(?:.*[_-])?(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|"
    r"AUTH_?KEY|CREDENTIALS?|PWD|PASS)(?:[_-]?\d+)?",
    re.IGNORECASE,
)
_NOT_SECRET_NAME = frozenset({"PWD", "OLDPWD", "PASS"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACEHOLDER = re.compile(
    r"<.*>|\*+|x+|\.+|(?:none|null|nil|undefined|true|false|yes|no|on|off|dummy|placeholder|todo|unset|empty)|\d{1,2}",
    re.IGNORECASE | re.DOTALL,
)
_PATH = re.compile(r"\.{0,2}/")
_LOGIN_IN_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:(?P<password>[^/\s@]+)@", re.IGNORECASE)


def _is_secret_name(name: str) -> bool:
    if name.upper() in _NOT_SECRET_NAME:
        return False
    return bool(_SECRET_NAME.fullmatch(_CAMEL.sub("_", name)) or _SECRET_NAME.fullmatch(name))


def _is_literal(value: str) -> bool:
    """True if the value is there to be read: no placeholder, path or variable."""
    return bool(value) and "$" not in value and not _PLACEHOLDER.fullmatch(value) and not _PATH.match(value)


def _holds_password(value: str) -> bool:
    found = _LOGIN_IN_ADDRESS.match(value)
    return bool(found and _is_literal(found["password"]))


@rule(
    "GD004",
    Severity.HIGH,
    "Secret in ARG or ENV",
    looks_at=instructions("ARG", "ENV"),
    why="The value is in the image's configuration or history: whoever can pull the image can read it.",
    mend="Use RUN --mount=type=secret during the build and the platform's secrets at run time, and change this secret.",
    references=("CWE-798", "CWE-526", "CIS-DI-0010"),
    bad="ENV DB_PASSWORD=correct-horse",
    good="ENV DB_PASSWORD_FILE=/run/secrets/db_password",
)
def secret_in_variable(step: Step) -> Iterator[Hit]:
    for name, value, word in step.assignments():
        if value is None:
            continue
        if (_is_secret_name(name) and _is_literal(value)) or _holds_password(value):
            yield step.hit(f"{step.name} {name} holds a value that looks secret", word, evidence=name)


@rule(
    "GD015",
    Severity.MEDIUM,
    "Secret as a build argument",
    looks_at=instructions("ARG"),
    why="Build arguments are kept in the image's history and in build logs.",
    mend="Use RUN --mount=type=secret,id=….",
    references=("CWE-522", "CIS-DI-0010"),
    bad="ARG NPM_TOKEN",
    good="RUN --mount=type=secret,id=npm_token npm ci",
)
def secret_as_argument(step: Step) -> Iterator[Hit]:
    for word in step.instruction.arguments:
        if "=" not in word.text and _is_secret_name(word.text):
            yield step.hit(f"{word.text} will be in the image's history", word)


_ACCOUNT = re.compile(r"[a-z_][\w-]*:(?P<password>[^\s:]+)(?:\\n|\n)?", re.IGNORECASE)


@rule(
    "GD016",
    Severity.HIGH,
    "Password of an account set in a RUN",
    looks_at=instructions("RUN"),
    why="The command is in the image's history: whoever can pull the image knows the password of every container.",
    mend="Do without passwords: lock the account (usermod -L) and get in with docker exec.",
    references=("CWE-798", "CWE-259"),
    bad="RUN echo 'root:toor' | chpasswd",
    good="RUN usermod -L root",
)
def account_password(step: Step) -> Iterator[Hit]:
    if not any(command.program == "chpasswd" for command in step.commands):
        return
    for command in step.commands:
        accounts = [word for word in command.words[1:] if _is_account(word.text)]
        if command.program in ("echo", "printf") and accounts:
            account = accounts[0].text.partition(":")[0]
            yield command.hit(f"the password of {account} is written here", accounts[0], evidence=f"chpasswd {account}")


def _is_account(word: str) -> bool:
    found = _ACCOUNT.fullmatch(word)
    return bool(found and "$" not in found["password"])


@rule(
    "GD017",
    Severity.HIGH,
    "Password on a command line",
    looks_at=programs("curl", "wget", "sshpass", "mysql", "git", "docker", "svn"),
    why="The command is in the image's history: whoever can pull the image can read the password.",
    mend="Use RUN --mount=type=secret and let the program read the file, and change this password.",
    references=("CWE-798", "CWE-214"),
    bad="RUN curl -u deploy:correct-horse https://packages.example/a.tgz",
    good="RUN --mount=type=secret,id=netrc,target=/root/.netrc curl -n https://packages.example/a.tgz",
)
def password_on_command_line(command: Command) -> Iterator[Hit]:
    words = command.words
    for place, word in enumerate(words[1:], start=1):
        following = words[place + 1].text if place + 1 < len(words) else ""
        if _holds_password(word.text) or _gives_password(command.program, word.text, following):
            yield command.hit(
                f"{command.program} is given a password", words[0], evidence=f"{command.program} password"
            )
            return


def _gives_password(program: str, option: str, following: str) -> bool:
    name, equals, value = option.partition("=")
    if name in ("--password", "--http-password", "--ftp-password"):
        return _is_literal(value if equals else following)
    if program == "curl" and option in ("-u", "--user"):
        return ":" in following and _is_literal(following.partition(":")[2])
    return program == "sshpass" and option == "-p" and _is_literal(following)
