"""Targets: what stages look at. A target is only a name; `gate.trees.open_tree` and `gate.images` open it."""

from typing import ClassVar

import msgspec

from gate.model.finding import Exposed


class Tree(msgspec.Struct, frozen=True, kw_only=True, tag="tree", tag_field="kind"):
    """A folder of files: a working tree or, with `revision`, a tree in git's object store."""

    kind: ClassVar[str] = "tree"
    root: str
    """Absolute path of the folder; with `revision`, of any folder in the repository."""
    name: str
    """As the user named it; shown in reports."""
    revision: str | None = None
    """A full commit id, or None for the files on disk."""
    only: tuple[str, ...] | None = None
    """With `revision`: the paths that are looked at, by their names after `renames`; None: all."""
    renames: tuple[tuple[str, str], ...] = ()
    """With `revision`: (old path, new path) of files that the tree shows under their new path."""
    replaced: tuple[tuple[str, bytes], ...] = ()
    """Without `revision`: files that are read with another content than they have on disk, and that content."""


class CommitRange(msgspec.Struct, frozen=True, kw_only=True, tag="commits", tag_field="kind"):
    """What the commits that are reachable from `head`, and from none of `exclude`, add."""

    kind: ClassVar[str] = "commits"
    root: str
    name: str
    head: str
    exclude: tuple[str, ...] = ()
    ref: str = ""
    """The ref that they are pushed to; `name` may show it shortened."""
    tags: tuple[str, ...] = ()
    """Ids of the tag objects that are pushed with them."""


class ContainerStart(msgspec.Struct, frozen=True, kw_only=True):
    """How a file or a setting starts a container, where that differs from the image's configuration."""

    place: str
    """Where it is stated: `deploy/web.yaml:12`."""
    entrypoint: tuple[str, ...] | None = None
    """Replaces ENTRYPOINT and CMD; None leaves ENTRYPOINT."""
    command: tuple[str, ...] | None = None
    """Replaces CMD; None leaves it."""
    environment: tuple[str, ...] = ()
    """`NAME=value`, added to the image's own; `NAME` alone if the value is set elsewhere."""
    folder: str | None = None
    """Working folder."""


class ImageRun(msgspec.Struct, frozen=True):
    """A container that a file of the repository starts of an image."""

    image: str
    workload: str
    """`Deployment/shop/web`, `service/web`."""
    place: str
    """Where it is stated: `deploy/web.yaml:12`."""
    exposed: Exposed
    evidence: tuple[str, ...] = ()
    """The ways to it from outside, or what keeps it closed."""


class Image(msgspec.Struct, frozen=True, kw_only=True, tag="image", tag_field="kind"):
    """A container image and where to get it from."""

    kind: ClassVar[str] = "image"
    source: str
    """`archive`, `oci-dir`, `rootfs`, `docker`, `podman`, `registry`, or `named`: the daemon, else the registry."""
    reference: str
    """A path for `archive`, `oci-dir` and `rootfs`, else an image name."""
    name: str
    starts: tuple[ContainerStart, ...] = ()
    """How the repository's files start containers of it."""
    runs: tuple[ImageRun, ...] = ()
    """The containers of it that the repository's files state."""
    is_of_repository: bool = False
    """True if only the repository's settings or files name it: its registry then gets no credentials."""


class DockerHost(msgspec.Struct, frozen=True, kw_only=True, tag="docker-host", tag_field="kind"):
    """A Docker daemon that is asked for its settings and containers; only the one who starts the gate names it."""

    kind: ClassVar[str] = "docker-host"
    address: str
    """`unix:///PATH`, `tcp://HOST:PORT`, `ssh://USER@HOST`; empty: as DOCKER_HOST says."""
    name: str


Target = Tree | CommitRange | Image | DockerHost
