"""Which CI system runs this process."""

import os

_BY_VARIABLE = {"GITHUB_ACTIONS": "GitHub Actions", "GITLAB_CI": "GitLab CI", "CI": "a CI system"}
"""By the variable that it sets; the general one last."""


def running_ci() -> str:
    """Return the name of the CI system whose job this is, or nothing."""
    return next((name for variable, name in _BY_VARIABLE.items() if os.environ.get(variable)), "")
