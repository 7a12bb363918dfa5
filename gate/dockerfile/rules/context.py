"""What COPY and ADD take from the build context, judged with `.dockerignore` and what lies there."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from gate.dockerfile.copied_out import may_reach_image
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, rule
from gate.dockerfile.secret_words import holds_password, is_literal, is_secret_name, severity_of
from gate.dockerfile.sensitive import is_environment_file, is_for_tests, is_history, is_key_file
from gate.dockerfile.step import Step
from gate.dockerfile.text import Word
from gate.model import Severity

_MAX_NAMED = 5
"""Files that a message names."""
_USUALLY_HARMLESS = frozenset({".npmrc"})
"""Settings that only hold a credential now and then."""
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")


def _copied(step: Step) -> Iterator[tuple[Word, str]]:
    """Yield what is copied and reaches the builder: nothing that `.dockerignore` keeps away."""
    for word, source in step.sources:
        if not step.context.ignores(_in_context(source)):
            yield word, source


def _in_context(source: str) -> str:
    """Return a source as a path from the context's root; empty for all of it."""
    path = posixpath.normpath(source.lstrip("/") or ".")
    return "" if path == "." else path


def _is_broad(source: str) -> bool:
    """True for `.`, `./`, `/` and `*`: all that is in the context."""
    return _in_context(source) in ("", "*", "**")


@rule(
    "GD018",
    Severity.HIGH,
    "Private key or credentials copied into the image",
    looks_at=instructions("ADD", "COPY"),
    why="The file stays in its layer, even if a later step deletes it: anyone who can pull the image has it.",
    mend="Use RUN --mount=type=ssh or --mount=type=secret, and list the file in .dockerignore.",
    references=("CWE-522", "CIS-DI-0010"),
    bad="COPY id_rsa /root/.ssh/id_rsa",
    good="RUN --mount=type=ssh git clone git@git.example:team/project.git",
    stays_in_image=True,
)
def key_copied(step: Step) -> Iterator[Hit]:
    for word, source in _copied(step):
        if is_key_file(source) and not step.context.is_public_key(source):
            name = posixpath.basename(source.rstrip("/"))
            severity = Severity.MEDIUM if name in _USUALLY_HARMLESS else None
            hit = step.hit(f"{name} becomes part of the image", word, severity=severity)
            yield _as_shipped(hit, step, _in_context(source), [_in_context(source)])


@rule(
    "GD035",
    Severity.MEDIUM,
    "Environment file copied into the image",
    looks_at=instructions("ADD", "COPY"),
    why="Such files often hold passwords and keys; the file stays in its layer, even if a later step deletes it. High "
    "if the file exists and sets a secret, low if it exists and sets none, medium if it is not there to check.",
    mend="Pass the values to the container when it starts, and list the file in .dockerignore.",
    references=("CWE-522", "CIS-DI-0010"),
    bad="COPY .env /app/.env",
    good="COPY .env.example /app/.env.example",
    stays_in_image=True,
)
def environment_file_copied(step: Step) -> Iterator[Hit]:
    for word, source in _copied(step):
        if is_environment_file(source):
            severity = _severity_of_environment(step, source)
            yield step.hit(f"{posixpath.basename(source)} becomes part of the image", word, severity=severity)


_ASSIGNMENT = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*(?P<value>[^\n]*)", re.ASCII | re.MULTILINE
)


def _severity_of_environment(step: Step, source: str) -> Severity | None:
    """Return how bad it is by what the file sets; None if it is not there, or is no text."""
    if not step.context.is_known or not step.context.has(_in_context(source)):
        return None
    text = step.context.script(_in_context(source))
    if text is None:
        return Severity.HIGH  # too large, or a folder: what is there cannot be looked at
    return Severity.HIGH if any(map(_sets_secret, _ASSIGNMENT.finditer(text))) else Severity.LOW


def _sets_secret(assignment: "re.Match[str]") -> bool:
    value = assignment["value"].partition(" #")[0].strip().strip("\"'")
    is_secret = (is_secret_name(assignment["name"]) and is_literal(value)) or holds_password(value)
    return is_secret and severity_of(value) is None


@rule(
    "GD036",
    Severity.MEDIUM,
    "Repository history copied into the image",
    looks_at=instructions("ADD", "COPY"),
    why="The history contains everything that was ever committed, and .git/config may hold the CI job's token.",
    mend="Copy only what the program needs, and list .git in .dockerignore.",
    references=("CWE-538", "CIS-DI-0010"),
    bad="COPY .git /src/.git",
    good="RUN --mount=type=bind,source=.git,target=/src/.git git -C /src describe > /version",
    stays_in_image=True,
)
def history_copied(step: Step) -> Iterator[Hit]:
    for word, source in _copied(step):
        if is_history(source) or "/.git/" in f"/{source}":
            yield step.hit(f"{source} becomes part of the image", word)


