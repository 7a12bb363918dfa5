"""Pushes to protected branches: what is new is new to that branch, and its word counts, not that of what is pushed."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from gate.app.hooks.protocol import PushedRef
from gate.app.hooks.remotes import tracking_branches
from gate.core.errors import UnreadableError
from gate.core.path_patterns import matches
from gate.git import ZERO_IDS, Repository
from gate.git.locate import read_small

ALWAYS = ("main", "master", "release", "release/**", "release-*", "releases/**")
"""Branches that are protected wherever nobody says more, besides the remote's default branch."""
_BRANCH = "refs/heads/"


class Protected:
    """Knows of a remote which of its branches are protected, and what they hold."""

    def __init__(self, repository: Repository, remote: str, url: str = "") -> None:
        self._repository = repository
        self._remote = remote
        self._is_tracked = bool(tracking_branches(repository, remote, url or remote))
        self.default = self._default_branch()
        """Name of the default branch, as git knows it since the clone; None if it does not."""

    def holds(self, ref: PushedRef, patterns: Sequence[str] = ()) -> bool:
        """True if a push to `ref` is one to a protected branch; `patterns` name more of them."""
        if not ref.remote_ref.startswith(_BRANCH):
            return False
        branch = ref.remote_ref.removeprefix(_BRANCH)
        return branch == self.default or any(_is_named(branch, pattern) for pattern in (*ALWAYS, *patterns))

    def base_of(self, ref: PushedRef) -> str | None:
        """Return the commit that a branch of the remote is at; of one that is new there, that of the default branch.

        None if the remote has nothing that is known here. Raises UnreadableError if it has the branch at a commit that
        was not fetched: then nobody can say what its word is.
        """
        branch = ref.remote_ref.removeprefix(_BRANCH)
        commit = self._tracked(branch)
        if commit is None and ref.remote_id not in ZERO_IDS:
            commit = self._repository.commit_id(ref.remote_id)
            if commit is None:
                raise UnreadableError(
                    "the remote has it at a commit that is not here, so nobody can say whose settings hold",
                    path=ref.remote_ref,
                    hint="Fetch it first (git fetch)",
                )
        return commit or self.default_base()

    def default_base(self) -> str | None:
        """Return the commit of the default branch, or of what is likely to be it; None if nothing is known."""
        names = filter(None, (self.default, "main", "master"))
        return next((commit for name in names if (commit := self._tracked(name))), None)

    def _tracked(self, branch: str) -> str | None:
        if not self._is_tracked:
            return None
        return self._repository.commit_id(f"refs/remotes/{self._remote}/{branch}")

    def _default_branch(self) -> str | None:
        place = Path(self._repository.place.common_dir, "refs", "remotes", self._remote, "HEAD")
        if not self._is_tracked or not place.is_file():
            return None
        said = read_small(str(place)).strip().decode("utf-8", "replace")
        start = f"ref: refs/remotes/{self._remote}/"
        return said.removeprefix(start) if said.startswith(start) else None


def _is_named(branch: str, pattern: str) -> bool:
    """True if a pattern, which has to match from the beginning, names the branch."""
    return matches(f"{_BRANCH}{branch}", (f"{_BRANCH}{pattern}",))


def protected_bases(protected: Protected, refs: Iterable[PushedRef], patterns: Sequence[str] = ()) -> Mapping[str, str]:
    """Return by ref of the remote what the protected branches among `refs` stand at. Raises UnreadableError."""
    held = (ref for ref in refs if protected.holds(ref, patterns))
    return {ref.remote_ref: base for ref in held if (base := protected.base_of(ref)) is not None}
