"""Secrets that stay in a layer: deleted too late, written by a command, or copied out of a mount."""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache

from gate.dockerfile.build import BuildStage
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import PIECES, has_flags, instructions, rule
from gate.dockerfile.sensitive import is_environment_file, is_key_file
from gate.dockerfile.shell import CommandPlace
from gate.dockerfile.step import Command, Step
from gate.dockerfile.written import files_of_tees, target_of, written
from gate.model import Severity

_NAMED_SECRET = re.compile(
    r"(?:.*[._-])?(?:secrets?|credentials?|tokens?|passwords?|passwd|private)(?:[._-].*)?", re.IGNORECASE
)
_MAX_NAME = 255
_DELETES = frozenset({"rm", "shred", "unlink", "srm"})


def _name(path: str) -> str:
    return posixpath.basename(path.rstrip("/"))


@lru_cache(maxsize=4096)
def _looks_secret(path: str) -> bool:
    name = _name(path)
    return len(name) <= _MAX_NAME and (
        is_key_file(path) or is_environment_file(path) or bool(_NAMED_SECRET.fullmatch(name))
    )


def _deleted(step: Step) -> Iterator[tuple[Command, str]]:
    """Yield the name of each file that a RUN deletes."""
    for command in step.commands if step.name == "RUN" else ():
        if command.program in _DELETES:
            for word in command.operands():
                yield command, _name(word.text)


@rule(
    "GD043",
    Severity.MEDIUM,
    "Secret deleted in a later layer",
    looks_at=PIECES,
    why="Deleting hides the file only in the last layer: anyone can still unpack it from the layer before.",
    mend="Never let it into a layer: use RUN --mount=type=secret, or write and delete it in the same RUN.",
    references=("CWE-522", "CIS-DI-0010"),
    bad="COPY deploy_key.pem /root/\nRUN git clone git@git.example:a/b.git && rm /root/deploy_key.pem",
    good="RUN --mount=type=secret,id=deploy_key GIT_SSH_COMMAND='ssh -i /run/secrets/deploy_key' make",
    stays_in_image=True,
)
def deleted_too_late(stage: BuildStage) -> Iterator[Hit]:
    deletions = [list(_deleted(step)) for step in stage.steps]
    if not any(deletions):
        return
    brought: dict[str, Step] = {}
    for step, deleted in zip(stage.steps, deletions, strict=True):
        for command, name in deleted:
            if name in brought:
                line = brought[name].instruction.line
                yield command.hit(f"{name} stays in the layer that line {line} makes", evidence=f"rm {name}")
        secrets = {_name(path) for path in _secrets_brought(step)} - {name for _, name in deleted}
        brought.update((name, step) for name in secrets if name not in brought)


def _secrets_brought(step: Step) -> Iterator[str]:
    """Yield the files with secrets that a step brings into the image, under each name that they may have there."""
    secrets = [source for _, source in step.sources if _looks_secret(source)]
    if secrets:
        yield from secrets
        yield step.values[-1] or ""
    yield from (text.path for text in written(step) if text.path and _looks_secret(text.path))


_CREDENTIAL = re.compile(
    r"_authToken|_auth\b|_password|\bpassword\b|\bpasswd\b|aws_secret_access_key|aws_session_token|<password>|\"auths\"|"
    r"\btoken\b|://[^/\s@]{1,300}:[^/\s@]{1,300}@|://[^/\s@]{20,300}@",
    re.IGNORECASE,
)
_CREDENTIAL_FILES = frozenset(
    {
        *(".netrc", "_netrc", ".git-credentials", ".pypirc", ".npmrc", ".yarnrc.yml", ".yarnrc", ".my.cnf", ".pgpass"),
        *("pip.conf", "auth.json", "config.json", "credentials", "settings.xml", ".dockercfg", "NuGet.Config", ".boto"),
        *("credentials.toml", ".htpasswd", ".wgetrc", ".curlrc", ".s3cfg", "hosts.yml", ".gitconfig"),
    }
)
_UNDOES = frozenset({"logout", "delete", "--unset", "--unset-all", "unset", "rm"})


@rule(
    "GD045",
    Severity.HIGH,
    "Credentials written into a layer",
    looks_at=instructions("COPY", "RUN"),
    why="The file stays in its layer, even if a later step deletes it: anyone who can pull the image has it.",
    mend="Pass the file to the step with RUN --mount=type=secret,id=…,target=FILE.",
    references=("CWE-522", "CIS-DI-0010"),
    bad='ARG NPM_TOKEN\nRUN echo "//packages.example/:_authToken=${NPM_TOKEN}" > .npmrc && npm ci',
    good="RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci",
    stays_in_image=True,
)
def credentials_in_layer(step: Step) -> Iterator[Hit]:
    deleted = {name for _, name in _deleted(step)}
    for text in written(step):
        name = _name(text.path or "")
        if name in _CREDENTIAL_FILES and name not in deleted and _CREDENTIAL.search(text.content):
            yield text.hit(f"{name} stays in the layer with what is written into it", evidence=f"write {name}")
    undone = _programs_undone(step)
    for command in step.commands if step.name == "RUN" else ():
        file = _file_written_by(command)
        if file is not None and file not in deleted and command.program not in undone:
            yield command.hit(
                f"{command.program} keeps the credentials in {file}", evidence=f"{command.program} {file}"
            )


