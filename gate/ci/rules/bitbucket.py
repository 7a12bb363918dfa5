"""Rules on Bitbucket Pipelines."""

from collections.abc import Iterator

from gate.ci.definitions import hit_at
from gate.ci.families import code_by_version, images_by_tag, is_true, moving_code, secret_files
from gate.ci.rule import rule
from gate.ci.steps import BitbucketPipeline
from gate.model import Severity
from gate.rules import Hit, RuleScope

BITBUCKET = RuleScope(BitbucketPipeline, "bitbucket")
_EVERY_BRANCH = frozenset({"", "*", "**", "{*,**}"})
_BY_OTHERS = ("default", "pull-requests")
_HEAD = "image: 'team/build@sha256:" + "0f" * 32 + "'\npipelines:\n"


@rule(
    "GC601",
    Severity.MEDIUM,
    "Pipe without a version",
    looks_at=BITBUCKET,
    why="A pipe is an image that runs with the step's variables. Without a version its owner decides what runs.",
    mend="Name the version, better the digest: `docker://owner/pipe@sha256:…`.",
    references=("CWE-829",),
    bad=f"{_HEAD}  default: [{{step: {{script: [{{pipe: team/notify:latest}}]}}}}]\n",
    good=f"{_HEAD}  default: [{{step: {{script: [{{pipe: team/notify:1.2.3}}]}}}}]\n",
)
def pipe_without_version(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    yield from moving_code(pipeline.parties, "plugin", "The pipe")


@rule(
    "GC602",
    Severity.LOW,
    "Pipe by version",
    looks_at=BITBUCKET,
    why="The version is a tag of an image, which its owner can move.",
    mend="Name the digest: `docker://owner/pipe@sha256:…`.",
    references=("CWE-829",),
    bad=f"{_HEAD}  default: [{{step: {{script: [{{pipe: team/notify:1.2.3}}]}}}}]\n",
    good=f"{_HEAD}  default: [{{step: {{script: [{{pipe: 'docker://team/notify@sha256:{'0f' * 32}'}}]}}}}]\n",
)
def pipe_by_version(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    others = [party for party in pipeline.parties if party.owner != "atlassian"]
    yield from code_by_version(others, "plugin", "The pipe")


@rule(
    "GC603",
    Severity.MEDIUM,
    "Image by tag",
    looks_at=BITBUCKET,
    why="A tag can be moved. What then runs has the code and the variables of the step.",
    mend="Add the digest: `name:tag@sha256:…`.",
    references=("CWE-829",),
    bad="image: team/build:latest\npipelines: {default: [{step: {script: [make]}}]}\n",
    good=f"{_HEAD}  default: [{{step: {{script: [make]}}}}]\n",
)
def image_by_tag(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    yield from images_by_tag(pipeline.parties)


@rule(
    "GC604",
    Severity.MEDIUM,
    "Pipeline of another repository by branch",
    looks_at=BITBUCKET,
    why="Anyone who can push to that branch changes what runs here, with the variables of this repository.",
    mend="Import a tag or a commit.",
    references=("CWE-829",),
    bad="pipelines: {default: {import: 'shared-pipelines:main:build'}}\n",
    good=f"pipelines: {{default: {{import: 'shared-pipelines:{'0f' * 20}:build'}}}}\n",
)
def pipeline_of_another_repository(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    yield from moving_code(pipeline.parties, "include", "The pipeline of")


@rule(
    "GC605",
    Severity.MEDIUM,
    "Every branch deploys to production",
    looks_at=BITBUCKET,
    why="Anyone who can push a branch deploys it, and has the variables of that environment.",
    mend="Move the step to `branches: {main: …}`, or give it `trigger: manual`.",
    references=("CWE-862",),
    bad=f"{_HEAD}  default: [{{step: {{deployment: production, script: [./deploy]}}}}]\n",
    good=f"{_HEAD}  branches: {{main: [{{step: {{deployment: production, script: [./deploy]}}}}]}}\n",
)
def every_branch_deploys(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    for step in pipeline.steps:
        is_open = step.starts in _BY_OTHERS or (step.starts == "branches" and step.pattern in _EVERY_BRANCH)
        to = step.text("deployment")
        if is_open and "prod" in to.lower() and step.text("trigger") != "manual":
            message = f"The step {step.text('name') or 'without a name'} deploys to {to} for {step.starts}"
            yield hit_at(step.step, message, step.starts, step.pattern, to)


@rule(
    "GC606",
    Severity.LOW,
    "Deployment to production without a question",
    looks_at=BITBUCKET,
    why="What is merged is deployed at once; a mistake, or a merge that should not have been, is live.",
    mend="Add `trigger: manual`, or have the environment ask for an approval.",
    references=("CWE-862",),
    bad=f"{_HEAD}  branches: {{main: [{{step: {{deployment: production, script: [./deploy]}}}}]}}\n",
    good=f"{_HEAD}  branches: {{main: [{{step: {{deployment: production, trigger: manual, script: [./deploy]}}}}]}}\n",
)
def deploys_without_a_question(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    for step in pipeline.steps:
        to = step.text("deployment")
        is_named = step.starts == "branches" and step.pattern not in _EVERY_BRANCH
        if is_named and "prod" in to.lower() and step.text("trigger") != "manual":
            yield hit_at(step.step, f"{step.pattern} deploys to {to} without `trigger: manual`", step.pattern, to)


@rule(
    "GC607",
    Severity.MEDIUM,
    "Pull requests run on a runner of one's own",
    looks_at=BITBUCKET,
    why="The code of a pull request runs on a machine that stays: in the next build, and in the network it stands in.",
    mend="Use Bitbucket's own runners for pull requests.",
    references=("CWE-653",),
    bad=f"{_HEAD}  pull-requests: {{'**': [{{step: {{runs-on: [self.hosted], script: [make]}}}}]}}\n",
    good=f"{_HEAD}  pull-requests: {{'**': [{{step: {{script: [make]}}}}]}}\n",
)
def pull_request_on_own_runner(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    for step in pipeline.steps:
        runners = step.step.texts("runs-on")
        if step.starts == "pull-requests" and any(one.startswith("self.hosted") for one in runners):
            yield hit_at(step.step, f"Pull requests run on {', '.join(runners)}", step.pattern)


@rule(
    "GC608",
    Severity.MEDIUM,
    "Secrets among the artifacts",
    looks_at=BITBUCKET,
    why="Everyone who can read the repository can download its artifacts.",
    mend="Name the files that are wanted, and leave this one out.",
    references=("CWE-538",),
    bad=f"{_HEAD}  default: [{{step: {{script: [make], artifacts: [.env]}}}}]\n",
    good=f"{_HEAD}  default: [{{step: {{script: [make], artifacts: [dist/**]}}}}]\n",
)
def secrets_among_artifacts(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        artifacts = value.get("artifacts")
        paths = artifacts.get("paths") or artifacts.get("upload") or artifacts if artifacts else None
        yield from secret_files(paths.elements() if paths else (), "The artifacts hold")


@rule(
    "GC609",
    Severity.MEDIUM,
    "Repository is cloned without a check of the certificate",
    looks_at=BITBUCKET,
    why="Anyone on the way to the server can replace the code that is built.",
    mend="Remove `skip-ssl-verify`.",
    references=("CWE-295",),
    bad="clone: {skip-ssl-verify: true}\npipelines: {default: [{step: {script: [make]}}]}\n",
    good="clone: {depth: 1}\npipelines: {default: [{step: {script: [make]}}]}\n",
)
def clone_without_certificate(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        skipped = value.get("clone", "skip-ssl-verify")
        if skipped is not None and is_true(skipped):
            yield hit_at(skipped, "`skip-ssl-verify: true`: the server's certificate is not checked")


@rule(
    "GC610",
    Severity.MEDIUM,
    "Moving pipe in a step that can sign in elsewhere",
    looks_at=BITBUCKET,
    why="With `oidc: true` the step has a token by which a cloud knows it, and the pipe can use that token.",
    mend="Name the pipe's digest, or move `oidc` to a step without it.",
    references=("CWE-829",),
    bad=f"{_HEAD}  default: [{{step: {{oidc: true, script: [{{pipe: team/notify:latest}}]}}}}]\n",
    good=(
        f"{_HEAD}  default: [{{step: {{script: [{{pipe: team/notify:latest}}]}}}}, "
        "{step: {oidc: true, script: [make]}}]\n"
    ),
)
def moving_pipe_with_oidc(pipeline: BitbucketPipeline) -> Iterator[Hit]:
    moving = {(hit.path, hit.line): hit for hit in moving_code(pipeline.parties, "plugin", "The pipe")}
    for step in pipeline.steps:
        if is_true(step.step.get("oidc")):
            for value in step.step.walk():
                pipe = value.get("pipe")
                if pipe is not None and (pipe.path, pipe.line) in moving:
                    yield hit_at(pipe, f"The pipe {pipe.text()} runs in a step with `oidc: true`", pipe.text())
