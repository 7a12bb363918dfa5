"""Which files are lockfiles."""

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module

import pytest

from gate.inventory.discovery import find_lockfiles, reader_of
from gate.inventory.lockfiles import LOCKFILES, NOT_READ_YET, build_programs
from gate.model import Tree
from gate.trees import open_tree


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("requirements.txt", "requirements"),
        ("api/requirements-dev.txt", "requirements"),
        ("dev-requirements.txt", "requirements"),
        ("a/requirements/base.txt", "requirements"),
        ("poetry.lock", "poetry"),
        ("a/b/uv.lock", "uv"),
        ("web/package-lock.json", "npm"),
        ("npm-shrinkwrap.json", "npm"),
        ("go.mod", "go_modules"),
        ("Cargo.lock", "cargo"),
        ("gradle/verification-metadata.xml", "gradle_verification"),
        ("a/gradle/verification-metadata.xml", "gradle_verification"),
        ("app/buildscript-gradle.lockfile", "gradle"),
        ("src/Shop/Shop.csproj", "nuget_project"),
        ("pylock.dev.toml", "pylock"),
    ],
)
def test_a_lockfile_is_known_by_its_name(path: str, name: str) -> None:
    assert reader_of(path).__name__ == f"gate.inventory.lockfiles.{name}"  # type: ignore[union-attr]


LOOK = """
import sys
from gate.inventory.discovery import find_lockfiles
from gate.model import Tree
from gate.trees import open_tree
find_lockfiles(open_tree(Tree(root=sys.argv[1], name="t")))
print(*sys.modules)
"""


def test_readers_are_imported_for_the_files_that_there_are(make_tree: Callable[[dict[str, str]], Tree]) -> None:
    root = make_tree({"go.mod": "module x", "README.md": ""}).root
    done = subprocess.run([sys.executable, "-c", LOOK, root], capture_output=True, text=True, check=True)
    loaded = {name for name in LOCKFILES if f"gate.inventory.lockfiles.{name}" in done.stdout.split()}
    assert loaded == {"go_modules"}


def test_every_format_has_its_module() -> None:
    for name, files in LOCKFILES.items():
        module = import_module(f"gate.inventory.lockfiles.{name}")
        assert callable(module.read)
        assert files
    assert set(LOCKFILES["build_programs"]) == set(build_programs._LOCKS)


@pytest.mark.parametrize(
    "root",
    [
        {"package.json": '{"workspaces": ["apps/*"]}', "yarn.lock": ""},
        {"pnpm-workspace.yaml": "packages: [apps/*]", "pnpm-lock.yaml": "", "package.json": "{}"},
    ],
)
def test_the_lockfile_of_a_workspace_counts_for_its_members_alone(
    make_tree: Callable[[dict[str, str]], Tree], root: dict[str, str]
) -> None:
    names = ["apps/web/package.json", "apps/web/deep/package.json", "examples/one/package.json"]
    found = find_lockfiles(open_tree(make_tree(root | dict.fromkeys(names, "{}"))))
    assert found.locked_manifests == 2
    assert [path for path in found.paths if path.endswith("package.json")] == names[1:]


def test_manifests_of_a_project_that_cannot_be_read_are_read_for_themselves(
    make_tree: Callable[[dict[str, str]], Tree],
) -> None:
    files = {"package.json": "{", "package-lock.json": "", "web/package.json": "{}"}
    assert find_lockfiles(open_tree(make_tree(files))).paths == ("package-lock.json", "web/package.json")


def test_manifests_of_vendored_packages_do_not_count_and_lockfiles_do(
    make_tree: Callable[[dict[str, str]], Tree],
) -> None:
    names = ["vendor/acme/lib/composer.json", "ios/Pods/x/package.json", "vendor/shop/go.mod", "vendor/shop/yarn.lock"]
    found = find_lockfiles(open_tree(make_tree(dict.fromkeys(names, "{}"))))
    assert (found.paths, found.installed) == (("vendor/shop/go.mod", "vendor/shop/yarn.lock"), 2)


@pytest.mark.parametrize("path", ["notes.txt", "go.sum", "other.json", "cargo.lock.bak", "xgo.mod", "README.md"])
def test_other_files_are_not(path: str) -> None:
    assert reader_of(path) is None


def test_settings_narrow_and_installed_folders_are_counted(make_tree: Callable[[dict[str, str]], Tree]) -> None:
    names = ["go.mod", "a/go.mod", "a/b/Cargo.lock", "node_modules/x/package-lock.json", "venv/lib/requirements.txt"]
    tree = open_tree(make_tree(dict.fromkeys(names, "")))
    found = find_lockfiles(tree)
    assert (found.paths, found.installed) == (("a/b/Cargo.lock", "a/go.mod", "go.mod"), 2)
    assert find_lockfiles(tree, paths=("a/**",), ignore=("a/b",)).paths == ("a/go.mod",)


def test_lockfiles_without_a_reader_are_listed_too(make_tree: Callable[[dict[str, str]], Tree]) -> None:
    unread = min(NOT_READ_YET)
    tree = open_tree(make_tree(dict.fromkeys(["go.mod", f"web/{unread}", f"node_modules/x/{unread}"], "")))
    found = find_lockfiles(tree)
    assert (found.paths, found.not_read_yet, found.installed) == (("go.mod",), (f"web/{unread}",), 1)
    assert find_lockfiles(tree, ignore=(unread,)).not_read_yet == ()


def test_a_manifest_counts_where_no_lockfile_above_says_more(
    make_tree: Callable[[dict[str, str]], Tree], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_of("go.mod"), "LOCKED_BY", ("Cargo.lock",), raising=False)
    names = ["a/Cargo.lock", "a/b/go.mod", "a/go.mod", "c/go.mod"]
    found = find_lockfiles(open_tree(make_tree(dict.fromkeys(names, ""))), ignore=("Cargo.lock",))
    assert (found.paths, found.locked_manifests) == (("c/go.mod",), 2)


@pytest.mark.parametrize(
    ("lock", "manifest"),
    [("Pipfile.lock", "Pipfile"), ("conan.lock", "conanfile.txt"), ("conda-lock.yml", "environment.yml")],
)
def test_a_lockfile_is_not_locked_by_itself(
    make_tree: Callable[[dict[str, str]], Tree], lock: str, manifest: str
) -> None:
    found = find_lockfiles(open_tree(make_tree({lock: "", manifest: "", f"deep/{manifest}": "", f"other/{lock}": ""})))
    assert (found.paths, found.locked_manifests) == (tuple(sorted((f"deep/{manifest}", lock, f"other/{lock}"))), 1)


def test_a_lockfile_in_a_vendored_folder_counts_and_a_manifest_does_not(
    make_tree: Callable[[dict[str, str]], Tree],
) -> None:
    found = find_lockfiles(open_tree(make_tree(dict.fromkeys(["vendor/a/Pipfile", "vendor/b/Pipfile.lock"], ""))))
    assert (found.paths, found.installed) == (("vendor/b/Pipfile.lock",), 1)
