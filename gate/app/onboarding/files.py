"""The files that `gate init` proposes, and what is left to the owner. Existing files are never changed."""

import json
import posixpath
import shlex
from collections.abc import Iterable, Iterator

import msgspec

from gate.app.onboarding.look import MAIN, SCHEMA, RepositoryOverview
from gate.app.onboarding.source import GateSource
from gate.model import Report
from gate.settings.schema import settings_schema

SETTINGS = "gate.yaml"
WORKFLOW = ".github/workflows/gate.yml"
PIPELINE = ".gitlab-ci.yml"
ACTION = "actions/gate"
TEMPLATE = "gate.gitlab-ci.yml"
_MOST = 5
_IN_PATTERNS = "*?+[]!\\"
"""Characters that mean something in a filter pattern of GitHub's workflows."""
_BRANCH = "DEFAULT-BRANCH"
_PATH = "GATE-PATH"
_REVISION = "GATE-REVISION"
_PACKAGE = "GATE-PACKAGE"
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
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with: {{fetch-depth: 0, persist-credentials: false}}
      - uses: {_PATH}/{ACTION}@{_REVISION}
"""
_PIPELINE = f"""\
include:
  - project: {_PATH}
    file: gitlab-templates/{TEMPLATE}
    ref: {_REVISION}

variables:
  GATE_CI_PACKAGE: {_PACKAGE} # or name an image that has the gate, in GATE_CI_IMAGE
"""
TO_REVIEW = ("/gate.yaml", "/.gate/", "/.hadolint.yaml", "/.secrets.baseline", "/CODEOWNERS")
"""Files that can loosen the gate after they are merged."""
_REVIEWER = "<your reviewers>"
_COMMANDS = ("gate run", "gate merge")
_COMPONENTS = ("/gate@", "/gate-parallel@")


def proposed(seen: RepositoryOverview, source: GateSource | None = None) -> dict[str, str]:
    """Return the files to write: path to text. Without a source of the gate there is no file for a CI system."""
    wanted = {
        SETTINGS: (not seen.has_settings, _settings(seen)),
        SCHEMA: (not (seen.has_settings or seen.has_schema), _schema()),
        WORKFLOW: (_lacks_workflow(seen) and source is not None, _workflow(seen, source)),
        PIPELINE: (_lacks_pipeline(seen) and source is not None, _filled(_PIPELINE, source)),
    }
    return {path: text for path, (is_wanted, text) in wanted.items() if is_wanted}


def left_to_do(seen: RepositoryOverview, source: GateSource | None = None) -> Iterator[str]:
    """Yield what the owner has to do by hand: a file exists that we do not change, or we cannot fill one in."""
    lacks = [WORKFLOW] * _lacks_workflow(seen) + [PIPELINE] * (_lacks_pipeline(seen) or _lacks_include(seen))
    if lacks and source is None:
        yield (
            f"{' and '.join(lacks)}: not proposed, as the address of the gate's repository is not known here.\n"
            "Name it with a commit or tag: gate init --source https://HOST/PATH@COMMIT"
        )
    elif _lacks_include(seen):
        yield f"{PIPELINE} is yours; add to it:\n\n{_filled(_PIPELINE, source)}"


def _lacks_workflow(seen: RepositoryOverview) -> bool:
    return seen.on_github and not _has_workflow(seen)


def _lacks_pipeline(seen: RepositoryOverview) -> bool:
    return seen.on_gitlab and seen.pipeline is None


def _lacks_include(seen: RepositoryOverview) -> bool:
    """True if there is a pipeline that does not include the gate."""
    text = seen.pipeline
    return text is not None and TEMPLATE not in text and not any(component in text for component in _COMPONENTS)


def _workflow(seen: RepositoryOverview, source: GateSource | None) -> str:
    return _filled(_WORKFLOW, source).replace(_BRANCH, _quoted(seen.default_branch))


def _filled(text: str, source: GateSource | None) -> str:
    if source is None:
        return ""
    parts = {_PATH: source.path, _REVISION: source.revision, _PACKAGE: source.package}
    for mark, value in parts.items():
        text = text.replace(mark, value)
    return text


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
        yield f"Changes that loosen the gate take effect once merged, so have them reviewed. Add to {where}:\n\n{lines}"


def callers(seen: RepositoryOverview) -> Iterator[str]:
    """Yield the workflows and pipelines that call the gate: by the action, the template, or as a command."""
    texts = {**seen.workflows, PIPELINE: seen.pipeline or ""}
    marks = (ACTION, TEMPLATE, *_COMPONENTS, *_COMMANDS)
    for path, text in texts.items():
        if any(mark in text for mark in marks):
            yield path


def next_steps(written: Iterable[str], last: Report | None) -> Iterator[str]:
    """Yield what to do after the files were written: see what is found, adopt it, commit. `last` is the last run's."""
    added = list(written)
    blocking = 0 if last is None else sum(one.blocking for one in last.findings)
    is_baseline_due = last is None or blocking > 0
    if last is None:
        yield "gate run        shows what is found here today"
    if is_baseline_due:
        known = f" ({blocking:,} block now)" if blocking else ""
        yield f"gate baseline   records what is there already, so that only new findings block{known}"
    if added:
        paths = " ".join(map(shlex.quote, _to_commit(added, is_baseline_due=is_baseline_due)))
        yield f"git add {paths}, and commit: others are judged by the same settings"


def _to_commit(written: list[str], *, is_baseline_due: bool) -> list[str]:
    """Return what to add: the files, and the folder of the gate's own with all that it will hold."""
    others = [path for path in written if path != SCHEMA]
    return [*others, posixpath.dirname(SCHEMA)] if is_baseline_due or SCHEMA in written else others


def _has_workflow(seen: RepositoryOverview) -> bool:
    return WORKFLOW in seen.workflows or any(f"/{ACTION}@" in text for text in seen.workflows.values())


def _settings(seen: RepositoryOverview) -> str:
    return f"""\
# yaml-language-server: $schema={SCHEMA}
# What the gate looks at in this repository; `gate schema config` prints every setting.
stages:
  secrets: {{enabled: true}} # every file, and what a push adds
  dockerfile: {{enabled: true}} # {_listed(seen.dockerfiles, "no Dockerfile yet")}
  dependencies: {{enabled: true}} # {_listed(seen.lockfiles, "no lockfile yet")}
  kubernetes: {{enabled: true}} # {_listed(seen.manifests, "no manifest yet")}
  ci: {{enabled: true}} # {_listed(seen.pipelines, "no pipeline yet")}
  workspace: {{enabled: true}} # {_listed(seen.workspace_files, "nothing yet that starts by itself")}
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
