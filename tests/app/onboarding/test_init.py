"""`gate init`: what it proposes for which repository, that it asks, and that twice is once.

What it proposes includes the schema of `gate/settings/schema.py`.
"""

import json
import os
from pathlib import Path

import pytest
import yaml

from gate.app.onboarding.files import PIPELINE, SETTINGS, WORKFLOW, left_to_do, proposed
from gate.app.onboarding.look import SCHEMA, look
from gate.cli import main
from gate.settings.sources import find_file


@pytest.fixture
def repository(make_repository, monkeypatch):  # type: ignore[no-untyped-def]
    repository = make_repository()
    monkeypatch.chdir(repository.root)
    return repository


def files_for(repository, files: dict[str, str]) -> dict[str, str]:  # type: ignore[no-untyped-def]
    repository.commit(files)
    return proposed(look(str(repository.root)))


@pytest.mark.parametrize(
    ("files", "paths"),
    [
        ({"README": ""}, [SETTINGS, SCHEMA]),
        ({"gate.yaml": "offline: true\n"}, []),
        ({"pyproject.toml": "[tool.gate]\noffline = true\n"}, []),
        ({".github/dependabot.yml": ""}, [SETTINGS, SCHEMA, WORKFLOW]),
        ({".github/workflows/gate.yml": ""}, [SETTINGS, SCHEMA]),
        ({".github/workflows/ci.yml": "- uses: acme/security-gate/actions/gate@v1"}, [SETTINGS, SCHEMA]),
        ({PIPELINE: "test: {script: x}\n"}, [SETTINGS, SCHEMA]),
    ],
)
def test_what_is_missing_is_proposed(repository, files: dict[str, str], paths: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert list(files_for(repository, files)) == paths


@pytest.mark.parametrize(("address", "path"), [("github", WORKFLOW), ("gitlab", PIPELINE)])
def test_a_remote_says_where_it_is_hosted(repository, address: str, path: str) -> None:  # type: ignore[no-untyped-def]
    repository.git("remote", "add", "origin", f"git@{address}.example.com:shop.git")
    assert path in files_for(repository, {"README": ""})


def test_a_pipeline_of_ones_own_is_left_alone_and_what_to_add_is_said(repository) -> None:  # type: ignore[no-untyped-def]
    files_for(repository, {PIPELINE: "test: {script: x}\n"})
    (said,) = left_to_do(look(str(repository.root)))
    assert "gate.gitlab-ci.yml" in said
    files_for(repository, {PIPELINE: f"test: {{script: x}}\n{said.partition(chr(10) * 2)[2]}"})
    assert not list(left_to_do(look(str(repository.root))))


def test_the_settings_name_what_was_found(repository) -> None:  # type: ignore[no-untyped-def]
    found = {"api/Dockerfile": "FROM scratch\n", "package-lock.json": "{}", "compose.yaml": "services: {}\n"}
    settings = files_for(repository, found)[SETTINGS]
    assert "# api/Dockerfile" in settings
    assert "# package-lock.json" in settings
    assert yaml.safe_load(settings).keys() == {"stages"}
    schema = json.loads(files_for(repository, {})[SCHEMA])
    assert f"$schema={SCHEMA}" in settings.splitlines()[0]
    assert "stages" in schema["$defs"]["Settings"]["properties"]


def test_the_image_of_a_database_that_compose_starts_is_offered_and_not_required(repository) -> None:  # type: ignore[no-untyped-def]
    """Every run would have to fetch it, and one without a network would never pass."""
    compose = "services: {db: {image: 'postgres:16'}, api: {build: ., image: 'shop/api'}}\n"
    settings = files_for(repository, {"compose.yaml": compose, "Dockerfile": "FROM scratch\n"})[SETTINGS]
    assert "images_from" not in yaml.safe_load(settings)
    (offer,) = (line for line in settings.splitlines() if "images_from" in line)
    assert yaml.safe_load(offer.removeprefix("# ")) == {"images_from": ["compose"]}
    assert "postgres:16" in offer
    assert "shop/api" not in offer


def test_the_lockfiles_that_people_know_stand_first(repository) -> None:  # type: ignore[no-untyped-def]
    places = ("a/conan.lock", "b.csproj", "mix.lock", "web/package-lock.json", "go.mod")
    settings = files_for(repository, dict.fromkeys(places, ""))[SETTINGS]
    (line,) = (line for line in settings.splitlines() if "dependencies:" in line)
    assert line.partition("# ")[2].split(", ")[:2] == ["go.mod", "web/package-lock.json"]


@pytest.mark.parametrize(
    ("named", "local", "pushed"),
    [
        ("trunk", "master", "trunk"),
        (None, "master", "master"),
        (None, "feature", "feature"),
        ("9", "main", "9"),
        ("a*b/c", "main", r"a\*b/c"),
    ],
)
def test_the_workflow_runs_on_the_branch_that_is_the_default(  # type: ignore[no-untyped-def]
    repository, named: str | None, local: str, pushed: str
) -> None:
    repository.git("checkout", "-q", "--orphan", local)
    repository.commit({".github/dependabot.yml": ""})
    if local != "main":
        repository.git("update-ref", "-d", "refs/heads/main")
    if named is not None:
        place = Path(".git/refs/remotes/origin/HEAD")
        place.parent.mkdir(parents=True)
        place.write_text(f"ref: refs/remotes/origin/{named}\n")
    workflow = yaml.safe_load(proposed(look("."))[WORKFLOW])
    assert workflow[True]["push"] == {"branches": [pushed]}  # YAML 1.1 reads the key `on` as true


def test_it_says_what_to_do_next(repository, capsys) -> None:  # type: ignore[no-untyped-def]
    repository.commit({"Dockerfile": "FROM debian:latest\nRUN chmod 777 /srv\n"})
    assert main(["init", "--yes"]) == 0
    steps = capsys.readouterr().out.partition("\nNext:\n")[2].splitlines()
    assert [step.split()[:2] for step in steps] == [["gate", "run"], ["gate", "baseline"], ["git", "add"]]
    Path(SETTINGS).unlink()
    main(["run", "--stage", "dockerfile", "--offline"])
    main(["init", "--yes"])
    steps = capsys.readouterr().out.partition("\nNext:\n")[2].splitlines()
    assert steps[0].strip().startswith("gate baseline")
    assert "(1 block now)" in steps[0]
    assert steps[1].strip().startswith(f"git add {SETTINGS}")


def test_a_run_without_findings_is_not_followed_by_a_baseline(repository, capsys) -> None:  # type: ignore[no-untyped-def]
    repository.commit({"README": "x\n"})
    main(["run", "--stage", "secrets", "--offline"])
    main(["init", "--yes"])
    assert "gate baseline" not in capsys.readouterr().out


def test_a_name_that_ends_a_comment_changes_no_setting(repository) -> None:  # type: ignore[no-untyped-def]
    settings = files_for(repository, {"x\noffline: true/Dockerfile": "FROM scratch\n"})[SETTINGS]
    assert "offline" not in yaml.safe_load(settings)


def test_it_writes_after_consent_and_twice_is_once(repository, capsys) -> None:  # type: ignore[no-untyped-def]
    repository.commit({".github/dependabot.yml": ""})
    assert main(["init", "--check"]) == 1
    assert not Path(SETTINGS).exists()
    assert main(["init", "--yes"]) == 0
    assert {path: Path(path).is_file() for path in (SETTINGS, WORKFLOW, ".git/hooks/pre-push")} == {
        SETTINGS: True,
        WORKFLOW: True,
        ".git/hooks/pre-push": True,
    }
    written = Path(SETTINGS).read_bytes()
    capsys.readouterr()
    assert main(["init", "--check"]) == 0
    assert main(["init", "--yes"]) == 0
    assert capsys.readouterr().out == "Nothing is missing.\n" * 2
    assert Path(SETTINGS).read_bytes() == written
    assert find_file(".") is not None


def test_without_a_terminal_nothing_is_written(repository, capsys) -> None:  # type: ignore[no-untyped-def]
    assert main(["init"]) == 2
    output = capsys.readouterr()
    assert "+++ gate.yaml" in output.out
    assert "--yes" in output.err
    assert os.listdir() == [".git"]


def test_the_hook_can_be_left_out(repository) -> None:  # type: ignore[no-untyped-def]
    assert main(["init", "--yes", "--no-hook"]) == 0
    assert not Path(".git/hooks/pre-push").exists()


def test_no_file_is_written_through_a_link_that_leads_out(repository, tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "elsewhere").mkdir()
    repository.git("remote", "add", "origin", "git@github.example.com:shop.git")
    Path(".github").symlink_to(tmp_path / "elsewhere")
    assert main(["init", "--yes", "--no-hook"]) == 3
    assert "leads out of the repository" in capsys.readouterr().err
    assert not list((tmp_path / "elsewhere").iterdir())
