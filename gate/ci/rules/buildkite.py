"""Rules on Buildkite."""

from collections.abc import Iterator

from gate.ci.definitions import CiPipeline, hit_at
from gate.ci.families import (
    DEPLOYS,
    code_by_version,
    images_by_tag,
    is_true,
    moving_code,
    secret_files,
    text_in_scripts,
)
from gate.ci.rule import rule
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import Severity
from gate.rules import Hit, RuleScope

BUILDKITE = RuleScope(CiPipeline, "buildkite")
_MESSAGES = lazy_regex(
    r"(?<![\\$])\$\{?BUILDKITE_(?:MESSAGE|PULL_REQUEST_TITLE|PULL_REQUEST_LABELS|BUILD_AUTHOR|BUILD_CREATOR"
    r"|GIT_DIFF_TITLE|BUILD_AUTHOR_EMAIL)\b"
)
_BRANCHES = lazy_regex(r"(?<![\\$])\$\{?BUILDKITE_(?:BRANCH|TAG)\b")
_FETCHED = lazy_regex(r"\b(?:curl|wget)\b[^\n;&]{0,300}\|[^\n;&]{0,100}\bbuildkite-agent[ \t]+pipeline[ \t]+upload\b")
_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock")
_GUARDS = ("if", "branches")


