"""Bitbucket Pipelines: `bitbucket-pipelines.yml`.

Source: the configuration reference of Bitbucket Cloud. Pipes and the configurations of other repositories are named,
never fetched.
"""

from collections.abc import Collection, Iterator, Sequence

from gate.ci.definitions import judged, read_definitions, scripts_of
from gate.ci.model import JobScript, PipelineParty, SystemJudged
from gate.ci.references import image_of, image_party, is_commit
from gate.ci.rules.bitbucket import BITBUCKET
from gate.ci.steps import BitbucketPipeline, BitbucketStep
from gate.core.values import Value
from gate.trees import FileTree

_NAMES = frozenset({"bitbucket-pipelines.yml", "bitbucket-pipelines.yaml"})
_SCRIPTS = ("script", "after-script")


def is_definition(path: str) -> bool:
    """True for the file that Bitbucket reads by itself."""
    return path in _NAMES


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Read the files and ask the rules."""
    reading = read_definitions(tree, paths)
    return judged(reading, (_pipeline(one) for one in reading.documents), BITBUCKET, len(paths))


def _pipeline(root: Value) -> BitbucketPipeline:
    parties = [*_images(root), *_pipes(root), *_imports(root)]
    return BitbucketPipeline(
        root=root,
        scripts=tuple(_scripts(root)),
        parties=tuple(parties),
        not_resolved=tuple(f"{one.path}:{one.line}: {one.name}" for one in parties if one.kind == "include"),
        steps=tuple(_steps(root)),
    )


def _steps(root: Value) -> Iterator[BitbucketStep]:
    pipelines = root.get("pipelines")
    for starts, section in pipelines.items() if pipelines else ():
        if isinstance(section.data, dict):
            for pattern, entries in section.items():
                yield from _in(entries, starts, pattern)
        else:
            yield from _in(section, starts, "")


def _in(entries: Value, starts: str, pattern: str, stage: Value | None = None) -> Iterator[BitbucketStep]:
    for entry in entries.elements():
        step, parallel, group = entry.get("step"), entry.get("parallel"), entry.get("stage")
        if step is not None:
            yield BitbucketStep(starts=starts, pattern=pattern, step=step, stage=stage)
        if parallel is not None:
            yield from _in(parallel.get("steps") or parallel, starts, pattern, stage)
        inner = group.get("steps") if group else None
        if inner is not None:
            yield from _in(inner, starts, pattern, group)


def _scripts(root: Value) -> Iterator[JobScript]:
    for value in root.walk():
        for key in _SCRIPTS:
            script = value.get(key)
            if script is not None:
                yield from scripts_of(script, value.text("name") or "step")


def _images(root: Value) -> Iterator[PipelineParty]:
    for value in root.walk():
        image = value.get("image")
        named = image.get("name") if image is not None and isinstance(image.data, dict) else image
        party = image_party(named) if named is not None else None
        if party:
            yield party


def _pipes(root: Value) -> Iterator[PipelineParty]:
    for value in root.walk():
        pipe = value.get("pipe")
        if pipe is not None and pipe.text():
            image = image_of(pipe.text())
            gives = ("code", "secrets") if _has_variables(value) else ("code",)
            yield PipelineParty(
                kind="plugin",
                name=image.name,
                reference=image.reference,
                is_pinned=image.is_pinned,
                receives=gives,
                owner=image.owner,
                path=pipe.path,
                line=pipe.line,
            )


def _has_variables(pipe: Value) -> bool:
    """True if a pipe is given variables of the repository."""
    variables = pipe.get("variables")
    return variables is not None and any("$" in value.text() for value in variables.walk())


def _imports(root: Value) -> Iterator[PipelineParty]:
    for value in root.walk():
        found = value.get("import")
        parts = found.text().split(":") if found is not None else []
        if found is not None and len(parts) > 1:
            yield PipelineParty(
                kind="include",
                name=parts[0],
                reference=parts[1],
                is_pinned=is_commit(parts[1]),
                receives=("code", "secrets"),
                owner=parts[0].partition("/")[0],
                path=found.path,
                line=found.line,
            )