def _file_written_by(command: Command) -> str | None:
    """Return the name of the file in which a command stores credentials; None if it stores none."""
    words = command.arguments
    match command.program:
        case "npm" | "pnpm" | "yarn" if {"config", "set"} & set(words[:2]) and _authenticates(words):
            return ".npmrc"
        case "aws" if words[:2] == ("configure", "set") and any("secret" in word or "token" in word for word in words):
            return "credentials"
        case "git" if words[:1] == ("config",) and any(_CREDENTIAL.search(word) for word in words):
            return ".gitconfig"
        case "docker" | "podman" | "buildah" | "skopeo" | "crane" if _logs_in(words):
            return "config.json"
    return None


def _authenticates(words: tuple[str, ...]) -> bool:
    return any("_authToken" in word or word.endswith((":_auth", ":_password", "_auth")) for word in words)


def _logs_in(words: tuple[str, ...]) -> bool:
    return "login" in words[:2] and any(word.startswith(("-p", "--password")) for word in words)


def _programs_undone(step: Step) -> frozenset[str]:
    """Return the programs that the same step logs out with, or takes a setting back with."""
    return frozenset(one.program for one in step.commands if not _UNDOES.isdisjoint(one.arguments[:3]))


def _secret_files(step: Step) -> Iterator[str]:
    """Yield where the secrets of a RUN are mounted, and the variables that hold them."""
    for flag in step.instruction.flags:
        options = flag.options
        if options.get("type") != "secret":
            continue
        id = options.get("id") or _name(options.get("target", options.get("dst", "")))
        if "env" in options:
            yield f"${options['env']}"
            yield f"${{{options['env']}}}"
        target = options.get("target") or options.get("dst") or options.get("destination")
        if target or "env" not in options:
            yield target or f"/run/secrets/{id}"


@rule(
    "GD044",
    Severity.HIGH,
    "Mounted secret written into a layer",
    looks_at=instructions("RUN", where=has_flags),
    why="The mount is gone after the step, but the copy stays in the layer: anyone who can pull the image has it.",
    mend="Let the program read the file where it is mounted (target=…), or delete the copy in the same RUN.",
    references=("CWE-522", "CIS-DI-0010"),
    bad="RUN --mount=type=secret,id=npmrc cp /run/secrets/npmrc /root/.npmrc && npm ci",
    good="RUN --mount=type=secret,id=npmrc cp /run/secrets/npmrc /root/.npmrc && npm ci && rm /root/.npmrc",
    stays_in_image=True,
)
def mounted_secret_kept(step: Step) -> Iterator[Hit]:
    secrets = frozenset(_secret_files(step))
    if not secrets:
        return
    deleted = {name for _, name in _deleted(step)}
    copies, passing = _Copies(step, secrets), _passing(step)
    for command in step.commands:
        for path in copies.made_by(command):
            if _name(path) not in deleted and not path.startswith(passing):
                yield command.hit(f"the secret stays in {path}", evidence=f"secret in {_name(path)}")


def _passing(step: Step) -> tuple[str, ...]:
    """Return how the paths begin that are in no layer: devices, and what lies below a mount of this step."""
    targets = (flag.options.get("target") or flag.options.get("dst") for flag in step.instruction.flags)
    return ("/dev/", "/proc/", *(f"{target.rstrip('/')}/" for target in targets if target))


_MENTIONED = re.compile(r"\$\{?\w+\}?|/[^\s'\"$;:,)]*")
"""Variables and absolute paths inside a word."""
_COPIES = frozenset({"cp", "mv", "install"})
_OCTAL = re.compile(r"(?:0o)?[0-7]{3,5}")


class _Copies:
    """Which files a step makes of its mounted secrets."""

    def __init__(self, step: Step, secrets: frozenset[str]) -> None:
        self._secrets = secrets
        self._tees = files_of_tees(step.commands)
        self._by_place = {_place(one, one.syntax.spot): one for one in step.commands}

    def made_by(self, command: Command) -> Iterator[str]:
        """Yield the files that a command makes: `cp SECRET FILE`, `cat SECRET > FILE`, `echo $(cat SECRET) > FILE`."""
        operands = [word.text for word in command.operands()]
        if command.program in _COPIES and self._secrets.intersection(operands[:-1]):
            folder = operands[-1].endswith("/")
            yield f"{operands[-1]}{_name(operands[0])}" if folder else operands[-1]
        elif any(not self._secrets.isdisjoint(_MENTIONED.findall(word)) for word in command.arguments):
            inside = command.syntax.spot.inside if command.syntax.spot.is_substituted else None
            holder = self._by_place.get(_place(command, inside)) if inside else None
            targets = (target_of(one, self._tees) for one in (command, holder) if one)
            yield from (target for target in targets if target is not None)


def _place(command: Command, spot: CommandPlace) -> tuple[int, int, int]:
    return id(command.syntax.text), spot.pipeline, spot.place


@rule(
    "GD048",
    Severity.LOW,
    "World-readable mounted secret",
    looks_at=instructions("RUN", where=has_flags),
    why="Everything that the step runs, even as another user, can read the secret.",
    mend="Remove mode= (the default is 0400), and set uid= to the user that needs the secret.",
    references=("CWE-732",),
    bad="RUN --mount=type=secret,id=token,mode=0444 make",
    good="RUN --mount=type=secret,id=token,uid=10001 make",
)
def readable_secret(step: Step) -> Iterator[Hit]:
    for flag in step.instruction.flags:
        options = flag.options
        if options.get("type") in ("secret", "ssh") and _is_open(options.get("mode", "0400")):
            yield step.hit(f"mode={options['mode']} lets every user read it", flag)


def _is_open(mode: str) -> bool:
    return bool(_OCTAL.fullmatch(mode)) and bool(int(mode, 8) & 0o007)
