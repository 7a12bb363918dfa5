"""Rules on Drone and Woodpecker."""

from collections.abc import Iterator

import msgspec

from gate.ci.definitions import hit_at
from gate.ci.families import DEPLOYS, images_by_tag, is_true, party_hit, text_in_scripts
from gate.ci.model import PipelineParty
from gate.ci.references import CiImage, has_variable
from gate.ci.rule import rule
from gate.ci.steps import DronePipeline
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import Severity
from gate.rules import Hit, RuleScope

DRONE = RuleScope(DronePipeline, "drone")
_TEXTS = lazy_regex(
    r"(?<!\$)\$\{(?:DRONE_COMMIT_MESSAGE|DRONE_PULL_REQUEST_TITLE|DRONE_COMMIT_AUTHOR(?:_NAME|_EMAIL)?"
    r"|DRONE_SOURCE_BRANCH|CI_COMMIT_MESSAGE|CI_COMMIT_SOURCE_BRANCH|CI_COMMIT_AUTHOR(?:_EMAIL)?"
    r"|CI_COMMIT_PULL_REQUEST_(?:LABELS|TITLE)|CI_PIPELINE_TITLE)(?:[:/%#,^][^}]*)?\}"
)
_HOST = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/var/run")
_PUBLISHERS = lazy_regex(
    r"(?:^|/)(?:docker|gcr|ecr|acr|gar|heroku|kaniko|buildx|github-release|gitea-release|npm|pypi|s3|gcs|docker-buildx"
    r"|plugin-docker-buildx|plugin-kaniko|plugin-release|plugin-s3|webdav|scp|ssh|drone-ssh|drone-scp|drone-kaniko"
    r"|drone-rsync|gh-pages|plugin-gh-pages|netlify|surge)\Z"
)
_OFF = lazy_regex(r"(?i)\A(?:insecure|skip_verify|skip[_-]tls[_-]verify|insecure_skip_verify|tls_skip_verify)\Z")
_PULL = "pull_request"
_HEAD = "kind: pipeline\nname: all\nsteps:\n"
_NOTE = "- name: note\n  image: alpine:3\n  environment: {TOKEN: {from_secret: token}}\n"


@rule(
    "GC701",
    Severity.HIGH,
    "Commit message or title becomes part of a command",
    looks_at=DRONE,
    why="`${…}` is replaced in the file before the shell reads it: a message with `$(command)` runs that command, "
    "with the step's secrets. Without any it is medium: who writes a pull request mostly writes its pipeline too.",
    mend="Write `$${DRONE_COMMIT_MESSAGE}`, or `$DRONE_COMMIT_MESSAGE`, in quotes.",
    references=("CWE-78",),
    bad=f'{_HEAD}{_NOTE}  commands:\n  - ./note "${{DRONE_COMMIT_MESSAGE}}"\n',
    good=f'{_HEAD}{_NOTE}  commands:\n  - ./note "$${{DRONE_COMMIT_MESSAGE}}"\n',
)
def message_in_a_command(pipeline: DronePipeline) -> Iterator[Hit]:
    for hit in text_in_scripts(pipeline.scripts, _TEXTS, "A command of {job} holds {found}, which others write"):
        severity = None if hit.evidence[0] in pipeline.with_secrets else Severity.MEDIUM
        yield msgspec.structs.replace(hit, severity=severity)


@rule(
    "GC702",
    Severity.MEDIUM,
    "Plugin with secrets and without a version",
    looks_at=DRONE,
    why="The image receives the secrets, and its owner decides at any time what it does with them.",
    mend="Name a version, better the digest.",
    references=("CWE-829",),
    bad=f"{_HEAD}- {{name: push, image: team/push, settings: {{password: {{from_secret: password}}}}}}\n",
    good=f"{_HEAD}- {{name: push, image: 'team/push:1.2.3', settings: {{password: {{from_secret: password}}}}}}\n",
)
def plugin_with_secrets_moves(pipeline: DronePipeline) -> Iterator[Hit]:
    for party in filter(_moves_with_secrets, pipeline.parties):
        yield party_hit(party, f"{party.name} receives secrets, and its version moves")


def _moves_with_secrets(party: PipelineParty) -> bool:
    image = CiImage(party.name, party.reference, party.is_pinned, not has_variable(party.name + party.reference))
    return image.moves and "secrets" in party.receives


@rule(
    "GC703",
    Severity.LOW,
    "Plugin by tag",
    looks_at=DRONE,
    why="A tag can be moved. What then runs has the code and the settings of the step.",
    mend="Add the digest: `name:tag@sha256:…`.",
    references=("CWE-829",),
    bad=f"{_HEAD}- {{name: push, image: 'team/push:1.2.3', settings: {{repo: team/shop}}}}\n",
    good=f"{_HEAD}- {{name: push, image: 'team/push@sha256:{'0f' * 32}', settings: {{repo: team/shop}}}}\n",
)
def plugin_by_tag(pipeline: DronePipeline) -> Iterator[Hit]:
    for party in pipeline.parties:
        is_named = not party.is_pinned and not has_variable(party.name + party.reference)
        if party.kind == "plugin" and is_named and not _moves_with_secrets(party):
            yield party_hit(party, f"The plugin {party.name} is taken by {party.reference or 'no tag'}")


@rule(
    "GC704",
    Severity.MEDIUM,
    "Image by tag",
    looks_at=DRONE,
    why="A tag can be moved. What then runs has the code and the environment of the step.",
    mend="Add the digest: `name:tag@sha256:…`.",
    references=("CWE-829",),
    bad=f"{_HEAD}- {{name: build, image: 'team/build:latest', commands: [make]}}\n",
    good=f"{_HEAD}- {{name: build, image: 'team/build@sha256:{'0f' * 32}', commands: [make]}}\n",
)
def image_by_tag(pipeline: DronePipeline) -> Iterator[Hit]:
    yield from images_by_tag(party for party in pipeline.parties if not _moves_with_secrets(party))


