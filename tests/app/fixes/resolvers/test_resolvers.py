"""Every package manager: what it is asked, without scripts and installing, and what it is not asked for.

Goes through gate/app/fixes/resolvers/bundler.py, gate/app/fixes/resolvers/cargo.py,
gate/app/fixes/resolvers/composer.py, gate/app/fixes/resolvers/go.py,
gate/app/fixes/resolvers/npm.py, gate/app/fixes/resolvers/package_json.py,
gate/app/fixes/resolvers/pnpm.py, gate/app/fixes/resolvers/poetry.py, gate/app/fixes/resolvers/python_project.py,
gate/app/fixes/resolvers/resolver.py, gate/app/fixes/resolvers/uv.py and gate/app/fixes/resolvers/yarn.py.
"""

import json
from collections.abc import Callable

import pytest

from gate.app.fixes.resolvers import resolvers_of
from gate.app.fixes.resolvers.resolver import NEWEST, Folder, PackageRaise, RaiseRequest, RefusedError, by_hand
from gate.model import Tree
from gate.trees import open_tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]
PACKAGE = json.dumps({"dependencies": {"left": "1.0.0", "right": "^1.0.0"}})
BERRY = "__metadata:\n  version: 8\n"
GEMS = (
    "GEM\n  remote: https://packages.example/\n  specs:\n    rack (2.0.0)\n\n"
    "DEPENDENCIES\n  rack (~> 2.0)\n\nBUNDLED WITH\n   2.4\n"
)


def request(make_tree: MakeTree, files: dict[str, str | bytes], lock: str, *raises: PackageRaise) -> RaiseRequest:
    return RaiseRequest(Folder(open_tree(make_tree(files)), ""), lock, raises)


def raised(name: str, to: str = "1.0.9", *, direct: bool | None = True) -> PackageRaise:
    return PackageRaise(path="", line=1, name=name, version="1.0.0", to=to, direct=direct)


COMMANDS = [
    (
        "package-lock.json",
        {"package.json": PACKAGE, "package-lock.json": '{"lockfileVersion": 2}'},
        ["npm install left@1.0.9 --save-exact", "npm install right@1.0.9", "npm update deep"],
        "--package-lock-only --ignore-scripts",
    ),
    (
        "pnpm-lock.yaml",
        {"package.json": PACKAGE, "pnpm-lock.yaml": "lockfileVersion: '9.0'"},
        ["pnpm update --ignore-workspace left@1.0.9 right@1.0.9", "pnpm update --ignore-workspace --depth Infinity"],
        "--lockfile-only --ignore-scripts --ignore-pnpmfile",
    ),
    (
        "yarn.lock",
        {"package.json": PACKAGE, "yarn.lock": BERRY},
        ["yarn up left@1.0.9 right@^1.0.9", "yarn up --recursive deep"],
        "--mode=update-lockfile",
    ),
    (
        "uv.lock",
        {"pyproject.toml": "[project]\nname = 'a'", "uv.lock": "version = 1"},
        ["uv lock --no-build --upgrade-package left==1.0.9 --upgrade-package right==1.0.9"],
        "--no-build",
    ),
    (
        "poetry.lock",
        {"pyproject.toml": "[tool.poetry.dependencies]\nleft = '1.0.0'\n", "poetry.lock": ""},
        ["poetry add --lock --no-interaction --no-plugins left==1.0.9", "poetry update --lock"],
        "--lock",
    ),
    (
        "poetry.lock",
        {
            "pyproject.toml": (
                '[project]\ndependencies = ["Left[extra] (==1.0.0) ; python_version > \'3\'", "right (>=1.0,<2.0)"]\n'
                '[dependency-groups]\ntest = ["deep===1.0.0"]\n'
            ),
            "poetry.lock": "",
        },
        [
            "poetry add --lock --no-interaction --no-plugins left==1.0.9",
            "poetry add --lock --no-interaction --no-plugins --group test deep==1.0.9",
            "poetry update --lock --no-interaction --no-plugins right",
        ],
        "--lock",
    ),
    (
        "Cargo.lock",
        {"Cargo.toml": "[package]\nname = 'a'\n", "Cargo.lock": "", "src/main.rs": "fn main() {}"},
        ["cargo update left@1.0.0 --precise 1.0.9", "cargo update right@1.0.0", "cargo update deep@1.0.0"],
        "--precise",
    ),
    ("go.mod", {"go.mod": "module a\n"}, ["go get left@1.0.9 right@1.0.9 deep@1.0.9", "go mod tidy"], ""),
    ("Gemfile.lock", {"Gemfile.lock": GEMS}, ["bundle lock --conservative --update left right deep"], ""),
    (
        "composer.lock",
        {"composer.json": "{}", "composer.lock": "{}"},
        ["composer update left right deep --minimal-changes"],
        "--no-install --no-scripts --no-plugins",
    ),
]


