"""Pushes to protected branches: they are compared with that branch, whose settings count, not those of the push."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from gate.app.hooks.protocol import PushedRef
from gate.app.hooks.remotes import tracking_branches
from gate.core.errors import UnreadableError
from gate.core.path_patterns import matches
from gate.git import ZERO_IDS, Repository
from gate.git.locate import read_small

ALWAYS = ("main", "master", "release", "release/**", "release-*", "releases/**")
"""Branches that are always protected, in addition to the remote's default branch."""
_BRANCH = "refs/heads/"


class Protected:
    """The protected branches of a remote, and the commits that they are at."""

    def __init__(self, repository: Repository, remote: str, url: str = "") -> None:
        self._repository = repository
        self._remote = remote
        self._is_tracked = bool(tracking_branches(repository, remote, url or remote))
        self.default = self._default_branch()
        """Name of the default branch, which git noted when it cloned; None if unknown."""

    def holds(self, ref: PushedRef, patterns: Sequence[str] = ()) -> bool:
        """True if a push to `ref` is one to a protected branch; `patterns` name further ones."""
        if not ref.remote_ref.startswith(_BRANCH):
            return False
        branch = ref.remote_ref.removeprefix(_BRANCH)
        return branch == self.default or any(_is_named(branch, pattern) for pattern in (*ALWAYS, *patterns))

    def base_of(self, ref: PushedRef) -> str | None:
        """Return the commit that a branch of the remote is at; for a new branch, that of the default branch.

        None if nothing is known about the remote. Raises UnreadableError if the branch is at a commit that was not
        fetched, so that its settings cannot be read.
        """
        branch = ref.remote_ref.removeprefix(_BRANCH)
        commit = self._tracked(branch)
        if commit is None and ref.remote_id not in ZERO_IDS:
            commit = self._repository.commit_id(ref.remote_id)
            if commit is None:
                raise UnreadableError(
                    (
                        "the remote's branch is at a commit that is not here, so the gate does not know which "
                        "settings apply"
                    ),
                    path=ref.remote_ref,
                    hint="Fetch it first (git fetch)",
                )
        return commit or self.default_base()

    def default_base(self) -> str | None:
        """Return the commit of the default branch, or of `main` or `master`; None if none is known."""
        names = filter(None, (self.default, "main", "master"))
        return next((commit for name in names if (commit := self._tracked(name))), None)

    def _tracked(self, branch: str) -> str | None:
        if not self._is_tracked:
            return None
        return self._repository.commit_id(f"refs/remotes/{self._remote}/{branch}")

    def _default_branch(self) -> str | None:
        return default_branch(self._repository, self._remote) if self._is_tracked else None


def default_branch(repository: Repository, remote: str) -> str | None:
    """Return the name of the remote's default branch, which git noted when it cloned; None if it did not."""
    place = Path(repository.place.common_dir, "refs", "remotes", remote, "HEAD")
    if not place.is_file():
        return None
    said = read_small(str(place)).strip().decode("utf-8", "replace")
    start = f"ref: refs/remotes/{remote}/"
    return said.removeprefix(start) if said.startswith(start) else None


def _is_named(branch: str, pattern: str) -> bool:
    """True if a pattern matches the branch's name from its beginning."""
    return matches(f"{_BRANCH}{branch}", (f"{_BRANCH}{pattern}",))


def protected_bases(protected: Protected, refs: Iterable[PushedRef], patterns: Sequence[str] = ()) -> Mapping[str, str]:
    """Return, by ref, the commits that the protected branches among `refs` are at. Raises UnreadableError."""
    held = (ref for ref in refs if protected.holds(ref, patterns))
    return {ref.remote_ref: base for ref in held if (base := protected.base_of(ref)) is not None}
