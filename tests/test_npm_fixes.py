"""The list of fixes of npm packages, and the rows that were made of it: benchmarks/functions/derive_npm.py."""

import subprocess
from pathlib import Path

from benchmarks.functions.derive_npm import Fix, fixes
from gate.advisories.vulnerable_functions import built_in_functions


def test_the_table_has_what_the_list_names(tmp_path: Path) -> None:
    rows = {
        (name, package): row.functions
        for (name, ecosystem, package), row in built_in_functions().rows.items()
        if ecosystem == "npm"
    }
    listed = {(fix.id, fix.package): fix.names for fix in fixes(tmp_path)}
    assert rows.keys() == listed.keys()
    for key, names in listed.items():
        wanted = [""] if "*" in names else sorted(names)
        assert rows[key] == tuple(f"{key[1]}:{name}" for name in wanted)


def test_a_fix_is_a_commit_that_changes_sources_with_the_names(tmp_path: Path) -> None:
    clone = tmp_path / "toasters+toast" / "repo"
    clone.mkdir(parents=True)

    def commit(path: str, text: str) -> str:
        (clone / path).write_text(text)
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", "-C", clone, "add", "."], check=True)
        subprocess.run(["git", "-C", clone, *identity, "commit", "-qm", "x"], check=True)
        done = subprocess.run(["git", "-C", clone, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    subprocess.run(["git", "init", "-q", clone], check=True)
    first = commit("index.js", "exports.burn = 1\n")
    fixed = commit("index.js", "exports.burn = 2\n")
    documented = commit("README.md", "exports.burn\n")

    def wrong(commit: str, name: str) -> str:
        return Fix(f"CVE-2026-1 toast toasters/toast {commit} {name}", tmp_path).wrong()

    assert wrong(fixed, "burn") == wrong(fixed, "*") == wrong(fixed[:8], "()") == ""
    assert wrong("0" * 40, "burn") == "no such commit"
    assert wrong(documented, "burn") == "changes no published source"
    assert wrong(fixed, "bake") == "no bake before it"
    assert first != fixed
    row = Fix(f"CVE-2026-1 toast toasters/toast {fixed[:8]} burn bake", tmp_path).row()
    assert row == f"CVE-2026-1 npm toast https://github.com/toasters/toast/commit/{fixed} toast:bake toast:burn"
