"""References to what others publish: images and commits, and whether they can change."""

import re

import msgspec

from gate.ci.model import PipelineParty
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value

_DIGEST = lazy_regex(r"@sha256:[0-9a-f]{64}\Z")
_COMMIT = lazy_regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
NO_IMAGES = frozenset({"scratch"})
"""Names that no registry has: Docker's empty image."""
_RUNNER_IMAGE = lazy_regex(r"macos-\d+-xcode-\d+[\w.-]*")
"""Machines of GitLab's hosted runners, named like an image."""
_VARIABLE = re.compile(r"[$<{%]")
MOVING = frozenset({"", "latest", "main", "master", "edge", "nightly", "dev", "develop", "stable", "head", "trunk"})
"""References that are meant to move: no version, the newest one, or a branch."""


class CiImage(msgspec.Struct, frozen=True):
    """An image as a definition names it."""

    name: str
    """With the registry if there is one, without tag and digest."""
    reference: str
    """Tag, or digest if there is one; empty: none."""
    is_pinned: bool
    is_resolved: bool
    """False if a variable is a part of it."""

    @property
    def moves(self) -> bool:
        """True if its reference is meant to move; False where a variable is a part of it."""
        is_image = self.name not in NO_IMAGES and not _RUNNER_IMAGE.fullmatch(self.name)
        return is_image and self.is_resolved and not self.is_pinned and self.reference.lower() in MOVING

    @property
    def owner(self) -> str:
        """The registry's host, or the account on Docker Hub; `library` for Docker's own; empty: a variable names it."""
        first, _, rest = self.name.partition("/")
        if has_variable(first):
            return ""
        return first if rest else "library"


def image_of(text: str) -> CiImage:
    """Take an image's reference apart; `docker://` in front is left out."""
    text = text.strip().removeprefix("docker://")
    digest = _DIGEST.search(text)
    is_resolved = not _VARIABLE.search(text)
    if digest:
        return CiImage(_without_tag(text[: digest.start()])[0], digest[0][1:], True, is_resolved)
    name, tag = _without_tag(text)
    return CiImage(name, tag, False, is_resolved)


def _without_tag(text: str) -> tuple[str, str]:
    start, _, last = text.rpartition("/")
    name, _, tag = last.partition(":")
    return (f"{start}/{name}" if start else name), tag


def image_party(value: Value, receives: tuple[str, ...] = ("code",), kind: str = "image") -> PipelineParty | None:
    """Return the image that a scalar names as a party; None if it names none."""
    text = value.text()
    if not text:
        return None
    image = image_of(text)
    return PipelineParty(
        kind=kind,
        name=image.name,
        reference=image.reference,
        is_pinned=image.is_pinned,
        receives=receives,
        owner=image.owner,
        path=value.path,
        line=value.line,
    )


def is_commit(text: str) -> bool:
    """True for the whole id of a commit, which cannot be moved."""
    return bool(_COMMIT.match(text))


def moves(reference: str) -> bool:
    """True for a reference of git that is meant to move: none, or a branch by its usual name."""
    bare = reference.removeprefix("refs/heads/")
    return bare != reference or bare.lower() in MOVING


def has_variable(text: str) -> bool:
    """True if a variable or an expression is a part of a text."""
    return bool(_VARIABLE.search(text))
