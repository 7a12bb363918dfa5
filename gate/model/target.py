"""What a stage looks at. A target names a thing; `gate.trees.open_tree` or `gate.images` open it."""

from typing import ClassVar

import msgspec


class Tree(msgspec.Struct, frozen=True, kw_only=True, tag="tree", tag_field="kind"):
    """A folder of files: a working tree, or (with `revision`) a tree read from git's object store."""

    kind: ClassVar[str] = "tree"
    root: str
    """Absolute path of the folder; with `revision`, of any folder in the repository."""
    name: str
    """As the user named it; shown in reports."""
    revision: str | None = None
    """A full commit id, or None for the files on disk."""
    only: tuple[str, ...] | None = None
    """With `revision`: the paths that are looked at, under the names that they have now; None: all."""
    renames: tuple[tuple[str, str], ...] = ()
    """With `revision`: paths that have another name since, and that name, under which the tree shows them."""


class CommitRange(msgspec.Struct, frozen=True, kw_only=True, tag="commits", tag_field="kind"):
    """The objects that the commits reachable from `head`, but from none of `exclude`, add."""

    kind: ClassVar[str] = "commits"
    root: str
    name: str
    head: str
    exclude: tuple[str, ...] = ()
    ref: str = ""
    """What they are pushed to; `name` may show it shortened."""
    tags: tuple[str, ...] = ()
    """Ids of tag objects that come with them."""


class ContainerStart(msgspec.Struct, frozen=True, kw_only=True):
    """How a file or a setting starts a container, where it differs from what the image says of itself."""

    place: str
    """Where it is said: `deploy/web.yaml:12`."""
    entrypoint: tuple[str, ...] | None = None
    """Words in place of ENTRYPOINT and CMD; None leaves ENTRYPOINT."""
    command: tuple[str, ...] | None = None
    """Words in place of CMD."""
    environment: tuple[str, ...] = ()
    """`NAME=value` over the image's own; `NAME` alone where its value comes from elsewhere."""
    folder: str | None = None
    """Working folder."""


class Image(msgspec.Struct, frozen=True, kw_only=True, tag="image", tag_field="kind"):
    """A container image and where to get it from."""

    kind: ClassVar[str] = "image"
    source: str
    """`archive`, `oci-dir`, `rootfs`, `docker`, `podman`, `registry`, or `named`: the daemon, else the registry."""
    reference: str
    """A path for `archive`, `oci-dir` and `rootfs`, else an image name."""
    name: str
    starts: tuple[ContainerStart, ...] = ()
    """How the repository starts containers of it, besides what the image says of itself."""
    is_of_repository: bool = False
    """True if the repository's settings or files alone name it: then its registry gets no credentials."""


Target = Tree | CommitRange | Image
