"""Variables whose value a person chooses who may only push a branch or open a request: names, titles, messages.

The names are those of each system's documentation of predefined variables.
"""

from collections.abc import Iterator

from gate.core.lazy_regex import lazy_regex

_GITLAB_TEXT = (
    *("CI_COMMIT_MESSAGE", "CI_COMMIT_TITLE", "CI_COMMIT_DESCRIPTION", "CI_COMMIT_AUTHOR", "CI_COMMIT_TAG_MESSAGE"),
    *(
        "CI_MERGE_REQUEST_TITLE",
        "CI_MERGE_REQUEST_DESCRIPTION",
        "CI_MERGE_REQUEST_LABELS",
        "CI_MERGE_REQUEST_MILESTONE",
    ),
    *("GITLAB_USER_NAME", "CI_RELEASE_DESCRIPTION"),
)
_GITLAB_NAMES = (
    *("CI_COMMIT_REF_NAME", "CI_COMMIT_BRANCH", "CI_COMMIT_TAG", "CI_BUILD_REF_NAME", "CI_BUILD_TAG"),
    *("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME"),
)
_OTHER_TEXT = (
    *("CHANGE_TITLE", "CHANGE_AUTHOR", "CHANGE_AUTHOR_DISPLAY_NAME", "CHANGE_AUTHOR_EMAIL", "ghprbPullTitle"),
    *("ghprbPullLongDescription", "ghprbCommentBody", "BUILDKITE_MESSAGE", "BUILDKITE_BUILD_AUTHOR"),
    *("BUILDKITE_PULL_REQUEST_TITLE", "DRONE_COMMIT_MESSAGE", "DRONE_PULL_REQUEST_TITLE", "DRONE_COMMIT_AUTHOR"),
    *("DRONE_COMMIT_AUTHOR_NAME", "CI_COMMIT_PULL_REQUEST_TITLE", "BUILD_SOURCEVERSIONMESSAGE"),
)
_OTHER_NAMES = (
    *(
        "CHANGE_BRANCH",
        "ghprbSourceBranch",
        "BUILDKITE_BRANCH",
        "DRONE_SOURCE_BRANCH",
        "DRONE_BRANCH",
        "BITBUCKET_BRANCH",
    ),
    *("BITBUCKET_TAG", "CIRCLE_BRANCH", "CIRCLE_TAG", "CI_COMMIT_SOURCE_BRANCH", "BUILD_SOURCEBRANCH"),
    *("BUILD_SOURCEBRANCHNAME", "SYSTEM_PULLREQUEST_SOURCEBRANCH"),
)
FREE_TEXT = frozenset(_GITLAB_TEXT + _OTHER_TEXT)
"""Any text with any character."""
NAMES = frozenset(_GITLAB_NAMES + _OTHER_NAMES)
"""Names of branches and tags: without blanks, but `$(…)`, `;`, `|` and quotes are allowed in git."""
USER_TEXT = FREE_TEXT | NAMES
SIGNS = (
    *("CI_COMMIT_", "CI_MERGE_REQUEST_", "CI_BUILD_", "CI_EXTERNAL_", "GITLAB_USER_NAME", "CI_RELEASE_"),
    *("CHANGE_", "ghprb", "BUILDKITE_", "DRONE_", "BITBUCKET_", "CIRCLE_", "BUILD_SOURCE", "SYSTEM_PULLREQUEST"),
)
"""One of them is in every script that names such a variable."""
_PART = lazy_regex(
    r"(?P<single>'[^']*')|\\.|(?P<double>\")|\$(?:\{(?P<braced>\w{1,80})(?P<change>[^}\n]{0,200})\}|(?P<bare>\w{1,80}))"
)
_CLEANED = ("//", "@Q")
"""Expansions that take signs out, or quote the value for a shell."""


def user_text_in(written: str, wanted: frozenset[str] = USER_TEXT, is_quoted: bool | None = None) -> Iterator[str]:
    """Yield the variables of `wanted` that a shell puts into a word or text, as it is written with its quotes.

    `is_quoted` asks for those inside (True) or outside (False) of double quotes alone. Inside of single quotes and
    behind a backslash nothing is put in.
    """
    in_double = False
    place = 0
    while (found := _PART.search(written, place)) is not None:
        place = found.end()
        if found["double"]:
            in_double = not in_double
        elif found["single"] and in_double:
            place = found.start() + 1  # an apostrophe inside of double quotes
        elif (name := found["braced"] or found["bare"]) in wanted:
            is_cleaned = (found["change"] or "").startswith(_CLEANED)
            if not is_cleaned and is_quoted in (None, in_double):
                yield name
