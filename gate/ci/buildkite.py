"""Buildkite: the pipelines in `.buildkite`.

Source: Buildkite's reference of steps and plugins. `pipeline upload` puts variables into the whole file before it is
read; `$$` and `\\$` keep them for the shell. Plugins are named, never fetched.
"""

from collections.abc import Collection, Iterator, Sequence

from gate.ci.definitions import CiPipeline, judged, read_definitions, scripts_of
from gate.ci.model import JobScript, PipelineParty, SystemJudged
from gate.ci.references import has_variable, image_party, is_commit
from gate.ci.rules.buildkite import BUILDKITE
from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_vendored_path
from gate.core.values import Value
from gate.trees import FileTree

_COMMANDS = ("command", "commands")
_UPLOADS = lazy_regex(r"\bbuildkite-agent[ \t]+pipeline[ \t]+upload\b")
_OFFICIAL = "buildkite-plugins"


def is_definition(path: str) -> bool:
    """True for the YAML and JSON files in `.buildkite`."""
    is_named = path.endswith((".yml", ".yaml", ".json")) and f"/{path}".rpartition("/")[0].endswith("/.buildkite")
    return is_named and not is_vendored_path(path)


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Read the pipelines and ask the rules; a file without steps is something else."""
    reading = read_definitions(tree, paths)
    pipelines = (_pipeline(one) for one in reading.documents if _steps_of(one) is not None)
    return judged(reading, pipelines, BUILDKITE, len(paths))


def _steps_of(document: Value) -> Value | None:
    return document if isinstance(document.data, list) else document.get("steps")


def _pipeline(root: Value) -> CiPipeline:
    scripts = tuple(_scripts(root))
    made = [one for one in scripts if _UPLOADS.search(one.script)]
    return CiPipeline(
        root=root,
        scripts=scripts,
        parties=tuple(_parties(root)),
        not_resolved=tuple(f"{one.path}:{one.line}: steps that {one.name} uploads" for one in made),
    )


def steps(root: Value) -> Iterator[Value]:
    """Yield every step of a pipeline, those of groups too, in the order of the file."""
    found = _steps_of(root)
    for step in found.elements() if found else ():
        yield step
        if step.get("steps") is not None:
            yield from steps(step)


def _scripts(root: Value) -> Iterator[JobScript]:
    for step in steps(root):
        for key in _COMMANDS:
            yield from scripts_of(step.get(key), step.text("label") or step.text("key") or "step")


def plugins(root: Value) -> Iterator[tuple[Value, str, Value]]:
    """Yield each use of a plugin: where it stands, its name as written, and its settings."""
    for step in steps(root):
        listed = step.get("plugins")
        for plugin in listed.elements() if listed else ():
            if isinstance(plugin.data, dict):
                for name, settings in plugin.items():
                    yield settings, name, settings
            elif plugin.text():
                yield plugin, plugin.text(), plugin


def _parties(root: Value) -> Iterator[PipelineParty]:
    for place, written, settings in plugins(root):
        if not has_variable(written.partition("#")[0]) and not written.startswith("."):
            yield _party(place, written)
        image = settings.get("image")
        party = image_party(image) if image is not None else None
        if party:
            yield party


def _party(place: Value, written: str) -> PipelineParty:
    name, _, version = written.partition("#")
    full = name if "/" in name else f"{_OFFICIAL}/{name}"
    owner = full.removesuffix(".git").split("/")[-2]
    return PipelineParty(
        kind="plugin",
        name=name,
        reference=version,
        is_pinned=is_commit(version),
        receives=("code", "secrets"),
        owner=owner.rpartition(":")[2],
        path=place.path,
        line=place.line,
    )
