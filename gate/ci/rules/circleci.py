"""Rules on CircleCI."""

from collections.abc import Iterator

from gate.ci.carried import carriers
from gate.ci.definitions import CiPipeline, hit_at
from gate.ci.families import DEPLOYS, carried_in_scripts, images_by_tag, party_hit, secret_files, text_in_scripts
from gate.ci.references import has_variable
from gate.ci.rule import rule
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import Severity
from gate.rules import Hit, RuleScope

CIRCLECI = RuleScope(CiPipeline, "circleci")
_TITLES = lazy_regex(
    r"<<\s*pipeline\.(?:trigger_parameters\.\w+\.(?:commit_(?:title|message)|commit_author_name)"
    r"|event\.[\w.]*?(?:title|body|message|head\.ref|head_ref|login|label)"
    r"|git\.commit\.(?:subject|body|message|author[\w.]*))\s*>>"
)
_BRANCHES = lazy_regex(r"<<\s*pipeline\.(?:git\.(?:branch|tag)|trigger_parameters\.\w+\.(?:branch|tag|ref))\s*>>")
_PARAMETERS = lazy_regex(r"<<\s*pipeline\.parameters\.(?P<name>[\w-]+)\s*>>")
_OF_BODY = lazy_regex(r"<<\s*parameters\.(?P<name>[\w-]{1,80})\s*>>")
"""A parameter of the job or command itself."""
_TEXTS = frozenset({"string"})


