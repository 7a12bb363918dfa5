"""Write the verdict into the pull or merge request that the CI job runs for, always into the same comment."""

import argparse
import os
import re
import sys
from collections.abc import Mapping

from gate.app.merge_requests import Discussion, publish
from gate.cli.signed import add_key, check_key, read_signed
from gate.core.errors import UsageError
from gate.core.text import visible

_NAME = re.compile(r"[A-Za-z0-9_.-]{0,40}")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate comment`."""
    parser.add_argument("file", metavar="REPORT.json", help="a report that `gate run --report json=FILE` wrote")
    parser.add_argument(
        "--name", default="", help="distinguishes several gates in one merge request (letters, digits, .-_)"
    )
    add_key(parser)


def run(options: argparse.Namespace) -> int:
    """Write the comment and return 0. Raises GateError if it cannot be written: the verdict has been said elsewhere."""
    from gate.reports.markdown import mark_of, text_of

    check_key(options.key)
    if not _NAME.fullmatch(options.name):
        raise UsageError("--name: letters, digits, dots, dashes and underscores, 40 at most")
    report = read_signed(options.file, options.key)
    discussion = discussion_of(os.environ)
    if discussion is None:
        print(
            "gate: this job does not run for a pull or merge request, so there is nothing to comment on",
            file=sys.stderr,
        )
        return 0
    outcome = publish(discussion, text_of(report, options.name), mark_of(options.name))
    print(f"gate: the comment in {visible(discussion.name)} is {outcome.value}", file=sys.stderr)
    return 0


def discussion_of(environment: Mapping[str, str]) -> Discussion | None:
    """Return the pull or merge request of the CI job; None if it has none. Raises UsageError outside of CI."""
    from gate.app.merge_requests.github import pull_request_of
    from gate.app.merge_requests.gitlab import merge_request_of

    if environment.get("GITHUB_ACTIONS") == "true":
        return pull_request_of(environment)
    if environment.get("GITLAB_CI") == "true":
        return merge_request_of(environment)
    raise UsageError("this is not a job of GitHub Actions or GitLab CI", hint="See docs/how-to/comment.md")
