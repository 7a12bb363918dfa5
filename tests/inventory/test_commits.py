"""Commits in the addresses of lockfiles, submodules, and what was copied in."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.commits import Commit, commit_in, commit_of
from gate.inventory.discovery import read_lockfile
from gate.inventory.histories import Histories
from gate.inventory.lockfile import Locked
from gate.model import Tree
from gate.trees import open_tree

Read = Callable[[dict[str, str | bytes]], Locked]
ID = "0123456789" * 4
KNOWN = Commit("packages.example/o/n", ID)


@pytest.mark.parametrize(
    "address",
    [
        f"git+https://packages.example/o/n.git?branch=main#{ID}",
        f"git+https://user:hunter2@packages.example/O/n#{ID}",
        f"git+ssh://git@packages.example/o/n.git@{ID}#egg=n",
        f"ssh://git@packages.example/o/n#{ID}",
        f"git@packages.example:o/n.git#{ID}",
        f"https://packages.example/o/n.git#commit={ID}",
    ],
)
def test_an_address_names_a_commit(address: str) -> None:
    assert commit_in(address) == KNOWN


@pytest.mark.parametrize(
    "address",
    [
        f"https://codeload.github.com/o/n/tar.gz/{ID}",
        f"https://github.com/o/n/archive/{ID}.zip",
        f"github:o/n#{ID}",
    ],
)
def test_archives_and_short_forms_of_hosts(address: str) -> None:
    assert commit_in(address) == Commit("github.com/o/n", ID)


@pytest.mark.parametrize(
    "address",
    [
        f"https://packages.example/n-1.0.0.tgz#{ID}",
        "git+https://packages.example/o/n#main",
        f"git+https://packages.example/o/n#{ID[:12]}",
        f"git+https://{ID}#{ID}",
        f"git+file:///home/o/n#{ID}",
        "",
    ],
)
def test_a_hash_of_a_file_a_branch_and_a_folder_are_none(address: str) -> None:
    assert commit_in(address) is None


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    commit_in(text)
    commit_of(text, ID)


REPO = "https://packages.example/o/n.git"
LOCKS = {
    "Cargo.lock": f"""
version = 3
[[package]]
name = "n"
version = "1.0.0"
source = "git+{REPO}?rev=1#{ID}"
""",
    "uv.lock": f"""
version = 1
[[package]]
name = "n"
version = "1"
source = {{ git = "{REPO}?rev=1#{ID}" }}
""",
    "poetry.lock": f"""
[[package]]
name = "n"
version = "1"
source = {{ type = "git", url = "{REPO}", reference = "main", resolved_reference = "{ID}" }}
[metadata]
lock-version = "2.1"
""",
    "pdm.lock": f"""
metadata = {{ lock_version = "4.5" }}
[[package]]
name = "n"
version = "1"
git = "{REPO}"
revision = "{ID}"
""",
    "pylock.toml": f"""
lock-version = "1.0"
[[packages]]
name = "n"
vcs = {{type = "git", url = "{REPO}", commit-id = "{ID}"}}
""",
    "Pipfile.lock": json.dumps({"_meta": {"pipfile-spec": 6}, "default": {"n": {"git": REPO, "ref": ID}}}),
    "requirements.txt": f"n @ git+{REPO}@{ID}",
    "dev-requirements.txt": f"-e git+{REPO}@{ID}#egg=n",
    "package-lock.json": json.dumps(
        {
            "lockfileVersion": 3,
            "packages": {
                "node_modules/n": {"version": "1.0.0", "resolved": f"git+ssh://git@packages.example/o/n#{ID}"}
            },
        }
    ),
    "yarn.lock": f'n@x:\n  version "1.0.0"\n  resolved "git+{REPO}#{ID}"',
    "berry/yarn.lock": f"""
__metadata:
  version: 8
"n@x":
  version: 1.0.0
  resolution: "n@{REPO}#commit={ID}"