@pytest.mark.parametrize(("lock", "files", "starts", "holds"), COMMANDS, ids=[one[0] for one in COMMANDS])
def test_the_lockfile_is_made_without_installing(
    make_tree: MakeTree, lock: str, files: dict[str, str | bytes], starts: list[str], holds: str
) -> None:
    asked = request(make_tree, files, lock, raised("left"), raised("right"), raised("deep", direct=False))
    (resolver,) = resolvers_of(asked.folder, lock, "")
    lines = [" ".join(command) for command in resolver.commands(asked)]
    assert len(lines) == len(starts)
    assert all(line.startswith(start) for line, start in zip(lines, starts, strict=True)), lines
    assert holds in lines[0]
    assert resolver.files(asked)
    assert by_hand(resolver, raised("left", NEWEST))


REFUSED = [
    ("package-lock.json", {"package.json": '{"dependencies": {"a": "git+ssh://packages.example/a"}}'}, "its own"),
    ("package-lock.json", {"package.json": '{"dependencies": {"a": "https://packages.example/a.tgz"}}'}, "its own"),
    ("package-lock.json", {"package.json": '{"dependencies": {"a": "someone/project#v1"}}'}, "names a repository"),
    ("package-lock.json", {"package.json": '{"dependencies": {"a": "file:../../outside"}}'}, "its own"),
    ("package-lock.json", {"package.json": '{"overrides": {"a": {"b": "github:x/y"}}}'}, "its own"),
    (
        "package-lock.json",
        {"package.json": "{}", "package-lock.json": '{"packages": {"a": {"resolved": "git+ssh://x/y"}}}'},
        "its own",
    ),
    ("package-lock.json", {"package.json": "{}", "package-lock.json": "not json"}, "not valid JSON"),
    ("pnpm-lock.yaml", {"package.json": "{}", ".pnpmfile.cjs": "steal()"}, "pnpmfile.cjs decides"),
    (
        "pnpm-lock.yaml",
        {"package.json": "{}", "pnpm-workspace.yaml": "configDependencies: {a: 1}"},
        "configDependencies",
    ),
    ("pnpm-lock.yaml", {"package.json": "{}", "pnpm-workspace.yaml": "overrides: {a: 'git+x:y'}"}, "its own"),
    ("yarn.lock", {"package.json": "{}", "yarn.lock": "# yarn lockfile v1\n"}, "Yarn 1"),
    ("yarn.lock", {"package.json": "{}", "yarn.lock": BERRY, ".yarnrc.yml": "plugins:\n - evil.js"}, "plugins"),
    ("uv.lock", {"pyproject.toml": "[[tool.uv.index]]\nurl = 'https://packages.example'"}, "its own"),
    ("uv.lock", {"pyproject.toml": "[tool.uv.sources]\na = {git = 'https://packages.example/a'}"}, "its own"),
    (
        "uv.lock",
        {"pyproject.toml": "[project]\ndependencies = ['a @ https://packages.example/a.whl']"},
        "by its URL",
    ),
    ("uv.lock", {"pyproject.toml": "["}, "cannot be read"),
    ("poetry.lock", {"pyproject.toml": "[[tool.poetry.source]]\nname = 'x'"}, "its own"),
    ("poetry.lock", {"pyproject.toml": "[tool.poetry.requires-plugins]\nevil = '*'"}, "its own"),
    (
        "poetry.lock",
        {"pyproject.toml": "", "poetry.lock": "[[package]]\nname = 'a'\nfiles = [{file = 'a-1.tar.gz'}]"},
        "published only as source",
    ),
    ("Cargo.lock", {"Cargo.toml": "[dependencies]\na = {git = 'https://packages.example/a'}"}, "its own"),
    ("Cargo.lock", {"Cargo.toml": "[dependencies]\na = {path = '../outside'}"}, "its own"),
    ("Cargo.lock", {"Cargo.toml": "[patch.crates-io]\na = {git = 'x'}"}, "replaces packages"),
    ("go.mod", {"go.mod": "module a\nreplace b => ../b\n"}, "with a folder"),
    ("go.mod", {"go.mod": "module a\n", "vendor/modules.txt": ""}, "vendor/modules.txt decides"),
    ("Gemfile.lock", {"Gemfile.lock": f"GIT\n  remote: x\n\n{GEMS}"}, "several sources"),
    ("Gemfile.lock", {"Gemfile.lock": f"{GEMS}\nRUBY VERSION\n   ruby 3.2\n"}, "Ruby version"),
    ("composer.lock", {"composer.json": '{"repositories": [{"url": "https://packages.example"}]}'}, "repositories"),
    ("composer.lock", {"composer.json": '{"config": {"secure-http": false}}'}, "secure-http"),
]


