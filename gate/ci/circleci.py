"""CircleCI: `.circleci/config.yml` and the configurations that a dynamic one continues with.

Source: the configuration reference of CircleCI (version 2.1). Orbs are read where they stand in the file; those of the
registry are never fetched.
"""

from collections.abc import Collection, Iterator, Sequence

from gate.ci.definitions import CiPipeline, first_line, judged, read_definitions
from gate.ci.model import JobScript, PipelineParty, SystemJudged
from gate.ci.references import image_party
from gate.ci.rules.circleci import CIRCLECI
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.trees import FileTree

_SECTIONS = ("jobs", "commands")
_KEYS = frozenset({"jobs", "workflows", "orbs", "commands", "executors", "setup"})
_EXACT = lazy_regex(r"\d+\.\d+\.\d+\Z")


def is_definition(path: str) -> bool:
    """True for the YAML files in `.circleci`: a dynamic configuration continues with any of them."""
    return path.startswith(".circleci/") and path.endswith((".yml", ".yaml"))


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Read the configurations and ask the rules."""
    reading = read_definitions(tree, paths)
    configurations = [document for document in reading.documents if _is_configuration(document)]
    return judged(reading, (_pipeline(one) for one in configurations), CIRCLECI, len(paths))


def _is_configuration(document: Value) -> bool:
    return isinstance(document.data, dict) and not _KEYS.isdisjoint(document.data)


def _pipeline(root: Value) -> CiPipeline:
    parties = [*_orbs(root, _orbs_with_secrets(root)), *_images(root)]
    return CiPipeline(
        root=root, scripts=tuple(_scripts(root)), parties=tuple(parties), not_resolved=tuple(_not_resolved(root))
    )


def _scripts(root: Value) -> Iterator[JobScript]:
    """Yield the script of every `run` step, once, with the first job or command that uses it."""
    seen: set[int] = set()
    for name, body in _bodies(root):
        for value in body.walk():
            run = value.get("run")
            script = run if run is None or isinstance(run.data, str) else run.get("command")
            if script is not None and id(script) not in seen and script.text():
                seen.add(id(script))
                yield JobScript(name=name, script=script.text(), path=script.path, line=first_line(script))


def _bodies(root: Value) -> Iterator[tuple[str, Value]]:
    """Yield the jobs and commands of a configuration, and those of the orbs that it holds itself, with their names."""
    for section in _SECTIONS:
        found = root.get(section)
        yield from found.items() if found else ()
    for name, orb in _named(root, "orbs"):
        if isinstance(orb.data, dict):
            yield name, orb
    for name, workflow in _named(root, "workflows"):
        yield name, workflow


def _named(root: Value, section: str) -> Iterator[tuple[str, Value]]:
    found = root.get(section)
    yield from found.items() if found else ()


def _orbs(root: Value, with_secrets: frozenset[str]) -> Iterator[PipelineParty]:
    for name, orb in _named(root, "orbs"):
        if isinstance(orb.data, dict):
            yield from _orbs(orb, frozenset())
        elif orb.text():
            full, _, version = orb.text().partition("@")
            yield PipelineParty(
                kind="orb",
                name=full,
                reference=version,
                is_pinned=bool(_EXACT.match(version)),
                receives=("code", "secrets") if name in with_secrets else ("code",),
                owner=full.partition("/")[0],
                path=orb.path,
                line=orb.line,
            )


def _orbs_with_secrets(root: Value) -> frozenset[str]:
    """Return the orbs whose jobs or commands run where a context gives its secrets."""
    found: set[str] = set()
    for name, settings in workflow_jobs(root):
        if settings.get("context") is not None:
            found.add(name.partition("/")[0])
            body = root.get("jobs", name)
            found |= {step.partition("/")[0] for step in _steps(body)} if body else set()
    return frozenset(found)


def _steps(body: Value) -> Iterator[str]:
    steps = body.get("steps")
    for step in steps.elements() if steps else ():
        if isinstance(step.data, dict):
            yield from step.data
        else:
            yield step.text()


def workflow_jobs(root: Value) -> Iterator[tuple[str, Value]]:
    """Yield each job of the workflows by name, with its settings there: a mapping, or the bare name."""
    for _, workflow in _named(root, "workflows"):
        jobs = workflow.get("jobs")
        for job in jobs.elements() if jobs else ():
            if isinstance(job.data, dict):
                yield from job.items()
            elif job.text():
                yield job.text(), job


def _images(root: Value) -> Iterator[PipelineParty]:
    for value in root.walk():
        docker = value.get("docker")
        for container in docker.elements() if docker else ():
            image = container.get("image")
            party = image_party(image) if image else None
            if party:
                yield party


def _not_resolved(root: Value) -> Iterator[str]:
    setup = root.get("setup")
    if setup is not None and setup.text() == "true":
        yield f"{root.path}:{setup.line}: the configuration that the setup workflow continues with"
