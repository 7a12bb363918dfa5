"""What a release rests on: one lock file without addresses, `.ci/release`, the workflow, layouts that others read."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gate import __version__

PROJECT = Path(__file__).parents[1]
LOCK = (PROJECT / "requirements.lock").read_text()
BUILD_PART = "# Only to build the wheel:"
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text())
RELEASE = PROJECT / ".ci/release"


def pinned(text: str) -> dict[str, str]:
    """Return the versions in a part of the lock file, by name."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("part", "wanted"),
    [(0, METADATA["project"]["dependencies"]), (1, METADATA["build-system"]["requires"])],
    ids=["to run", "to build"],
)
def test_the_lock_file_holds_what_is_declared(part: int, wanted: list[str]) -> None:
    """`container/lock` writes it again after a change of the dependencies."""
    versions = pinned(LOCK.split(BUILD_PART)[part])
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        assert name in versions, f"run container/lock: {name} is not locked"
        assert versions[name] in requirement.specifier


def test_no_package_is_locked_twice() -> None:
    names = re.findall(r"^([a-z0-9-]+)==", LOCK, re.MULTILINE)
    assert len(names) == len(set(names)) > 30
    assert LOCK.count(BUILD_PART) == 1


def test_every_package_has_hashes_and_no_address_is_written() -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", LOCK, flags=re.MULTILINE).strip())
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
    assert not re.search(r"https?:|index-url|find-links|@ ", LOCK)


def test_all_installations_use_the_lock_file_with_hashes() -> None:
    for path in ("actions/setup-gate/locked.sh", "container/Dockerfile", ".ci/release"):
        text = (PROJECT / path).read_text()
        assert "requirements.lock" in text, path
        assert BUILD_PART in text, path
        fetching = [line for line in re.sub(r"\\\n", " ", text).splitlines() if re.search(r"\binstall\b.*-r ", line)]
        assert fetching, path
        assert all("--require-hashes" in line for line in fetching if "uninstall" not in line), path
    for path in (PROJECT / "gitlab-templates").rglob("*.yml"):
        assert "locked.sh" in path.read_text() or "pip install" not in path.read_text(), path


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of what `.ci/release check` reads."""
    for name in (".ci/release", "gate/__init__.py", "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((PROJECT / name).read_text())
    return tmp_path


def release(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", folder / ".ci/release", *words], capture_output=True, text=True, timeout=60)


CHANGELOG = f"""\
# Changelog

## [Unreleased]

- to come

## [{__version__}] - 2026-11-30

- this

## [0.0.1] - 2020-01-01

- old
"""


def test_a_tag_of_the_version_with_its_changes_is_released_with_them_as_notes(copy: Path) -> None:
    (copy / "CHANGELOG.md").write_text(CHANGELOG)
    done = release(copy, "check", f"v{__version__}")
    assert done.returncode == 0, done.stderr
    assert release(copy, "notes", f"v{__version__}").stdout.strip() == "- this"


@pytest.mark.parametrize(
    ("tag", "changelog", "said"),
    [
        ("v99.0.0", CHANGELOG, "is not the version"),
        (__version__, CHANGELOG, "is no version"),
        (f"v{__version__}-rc1", CHANGELOG, "is no version"),
        (f"v{__version__}", CHANGELOG.replace(" - 2026-11-30", ""), "has no section"),
        (f"v{__version__}", CHANGELOG.replace("- this\n", ""), "is empty"),
    ],
)
def test_another_tag_or_missing_notes_stop_the_release(copy: Path, tag: str, changelog: str, said: str) -> None:
    (copy / "CHANGELOG.md").write_text(changelog)
    done = release(copy, "check", tag)
    assert done.returncode == 1
    assert said in done.stderr


@pytest.mark.parametrize("words", [(), ("check",), ("elsewhere", "v1.0.0")])
def test_a_step_that_does_not_exist_stops_the_release(copy: Path, words: tuple[str, ...]) -> None:
    assert release(copy, *words).returncode == 1


def test_the_tag_that_moves_is_the_major_version_s(copy: Path) -> None:
    assert release(copy, "major", "v12.4.2").stdout == "v12\n"


def test_the_changelog_is_kept_as_its_format_says() -> None:
    heads = re.findall(r"^## (.*)$", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert heads[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", head) for head in heads[1:])
    kinds = re.findall(r"^### (.*)$", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert set(kinds) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_nothing_is_published_before_it_was_built_and_compared() -> None:
    jobs = yaml.safe_load((PROJECT / ".github/workflows/release.yml").read_text())["jobs"]
    steps = [step.get("run", "") for step in jobs["build"]["steps"]]
    assert steps.index('.ci/release check "$GITHUB_REF_NAME"') < steps.index(".ci/release build dist")
    assert all("build" in jobs[name]["needs"] for name in jobs if name != "build")
    assert set(jobs["announce"]["needs"]) == set(jobs) - {"announce"}
    writing = {name for name, job in jobs.items() if job["permissions"].get("contents") == "write"}
    assert writing == {"announce"}


def test_the_hooks_name_the_oldest_framework_that_knows_their_stages() -> None:
    hooks = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text())
    assert {hook["minimum_pre_commit_version"] for hook in hooks} == {"3.2.0"}


def test_the_templates_are_laid_out_as_a_project_of_gitlab_s_catalogue() -> None:
    root = PROJECT / "gitlab-templates"
    readme = (root / "README.md").read_text()
    components = sorted((root / "templates").glob("*.yml"))
    assert components
    for component in components:
        assert f"| `{component.stem}` |" in readme
        inputs = yaml.safe_load(component.read_text().split("\n---\n")[0])["spec"]["inputs"]
        assert all(given.get("description") for given in inputs.values()), component
    job = yaml.safe_load((root / ".gitlab-ci.yml").read_text())["release"]
    assert job["release"]["tag_name"] == "$CI_COMMIT_TAG"