""",
    "pnpm-lock.yaml": f"""
lockfileVersion: '9.0'
packages:
  n@{REPO}:
    version: 1.0.0
    resolution: {{type: git, repo: '{REPO}', commit: '{ID}'}}
""",
    "bun.lock": json.dumps({"lockfileVersion": 1, "packages": {"n": [f"n@git+{REPO}#{ID}", {}, ID]}}),
    "Gemfile.lock": f"GIT\n  remote: {REPO}\n  revision: {ID}\n  specs:\n    n (1.0.0)\n\nDEPENDENCIES\n  n!\n",
    "composer.lock": json.dumps(
        {"packages": [{"name": "o/n", "version": "dev-main", "source": {"url": REPO, "reference": ID}}]}
    ),
    "pubspec.lock": f"""
packages:
  n:
    dependency: transitive
    source: git
    version: 1.0.0
    description: {{path: ".", ref: main, resolved-ref: "{ID}", url: "{REPO}"}}
""",
    "mix.lock": f'%{{"n": {{:git, "{REPO}", "{ID}", []}}}}',
    "rebar.lock": f'[{{<<"n">>,{{git,"{REPO}",{{ref,"{ID}"}}}},0}}].',
    "Package.resolved": json.dumps(
        {"version": 2, "pins": [{"identity": "n", "location": REPO, "state": {"revision": ID}}]}
    ),
    "stack.yaml.lock": f"""
