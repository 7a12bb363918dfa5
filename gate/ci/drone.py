"""Drone and Woodpecker: `.drone.yml`, `.woodpecker.yml` and the files in `.woodpecker`.

Sources: the references of Drone 1 and 2 (`kind: pipeline`), of Drone 0.8 and of Woodpecker. Both put `${VARIABLE}` into
the whole file before it is read; `$${VARIABLE}` keeps it for the shell.
"""

from collections.abc import Collection, Iterator, Sequence

from gate.ci.definitions import judged, read_definitions, scripts_of
from gate.ci.model import JobScript, PipelineParty, SystemJudged
from gate.ci.references import image_party
from gate.ci.rules.drone import DRONE
from gate.ci.steps import DronePipeline, has_secrets
from gate.core.values import Value
from gate.trees import FileTree

_NAMES = frozenset({".drone.yml", ".drone.yaml", ".woodpecker.yml", ".woodpecker.yaml"})
_LISTS = ("steps", "pipeline")
_SHELLS = frozenset({"bash", "sh", "zsh", "fish", "pwsh", "powershell", "cmd"})
"""What Woodpecker's local backend calls an image: the shell of the agent, which `labels` choose."""


def is_definition(path: str) -> bool:
    """True for the files that Drone and Woodpecker read by themselves."""
    return path in _NAMES or (path.startswith(".woodpecker/") and path.endswith((".yml", ".yaml")))


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Read the pipelines and ask the rules; of several documents each is a pipeline, or something else."""
    reading = read_definitions(tree, paths)
    pipelines = (_pipeline(one) for one in reading.documents if one.text("kind") in ("", "pipeline", "template"))
    return judged(reading, pipelines, DRONE, len(paths))


def _pipeline(root: Value) -> DronePipeline:
    steps = tuple(_steps(root))
    loads = root.get("load") if root.text("kind") == "template" else None
    return DronePipeline(
        root=root,
        steps=steps,
        scripts=tuple(_scripts(steps)),
        parties=tuple(_parties(root, steps)),
        not_resolved=(f"{loads.path}:{loads.line}: the template {loads.text()}",) if loads else (),
    )


def _steps(root: Value) -> Iterator[tuple[str, Value]]:
    for key in _LISTS:
        yield from _named(root.get(key))


def _named(steps: Value | None) -> Iterator[tuple[str, Value]]:
    """Yield steps with their names, from a list or a mapping."""
    if steps is not None and isinstance(steps.data, dict):
        yield from steps.items()
    elif steps is not None:
        for step in steps.elements():
            yield step.text("name") or "step", step


def _scripts(steps: Sequence[tuple[str, Value]]) -> Iterator[JobScript]:
    for name, step in steps:
        yield from scripts_of(step.get("commands"), name)


def _parties(root: Value, steps: Sequence[tuple[str, Value]]) -> Iterator[PipelineParty]:
    for key in ("services", "clone"):
        for _, service in _named(root.get(key)):
            yield from _image(service, "image")
    for _, step in steps:
        if step.text("image") in _SHELLS and root.get("labels") is not None:
            continue
        yield from _image(step, "image" if step.get("commands") is not None else "plugin")


def _image(step: Value, kind: str) -> Iterator[PipelineParty]:
    image = step.get("image")
    receives = ("code", "secrets") if has_secrets(step) else ("code",)
    party = image_party(image, receives, kind) if image is not None else None
    if party:
        yield party