@rule(
    "GC501",
    Severity.HIGH,
    "Title or message becomes part of a script",
    looks_at=CIRCLECI,
    why="CircleCI puts the text into the script before the shell reads it: a title with `$(command)` runs it.",
    mend="Give it to the step in `environment`, and use the variable in quotes.",
    references=("CWE-78",),
    bad="""version: 2.1
jobs:
  note:
    docker: [{image: cimg/base:2024.01}]
    steps:
      - run: echo "<< pipeline.event.github.pull_request.title >>"
""",
    good="""version: 2.1
jobs:
  note:
    docker: [{image: cimg/base:2024.01}]
    steps:
      - run: {command: 'echo "$TITLE"', environment: {TITLE: << pipeline.event.github.pull_request.title >>}}
""",
)
def title_in_a_script(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from text_in_scripts(pipeline.scripts, _TITLES, "The script of {job} holds {found}, which others write")
    carried = carriers(_given(pipeline.root), _title, _parameters_in)
    message = "The script of {job} holds {found}, which is {origin}: others write it"
    yield from carried_in_scripts(
        pipeline.scripts if carried else (),
        _OF_BODY,
        lambda script, name: carried.get((script.name, name), ""),
        message,
    )


def _given(root: Value) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield each parameter that a job or command is given, by its name and its own, with who gives it, and the text."""
    workflows = root.get("workflows")
    for _, workflow in workflows.items() if workflows else ():
        for entry in _elements(workflow.get("jobs")):
            yield from _arguments("", entry)
    for section in ("jobs", "commands"):
        bodies = root.get(section)
        for name, body in bodies.items() if bodies else ():
            for step in _elements(body.get("steps")):
                yield from _arguments(name, step)


def _arguments(giver: str, entry: Value) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for name, given in entry.items():
        for parameter, value in given.items():
            yield (name, parameter), (giver, value.text())


def _elements(value: Value | None) -> Iterator[Value]:
    yield from value.elements() if value is not None else ()


def _title(given: tuple[str, str]) -> str:
    found = _TITLES.search(given[1])
    return found[0].strip() if found else ""


def _parameters_in(given: tuple[str, str]) -> list[tuple[str, str]]:
    giver, text = given
    return [(giver, found["name"]) for found in _OF_BODY.finditer(text)]


@rule(
    "GC502",
    Severity.MEDIUM,
    "Branch or tag becomes part of a script",
    looks_at=CIRCLECI,
    why="CircleCI puts the name into the script before the shell reads it. A branch may be called `a$(command)`.",
    mend="Use CIRCLE_BRANCH or CIRCLE_TAG in quotes.",
    references=("CWE-78",),
    bad="""version: 2.1
jobs:
  build:
    docker: [{image: cimg/base:2024.01}]
    steps:
      - run: ./build << pipeline.git.branch >>
""",
    good="""version: 2.1
jobs:
  build:
    docker: [{image: cimg/base:2024.01}]
    steps:
      - run: ./build "$CIRCLE_BRANCH"
""",
)
def branch_in_a_script(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from text_in_scripts(pipeline.scripts, _BRANCHES, "The script of {job} holds {found}")


@rule(
    "GC503",
    Severity.LOW,
    "Free text of a pipeline's parameter becomes part of a script",
    looks_at=CIRCLECI,
    why="Anyone with a token that may start the pipeline writes a part of the script.",
    mend="Make the parameter an `enum`, or give it to the step in `environment`.",
    references=("CWE-78",),
    bad="""version: 2.1
parameters: {target: {type: string, default: staging}}
jobs:
  build:
    docker: [{image: cimg/base:2024.01}]
    steps:
      - run: ./build << pipeline.parameters.target >>
""",
    good="""version: 2.1
parameters: {target: {type: enum, enum: [staging], default: staging}}
jobs:
  build:
    docker: [{image: cimg/base:2024.01}]
    steps:
      - run: ./build << pipeline.parameters.target >>
""",
)
def parameter_in_a_script(pipeline: CiPipeline) -> Iterator[Hit]:
    declared = pipeline.root.get("parameters")
    for hit in text_in_scripts(pipeline.scripts, _PARAMETERS, "The script of {job} holds {found}"):
        found = _PARAMETERS.search(hit.message)
        kind = declared.text(found["name"], "type") if declared and found else ""
        if kind in _TEXTS:
            yield hit


@rule(
    "GC504",
    Severity.MEDIUM,
    "Orb whose version moves",
    looks_at=CIRCLECI,
    why="An orb runs in the job with its secrets. Its owner decides later what `volatile`, `1` or `1.2` is.",
    mend="Name the whole version, `1.2.3`: the registry never changes it.",
    references=("CWE-829",),
    bad="""version: 2.1
orbs: {tools: team/tools@volatile}
jobs: {}
""",
    good="""version: 2.1
orbs: {tools: team/tools@1.2.3}
jobs: {}
""",
)
def orb_moves(pipeline: CiPipeline) -> Iterator[Hit]:
    for party in pipeline.parties:
        if party.kind == "orb" and not party.is_pinned and not has_variable(party.reference):
            version = party.reference or "no version"
            is_number = party.reference[:1].isdigit()
            message = f"The orb {party.name} is taken by {version}, which moves"
            yield party_hit(party, message, Severity.LOW if is_number else None)


@rule(
    "GC505",
    Severity.MEDIUM,
    "Image by tag",
    looks_at=CIRCLECI,
    why="A tag can be moved. What then runs has the code and the secrets of the job.",
    mend="Add the digest: `name:tag@sha256:…`.",
    references=("CWE-829",),
    bad="""version: 2.1
jobs: {build: {docker: [{image: team/build:latest}], steps: [checkout]}}
""",
    good=f"""version: 2.1
jobs: {{build: {{docker: [{{image: 'team/build@sha256:{"0f" * 32}'}}], steps: [checkout]}}}}
""",
)
def image_by_tag(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from images_by_tag(pipeline.parties)


@rule(
    "GC506",
    Severity.MEDIUM,
    "Job that deploys runs for every branch",
    looks_at=CIRCLECI,
    why="Anyone who can push a branch deploys it, without a review and without a question.",
    mend="Add `filters: {branches: {only: main}}`, or a job of `type: approval` that it requires.",
    references=("CWE-862",),
    bad="""version: 2.1
workflows: {all: {jobs: [{deploy-production: {context: production}}]}}
""",
    good="""version: 2.1
workflows: {all: {jobs: [{deploy-production: {context: production, filters: {branches: {only: main}}}}]}}
""",
)
def deploys_every_branch(pipeline: CiPipeline) -> Iterator[Hit]:
    workflows = pipeline.root.get("workflows")
    for _, workflow in workflows.items() if workflows else ():
        if workflow.get("when") is None and workflow.get("unless") is None:
            yield from _unguarded(workflow)


def _unguarded(workflow: Value) -> Iterator[Hit]:
    """Yield the jobs that have a context, deploy by their name, and neither a filter nor an approval before them."""
    jobs = dict(_jobs(workflow))
    approvals = {name for name, job in jobs.items() if job.text("type") == "approval" or job.get("filters") is not None}
    for name, job in jobs.items():
        is_guarded = name in approvals or not approvals.isdisjoint(_before(name, jobs))
        if job.get("context") is not None and DEPLOYS.search(name) and not is_guarded:
            yield hit_at(job, f"The job {name} deploys with secrets of a context, for every branch", name)


def _jobs(workflow: Value) -> Iterator[tuple[str, Value]]:
    entries = workflow.get("jobs")
    for entry in entries.elements() if entries else ():
        for name, job in entry.items():
            yield job.text("name") or name, job


def _before(name: str, jobs: dict[str, Value]) -> set[str]:
    """Return the jobs that a job requires, and those that they require."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        job = jobs.get(waiting.pop())
        required = set(job.texts("requires")) - found if job else set()
        found |= required
        waiting += required
    return found


@rule(
    "GC507",
    Severity.MEDIUM,
    "Secrets among the artifacts or in the cache",
    looks_at=CIRCLECI,
    why="Everyone who sees the project can read artifacts, and every later job caches, builds of forks among them.",
    mend="Name the files that are wanted, and leave this one out.",
    references=("CWE-538",),
    bad="""version: 2.1
jobs: {build: {docker: [{image: cimg/base:2024.01}], steps: [{store_artifacts: {path: ~/.ssh}}]}}
""",
    good="""version: 2.1
jobs: {build: {docker: [{image: cimg/base:2024.01}], steps: [{store_artifacts: {path: dist}}]}}
""",
)
def secrets_among_artifacts(pipeline: CiPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        kept, cached = value.get("store_artifacts", "path"), value.get("save_cache", "paths")
        yield from secret_files(kept.elements() if kept else (), "The artifacts hold")
        yield from secret_files(cached.elements() if cached else (), "The cache holds")


@rule(
    "GC508",
    Severity.LOW,
    "Every SSH key of the project is given to a job",
    looks_at=CIRCLECI,
    why="Without fingerprints the job has all keys, those of servers that it does not need among them.",
    mend="Name the keys: `add_ssh_keys: {fingerprints: [...]}`.",
    references=("CWE-272",),
    bad="""version: 2.1
jobs: {build: {docker: [{image: cimg/base:2024.01}], steps: [checkout, add_ssh_keys]}}
""",
    good="""version: 2.1
jobs:
  build:
    docker: [{image: cimg/base:2024.01}]
    steps: [checkout, {add_ssh_keys: {fingerprints: ['SHA256:0f0f0f']}}]
""",
)
def every_key_is_given(pipeline: CiPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        steps = value.get("steps")
        for step in steps.elements() if steps else ():
            if step.text() == "add_ssh_keys":
                yield hit_at(step, "`add_ssh_keys` names no fingerprints: the job has every key of the project")
