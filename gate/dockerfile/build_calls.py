"""Which Dockerfiles the builds of a repository name, whatever they are called: `docker build -f build/app.txt`.

Read are CI files, scripts, makefiles and settings of tools that build images. A path is looked for from the root and
from the folder of the file that names it; one that holds a variable is not known before the build.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gate.core.errors import GateError
from gate.core.source_text import decode
from gate.dockerfile.definition_names import is_definition
from gate.trees import Entry, EntryKind, FileTree, NameHint, join, resolve

MAX_SIZE = 256 << 10
"""Bytes of a file that may call a build; larger ones are written by no hand."""
MAX_CALLERS = 2000
"""Files that are looked at, in the order of their paths; what is beyond is said."""
_CALLERS = re.compile(
    r"(?:^|.*/)(?:\.github/(?:workflows|actions)/.*\.ya?ml|action\.ya?ml|\.gitlab-ci\.ya?ml|.*[.-]gitlab-ci\.ya?ml|"
    r"\.gitlab/.*\.ya?ml|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml|\.woodpecker[^/]*\.ya?ml|"
    r"\.circleci/[^/]*\.ya?ml|\.buildkite/[^/]*\.ya?ml|\.travis\.ya?ml|cloudbuild[^/]*\.ya?ml|skaffold[^/]*\.ya?ml|"
    r"buildspec[^/]*\.ya?ml|render\.ya?ml|heroku\.ya?ml|taskfile\.ya?ml|tiltfile|earthfile|fly\.toml|railway\.(?:toml|json)|"
    r"\.?devcontainer\.json|package\.json|jenkinsfile[^/]*|[^/]*\.jenkinsfile|gnumakefile|makefile[^/]*|[^/]*\.mk|\.?justfile|"
    r"[^/]*\.(?:sh|bash|ps1|cmd|bat))",
    re.IGNORECASE,
)
CALLERS = (
    NameHint(words=("jenkinsfile", "makefile")),
    NameHint(
        words=(
            *(".github/", ".gitlab", "gitlab-ci", "pipelines", ".drone", "woodpecker", ".circleci/", ".buildkite/"),
            *(".travis", "action.y", "cloudbuild", "skaffold", "buildspec", "render.y", "heroku.y", "taskfile"),
            *("fly.toml", "railway", "devcontainer.json", "package.json", "tiltfile", "earthfile", "justfile"),
            *(".mk", ".sh", ".bash", ".ps1", ".cmd", ".bat"),
        ),
        endings=("yml", "yaml", "toml", "json", "file", ".mk", ".sh", "bash", ".ps1", ".cmd", ".bat"),
    ),
)
"""What the paths of files that may call a build have, some these words alone, all others an ending as well."""
_PATH = r"""["']?(?P<path>[^\s"'\\;|&<>(),{}\[\]$`%]{1,300})(?=["'\s;|&),\]]|\Z)"""
_CALLS = (
    re.compile(
        r"\b(?:docker|podman|nerdctl|buildah|img)\b[^\n;|&]{0,400}?\b(?:build|bud)\b[^\n;|&]{0,1500}?"
        rf"\s(?:-f|--file)[=\s]\s{{0,9}}{_PATH}"
    ),
    re.compile(rf"--dockerfile[=\s]\s{{0,9}}{_PATH}"),
    re.compile(rf"""["'](?:-f|--file)["'][ \t]{{0,9}},\s{{0,99}}{_PATH}"""),
    re.compile(
        rf"""\b(?:dockerfile|dockerFile|dockerfilePath|dockerfile_path)["']?[ \t]{{0,9}}[:=][ \t]{{0,9}}{_PATH}"""
    ),
)
_OF_ACTION = re.compile(rf"""^[ \t]{{1,40}}(?:file|image)["']?:[ \t]{{1,9}}{_PATH}""", re.MULTILINE)
_JOINED = re.compile(r"\\\r?\n")


class Called(msgspec.Struct, frozen=True):
    """What the builds of a tree name."""

    named: frozenset[str]
    """The paths of files that a build takes for a Dockerfile."""
    unread: tuple[str, ...]
    """Files that may call a build and were not looked into: beyond MAX_CALLERS, or larger than MAX_SIZE."""


def called_in_builds(tree: FileTree, entries: Iterable[Entry]) -> Called:
    """Return which Dockerfiles those of a tree's entries name that call builds."""
    callers = [one for one in entries if one.kind is EntryKind.FILE and may_call(one.path)]
    read = [one for one in callers[:MAX_CALLERS] if one.size <= MAX_SIZE]
    named = frozenset(path for caller in read for path in _named_by(tree, caller))
    known = {one.path for one in read}
    return Called(named, tuple(one.path for one in callers if one.path not in known))


def may_call(path: str) -> bool:
    """True for the path of a file that may call a build; it matches one of `CALLERS`."""
    return _CALLERS.fullmatch(path) is not None


def _named_by(tree: FileTree, caller: Entry) -> Iterator[str]:
    try:
        text = _JOINED.sub(" ", decode(tree.read(caller.path, MAX_SIZE)).text)
    except GateError:
        return  # not readable as text, so no build can run it either
    lower = text.lower()
    if "docker" not in lower and not any(word in lower for word in ("podman", "buildah", "kaniko", "nerdctl")):
        return
    patterns = (*_CALLS, _OF_ACTION) if "build-push-action" in text or "using: docker" in text else _CALLS
    for path in dict.fromkeys(found["path"] for pattern in patterns for found in pattern.finditer(text)):
        yield from _resolved(tree, caller, path)


def _resolved(tree: FileTree, caller: Entry, path: str) -> Iterator[str]:
    if "://" in path or path.startswith(("/", "~")) or is_definition(path.rpartition("/")[2]):
        return
    for folder in ("", caller.path.rpartition("/")[0]):
        place = join(folder, path)
        entry = resolve(tree, place) if place else None
        if entry is not None and entry.kind is EntryKind.FILE:
            yield entry.path
            return