@pytest.mark.parametrize(("lock", "files", "why"), REFUSED)
def test_what_a_repository_names_is_not_asked(
    make_tree: MakeTree, lock: str, files: dict[str, str | bytes], why: str
) -> None:
    asked = request(make_tree, {lock: "{}" if lock.endswith("json") else "", **files}, lock, raised("a"))
    (resolver,) = resolvers_of(asked.folder, lock, "")
    with pytest.raises(RefusedError, match=why):
        resolver.files(asked)


@pytest.mark.parametrize(
    "range", ["~1.2.5", "^1.0.0", ">=1 <2 || 3", "*", "latest", "1.x", "npm:other@1.0.0", "workspace:*", "catalog:", ""]
)
def test_a_range_is_no_address(make_tree: MakeTree, range: str) -> None:
    files: dict[str, str | bytes] = {
        "package.json": json.dumps({"dependencies": {"a": range}}),
        "package-lock.json": '{"packages": {"node_modules/a": {"resolved": "https://packages.example/a.tgz"}}}',
    }
    asked = request(make_tree, files, "package-lock.json", raised("a"))
    assert set(resolvers_of(asked.folder, "package-lock.json", "npm")[0].files(asked)) == set(files)


def test_a_gemfile_is_not_copied_but_made_of_what_the_lockfile_says(make_tree: MakeTree) -> None:
    files: dict[str, str | bytes] = {"Gemfile": "system('evil')", "Gemfile.lock": GEMS}
    asked = request(make_tree, files, "Gemfile.lock", raised("rack"))
    (resolver,) = resolvers_of(asked.folder, "Gemfile.lock", "RubyGems")
    gemfile = resolver.files(asked)["Gemfile"].decode()
    assert gemfile.splitlines()[1:] == ['gem "rack", "~> 2.0"']


NOT_OURS = GEMS.replace("DEPENDENCIES", "PLATFORMS\n  arm64-darwin\n\nDEPENDENCIES")


def test_version_and_platform_of_the_bundler_here_do_not_come_into_a_lockfile(make_tree: MakeTree) -> None:
    asked = request(make_tree, {"Gemfile.lock": NOT_OURS}, "Gemfile.lock", raised("rack"))
    (resolver,) = resolvers_of(asked.folder, "Gemfile.lock", "RubyGems")
    assert resolver.answer is not None
    wanted = NOT_OURS.replace("rack (2.0.0)", "rack (2.0.9)")
    here = wanted.replace("arm64-darwin", "arm64-darwin\n  x86_64-linux").replace("   2.4\n", "   2.6.7\n")
    assert resolver.answer(asked, {"Gemfile.lock": here.encode()}) == {"Gemfile.lock": wanted.encode()}
    built = here.replace("rack (2.0.9)", "rack (2.0.9)\n    rack (2.0.9-x86_64-linux)")
    with pytest.raises(RefusedError, match="would add gems for x86_64-linux, the platform of this machine"):
        resolver.answer(asked, {"Gemfile.lock": built.encode()})


def test_rust_sources_are_copied_by_name_alone(make_tree: MakeTree) -> None:
    files: dict[str, str | bytes] = {"Cargo.toml": "", "Cargo.lock": "", "src/main.rs": "fn main() {}", "build.rs": "x"}
    asked = request(make_tree, files, "Cargo.lock", raised("a"))
    copied = resolvers_of(asked.folder, "Cargo.lock", "crates.io")[0].files(asked)
    assert copied["src/main.rs"] == copied["build.rs"] == b""


def test_a_member_of_a_workspace_is_raised_where_it_is_asked_for(make_tree: MakeTree) -> None:
    files: dict[str, str | bytes] = {
        "package.json": '{"workspaces": ["web"]}',
        "web/package.json": PACKAGE,
        "package-lock.json": "{}",
    }
    asked = request(make_tree, files, "package-lock.json", raised("right"))
    (command,) = resolvers_of(asked.folder, "package-lock.json", "npm")[0].commands(asked)
    assert "--workspace=web" in command


def test_for_other_files_there_is_none(make_tree: MakeTree) -> None:
    folder = Folder(open_tree(make_tree({"pom.xml": "", "notes.txt": ""})), "")
    assert resolvers_of(folder, "pom.xml", "Maven") == ()
    assert resolvers_of(folder, "notes.txt", "Maven") == ()
