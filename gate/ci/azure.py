"""Azure Pipelines: `azure-pipelines.yml`, and the templates of the repository that it uses.

Source: the YAML schema of Azure Pipelines. Templates of other repositories (`x.yml@name`) are named, never fetched.
"""

import posixpath
from collections.abc import Collection, Iterator, Sequence

from gate.ci.definitions import CiPipeline, DefinitionsRead, first_line, judged, read_definitions
from gate.ci.model import JobScript, PipelineParty, SystemJudged
from gate.ci.references import has_variable, image_party, is_commit
from gate.ci.rules.azure import AZURE
from gate.core.path_patterns import is_vendored_path
from gate.core.values import Value
from gate.model import StageError
from gate.trees import EntryKind, FileTree

MAX_TEMPLATES = 500
"""Templates of a repository that are followed at most."""
_FOLDERS = (".azure-pipelines/", ".azuredevops/", "azure-pipelines/", ".azure/pipelines/")
_SCRIPTS = ("script", "bash", "pwsh", "powershell")
_INLINE = ("script", "inlineScript", "InlineScript", "Inline", "inline", "commands", "arguments")
_KEYS = frozenset(
    {"steps", "jobs", "stages", "extends", "trigger", "pr", "pool", "resources", "parameters", "variables"}
)


def is_definition(path: str) -> bool:
    """True by the names that are usual: Azure has no fixed one."""
    if not path.endswith((".yml", ".yaml")):
        return False
    name = path.rpartition("/")[2]
    is_named = name.startswith(("azure-pipeline", ".azure-pipeline", ".vsts")) or path.startswith(_FOLDERS)
    return is_named and not is_vendored_path(path)


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Read the pipelines and the templates that they use, and ask the rules."""
    reading, missing = _with_templates(tree, paths, excluded)
    pipelines = [_pipeline(one) for one in reading.documents if _is_pipeline(one)]
    result = judged(reading, pipelines, AZURE, len({one.path for one in reading.documents} | set(paths)))
    return _with_notes(result, missing)


def _with_notes(result: SystemJudged, notes: Sequence[str]) -> SystemJudged:
    from msgspec.structs import replace

    return replace(result, not_resolved=(*result.not_resolved, *notes))


def _is_pipeline(document: Value) -> bool:
    return isinstance(document.data, dict) and not _KEYS.isdisjoint(document.data)


def _with_templates(
    tree: FileTree, paths: Sequence[str], excluded: Collection[str]
) -> tuple[DefinitionsRead, tuple[str, ...]]:
    """Read some files and the templates of the repository that they use, each once; what is missing is a note."""
    documents: list[Value] = []
    errors: list[StageError] = []
    notes: list[str] = []
    templates: list[str] = []
    known, waiting = set(paths), list(paths)
    while waiting:
        reading = read_definitions(tree, waiting)
        documents += reading.documents
        errors += reading.errors
        templates += reading.not_definitions
        waiting = []
        for place, path in (one for document in reading.documents for one in _local_templates(document)):
            entry = tree.look_up(path) if path not in known and len(known) < MAX_TEMPLATES else None
            if entry is not None and entry.kind is EntryKind.FILE and path not in excluded:
                waiting.append(path)
            elif path not in known:
                notes.append(f"{place.path}:{place.line}: the template {path}")
            known.add(path)
    read = DefinitionsRead(documents=tuple(documents), errors=tuple(errors), not_definitions=tuple(templates))
    return read, tuple(notes)


def _local_templates(document: Value) -> Iterator[tuple[Value, str]]:
    for value in document.walk():
        template = value.get("template")
        text = template.text() if template is not None else ""
        if template is not None and text and "@" not in text.removesuffix("@self") and not has_variable(text):
            bare = text.removesuffix("@self")
            base = "" if bare.startswith("/") else posixpath.dirname(document.path)
            path = posixpath.normpath(posixpath.join(base, bare.lstrip("/")))
            if not path.startswith(".."):
                yield template, path


def _pipeline(root: Value) -> CiPipeline:
    return CiPipeline(
        root=root,
        scripts=tuple(_scripts(root)),
        parties=(*_repositories(root), *_containers(root), *_tasks(root)),
        not_resolved=tuple(_not_resolved(root)),
    )


def _scripts(root: Value) -> Iterator[JobScript]:
    """Yield the scripts of steps, and those in the inputs of tasks, each with the name of its job."""
    for name, body in jobs(root):
        for value in body.walk():
            yield from _script_of(value, name)


def jobs(root: Value) -> Iterator[tuple[str, Value]]:
    """Yield the parts of a pipeline that hold steps, by the name of the job; the whole, where it has no jobs."""
    found = False
    for value in root.walk():
        name = value.text("job") or value.text("deployment")
        if name and isinstance(value.data, dict):
            found = True
            yield name, value
    if not found:
        yield "the pipeline", root


def _script_of(step: Value, name: str) -> Iterator[JobScript]:
    for key in _SCRIPTS:
        script = step.get(key)
        if script is not None and script.text() and step.get("task") is None:
            yield JobScript(name=name, script=script.text(), path=script.path, line=first_line(script))
    inputs = step.get("inputs") if step.text("task") else None
    for key in _INLINE if inputs else ():
        script = inputs.get(key) if inputs else None
        if script is not None and script.text():
            yield JobScript(name=name, script=script.text(), path=script.path, line=first_line(script))


def _repositories(root: Value) -> Iterator[PipelineParty]:
    listed = root.get("resources", "repositories")
    for repository in listed.elements() if listed else ():
        name = repository.text("name")
        if name and repository.text("repository") != "self":
            reference = repository.text("ref")
            yield PipelineParty(
                kind="include",
                name=name,
                reference=reference,
                is_pinned=is_commit(reference.removeprefix("refs/heads/")),
                receives=("code",),
                owner=name.partition("/")[0],
                path=repository.path,
                line=repository.start[0],
            )


def _containers(root: Value) -> Iterator[PipelineParty]:
    listed = root.get("resources", "containers")
    names = {one.text("container") for one in listed.elements()} if listed else set()
    for value in root.walk():
        container = value.get("container")
        image = value.get("image") if container is not None else None
        if image is None and container is not None and isinstance(container.data, dict):
            image = container.get("image")
        elif image is None and container is not None and container.text() not in names:
            image = container
        party = image_party(image) if image is not None else None
        if party:
            yield party


def _tasks(root: Value) -> Iterator[PipelineParty]:
    for value in root.walk():
        task = value.get("task")
        name, _, version = task.text().partition("@") if task is not None else ("", "", "")
        if task is not None and version:
            yield PipelineParty(
                kind="plugin",
                name=name,
                reference=version,
                receives=("code",),
                owner=name.partition(".")[0] if "." in name else "microsoft",
                path=task.path,
                line=task.line,
            )


def _not_resolved(root: Value) -> Iterator[str]:
    for value in root.walk():
        template = value.get("template")
        text = template.text() if template is not None else ""
        if template is not None and text and ("@" in text.removesuffix("@self") or has_variable(text)):
            yield f"{template.path}:{template.line}: the template {text}"