@rule(
    "GC901",
    Severity.HIGH,
    "Commit message or title becomes part of a command",
    looks_at=BUILDKITE,
    why="`pipeline upload` puts the text into the command before the shell reads it: `$(command)` in it is run.",
    mend="Write `$$BUILDKITE_MESSAGE` in quotes, so that the shell reads the variable.",
    references=("CWE-78",),
    bad="steps: [{label: note, command: 'echo \"$BUILDKITE_MESSAGE\"'}]\n",
    good="steps: [{label: note, command: 'echo \"$$BUILDKITE_MESSAGE\"'}]\n",
)
def message_in_a_command(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from text_in_scripts(pipeline.scripts, _MESSAGES, "The command of {job} holds {found}, which others write")


@rule(
    "GC902",
    Severity.MEDIUM,
    "Branch or tag becomes part of a command",
    looks_at=BUILDKITE,
    why="`pipeline upload` puts the name into the command. A branch, of a fork too, may be called `a$(command)`.",
    mend="Write `$$BUILDKITE_BRANCH` in quotes, so that the shell reads the variable.",
    references=("CWE-78",),
    bad="steps: [{label: build, command: ./build $BUILDKITE_BRANCH}]\n",
    good="steps: [{label: build, command: './build \"$$BUILDKITE_BRANCH\"'}]\n",
)
def branch_in_a_command(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from text_in_scripts(pipeline.scripts, _BRANCHES, "The command of {job} holds {found}")


@rule(
    "GC903",
    Severity.MEDIUM,
    "Plugin without a version",
    looks_at=BUILDKITE,
    why="A plugin's hooks run on the agent, with all its secrets. Without a version its newest commit runs.",
    mend="Name the commit: `plugin#0123…`, or at least a version.",
    references=("CWE-829",),
    bad="steps: [{label: build, command: make, plugins: [team/tools]}]\n",
    good="steps: [{label: build, command: make, plugins: ['team/tools#v1.2.3']}]\n",
)
def plugin_without_version(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from moving_code(pipeline.parties, "plugin", "The plugin")


@rule(
    "GC904",
    Severity.LOW,
    "Plugin by version",
    looks_at=BUILDKITE,
    why="The version is a tag in the plugin's repository, which its owner can move.",
    mend="Name the commit of that version.",
    references=("CWE-829",),
    bad="steps: [{label: build, command: make, plugins: ['team/tools#v1.2.3']}]\n",
    good=f"steps: [{{label: build, command: make, plugins: ['team/tools#{'0f' * 20}']}}]\n",
)
def plugin_by_version(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from code_by_version(pipeline.parties, "plugin", "The plugin")


@rule(
    "GC905",
    Severity.MEDIUM,
    "Image by tag",
    looks_at=BUILDKITE,
    why="A tag can be moved. What then runs has the code and the environment of the step.",
    mend="Add the digest: `name:tag@sha256:…`.",
    references=("CWE-829",),
    bad="steps: [{label: build, command: make, plugins: [{'docker#v5.1.0': {image: team/build:latest}}]}]\n",
    good=(
        "steps: [{label: build, command: make, plugins: [{'docker#v5.1.0': {image: 'team/build@sha256:"
        + "0f" * 32
        + "'}}]}]\n"
    ),
)
def image_by_tag(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from images_by_tag(pipeline.parties)


@rule(
    "GC906",
    Severity.MEDIUM,
    "Plugin's container has the rights of its host",
    looks_at=BUILDKITE,
    why="A privileged container, or one with the runtime's socket, is root on the agent, which other builds use too.",
    mend="Remove `privileged` and the socket; build images on an agent that is used for that alone.",
    references=("CWE-250",),
    bad="steps: [{command: make, plugins: [{'docker#v5.1.0': {image: team/build, privileged: true}}]}]\n",
    good="steps: [{command: make, plugins: [{'docker#v5.1.0': {image: team/build}}]}]\n",
)
def plugin_with_rights_of_the_host(pipeline: CiPipeline) -> Iterator[Hit]:
    for name, settings in _plugins(pipeline.root):
        sockets = [one for one in settings.texts("volumes") if one.startswith(_SOCKETS)]
        if is_true(settings.get("privileged")):
            yield hit_at(settings, f"The container of {name} is privileged", name, "privileged")
        if sockets:
            yield hit_at(settings, f"The container of {name} has {sockets[0]}", name, sockets[0])


@rule(
    "GC907",
    Severity.LOW,
    "Plugin's container receives the whole environment",
    looks_at=BUILDKITE,
    why="All that the agent gave the step, secrets among it, is given to an image of others.",
    mend="List the variables that it needs in `environment`.",
    references=("CWE-522",),
    bad="steps: [{command: make, plugins: [{'docker#v5.1.0': {image: team/build, propagate-environment: true}}]}]\n",
    good="steps: [{command: make, plugins: [{'docker#v5.1.0': {image: team/build, environment: [GOFLAGS]}}]}]\n",
)
def plugin_with_the_whole_environment(pipeline: CiPipeline) -> Iterator[Hit]:
    for name, settings in _plugins(pipeline.root):
        if is_true(settings.get("propagate-environment")):
            yield hit_at(settings, f"`propagate-environment: true` of {name}", name)


@rule(
    "GC908",
    Severity.MEDIUM,
    "Step that deploys runs for every branch",
    looks_at=BUILDKITE,
    why="Anyone who can push a branch deploys it, without a review and without a question.",
    mend="Add `branches: main` or an `if`, or a `block` step before it.",
    references=("CWE-862",),
    bad="steps: [{command: make}, {label: Deploy to production, command: ./deploy}]\n",
    good="steps: [{command: make}, {block: Deploy?}, {label: Deploy to production, command: ./deploy}]\n",
)
def deploys_every_branch(pipeline: CiPipeline) -> Iterator[Hit]:
    for step, is_asked in _asked(pipeline.root):
        label = step.text("label") or step.text("name") or step.text("key")
        guarded = is_asked or any(step.get(key) is not None for key in (*_GUARDS, "depends_on"))
        if not guarded and DEPLOYS.search(label) and "prod" in label.lower() and step.get("command") is not None:
            yield hit_at(step, f"The step {label} runs for every branch, and no `block` step asks before", label)


@rule(
    "GC909",
    Severity.MEDIUM,
    "Secrets among the artifacts",
    looks_at=BUILDKITE,
    why="Everyone who can see the build can download its artifacts.",
    mend="Name the files that are wanted, and leave this one out.",
    references=("CWE-538",),
    bad="steps: [{command: make, artifact_paths: [.env]}]\n",
    good="steps: [{command: make, artifact_paths: ['dist/*']}]\n",
)
def secrets_among_artifacts(pipeline: CiPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        paths = value.get("artifact_paths")
        yield from secret_files(paths.elements() if paths else (), "The artifacts hold")


@rule(
    "GC910",
    Severity.HIGH,
    "Steps are downloaded and run",
    looks_at=BUILDKITE,
    why="Anyone who controls that server writes the steps that the agent runs, with its secrets.",
    mend="Keep the steps in the repository, or check a digest before they are uploaded.",
    references=("CWE-494",),
    bad="steps: [{command: 'curl -s https://ci.example/steps.yml | buildkite-agent pipeline upload'}]\n",
    good="steps: [{command: buildkite-agent pipeline upload ci/steps.yml}]\n",
)
def steps_are_downloaded(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from text_in_scripts(pipeline.scripts, _FETCHED, "{job} runs steps that it downloads: {found}")


def _plugins(root: Value) -> Iterator[tuple[str, Value]]:
    for value in root.walk():
        listed = value.get("plugins")
        for plugin in listed.elements() if listed else ():
            yield from plugin.items()


def _asked(root: Value) -> Iterator[tuple[Value, bool]]:
    """Yield the steps, each with whether a `block` or `input` step stands before it."""
    steps = root.get("steps") if isinstance(root.data, dict) else root
    is_asked = False
    for step in steps.elements() if steps else ():
        is_asked = is_asked or step.get("block") is not None or step.text() in ("block", "input")
        yield step, is_asked
