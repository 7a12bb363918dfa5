"""A push as the pre-commit framework describes it: in environment variables, and only its first ref.

Source: pre-commit's documentation, "Pre-push hooks". Our own hook (`gate hook install`) reads all refs.
"""

from collections.abc import Mapping

from gate.app.hooks.protocol import PushedRef
from gate.core.errors import UsageError
from gate.git import ZERO_IDS, Repository


def read_environment(environment: Mapping[str, str], repository: Repository) -> tuple[str, PushedRef]:
    """Return the remote's name and the ref that is pushed. Raises UsageError if the framework did not start this."""
    names = [environment.get(f"PRE_COMMIT_{name}", "") for name in ("REMOTE_NAME", "LOCAL_BRANCH", "REMOTE_BRANCH")]
    if not all(names):
        raise UsageError(
            "the environment does not describe a push", hint="Let pre-commit start it, in its stage pre-push"
        )
    remote, local, ref = names
    # For a branch whose history is all new the framework names no commits, only the branch.
    head = repository.commit_id(environment.get("PRE_COMMIT_TO_REF") or local)
    if head is None:
        raise UsageError(f"git does not know the commit {local}", hint="Let pre-commit start it, in its stage pre-push")
    before = environment.get("PRE_COMMIT_FROM_REF")
    known = repository.commit_id(before) if before else None
    return remote, PushedRef(local, head, ref, known or ZERO_IDS[0])


def is_run_by_hand(environment: Mapping[str, str]) -> bool:
    """True if the framework was started by `pre-commit run`, not by `git commit`.

    It does not say whether by `--all-files`. Judging only what is staged would then pass a secret that is committed
    already, and would look at nothing in CI, where nothing is staged. git names its index to every hook that it starts.
    """
    return environment.get("PRE_COMMIT") == "1" and "GIT_INDEX_FILE" not in environment
