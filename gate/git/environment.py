"""The environment that git runs in: nothing that a repository names is started, and nothing is fetched."""

import os

_QUIET = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.attributesFile": os.devnull,
    "core.alternateRefsCommand": "true",
    "diff.external": "",
    "protocol.allow": "never",
    "core.quotePath": "false",
    "safe.directory": "*",
}
"""Configuration that keeps git from running what a repository names. `safe.directory` follows from that: CI
often checks out as another user, and there is nothing left that a foreign configuration could start."""

_INHERITED = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_EXTERNAL_DIFF",
)
"""A hook inherits these; they would point every command at the repository of the hook."""


def git_environment() -> dict[str, str]:
    """Return the variables for a git process; what this process has inherited from a hook is forgotten."""
    for name in _INHERITED:
        os.environ.pop(name, None)
    pairs = {f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(_QUIET)}
    values = {f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(_QUIET.values())}
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    return {
        **pairs,
        **values,
        "GIT_CONFIG_COUNT": str(len(_QUIET)),
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_PAGER": "cat",
        "LANGUAGE": "C",
        "LC_ALL": "C",
    }
