"""What users copy from the documentation is what the CI systems accept; so is the project's own workflow."""

import re
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]


def _examples(page: str) -> list[str]:
    """Return the YAML blocks of a page."""
    return re.findall(r"^```yaml\n(.*?)^```$", (PROJECT / "docs/how-to" / page).read_text(), re.MULTILINE | re.DOTALL)


REUSABLE = PROJECT / "examples/ci/github/reusable.yml"
OWN = [REUSABLE, *PROJECT.glob(".github/workflows/*.yml")]
WORKFLOWS = [*_examples("github.md"), *(path.read_text() for path in OWN)]
PIPELINES = _examples("gitlab.md")


def test_there_are_examples():
    assert len(WORKFLOWS) >= 3
    assert len(PIPELINES) >= 3


def _written(folder: Path, texts: list[str]) -> list[str]:
    """Write each text into a file of the folder, and return the names."""
    names = [f"{number}.yml" for number in range(len(texts))]
    for name, text in zip(names, texts, strict=True):
        (folder / name).write_text(text)
    return names


def test_actionlint_accepts_the_workflows(run, tmp_path):
    done = run("actionlint", "-shellcheck=", "-pyflakes=", *_written(tmp_path, WORKFLOWS), cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_zizmor_has_nothing_to_say(run):
    done = run("zizmor", "--offline", "--no-progress", *OWN, cwd=PROJECT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_gitlab_accepts_the_pipelines_and_that_of_the_security_policy(run, tmp_path):
    policy = PROJECT / "examples/gitlab-security-policy/gate.gitlab-ci.yml"
    names = _written(tmp_path, [*PIPELINES, policy.read_text()])
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    done = run("check-jsonschema", *schema, *names, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_page_names_every_input_of_the_action():
    action = yaml.safe_load((PROJECT / "actions/gate/action.yml").read_text())
    documented = re.findall(r"^\| `([a-z-]+)` \|", (PROJECT / "docs/how-to/github.md").read_text(), re.MULTILINE)
    assert documented == list(action["inputs"])


OTHER_SYSTEMS = {
    "azure-pipelines.yml": ("azure-pipelines", "--data-transform", "azure-pipelines"),
    "circleci.yml": ("circle-ci",),
    "bitbucket-pipelines.yml": ("bitbucket-pipelines",),
    "buildkite.yml": ("buildkite",),
    "woodpecker.yml": ("woodpecker-ci",),
    "drone.yml": ("drone-ci",),
}


@pytest.mark.parametrize("name", OTHER_SYSTEMS)
def test_other_systems_schemas_accept_an_example(run, name):
    schema, *options = OTHER_SYSTEMS[name]
    command = ("check-jsonschema", "--regex-variant", "python", "--builtin-schema", f"vendor.{schema}", *options)
    done = run(*command, name, cwd=PROJECT / "examples/ci")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_of_the_examples_names_each_and_what_was_run():
    page = (PROJECT / "examples/ci/README.md").read_text()
    files = [path.relative_to(PROJECT / "examples/ci").as_posix() for path in PROJECT.glob("examples/ci/**/*")]
    assert [file for file in files if "." in file and file != "README.md" and f"`{file}`" not in page] == []
