"""Whether a finding is worth stopping a change for: what its evidence says, beyond how bad it would be.

A stage says of a finding what it knows better (`Hit.worth`); all else is known by the same few facts.
"""

import re

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_documentation_path, is_test_path, is_vendored_path
from gate.model import Finding, Worth
from gate.rules.hits import Weighed
from gate.rules.vulnerability_worth import worth_of_vulnerability

_FOLDERS = r"\.(?:github/(?:workflows|actions)|circleci|buildkite|gitlab|tekton|woodpecker|azure-pipelines)/"
_FILES = (
    r"(?:\.gitlab-ci\.ya?ml|bitbucket-pipelines\.yml|\.drone\.yml|azure-pipelines[\w.-]*\.ya?ml|Jenkinsfile[\w.-]*)\Z"
)
_STARTED = re.compile(rf"{_FOLDERS}|{_FILES}")
"""Places from which CI systems start what stands there: `e2e.yml` is no test, it runs one with the project's rights."""
_OF_DEVELOPERS_MACHINES = "workspace"
"""The stage for which a developer's machine is what it is about: `.devcontainer/` starts programs there."""


def with_worth(finding: Finding) -> Finding:
    """Return a finding that states its worth; one whose stage has given evidence stays as it is."""
    if finding.worth_evidence:
        return finding
    worth, evidence = _weigh(finding)
    if (worth, evidence) == (finding.worth, finding.worth_evidence):
        return finding
    return msgspec.structs.replace(finding, worth=worth, worth_evidence=evidence)


def _weigh(finding: Finding) -> Weighed:
    if finding.secret is not None and finding.secret.verified:
        return Worth.HIGH, ("its service accepts it",)
    if finding.vulnerability is not None:
        path = finding.location.path or ""
        place = "" if finding.location.layer else where_nothing_ships(path) or _where_it_was_archived(path)
        return worth_of_vulnerability(finding, finding.vulnerability, place)
    path = finding.location.path or ""
    if _STARTED.match(path):
        return finding.worth, ()
    place = where_no_program_is(path) or _where_it_was_archived(path)
    if not place and finding.stage != _OF_DEVELOPERS_MACHINES:
        place = where_no_image_ships(path)
    if place:
        return Worth.LOW, (place,)
    return finding.worth, ()


def where_no_program_is(path: str) -> str:
    """Say of a path that what stands there is not this project's program; empty if nothing speaks for that."""
    if is_vendored_path(path):
        return "it is in a copy of another project"
    return where_nothing_ships(path)


def where_nothing_ships(path: str) -> str:
    """Say of a path that what stands there is for a test or a reader; empty if nothing speaks for that."""
    if is_test_path(path):
        return "it is in a test"
    if is_documentation_path(path) and not _is_page(path):
        return "it is in documentation or an example"
    return ""


def where_no_finding_stops(path: str) -> str:
    """Say of a file's folders that no finding on configuration there stops a change; empty if nothing speaks for it.

    What cannot be read there hides nothing that would block. The file's own name does not count: CI runs `test.yml`.
    """
    folder, slash, _ = path.replace(" ", "-").rpartition("/")
    if _STARTED.match(path) or not slash:
        return ""
    return where_no_program_is(f"{folder}/file") or _where_it_was_archived(path)


_ARCHIVED = lazy_regex(r"(?:^|/)(?:_archived?|archived|attic)/", re.IGNORECASE)


def _where_it_was_archived(path: str) -> str:
    """Say of configuration and packages that they were put away; a credential among them may be valid all the same."""
    return "it is in a folder for what was archived" if _ARCHIVED.search(path) else ""


_FOR_DEVELOPERS = r"(?:ci|coverage|dev|devcontainer|devel|development|e2e|local|make|tests?|testing)"
_DEFINITION = r"(?:[\w-]+[._-])?(?:docker-?file|containerfile|(?:docker-)?compose)"
_FOLDERS_OF_DEVELOPERS = r"(?:docker/(?:dev|devel|develop|development|dummy|tests?|ci|local)|dev[-_]env)/(?:[^/]+/)?"
_IN_THEIR_FOLDERS = rf"{_FOLDERS_OF_DEVELOPERS}(?:[\w-]+\.)?Dockerfile\Z"
_BY_THEIR_NAMES = rf"{_DEFINITION}[._-](?:[^/]*[._-])?{_FOR_DEVELOPERS}(?:[._-][^/]*)?\Z"
_OF_DEVELOPERS = lazy_regex(
    rf"(?:^|/)(?:\.devcontainer/|{_IN_THEIR_FOLDERS}|{_BY_THEIR_NAMES}"
    rf"|(?:[^/]*[._-])?{_FOR_DEVELOPERS}(?:[._-][^/]*)?\.(?:dockerfile|containerfile)\Z)",
    re.IGNORECASE,
)
"""`Dockerfile.dev`, `docker-compose.local.yml`, `docker/develop/Dockerfile`: what runs on a developer's machine."""


def where_no_image_ships(path: str) -> str:
    """Say of a Dockerfile or Compose file that it is for developers, by its name; empty if nothing speaks for that."""
    return "the image is for tests or development, by the file's name" if _OF_DEVELOPERS.search(path) else ""


def _is_page(path: str) -> bool:
    """True for a page outside of the folders for documentation: a program may serve it."""
    bare = path.lower().removesuffix(".html").removesuffix(".htm")
    return bare != path.lower() and not is_documentation_path(bare)
