"""Whether a Dockerfile has the build stage that another file names."""

from gate.core.errors import GateError
from gate.trees import FileTree


class Targets:
    """The stages of a tree's Dockerfiles; each file is read once, however many builds name it."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._known: dict[str, frozenset[str] | None] = {}

    def file_has(self, path: str, target: str) -> bool:
        """True if the Dockerfile at `path` has the stage, or cannot be read: then the stage says so."""
        if path not in self._known:
            self._known[path] = self._read(path)
        targets = self._known[path]
        return targets is None or target.lower() in targets

    def _read(self, path: str) -> frozenset[str] | None:
        from gate.dockerfile.lint import MAX_SIZE

        try:
            return _targets_in(self._tree.read(path, MAX_SIZE))
        except GateError:
            return None  # an error of the stage: the rules cannot read it either

    def text_has(self, content: bytes, target: str) -> bool:
        """True if the bytes of a Dockerfile have the stage."""
        return target.lower() in _targets_in(content)


def _targets_in(content: bytes) -> frozenset[str]:
    """Return what `docker build --target` takes: the names of the stages in small letters, and their numbers."""
    from gate.declarations.dockerfile import DockerfileSettings
    from gate.dockerfile.build import Build
    from gate.dockerfile.parser import parse

    stages = Build(parse(content), DockerfileSettings()).stages
    return frozenset(name for stage in stages for name in (stage.name, str(stage.number)) if name is not None)
