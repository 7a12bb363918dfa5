"""What COPY takes in is judged by the files that are there and the `.dockerignore` that counts."""

from collections.abc import Callable
from datetime import date

import pytest

from gate.core.errors import LimitError, UnreadableError
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.lint import lint_file
from gate.model import Finding, Severity, Tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]
DAY = date(2026, 11, 24)


@pytest.fixture
def found(make_tree: MakeTree) -> Callable[..., list[Finding]]:
    """Return a function that lints one Dockerfile of a tree and gives the findings of one rule."""

    def run(files: dict[str, str | bytes], rule: str, path: str = "Dockerfile") -> list[Finding]:
        linted = lint_file(path, make_tree(files), DockerfileSettings(), DAY)
        return [finding for finding in linted.findings if finding.rule == rule]

    return run


Find = Callable[..., list[Finding]]
BROAD = "FROM a:1\nCOPY . /srv\n"


def test_a_broad_copy_names_the_credentials_that_come_along(found: Find) -> None:
    (finding,) = found({"Dockerfile": BROAD, "id_rsa": "x", "deploy/prod.key": "x", "app.py": ""}, "GD038")
    assert finding.message == "deploy/prod.key, id_rsa come along"
    assert finding.severity is Severity.HIGH


def test_environment_files_and_keys_of_tests_are_medium(found: Find) -> None:
    (finding,) = found({"Dockerfile": BROAD, ".env": "A=1", "tests/fixtures/ca.key": "x"}, "GD038")
    assert finding.severity is Severity.MEDIUM


def test_many_files_are_counted(found: Find) -> None:
    files = {f"k{number}.key": "x" for number in range(8)}
    (finding,) = found({"Dockerfile": BROAD, **files}, "GD038")
    assert finding.message == "k0.key, k1.key, k2.key, k3.key, k4.key and 3 more come along"


def test_history_that_lies_there_comes_along(found: Find) -> None:
    (finding,) = found({"Dockerfile": BROAD, ".git/config": "x"}, "GD038")
    assert finding.message == ".git comes along"
    assert not found({"Dockerfile": BROAD, ".git/config": "x", ".dockerignore": ".git"}, "GD038")


def test_an_environment_file_that_is_there_is_worse_than_one_that_is_not(found: Find) -> None:
    text = "FROM a:1\nCOPY .env /srv/\n"
    assert found({"Dockerfile": text}, "GD035")[0].severity is Severity.MEDIUM
    assert found({"Dockerfile": text, ".env": "A=1"}, "GD035")[0].severity is Severity.HIGH


def test_the_dockerfiles_own_ignore_file_wins(found: Find) -> None:
    files = {"Dockerfile": BROAD, "id_rsa": "x", ".dockerignore": "id_rsa", "Dockerfile.dockerignore": "*.md"}
    assert found(files, "GD038")
    assert not found({**files, "Dockerfile.dockerignore": "id_*"}, "GD038")


def test_the_context_is_the_nearest_folder_that_has_what_is_copied(found: Find) -> None:
    text = "FROM a:1\nCOPY services/api/app.py /srv/\nCOPY . /srv\n"
    files = {"services/api/Dockerfile": text, "services/api/app.py": "", "id_rsa": "x"}
    (finding,) = found(files, "GD038", "services/api/Dockerfile")
    assert finding.message == "id_rsa comes along"
    own = {"services/api/Dockerfile": "FROM a:1\nCOPY app.py /\nCOPY . /\n", "services/api/app.py": "", "id_rsa": "x"}
    assert not found(own, "GD038", "services/api/Dockerfile")


def test_an_ignore_file_of_a_folder_above_may_be_the_one_that_counts(found: Find) -> None:
    files = {"api/Dockerfile": BROAD, "api/app.py": ""}
    assert found(files, "GD037", "api/Dockerfile")
    assert not found({**files, ".dockerignore": ".git"}, "GD037", "api/Dockerfile")


def test_a_copied_file_that_is_ignored_is_told(found: Find) -> None:
    text = "FROM a:1\nCOPY a.md b.py /srv/\n"
    (finding,) = found({"Dockerfile": text, ".dockerignore": "*.md", "a.md": "", "b.py": ""}, "GD107")
    assert finding.message == "a.md is ignored by .dockerignore"


def test_sources_that_leave_the_tree_are_harmless(found: Find) -> None:
    text = "FROM a:1\nCOPY ../../etc /x\nCOPY /../../root/.ssh /y\n"
    assert not found({"Dockerfile": text}, "GD038")


def test_an_ignore_file_that_cannot_be_read_is_an_error(make_tree: MakeTree) -> None:
    tree = make_tree({"Dockerfile": BROAD, "id_rsa": "x", ".dockerignore/x": ""})
    with pytest.raises(UnreadableError, match="dockerignore"):
        lint_file("Dockerfile", tree, DockerfileSettings(), DAY)


def test_an_ignore_file_that_is_too_large_is_an_error(make_tree: MakeTree) -> None:
    tree = make_tree({"Dockerfile": BROAD, "id_rsa": "x", ".dockerignore": b"#" * ((1 << 20) + 1)})
    with pytest.raises(LimitError, match="dockerignore"):
        lint_file("Dockerfile", tree, DockerfileSettings(), DAY)
