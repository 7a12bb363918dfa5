"""What a run judged, named by its bytes."""

import os
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from gate.core.errors import GateError
from gate.core.hiding import without_pasted_token
from gate.core.lazy_regex import lazy_regex
from gate.core.text import without_credentials
from gate.git.locate import read_small
from gate.model import CommitRange, DockerHost, Image, ImageLayer, Input, StageResult, Target, Unseen

if TYPE_CHECKING:
    import re

    from gate.git import Repository

_FACTS = {"manifest": "sha256", "image_id": "imageId"}
"""Facts of the image stage that name an image, and the kinds of digest that they are."""
_ON_BRANCH = "ref: refs/heads/"
_BRANCH_VARIABLES = ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME")
"""The branch in GitHub's and GitLab's jobs; the first is set in pull requests alone, where the second is a merge."""
_SCHEME = r"(?:(?P<scheme>[a-z+]+)://)?(?:[^@/]*@)?"
_HOST = r"(?P<host>[^/:.][^/:]*\.[^/:]+)(?::(?:(?P<port>\d+)/)?|/)/*"
_ADDRESS = lazy_regex(rf"{_SCHEME}{_HOST}(?P<path>[^/].*?)/?")
"""The address of a remote repository: a URL, or `git@host:path`."""
_USUAL_PORTS = {"https": "443", "http": "80"}


def inputs_of(
    targets: Sequence[Target],
    results: Sequence[StageResult],
    unseen: Mapping[str, tuple[Unseen, ...]] | None = None,
    *,
    as_listed: bool = False,
) -> tuple[Input, ...]:
    """Return one input a target, with what is `unseen` of it, given by its name.

    A target whose content has no known digest has none. `as_listed` says that the results are of the working trees as
    git listed them in this run, and of nothing that was read since.
    """
    commits = {target.head for target in targets if isinstance(target, CommitRange)}
    found = (_input(target, results, commits, as_listed) for target in targets)
    return tuple(msgspec.structs.replace(one, unseen=(unseen or {}).get(one.target, ())) for one in found)


def _input(target: Target, results: Sequence[StageResult], commits: Collection[str], as_listed: bool) -> Input:
    if isinstance(target, Image):
        facts = _facts_of(target, results)
        return Input(
            target=target.name,
            digests=image_digests(facts),
            indexes=_indexes(facts),
            created=str(facts.get("created", "")),
            layers=_layers(target, results),
            in_use=next((one.in_use for one in results if one.target == target.name and one.in_use), None),
        )
    if isinstance(target, DockerHost):
        return Input(target=target.name, digests={})
    if isinstance(target, CommitRange):
        return Input(target=target.name, digests={"gitCommit": target.head})
    if target.revision:
        kind = "gitCommit" if target.revision in commits else _kind_of(target.revision, target.root)
        return Input(target=target.name, digests={kind: target.revision})
    return input_of_folder(target.root, target.name, as_listed=as_listed)


def _facts_of(target: Image, results: Sequence[StageResult]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for result in results:
        if result.target == target.name:
            facts |= result.facts
    return facts


def _indexes(facts: Mapping[str, object]) -> tuple[str, ...]:
    stated = facts.get("indexes")
    return tuple(str(digest).partition(":")[2] for digest in stated) if isinstance(stated, list) else ()


def _layers(target: Image, results: Sequence[StageResult]) -> tuple[ImageLayer, ...]:
    return next((one.layers for one in results if one.target == target.name and one.layers), ())


def _kind_of(revision: str, root: str) -> str:
    """Return what the id names: a commit, or a tree as of what is staged."""
    from gate.git import Repository

    return "gitCommit" if Repository(root).commit_id(revision) else "gitTree"


def image_digests(facts: dict[str, object]) -> dict[str, str]:
    """Return the digests among the facts that the image stage states of an image."""
    return {kind: str(facts[name]).partition(":")[2] for name, kind in _FACTS.items() if name in facts}


def input_of_folder(root: str, name: str, *, as_listed: bool = False) -> Input:
    """Return what a working tree is: its commit, if no tracked file is changed, and which folder of it.

    With `as_listed` it is what git listed in this run; else what is there now.
    """
    repository = _repository_of(root)
    return Input(
        target=name,
        digests=_commit(repository, root, as_listed),
        folder=_folder(root, repository),
        # A token can be pasted into either, and reports show none.
        repository=without_pasted_token(_address(repository)),
        branch=without_pasted_token(_branch(repository)),
    )


def _repository_of(root: str) -> "Repository | None":
    """Return the repository of a folder; None if there is none, or no git to ask: then nothing names the bytes."""
    from gate.git import Repository

    try:
        return Repository.find(root)
    except GateError:
        return None


def _commit(repository: "Repository | None", root: str, as_listed: bool) -> dict[str, str]:
    from gate.trees.index import commit_in

    try:
        commit = commit_in(repository, root, as_listed=as_listed) if repository else None
    except GateError:
        return {}
    return {"gitCommit": commit} if commit else {}


def _address(repository: "Repository | None") -> str:
    """Return host and path of the remote `origin`: `git.example.com/shop/api`; nothing for a folder of this machine.

    The host has its port if it is asked by HTTP at an unusual one; that of SSH is not part of a repository's name.
    """
    try:
        address = (repository.address_of("origin") or "") if repository else ""
    except GateError:
        return ""
    found = _ADDRESS.fullmatch(without_credentials(address))
    return f"{found['host']}{_port(found)}/{found['path'].removesuffix('.git')}" if found else ""


def _port(address: "re.Match[str]") -> str:
    """Return the port of an address of HTTP with its colon; empty for the usual one."""
    usual = _USUAL_PORTS.get(address["scheme"] or "")
    return f":{address['port']}" if usual and address["port"] not in (None, usual) else ""


def _branch(repository: "Repository | None") -> str:
    """Return the branch that HEAD names; where CI systems check out a commit, the one that their variables name."""
    if repository is None:
        return ""
    try:
        head = read_small(os.path.join(repository.place.git_dir, "HEAD")).decode("utf-8", "replace").strip()
    except GateError:
        head = ""
    if head.startswith(_ON_BRANCH):
        return head.removeprefix(_ON_BRANCH)
    return next((value for name in _BRANCH_VARIABLES if (value := os.environ.get(name))), "")


def _folder(root: str, repository: "Repository | None") -> str:
    """Return the path of a folder below the root of its repository."""
    if repository is None:
        return ""
    below = os.path.relpath(os.path.realpath(root), os.path.realpath(repository.top)).replace(os.sep, "/")
    return "" if below == "." else below
