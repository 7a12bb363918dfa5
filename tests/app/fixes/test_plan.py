"""All fixes of a run are judged together before they are shown, and undone where they bring harm."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.app.fixes.mend import MendTerms
from gate.app.fixes.plan import Inspection, look_and_mend
from gate.app.fixes.standing import Standing
from gate.app.project import open_project
from gate.model import Tree
from gate.pipeline.progress import Progress

MakeTree = Callable[[dict[str, str | bytes]], Tree]
FILES: dict[str, str | bytes] = {
    "Dockerfile": "FROM debian:12\nADD a.py /srv/\n",
    "api/Dockerfile": "FROM debian:12\nADD b.py /srv/\n",
}


def inspected(tree: Tree) -> Inspection:
    project = open_project(tree.root, flags={})
    terms = MendTerms(project.settings, project.policy, datetime(2026, 11, 24, tzinfo=UTC), ())
    return Inspection(trees=(tree,), terms=terms, stages=("dockerfile",), progress=Progress(is_quiet=True))


def standing(*blocking: str, errors: tuple[str, ...] = ()) -> Standing:
    return Standing(Counter(), Counter({("GD900", path, ""): 1 for path in blocking}), frozenset(errors), {})


@pytest.mark.parametrize(
    ("after", "kept", "why"),
    [
        (standing(), ["Dockerfile", "api/Dockerfile"], []),
        (standing("api/Dockerfile"), ["Dockerfile"], ["api/Dockerfile: its fixes are undone: GD900 on api/Dockerfile"]),
        (standing(errors=("cannot be parsed",)), [], ["Dockerfile: its fixes", "api/Dockerfile: its fixes"]),
    ],
    ids=["harmless", "one blocks", "unreadable"],
)
def test_a_fix_that_brings_harm_is_undone(
    make_tree: MakeTree,
    own_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    after: Standing,
    kept: list[str],
    why: list[str],
) -> None:
    def judged(_: Inspection, tree: Tree, changed: Mapping[str, bytes], stages: Iterable[str]) -> Standing:
        return after if changed else standing()

    monkeypatch.setattr(Inspection, "standing", judged)
    fixes = look_and_mend(inspected(make_tree(FILES)))
    assert [one.file for one in fixes.files] == kept
    assert len(fixes.undone) == len(why)
    assert all(line.startswith(start) for line, start in zip(fixes.undone, why, strict=True))


def test_what_would_be_written_is_what_was_judged(make_tree: MakeTree, own_cache: Path) -> None:
    inspection = inspected(make_tree(FILES))
    fixes = look_and_mend(inspection)
    contents = {one.file: one.mended.after for one in fixes.files if one.mended}
    assert contents["Dockerfile"] == b"FROM debian:12\nCOPY a.py /srv/\n"
    before, after = (inspection.standing(inspection.trees[0], each, ("dockerfile",)) for each in ({}, contents))
    assert before.open["DL3020", "Dockerfile", ""] == 1
    assert after.open["DL3020", "Dockerfile", ""] == 0
    assert after.worse_than(before) is None
