"""Credentials in a Dockerfile end up in the image, or in its history, for everybody who can pull it."""

import re
from collections.abc import Iterator

from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import COMMANDS, instructions, rule, runs
from gate.dockerfile.secret_words import holds_password, is_literal, is_secret_name, severity_of
from gate.dockerfile.shell import ShellWord
from gate.dockerfile.step import Command, Step
from gate.model import Severity


@rule(
    "GD004",
    Severity.HIGH,
    "Secret in ARG or ENV",
    looks_at=instructions("ARG", "ENV"),
    why="The value is in the image's configuration or history: anyone who can pull the image can read it.",
    mend="Use RUN --mount=type=secret during the build and the platform's secrets at run time, and change this secret.",
    references=("CWE-798", "CWE-526", "CIS-DI-0010"),
    bad="ENV DB_PASSWORD=correct-horse",
    good="ENV DB_PASSWORD_FILE=/run/secrets/db_password",
    stays_in_image=True,
)
def secret_in_variable(step: Step) -> Iterator[Hit]:
    for name, value, word in step.assignments():
        if value is None:
            continue
        if (is_secret_name(name) and is_literal(value)) or holds_password(value):
            message = f"{step.name} {name} contains a value that looks like a secret"
            yield step.hit(message, word, evidence=name, severity=severity_of(value))


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
    stays_in_image=True,
)
def secret_as_argument(step: Step) -> Iterator[Hit]:
    for word in step.instruction.arguments:
        if "=" not in word.text and is_secret_name(word.text):
            yield step.hit(f"{word.text} will be in the image's history", word)


_ACCOUNT = re.compile(r"[a-z_][\w-]*:(?P<password>[^\s:]+)(?:\\n|\n)?", re.IGNORECASE)
_LOCKED = frozenset({"!", "*", "!!", "x"})


@rule(
    "GD016",
    Severity.HIGH,
    "Account password set in a RUN",
    looks_at=instructions("RUN", where=runs("chpasswd", "useradd", "usermod")),
    why="The command is in the image's history: anyone who can pull the image knows every container's password.",
    mend="Do not use a password: lock the account (usermod -L) and use docker exec.",
    references=("CWE-798", "CWE-259"),
    bad="RUN echo 'root:toor' | chpasswd",  # pragma: allowlist secret
    good="RUN usermod -L root",
    stays_in_image=True,
)
def account_password(step: Step) -> Iterator[Hit]:
    changes_accounts = any(command.program == "chpasswd" for command in step.commands)
    for command in step.commands:
        account = next((word for word in _spoken(command) if _is_account(word.text)), None)
        if changes_accounts and account is not None:
            name = account.text.partition(":")[0]
            yield command.hit(f"the password of {name} is written here", account, evidence=f"chpasswd {name}")
        elif _sets_password(command):
            yield command.hit(f"{command.program} is given the password", command.words[0], evidence=command.program)


def _spoken(command: Command) -> Iterator[ShellWord]:
    """Yield what may be fed to chpasswd: the words of echo and printf, and `<<< words`."""
    if command.program in ("echo", "printf"):
        yield from command.words[1:]
    yield from (redirect.target for redirect in command.syntax.redirects if redirect.operator == "<<<")


def _sets_password(command: Command) -> bool:
    """True for `useradd -p …` and `usermod --password=…`."""
    if command.program not in ("useradd", "usermod"):
        return False
    words = command.arguments
    pairs = zip(words, (*words[1:], ""), strict=False)
    return any(
        (word in ("-p", "--password") and is_literal(following) and following not in _LOCKED)
        or (word.startswith("--password=") and is_literal(word.partition("=")[2]))
        for word, following in pairs
    )


def _is_account(word: str) -> bool:
    found = _ACCOUNT.fullmatch(word)
    return bool(found and "$" not in found["password"])


@rule(
    "GD017",
    Severity.HIGH,
    "Password on a command line",
    looks_at=COMMANDS,
    why="The command is in the image's history: anyone who can pull the image can read the password.",
    mend="Use RUN --mount=type=secret and let the program read the file, and change this password.",
    references=("CWE-798", "CWE-214"),
    bad="RUN curl -u deploy:correct-horse https://packages.example/a.tgz",  # pragma: allowlist secret
    good="RUN --mount=type=secret,id=netrc,target=/root/.netrc curl -n https://packages.example/a.tgz",
    stays_in_image=True,
)
def password_on_command_line(command: Command) -> Iterator[Hit]:
    words = command.own_words
    for place, word in enumerate(words[1:], start=1):
        following = words[place + 1].text if place + 1 < len(words) else ""
        if holds_password(word.text):
            password = word.text
        else:
            password = _password_given(command.program, word.text, following) or ""
        if password:
            message, evidence = f"{command.program} is given a password", f"{command.program} password"
            yield command.hit(message, words[0], evidence=evidence, severity=severity_of(password))
            return


_LOGS_IN_WITH_P = frozenset({"docker", "podman", "buildah", "skopeo", "helm", "sshpass"})
"""Programs whose `-p` is a password; with docker run it is a port, which has a colon."""
_PASSWORD_OPTIONS = frozenset(
    {
        *("--password", "--passwd", "--http-password", "--ftp-password", "--proxy-password", "--token", "--api-key"),
        *("--apikey", "--access-token", "--auth-token", "--secret-key", "--client-secret", "--pass", "--pat"),
    }
)


def _password_given(program: str, option: str, following: str) -> str | None:
    """Return the password that an option of a program gives; None if it gives none that can be read here."""
    if not option.startswith("-"):
        return None
    name, equals, value = option.partition("=")
    given = ""
    if name in _PASSWORD_OPTIONS and program not in ("useradd", "usermod"):
        given = value if equals else following
        given = "" if given.startswith("-") else given
    elif option == "-p" and program in _LOGS_IN_WITH_P and ":" not in following:
        given = following
    elif program == "curl" and option in ("-u", "--user"):
        given = following.partition(":")[2]
    return given if is_literal(given) else None