@rule(
    "GD037",
    Severity.LOW,
    "Whole folder copied without a .dockerignore",
    looks_at=instructions("ADD", "COPY"),
    why="Whatever is in the folder that day goes into the image: .git, .env, keys, test data.",
    mend=(
        "Write a .dockerignore that excludes everything (*) and re-includes what is needed (!src), or copy files by "
        "name."
    ),
    references=("CWE-200", "CIS-DI-0010"),
    bad="# beside it: app.py\nFROM registry.example.com/image:1\nCOPY . /srv",
    good="# beside it: app.py\n# .dockerignore: .git, .env\nFROM registry.example.com/image:1\nCOPY . /srv",
)
def broad_copy_without_ignore_file(step: Step) -> Iterator[Hit]:
    context = step.context
    if not context.is_known or context.may_have_ignore_file:
        return
    for word, source in step.sources:
        if _is_broad(source):
            yield step.hit("everything in the build context is copied, and there is no .dockerignore", word)


@rule(
    "GD038",
    Severity.HIGH,
    "Copied folder contains credentials",
    looks_at=instructions("ADD", "COPY"),
    why="The files exist and no .dockerignore excludes them: they stay in a layer of the image.",
    mend="List them in .dockerignore.",
    references=("CWE-522", "CIS-DI-0010"),
    bad="# beside it: app.py, id_rsa\nFROM registry.example.com/image:1\nCOPY . /srv",
    good="# beside it: app.py, id_rsa\n# .dockerignore: id_rsa\nFROM registry.example.com/image:1\nCOPY . /srv",
    stays_in_image=True,
)
def broad_copy_of_credentials(step: Step) -> Iterator[Hit]:
    for word, source in step.sources:
        folder = "" if _is_broad(source) else _in_context(source)
        below = step.context.sensitive_below(folder)
        taken = tuple(path for path in below if path != folder) if folder in below else below
        if taken:
            hit = step.hit(f"{_named(taken)} come{'s' * (len(taken) == 1)} along", word, severity=_severity_of(taken))
            yield _as_shipped(hit, step, folder, [path for path in taken if is_key_file(path)] or taken)


def _as_shipped(hit: Hit, step: Step, source: str, paths: Iterable[str]) -> Hit:
    """Return a hit that says whether one of the files comes into the image, and not only its stage."""
    ships = hit.ships and any(may_reach_image(step, source, path) for path in paths)
    return msgspec.structs.replace(hit, ships=ships)


def _named(paths: tuple[str, ...]) -> str:
    more = f" and {len(paths) - _MAX_NAMED} more" if len(paths) > _MAX_NAMED else ""
    return ", ".join(paths[:_MAX_NAMED]) + more


@lru_cache(maxsize=64)
def _severity_of(paths: tuple[str, ...]) -> Severity:
    """Return how bad it is that these come along: the history and environment files are medium, keys are high."""
    return Severity.HIGH if any(map(_is_serious, paths)) else Severity.MEDIUM


def _is_serious(path: str) -> bool:
    return is_key_file(path) and posixpath.basename(path) not in _USUALLY_HARMLESS and not is_for_tests(path)


@rule(
    "GD039",
    Severity.INFO,
    "ADD unpacks an archive",
    looks_at=instructions("ADD"),
    why="The archive's contents go into the image without review: the repository does not show its files.",
    mend="Copy the files themselves, or unpack the archive in an earlier stage and COPY --from it what you need.",
    references=("CIS-DI-0009",),
    bad="ADD rootfs.tar.gz /",
    good="COPY rootfs/ /",
)
def archive_added(step: Step) -> Iterator[Hit]:
    unpack = step.instruction.flag("unpack")
    if unpack is not None and unpack.value == "false":
        return
    for word, source in step.sources:
        if source.lower().endswith(_ARCHIVES):
            yield step.hit(f"{posixpath.basename(source)} is unpacked into the image", word)


@rule(
    "GD107",
    Severity.LOW,
    "Copied file is excluded by .dockerignore",
    looks_at=instructions("ADD", "COPY"),
    why="The builder does not get the file: the build fails, or a wildcard silently matches nothing.",
    mend="Re-include the file with an exception (!path) in .dockerignore, or do not copy it.",
    references=("https://docs.docker.com/reference/build-checks/copy-ignored-file/",),
    bad="# beside it: app.md\n# .dockerignore: *.md\nFROM registry.example.com/image:1\nCOPY app.md /srv/",
    good="# beside it: app.md\n# .dockerignore: *.md, !app.md\nFROM registry.example.com/image:1\nCOPY app.md /srv/",
)
def ignored_file_copied(step: Step) -> Iterator[Hit]:
    for word, source in step.sources if step.context.ignore_path else ():
        if not _is_broad(source) and step.context.ignores(_in_context(source)):
            yield step.hit(f"{source} is ignored by {step.context.ignore_path}", word)