@rule(
    "GC705",
    Severity.MEDIUM,
    "Privileged step",
    looks_at=DRONE,
    why="A privileged container is root on the runner, which builds for other repositories too.",
    mend="Remove `privileged: true`; build images with a plugin that runs without root.",
    references=("CWE-250",),
    bad=f"{_HEAD}- {{name: build, image: 'team/build:1', privileged: true, commands: [make]}}\n",
    good=f"{_HEAD}- {{name: build, image: 'team/build:1', commands: [make]}}\n",
)
def privileged_step(pipeline: DronePipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        privileged = value.get("privileged")
        if value.get("image") is not None and privileged is not None and is_true(privileged):
            yield hit_at(privileged, f"{value.text('name') or value.text('image')} is privileged", value.text("image"))


@rule(
    "GC706",
    Severity.MEDIUM,
    "Runtime's socket in a step",
    looks_at=DRONE,
    why="What can talk to the container runtime of the runner is root there.",
    mend="Remove the volume; build images with a plugin that runs without root.",
    references=("CWE-250",),
    bad=f"{_HEAD}- {{name: build, image: 'a:1'}}\nvolumes: [{{name: s, host: {{path: /var/run/docker.sock}}}}]\n",
    good=f"{_HEAD}- {{name: build, image: 'a:1'}}\nvolumes: [{{name: cache, host: {{path: /var/cache/ci}}}}]\n",
)
def socket_in_a_step(pipeline: DronePipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        volumes = value.get("volumes")
        for volume in volumes.elements() if volumes else ():
            path = volume.text("host", "path") or volume.text().partition(":")[0]
            if path.rstrip("/") in _HOST:
                yield hit_at(volume, f"The host's {path} is given to steps", path)


@rule(
    "GC707",
    Severity.MEDIUM,
    "Step that publishes also runs for pull requests",
    looks_at=DRONE,
    why="A pull request changes what is published, before anyone has looked at it.",
    mend="Add `when: {event: [push, tag]}` to the step, or a `trigger` to the pipeline.",
    references=("CWE-862",),
    bad=f"{_HEAD}- {{name: push, image: plugins/docker:20, settings: {{password: {{from_secret: password}}}}}}\n",
    good=(
        f"{_HEAD}- {{name: push, image: plugins/docker:20, settings: {{password: {{from_secret: password}}}}, "
        "when: {event: [tag]}}\n"
    ),
)
def publishes_for_pull_requests(pipeline: DronePipeline) -> Iterator[Hit]:
    if _is_limited(pipeline.root):
        return
    for name, step in pipeline.steps:
        image = step.text("image").partition("@")[0].rpartition(":")[0] or step.text("image")
        is_secret = step.get("secrets") is not None or any(one.get("from_secret") for one in step.walk())
        publishes = bool(_PUBLISHERS.search(image)) or bool(DEPLOYS.search(name))
        if is_secret and publishes and not _is_limited(step) and not is_true(step.get("settings", "dry_run")):
            yield hit_at(step, f"{name} publishes with secrets, and runs for pull requests too", name)


def _is_limited(value: Value) -> bool:
    """True if `when` or `trigger` names a branch, reference or events that are not those of pull requests."""
    for key in ("when", "trigger"):
        conditions = value.get(key)
        for condition in conditions.elements() if conditions else ():
            if isinstance(condition.data, dict) and _excludes_pull_requests(condition):
                return True
    return False


def _excludes_pull_requests(condition: Value) -> bool:
    event = condition.get("event")
    if event is not None:
        inner = event.get("exclude")
        named = event.texts("include") if event.get("include") is not None else event.texts()
        return _PULL in inner.texts() if inner is not None else _PULL not in named
    return any(condition.get(key) is not None for key in ("ref", "cron", "target", "status", "evaluate", "instance"))


@rule(
    "GC708",
    Severity.MEDIUM,
    "Certificate check is switched off",
    looks_at=DRONE,
    why="Anyone on the way to the server can replace what the step receives, and read what it sends.",
    mend="Remove the setting. For a server with its own authority, add that authority's certificate.",
    references=("CWE-295",),
    bad="kind: pipeline\nname: all\nclone: {skip_verify: true}\nsteps: [{name: a, image: 'a:1'}]\n",
    good="kind: pipeline\nname: all\nclone: {depth: 1}\nsteps: [{name: a, image: 'a:1'}]\n",
)
def certificate_check_is_off(pipeline: DronePipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        for key, setting in value.items():
            if _OFF.match(key) and is_true(setting):
                yield hit_at(setting, f"`{key}: true`: the server's certificate is not checked", key)


@rule(
    "GC709",
    Severity.LOW,
    "Plugin prints what it does in full",
    looks_at=DRONE,
    why="In this mode many plugins print their settings and the commands that they run, secrets among them.",
    mend="Remove `debug: true`.",
    references=("CWE-532",),
    bad=f"{_HEAD}- {{name: push, image: 'team/push:1.2.3', settings: {{debug: true, token: {{from_secret: t}}}}}}\n",
    good=f"{_HEAD}- {{name: push, image: 'team/push:1.2.3', settings: {{token: {{from_secret: t}}}}}}\n",
)
def plugin_prints_in_full(pipeline: DronePipeline) -> Iterator[Hit]:
    for name, step in pipeline.steps:
        debug = step.get("settings", "debug")
        if debug is not None and is_true(debug) and any(one.get("from_secret") for one in step.walk()):
            yield hit_at(debug, f"{name} has `debug: true`, and receives secrets", name)
