"""Sources of JavaScript and TypeScript below a folder."""

import pytest

from gate.reachability.runtimes.node import sources
from gate.reachability.runtimes.node.sources import sources_below


def test_sources_are_found_in_all_folders_but_those_of_modules(make_files):
    paths = (
        "app/a.js",
        "app/b/c/d.mts",
        "app/b/types.d.ts",
        "app/node_modules/x/index.js",
        "app/notes.md",
        "app/v1.2/e.js",
    )
    files = make_files(dict.fromkeys(paths, ""))
    assert sorted(sources_below("app", files)) == ["app/a.js", "app/b/c/d.mts"]


def test_there_is_an_end(make_files, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sources, "MAX_IN_FOLDER", 3)
    files = make_files({f"app/{folder}/{name}.js": "" for folder in "abc" for name in "xy"})
    assert len(sources_below("app", files)) == 4
