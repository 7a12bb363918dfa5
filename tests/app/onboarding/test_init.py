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
from gate.app.onboarding.source import GateSource, fetched_from, installed_source, named_in, parse_source
from gate.cli import main
from gate.core.errors import UsageError
from gate.settings.sources import find_file

ADDRESS = "https://git.example.com/team/security-gate"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SOURCE = GateSource(host="git.example.com", path="team/security-gate", revision=COMMIT)


@pytest.fixture
def repository(make_repository, monkeypatch):  # type: ignore[no-untyped-def]
    repository = make_repository()
    monkeypatch.chdir(repository.root)
    return repository


def files_for(repository, files: dict[str, str]) -> dict[str, str]:  # type: ignore[no-untyped-def]
    repository.commit(files)
    return proposed(look(str(repository.root)), SOURCE)


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
    (said,) = left_to_do(look(str(repository.root)), SOURCE)
    assert "gate.gitlab-ci.yml" in said
    files_for(repository, {PIPELINE: f"test: {{script: x}}\n{said.partition(chr(10) * 2)[2]}"})
    assert not list(left_to_do(look(str(repository.root)), SOURCE))


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


def test_workflows_are_pipelines_and_no_lockfiles_to_people(repository) -> None:  # type: ignore[no-untyped-def]
    uses = "jobs: {a: {steps: [{uses: 'actions/checkout@v4'}]}}\n"
    settings = files_for(repository, {".github/workflows/ci.yml": uses, "Jenkinsfile": "node {}\n"})[SETTINGS]
    (line,) = (line for line in settings.splitlines() if "ci.yml" in line)
    assert line == "  ci: {enabled: true} # .github/workflows/ci.yml, Jenkinsfile"


def test_manifests_charts_and_what_starts_by_itself_are_named(repository) -> None:  # type: ignore[no-untyped-def]
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
    found = {
        "k8s/api.yaml": pod,
        "k8s/values.yaml": "kind: of values\n",
        "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\n",
        "charts/shop/templates/pod.yaml": f"{pod}{{{{ .Values.more }}}}\n",
        "charts/shop/templates/more.yaml": pod,
        "Chart.yaml": "apiVersion: v2\nname: whole\n",
        "charts/none/Chart.yaml": "apiVersion: v2\nname: none\n",
        ".vscode/tasks.json": "{}",
        "AGENTS.md": "",
        "src/main.c": "",
    }
    lines = files_for(repository, found)[SETTINGS].splitlines()
    assert "  kubernetes: {enabled: true} # charts/shop/Chart.yaml, k8s/api.yaml" in lines
    assert "  workspace: {enabled: true} # .vscode/tasks.json, AGENTS.md" in lines


def test_the_settings_say_which_stages_have_nothing_yet(repository) -> None:  # type: ignore[no-untyped-def]
    lines = files_for(repository, {"README": ""})[SETTINGS].splitlines()
    assert "  kubernetes: {enabled: true} # no manifest yet" in lines
    assert "  workspace: {enabled: true} # nothing yet that starts by itself" in lines


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
    workflow = yaml.safe_load(proposed(look("."), SOURCE)[WORKFLOW])
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
    assert steps[1].strip().startswith(f"git add {SETTINGS} .gate, "), "the baseline will lie there"


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
    assert main(["init", "--yes", "--source", f"{ADDRESS}@v1.2"]) == 0
    assert f"uses: {SOURCE.path}/actions/gate@v1.2\n" in Path(WORKFLOW).read_text()
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
    assert main(["init", "--yes", "--no-hook", "--source", f"{ADDRESS}@{COMMIT}"]) == 3
    assert "leads out of the repository" in capsys.readouterr().err
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("hosted", [{".github/dependabot.yml": ""}, {PIPELINE: "test: {script: x}\n"}], ids=str)
def test_without_an_address_of_the_gate_no_ci_file_is_proposed_and_the_reason_is_said(  # type: ignore[no-untyped-def]
    repository, hosted, monkeypatch, capsys
) -> None:
    monkeypatch.setattr("gate.app.onboarding.source.installed_source", lambda: None)
    repository.commit(hosted)
    assert main(["init", "--yes", "--no-hook"]) == 0
    said = capsys.readouterr().out
    assert "the address of the gate's repository is not known here" in said
    assert "gate init --source" in said
    assert not Path(WORKFLOW).exists()


def test_the_pipeline_names_what_pip_installs(repository) -> None:  # type: ignore[no-untyped-def]
    repository.git("remote", "add", "origin", "git@gitlab.example.com:shop.git")
    pipeline = yaml.safe_load(files_for(repository, {"README": ""})[PIPELINE])
    assert pipeline["include"] == [
        {"project": SOURCE.path, "file": "gitlab-templates/gate.gitlab-ci.yml", "ref": COMMIT}
    ]
    assert pipeline["variables"] == {"GATE_CI_PACKAGE": f"git+{ADDRESS}@{COMMIT}"}


@pytest.mark.parametrize(
    "address",
    [ADDRESS, f"{ADDRESS}.git", f"{ADDRESS}/", f"git+{ADDRESS}", "git@git.example.com:team/security-gate.git"],
)
def test_addresses_that_git_takes_name_the_source(address: str) -> None:
    assert parse_source(f"{address}@{COMMIT}") == SOURCE
    record = {"url": address, "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
    assert fetched_from(json.dumps(record)) == SOURCE


@pytest.mark.parametrize(
    "text",
    [ADDRESS, f"{ADDRESS}@", f"{ADDRESS}@a b", f"{ADDRESS}@v1\nrun: x", "https://git.example.com/@v1", "team/gate@v1"],
)
def test_what_is_no_repository_at_a_revision_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="at a commit or tag"):
        parse_source(text)


def test_the_package_s_metadata_names_the_repository_at_the_version_s_tag() -> None:
    source = named_in([f"Documentation, {ADDRESS}/docs", f"Repository, {ADDRESS}"])
    assert source is not None
    assert (source.path, source.revision[0]) == (SOURCE.path, "v")
    assert named_in([]) is None


@pytest.mark.parametrize("record", [None, "", "[]", '{"url": "file:///srv/gate", "dir_info": {}}', '{"url": 1}'])
def test_an_installation_from_elsewhere_names_no_repository(record: str | None) -> None:
    assert fetched_from(record) is None


def test_this_installation_names_none_or_one_that_can_be_fetched() -> None:
    source = installed_source()
    assert source is None or parse_source(source.package) == source
