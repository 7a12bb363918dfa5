"""Actions and reusable workflows that a GitHub workflow or an action `uses` (GitHub documentation, "Workflow syntax").

A tag with a whole version is that version. A commit says nothing of its version, so the comment behind it is
believed, as the tools that pin actions write it: `uses: owner/name@0123… # v4.2.2`. Without one it is looked up as the
commit that it is, and imprecise as everything else, which moves.
"""

import re
from collections.abc import Iterator
from typing import Any

from gate.inventory.commits import commit_of
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_text
from gate.inventory.yaml_document import read_yaml
from gate.trees import FileTree

IS_MANIFEST = True
_USES = re.compile(r"(?P<name>[^/@\s]+/[^/@\s]+)(?:/[^@\s]*)?@(?P<ref>\S+)")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_VERSION = r"v?(?P<version>\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)"
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
"""As YAML counts lines."""
_TAG = re.compile(_VERSION)
_IN_COMMENT = re.compile(rf"(?<![0-9A-Za-z.-]){_VERSION}(?![0-9A-Za-z.])")


def read(tree: FileTree, path: str) -> Locked:
    """Read the `uses` of a workflow or an action. An action of the same repository is left out."""
    _, root = read_yaml(tree, path, dict[str, Any])
    rows = _LINE_END.split(read_text(tree, path))
    listing = Listing("GitHub Actions", path)
    for node in _uses(root):
        line = node.end_mark.line + 1
        if node.value.startswith(("./", "../")):
            continue
        stated = _USES.fullmatch(node.value)
        version = _version(stated["ref"], rows[line - 1][node.end_mark.column :]) if stated else None
        commit = commit_of(f"github:{stated['name']}", stated["ref"]) if stated and not version else None
        name = stated["name"] if stated and version else node.value
        listing.add(name, version, line, DependencyRole(direct=True), commit=commit)
    return listing.locked


def _version(ref: str, behind: str) -> str | None:
    if _COMMIT.fullmatch(ref):
        stated = _IN_COMMENT.search(behind.partition("#")[2])
        return stated["version"] if stated else None
    tag = _TAG.fullmatch(ref)
    return tag["version"] if tag else None


def _uses(root: Any) -> Iterator[Any]:
    """Yield the scalar of each `uses`: of a job, of a job's steps, of a composite action's steps."""
    jobs = [job for _, job in _members(_member(root, "jobs"))]
    for owner in (*jobs, _member(root, "runs")):
        steps = _member(owner, "steps")
        for part in (owner, *(steps.value if steps is not None and steps.id == "sequence" else ())):
            named = _member(part, "uses")
            if named is not None and named.id == "scalar":
                yield named


def _member(node: Any, key: str) -> Any:
    return next((value for name, value in _members(node) if name == key), None)


def _members(node: Any) -> Iterator[tuple[str, Any]]:
    if node is not None and node.id == "mapping":
        for key, value in node.value:
            yield key.value, value
