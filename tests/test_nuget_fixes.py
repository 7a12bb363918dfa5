"""The list of fixes of NuGet packages, and the rows that were made of it: benchmarks/functions/derive_nuget.py."""

import subprocess
from pathlib import Path

import pytest

pytest.importorskip("tree_sitter_c_sharp")

from benchmarks.functions.derive_nuget import NugetFix, fixes
from benchmarks.functions.listed_fixes import CHANGED
from gate.advisories.vulnerable_functions import built_in_functions


def test_the_table_has_what_the_list_names(tmp_path: Path) -> None:
    rows = {
        (name, package): row.functions
        for (name, ecosystem, package), row in built_in_functions().rows.items()
        if ecosystem == "NuGet"
    }
    listed = {(fix.id, package.lower()): fix.names for fix in fixes(tmp_path) for package in fix.packages}
    assert rows.keys() == listed.keys()
    for key, names in listed.items():
        assert names == [CHANGED] or rows[key] == tuple(sorted(names))


def test_a_fix_is_a_commit_that_changes_sources_with_the_methods(tmp_path: Path) -> None:
    clone = tmp_path / "toasters+toast" / "repo"
    clone.mkdir(parents=True)

    def commit(path: str, text: str) -> str:
        (clone / path).parent.mkdir(exist_ok=True)
        (clone / path).write_text(text)
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", "-C", clone, "add", "."], check=True)
        subprocess.run(["git", "-C", clone, *identity, "commit", "-qm", "x"], check=True)
        done = subprocess.run(["git", "-C", clone, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    subprocess.run(["git", "init", "-q", clone], check=True)
    commit("src/Oven.cs", "namespace A; class Oven { void Bake() { } partial class Door { void Open() { } } }")
    commit("src/Toaster.cs", "namespace A; class Toaster { int Slots => 1; void Burn() { } }")
    fixed = commit("src/Toaster.cs", "namespace A; class Toaster { int Slots => 2; void Burn() { } void Cool() { } }")
    tested = commit("src/Toaster.Tests/Tests.cs", "class Tests { void Fails() { } }")

    def wrong(commit: str, *names: str) -> str:
        return NugetFix(f"CVE-2026-1 Toast toasters/toast {commit} {' '.join(names)}", tmp_path).wrong()

    assert wrong(fixed, "A.Toaster:get_Slots", "A.Toaster:Burn", "A.Oven:", "A.Oven+Door:Open") == ""
    assert wrong(fixed[:8], "*") == ""
    assert wrong("0" * 40, "A.Toaster:Burn") == "no such commit"
    assert wrong(tested, "A.Toaster:Burn") == "changes no published source"
    assert wrong(fixed, "A.Toaster:Cool", "A.Oven:Open") == "no A.Oven:Open, A.Toaster:Cool before it"
    rows = NugetFix(f"CVE-2026-1 Toast,Toast.Signed toasters/toast {fixed[:8]} *", tmp_path).rows()
    address = f"https://github.com/toasters/toast/commit/{fixed}"
    assert list(rows) == [
        f"CVE-2026-1 NuGet Toast {address} A.Toaster:get_Slots",
        f"CVE-2026-1 NuGet Toast.Signed {address} A.Toaster:get_Slots",
    ]
