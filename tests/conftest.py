"""What tests share: trees made from a dict of files, and a context that stays in the process."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.settings import Settings

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def make_tree(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Tree]:
    """Return a function that writes files (path to content) into a new folder and names it as a target."""

    def make(files: dict[str, str | bytes]) -> Tree:
        root = tmp_path / "tree"
        root.mkdir(exist_ok=True)
        for path, content in files.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
        return Tree(root=str(root), name="tree")

    return make


@pytest.fixture
def make_context(tmp_path: Path) -> Callable[..., LocalContext]:
    """Return a function that makes a context; keywords are parts of `Settings`."""

    def make(**parts: object) -> LocalContext:
        return LocalContext(Settings(**parts), NOW, tmp_path / "cache")  # type: ignore[arg-type]

    return make
