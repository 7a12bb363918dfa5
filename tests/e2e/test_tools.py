"""Other programs as stages: real ones, whose findings count beside ours, once each, and whose gaps are gaps."""

import json
import string
import zlib
from collections.abc import Callable
from typing import Any

import pytest

APP = """\
import subprocess

password = "k3Jx9vQp-Z7Lw2xRt"  # pragma: allowlist secret
subprocess.call(input(), shell=True)
"""
WORKFLOW = """\
on: pull_request_target
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{run: "echo ${{ github.event.pull_request.title }}"}]
"""
FILES = {"app.py": APP.replace("  # pragma: allowlist secret", ""), ".github/workflows/ci.yml": WORKFLOW}
TOOLS = {
    "bandit": {"command": ["bandit", "-q", "-r", "-f", "json", "-o", "{output}", "{target}"], "format": "bandit"},
    "zizmor": {
        "command": ["zizmor", "--offline", "--format", "sarif", "."],
        "format": "sarif",
        "success": [0, 11, 12, 13, 14],
    },
}

KINGFISHER = [
    *("kingfisher", "scan", "{target}", "--git-history", "none", "--no-validate", "--no-update-check"),
    *("--rule", "kingfisher.github"),
]
"""Without `--redact`: values are in its report, and stay there. To compile all of its rules takes it five seconds."""


def github_token() -> str:
    """Return a made-up token whose last six characters are the checksum that kingfisher asks for: CRC-32 in base 62."""
    body = "Zq7LmX2cVb9KtR4sWn8YpD3fHj6Gu5"
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase
    rest, check = zlib.crc32(body.encode()), ""
    while rest:
        rest, digit = divmod(rest, 62)
        check = digits[digit] + check
    return f"ghp_{body}{check:0>6}"


@pytest.fixture
def judge(run: Callable[..., Any], make_repository: Callable[..., Any]) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Return a function that judges files with the programs: the exit status and the report."""

    def call(files: dict[str, str], **settings: Any) -> tuple[int, dict[str, Any]]:
        stages = {"dependencies": {"enabled": False}, "tools": settings}
        text = json.dumps({"stages": stages, "tools": TOOLS})
        repository = make_repository({**files, "gate.yaml": text}, name=f"project-{len(files)}-{len(settings)}")
        done = run("gate", "run", "--allow-tools", "--offline", "--report=json=-", cwd=repository.folder)
        return done.returncode, json.loads(done.stdout)

    return call


def test_real_programs_are_stages(judge: Callable[..., tuple[int, dict[str, Any]]], require: Any) -> None:
    require("bandit")
    status, report = judge(FILES)
    assert status == 1
    found = {(one["rule"], one["location"]["path"], one["location"]["line"]) for one in report["findings"]}
    assert {("bandit:B602", "app.py", 4), ("SECRET-KEYWORD", "app.py", 3)} <= found
    assert "bandit:B105" not in {rule for rule, _, _ in found}, "the password is told once"
    assert {path for rule, path, _ in found if rule.startswith("zizmor:")} == {".github/workflows/ci.yml"}
    (stage,) = (one for one in report["stages"] if one["name"] == "tools")
    assert stage["facts"]["found_by_other_stages"] == 1

    broken = {**FILES, "broken.py": "def broken(:\n"}
    status, report = judge(broken)
    assert status == 3
    errors = [error for one in report["stages"] for error in one["errors"]]
    assert [(error["path"], error["title"]) for error in errors] == [("broken.py", "bandit could not look at it")]
    assert judge(broken, ignore=["broken.py"])[0] == 1


@pytest.mark.parametrize("format", ["sarif", "kingfisher"])
def test_what_kingfisher_sees_is_told_without_its_value(
    run: Callable[..., Any], make_repository: Callable[..., Any], require: Any, format: str
) -> None:
    require("kingfisher")
    written = ["--format", {"kingfisher": "json"}.get(format, format), "--output", "{output}"]
    tool = {"command": [*KINGFISHER, *written], "format": format, "success": [0, 200]}
    settings = json.dumps({"tools": {"kingfisher": tool}, "stages": {"dependencies": {"enabled": False}}})
    token = github_token()
    repository = make_repository({"a.env": f"X=1\nGITHUB_TOKEN={token}\n", "gate.yaml": settings}, name=format)
    alone = ["gate", "run", "--allow-tools", "--offline", "--stage", "tools", "--report=json=-"]
    done = run(*alone, cwd=repository.folder)
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["location"]["path"], finding["location"]["line"]) == ("a.env", 2)
    assert (finding["secret"] is not None, done.returncode) == ((True, 1) if format == "kingfisher" else (False, 0))
    assert token[8:] not in done.stdout + done.stderr

    (repository.folder / "a.env").unlink()
    done = run(*alone, cwd=repository.folder)
    assert (json.loads(done.stdout)["findings"], done.returncode) == ([], 0)
