"""What was made up for a test or an example need not be revoked: what to do with it instead."""

from gate.core.path_patterns import is_test_path


def if_made_up(path: str) -> str:
    """Say what to do with what nothing accepts: in a test and in documentation that is likely."""
    from gate.secrets.triage.confidence_rules import (
        is_documentation_path,  # which a tree without findings need not load
    )

    if is_test_path(path):
        return (
            " If it was made up for a test and nothing else accepts it, let the test make it as it runs; or mark its"
            " line with `pragma: allowlist secret`, or record it with `gate baseline`."
        )
    if is_documentation_path(path):
        return (
            " If it was made up for an example, write a placeholder that shows it (`<password>`), or mark its line with"
            " `pragma: allowlist secret`."
        )
    return ""
