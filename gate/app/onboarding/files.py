"""The files that `gate init` proposes, and what is left to the owner. Existing files are never changed."""

import json
import shlex
from collections.abc import Iterable, Iterator

import msgspec

from gate.app.onboarding.look import MAIN, SCHEMA, RepositoryOverview
from gate.model import Report
from gate.settings.schema import settings_schema

SETTINGS = "gate.yaml"
WORKFLOW = ".github/workflows/gate.yml"
PIPELINE = ".gitlab-ci.yml"
ACTION = "security-gate/actions/gate"
TEMPLATE = "gate.gitlab-ci.yml"
_MOST = 5
_IN_PATTERNS = "*?+[]!\\"
"""Characters that mean something in a filter pattern of GitHub's workflows."""
_BRANCH = "DEFAULT-BRANCH"
_WORKFLOW = f"""\
name: gate
on:
  push: {{branches: [{_BRANCH}]}}
  pull_request:
permissions:
  contents: read
jobs:
  gate:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with: {{fetch-depth: 0, persist-credentials: false}}
      - uses: example/{ACTION}@v1 # where your organisation keeps it; pin a commit
"""
_PIPELINE = f"""\
include:
  - project: security/security-gate # where your organisation keeps it
    file: gitlab-templates/{TEMPLATE}
    ref: v1
"""
TO_REVIEW = ("/gate.yaml", "/.gate/", "/.hadolint.yaml", "/.secrets.baseline", "/CODEOWNERS")
"""Files that can loosen the gate after they are merged."""
_REVIEWER = "@example/security"
_COMPONENTS = ("/gate@", "/gate-parallel@")


def proposed(seen: RepositoryOverview) -> dict[str, str]:
    """Return the files to write: path to text."""
    wanted = {
        SETTINGS: (not seen.has_settings, _settings(seen)),
        SCHEMA: (not (seen.has_settings or seen.has_schema), _schema()),
        WORKFLOW: (
            seen.on_github and not _has_workflow(seen),
            _WORKFLOW.replace(_BRANCH, _quoted(seen.default_branch)),
        ),
        PIPELINE: (seen.on_gitlab and seen.pipeline is None, _PIPELINE),
    }
    return {path: text for path, (is_wanted, text) in wanted.items() if is_wanted}


def left_to_do(seen: RepositoryOverview) -> Iterator[str]:
    """Yield what the owner has to do by hand, because a file exists that we do not change."""
    if seen.pipeline is not None and TEMPLATE not in seen.pipeline and not any(c in seen.pipeline for c in _COMPONENTS):
        yield f"{PIPELINE} is yours; add to it:\n\n{_PIPELINE}"


def owners_to_add(seen: RepositoryOverview) -> Iterator[str]:
    """Yield the lines to add to CODEOWNERS, so that changes to files in TO_REVIEW get reviewed."""
    if seen.has_settings or not (seen.on_github or seen.on_gitlab):
        return
    hosts = {"/.github/": seen.on_github, "/.gitlab-ci.yml": seen.on_gitlab}
    wanted = [*TO_REVIEW, *(path for path, is_there in hosts.items() if is_there)]
    missing = [path for path in wanted if path not in (seen.codeowners or "")]
    if missing:
        lines = "".join(f"{path:<24} {_REVIEWER}\n" for path in missing)
        where = seen.codeowners_path or "CODEOWNERS"
        yield f"What loosens the gate counts once it is merged; let it be reviewed. Add to {where}:\n\n{lines}"


def next_steps(written: Iterable[str], last: Report | None) -> Iterator[str]:
    """Yield what to do after the files were written: see what is found, adopt it, commit. `last` is the last run's."""
    blocking = 0 if last is None else sum(one.blocking for one in last.findings)
    if last is None:
        yield "gate run        shows what is found here today"
    if last is None or blocking:
        known = f" ({blocking:,} block now)" if blocking else ""
        yield f"gate baseline   records what is there already, so that only new findings block{known}"
    paths = " ".join(shlex.quote(path) for path in written)
    if paths:
        yield f"git add {paths}, and commit: others are judged by the same settings"


def _has_workflow(seen: RepositoryOverview) -> bool:
    return WORKFLOW in seen.workflows or any(ACTION in text for text in seen.workflows.values())


def _settings(seen: RepositoryOverview) -> str:
    return f"""\
# yaml-language-server: $schema={SCHEMA}
# What the gate looks at in this repository; every setting: docs/reference/settings.md, or `gate schema config`.
stages:
  secrets: {{enabled: true}} # every file, and what a push adds
  dockerfile: {{enabled: true}} # {_listed(seen.dockerfiles, "no Dockerfile yet")}
  dependencies: {{enabled: true}} # {_listed(seen.lockfiles, "no lockfile yet")}
# images: [{{ref: "archive:build/api.tar"}}] # images that are judged with it
{_compose(seen)}\
# policy: {{extends: "https://security.example.com/policy.yaml"}} # the organisation's policy
"""


def _schema() -> str:
    return msgspec.json.encode(settings_schema()).decode() + "\n"


def _quoted(branch: str) -> str:
    """Return a branch's name for a list of GitHub's filter patterns in YAML."""
    if branch in (MAIN, "master"):
        return branch
    return json.dumps("".join(f"\\{char}" if char in _IN_PATTERNS else char for char in branch))


def _compose(seen: RepositoryOverview) -> str:
    """Propose, as a comment, the images that Compose files start: each run would have to get them from a registry."""
    if not seen.compose_images:
        return ""
    listed = _listed(seen.compose_images, "")
    return f"# images_from: [compose] # also judges {listed}, which each run fetches\n"


def _listed(paths: tuple[str, ...], nothing: str) -> str:
    """Return a few paths for a comment; one with control characters is left out, as a line end ends the comment."""
    plain = [path for path in paths if path.isprintable()]
    more = f" and {len(paths) - _MOST:,} more" if len(paths) > _MOST else ""
    return (", ".join(plain[:_MOST]) + more) or nothing