packages:
- completed: {{name: n, git: {REPO}, commit: '{ID}'}}
snapshots: []
""",
    "renv.lock": json.dumps(
        {
            "Packages": {
                "n": {
                    "Package": "n",
                    "Version": "1.0",
                    "Source": "GitLab",
                    "RemoteHost": "packages.example",
                    "RemoteUsername": "o",
                    "RemoteRepo": "n",
                    "RemoteSha": ID,
                }
            }
        }
    ),
    "cgmanifest.json": json.dumps(
        {"registrations": [{"component": {"type": "git", "git": {"repositoryUrl": REPO, "commitHash": ID}}}]}
    ),
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lockfile_names_the_commit_that_a_package_is_built_from(locked: Read, name: str) -> None:
    found = [package for package in locked({name: LOCKS[name]}).packages if package.ecosystem == "GIT"]
    assert [(one.name, one.version) for one in found] == [("packages.example/o/n", ID)]
    assert found[0].purl == f"pkg:generic/n@{ID}?vcs_url=git%2Bhttps://packages.example/o/n%40{ID}"
    assert found[0].line is not None


def test_what_was_copied_in(locked: Read) -> None:
    components = [
        {"type": "git", "git": {"repositoryUrl": "https://github.com/o/n", "commitHash": ID}},
        {"type": "maven", "maven": {"groupId": "g", "artifactId": "a", "version": "2"}},
        {"type": "git", "git": {"repositoryUrl": "https://github.com/o/n", "commitHash": "main"}},
        {"type": "other", "other": {"name": "zlib", "version": "1"}},
    ]
    rows = ",\n".join(json.dumps({"component": each, "developmentDependency": True}) for each in components[:1])
    rows += ",\n" + ",\n".join(json.dumps({"component": each}) for each in components[1:])
    found = locked({"third_party/cgmanifest.json": '{"registrations": [\n' + rows + "]}"})
    assert [(one.purl, one.line, one.scope.value) for one in found.packages] == [
        (f"pkg:github/o/n@{ID}", 2, "development"),
        ("pkg:maven/g/a@2", 3, "runtime"),
    ]
    assert found.imprecise == (
        "third_party/cgmanifest.json:4: https://github.com/o/n",
        "third_party/cgmanifest.json:5: zlib",
    )


def test_what_govendor_copied_in(locked: Read) -> None:
    other = ID[::-1]
    packages = [
        {"path": "github.com/O/N/inner", "revision": ID},
        {"path": "github.com/O/N/other", "revision": ID},
        {"path": "github.com/o/tagged", "revision": ID, "versionExact": "v1.2.3"},
        {"path": "github.com/o/n", "revision": other, "origin": "github.com/p/q/vendor/github.com/o/n"},
        {"path": "gopkg.in/yaml.v2", "revision": ID},
        {"path": "github.com/o/short", "revision": ID[:12]},
        {"path": ""},
    ]
    rows = ",\n".join(map(json.dumps, packages))
    found = locked({"vendor/vendor.json": '{"comment": "", "package": [\n' + rows + "]}"})
    assert [(one.purl, one.line) for one in found.packages] == [
        (f"pkg:github/o/n@{ID}", 2),
        (f"pkg:github/o/tagged@{ID}", 4),
        ("pkg:golang/github.com/o/tagged@v1.2.3", 4),
        (f"pkg:github/p/q@{other}", 5),
    ]
    assert [words.rpartition(":")[2].strip() for words in found.imprecise] == [
        "github.com/O/N",
        "github.com/o/n",
        "gopkg.in/yaml.v2",
        "github.com/o/short",
        "a package",
    ]


@pytest.mark.parametrize("text", ["{", '{"package": 1}', '{"package": [{}]}', '{"package": [], "package": []}'])
def test_a_broken_vendor_json_says_why(locked: Read, text: str) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        locked({"vendor/vendor.json": text})


def test_the_keys_of_a_cgmanifest_are_read_in_any_case(locked: Read) -> None:
    git = {"Type": "Git", "Git": {"RepositoryUrl": "https://github.com/o/n", "COMMITHASH": "a" * 40}}
    npm = {"type": "NPM", "Npm": {"Name": "lodash", "Version": "4.17.15"}}
    found = locked(
        {
            "cgmanifest.json": json.dumps(
                {"Registrations": [{"Component": git, "DevelopmentDependency": True}, {"component": npm}], "Version": 1}
            )
        }
    )
    assert [(p.name, p.version, p.scope.value) for p in found.packages] == [
        ("github.com/o/n", "a" * 40, "development"),
        ("lodash", "4.17.15", "runtime"),
    ]


def test_a_key_in_two_cases_is_ambiguous(locked: Read) -> None:
    with pytest.raises(UnreadableError, match="a key stands twice in one object, in different cases"):
        locked({"cgmanifest.json": '{"registrations": [], "Registrations": []}'})


@pytest.mark.parametrize("text", ["{", "{}", '{"registrations": [1]}', '{"registrations": [{}]}'])
def test_a_broken_cgmanifest_says_why(locked: Read, text: str) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        locked({"cgmanifest.json": text})


def git(folder: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=n", "-c", "user.email=e@packages.example", "-c", "protocol.file.allow=always")
    return subprocess.run(
        ["git", *settings, "-C", str(folder), *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> tuple[Path, list[str]]:
    """Return a repository with the submodule `lib` at its third commit, and the commits of that."""
    library, project = tmp_path / "library", tmp_path / "project"
    for folder in (library, project):
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
    ids = []
    for number in range(3):
        git(library, "commit", "-q", "--allow-empty", "-m", str(number))
        ids.append(git(library, "rev-parse", "HEAD"))
    git(project, "submodule", "--quiet", "add", str(library), "lib")
    (project / ".gitmodules").write_text(
        '# ours\n[submodule "lib"]\n\tpath = lib\n\turl = https://packages.example/o/Lib.git\n'
        '[submodule "sibling"]\n\tpath = sibling\n\turl = ../sibling.git\n'
    )
    git(project, "add", ".gitmodules")
    git(project, "commit", "-q", "-m", "with lib")
    open_tree.cache_clear()
    return project, ids


@pytest.mark.parametrize("revision", [None, "HEAD"])
def test_a_submodule_is_its_repository_at_a_commit(project: tuple[Path, list[str]], revision: str | None) -> None:
    folder, ids = project
    found = read_lockfile(".gitmodules", Tree(root=str(folder), name="t", revision=revision))
    assert [(one.ecosystem, one.name, one.version, one.line, one.direct) for one in found.packages] == [
        ("GIT", "packages.example/o/lib", ids[2], 2, True)
    ]
    assert found.imprecise == (".gitmodules:5: sibling",)


def test_the_clone_of_a_submodule_tells_what_came_before(project: tuple[Path, list[str]]) -> None:
    folder, ids = project
    tree = Tree(root=str(folder), name="t")
    (package,) = read_lockfile(".gitmodules", tree).packages
    assert Histories(tree).past(package, {ids[0], ids[2], "f" * 40}) == {ids[2]: 0, ids[0]: 2}


def test_no_clone_a_shallow_one_and_another_repository_tell_nothing(project: tuple[Path, list[str]]) -> None:
    import msgspec

    folder, ids = project
    tree = Tree(root=str(folder), name="t")
    (package,) = read_lockfile(".gitmodules", tree).packages
    histories = Histories(tree)
    assert histories.past(msgspec.structs.replace(package, name="packages.example/o/other"), ids) is None
    assert histories.past(msgspec.structs.replace(package, version="f" * 40), ids) is None
    (folder.parent / "project/.git/modules/lib/shallow").write_text(f"{ids[2]}\n")
    assert histories.past(package, ids) is None
    git(folder, "submodule", "--quiet", "deinit", "-f", "lib")
    open_tree.cache_clear()
    assert histories.past(package, ids) is None


@pytest.mark.parametrize(
    ("url", "own", "name"),
    [
        ("../lib.git", "https://user:hunter2@packages.example/o/n.git", "packages.example/o/lib"),
        ("../lib.git", "git@packages.example:o/n.git", "packages.example/o/lib"),
        ("../../p/lib", "git@packages.example:o/n.git", "packages.example/p/lib"),
        ("./../lib", "ssh://git@packages.example/o/n/", "packages.example/o/lib"),
        ("./lib", "https://packages.example/o/n", "packages.example/o/n/lib"),
        ("../lib.git", "/srv/git/n.git", None),
        ("../../../../..", "https://packages.example/o/n", None),
        ("../" * 10_000 + "lib", "https://packages.example/o/n", None),
    ],
)
def test_an_address_relative_to_the_repositorys_own(
    project: tuple[Path, list[str]], url: str, own: str, name: str | None
) -> None:
    folder, ids = project
    git(folder, "remote", "add", "origin", own)
    (folder / ".gitmodules").write_text(f'[submodule "lib"]\n\tpath = lib\n\turl = {url}\n')
    git(folder, "commit", "-q", "-a", "-m", "relative")
    for revision in (None, "HEAD"):
        tree = Tree(root=str(folder), name="t", revision=revision)
        found = read_lockfile(".gitmodules", tree)
        assert [package.name for package in found.packages] == ([name] if name else [])
        assert found.imprecise == (() if name else (".gitmodules:1: lib",))
        for package in found.packages:
            assert Histories(tree).past(package, ids) == {ids[2]: 0, ids[1]: 1, ids[0]: 2}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[core]\n", r"not a section of a submodule \(line 1\)"),
        ("path = a\n", r"not a setting of a submodule \(line 1\)"),
        ('[submodule "a"]\n<<<<<<< ours\n', r"not a setting of a submodule \(line 2\)"),
    ],
)
def test_a_broken_gitmodules_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        locked({".gitmodules": text})


def test_a_path_out_of_the_repository_is_not_followed(locked: Read) -> None:
    found = locked({".gitmodules": '[submodule "a"]\n  path = ../../a\n  url = https://packages.example/o/n\n'})
    assert (found.packages, found.imprecise) == ((), (".gitmodules:1: ../../a",))
