"""Which files are Dockerfiles, and what is passed over."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.build_calls import CALLERS, may_call
from gate.dockerfile.discovery import find_dockerfiles, is_dockerfile_name
from gate.model import Tree
from gate.trees.base import paths_matching
from gate.trees.working import WorkingTree

MakeTree = Callable[[dict[str, str]], Tree]


@pytest.mark.parametrize(
    "name",
    [
        *("Dockerfile", "dockerfile", "DOCKERFILE", "api.Dockerfile", "api.dockerfile", "Dockerfile.dev"),
        *("Dockerfile.alpine3.19", "Dockerfile-dev", "Dockerfile_dev", "Containerfile", "Containerfile.dev"),
        *("x.Containerfile", "Dockerfile.ci.arm64"),
    ],
)
def test_is_a_dockerfile(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Dockerfile.dockerignore", ".dockerignore", "Dockerfile.md", "Dockerfile.py", "Dockerfile.go"),
        *("Dockerfile.swp", ".Dockerfile.swp", "Dockerfile.dev.j2", "Dockerfile.tmpl", "Dockerfile.dev~"),
        *("dockerfile_parser.py", "dockerfile-lint.js", "dockerfiles", "NotADockerfile", "docker-compose.yml"),
    ],
)
def test_is_no_dockerfile(name: str) -> None:
    assert not is_dockerfile_name(name)


def found(target: Tree, **settings: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    result = find_dockerfiles(WorkingTree(target.root), DockerfileSettings(**settings))
    return result.paths, result.passed_over, result.excluded


def test_files_are_found_in_order_and_the_rest_is_named(make_tree: MakeTree) -> None:
    tree = make_tree({"b/Dockerfile": "", "a.Dockerfile": "", "Dockerfile.md": "", "README": "", "Dockerfile-x.py": ""})
    assert found(tree) == (("a.Dockerfile", "b/Dockerfile"), ("Dockerfile-x.py", "Dockerfile.md"), ())


def test_settings_narrow_the_choice(make_tree: MakeTree) -> None:
    tree = make_tree({"a/Dockerfile": "", "b/Dockerfile": "", "b/c/Dockerfile": ""})
    assert found(tree, paths=("b/**",), ignore=("b/c",)) == (
        ("b/Dockerfile",),
        (),
        ("a/Dockerfile", "b/c/Dockerfile"),
    )


def test_links_are_read_once_and_folders_not_at_all(make_tree: MakeTree) -> None:
    tree = make_tree({"a/Dockerfile": "", "build": "", "folder/x": ""})
    root = Path(tree.root)
    (root / "Dockerfile").symlink_to("a/Dockerfile")
    (root / "Dockerfile.dev").symlink_to("build")
    (root / "Dockerfile.gone").symlink_to("nowhere")
    (root / "Dockerfile.folder").symlink_to("folder")
    paths, passed_over, _ = found(tree)
    assert paths == ("Dockerfile.dev", "Dockerfile.gone", "a/Dockerfile")
    assert passed_over == ("Dockerfile", "Dockerfile.folder")


def test_files_that_may_call_a_build_and_are_not_read_are_named(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.dockerfile.build_calls.MAX_CALLERS", 2)
    monkeypatch.setattr("gate.dockerfile.build_calls.MAX_SIZE", 100)
    call = "docker build -f build/app.txt .\n"
    large = "#" * 100 + call
    tree = make_tree({"a.sh": large, "b.sh": call, "c.sh": call, "d.txt": call, "build/app.txt": "FROM a:1\n"})

    found = find_dockerfiles(WorkingTree(tree.root), DockerfileSettings())

    assert found.unread_callers == ("a.sh", "c.sh")
    assert found.paths == ("build/app.txt",)


CALLERS_OF_BUILDS = (
    *(".github/workflows/ci.yml", "a/.github/actions/x/action.yaml", ".gitlab-ci.yml", "x.gitlab-ci.yaml"),
    *(".gitlab/build.yml", "azure-pipelines-2.yml", "bitbucket-pipelines.yml", ".drone.yml", ".woodpecker-ci.yaml"),
    *(".circleci/config.yml", ".buildkite/pipeline.yml", ".travis.yml", "cloudbuild.yaml", "skaffold-dev.yaml"),
    *("buildspec.yml", "render.yaml", "heroku.yml", "Taskfile.yml", "Tiltfile", "Earthfile", "fly.toml"),
    *("railway.toml", "railway.json", ".devcontainer.json", "devcontainer.json", "package.json", "Jenkinsfile.release"),
    *("ci.jenkinsfile", "GNUmakefile", "Makefile.am", "rules.mk", "justfile", ".justfile", "build.SH", "b.bash"),
    *("b.ps1", "b.cmd", "B.BAT"),
)


@pytest.mark.parametrize("path", CALLERS_OF_BUILDS)
def test_a_caller_of_builds_matches_the_hints_by_which_a_revision_is_searched(path: str) -> None:
    assert may_call(path)
    assert list(paths_matching([path, "other.txt"], CALLERS)) == [path]
