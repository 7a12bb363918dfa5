"""Plugins and filters of a baseline's own files: run as detect-secrets runs them, and only when the user says so.

Goes through `gate/secrets/plugins/`.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.app.project import open_project
from gate.core.errors import ConfigError, UnreadableError
from gate.declarations.secrets import SecretsSettings
from gate.model import CommitRange, StageResult, StageStatus, Tree
from gate.pipeline.context import LocalContext
from gate.secrets.engine.detectors import Detectors
from gate.secrets.engine.prefilter import PythonSieve
from gate.secrets.engine.scan import Scanner
from gate.secrets.results.baseline import parse_baseline, source_reader
from gate.settings import Stages
from gate.settings.options import from_environment
from gate.stages import secrets

PLUGIN = """
import re
from detect_secrets.plugins.base import RegexBasedDetector

class OrchardDetector(RegexBasedDetector):
    secret_type = "Orchard token"
    denylist = [re.compile(r"orchard-[a-z]{8}")]
"""
CONTEXT_PLUGIN = """
from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.plugins.base import BasePlugin

class SeedDetector(BasePlugin):
    secret_type = "Seed phrase"

    def analyze_string(self, string):
        yield from ()

    def analyze_line(self, filename, line, line_number=0, context=None, **kwargs):
        if context and context.previous_line.startswith("seed:"):
            return {PotentialSecret(self.secret_type, filename, line.strip(), line_number)}
        return set()
"""
FILTERS = """
def of_file(filename):
    return filename.endswith("generated.txt")

def of_line(filename, line):
    return "checked by hand" in line

def of_secret(secret, plugin):
    return secret.endswith("zzzz") and plugin.secret_type == "Orchard token"

def of_context(context, secret):
    return "end of key" in context.target_line

def of_what_is_never_given(line, colour):
    raise AssertionError
"""
FILTER_NAMES = ("of_file", "of_line", "of_secret", "of_context", "of_what_is_never_given")
FILES = {
    "a.txt": "orchard-abcdefgh\norchard-abcdzzzz\nx orchard-ijklmnop checked by hand\norchard-qrstuvwx end of key\n",
    "generated.txt": "orchard-abcdefgh\n",
    "wallet.md": "seed:\nwitch collapse practice feed\n",
    "keys.py": f"aws = '{'AKIA' + 'Z7VRSQ5TJN2XMPLQ'}'\npassword = 'longs-password1' # checked by hand\n",
    "a.yaml": "deploy:\n  token: orchard-yamlyaml\n",
    "a.ini": "[s]\ntoken = orchard-iniiniin\n",
}
CODE = {"tools/mine.py": PLUGIN, "tools/seed.py": CONTEXT_PLUGIN, "tools/filters.py": FILTERS}
OPTIONS = (
    *("-p", "tools/mine.py", "-p", "tools/seed.py"),
    *(word for name in FILTER_NAMES for word in ("--filter", f"file://tools/filters.py::{name}")),
)

MakeTree = Callable[[dict[str, str]], Tree]
Scan = Callable[..., StageResult]


@pytest.fixture
def project(make_tree: MakeTree) -> Tree:
    """A tree with code of its own, and the baseline that detect-secrets writes of it, without its results."""
    tree = make_tree(FILES | CODE)
    command = [sys.executable, "-P", "-m", "detect_secrets", "scan", "-n", "--all-files", *OPTIONS, "."]
    made = msgspec.json.decode(subprocess.run(command, cwd=tree.root, check=True, capture_output=True).stdout)
    Path(tree.root, ".secrets.baseline").write_bytes(msgspec.json.encode(made | {"results": {}}))
    return tree


@pytest.fixture
def scan(make_context: Callable[..., LocalContext]) -> Scan:
    def run(target: Tree | CommitRange, **settings: Any) -> StageResult:
        return secrets.run(target, make_context(stages=Stages(secrets=SecretsSettings(**settings))))

    return run


def places(result: StageResult) -> set[tuple[str, str | None, int | None]]:
    return {
        (found.secret.type, place.path, place.line)
        for found in result.findings
        if found.secret
        for place in (found.location, *found.places)
    }


@pytest.mark.parametrize("sieve", [None, PythonSieve()], ids=["no pre-filter", "pre-filter"])
def test_the_same_is_found_as_by_detect_secrets(
    project: Tree, detect_secrets: Callable[..., Any], find_in_folder: Callable[..., Any], sieve: Any
) -> None:
    content = Path(project.root, ".secrets.baseline").read_bytes()
    read = source_reader(project.root, lambda path: Path(project.root, path).read_bytes())
    detectors = Detectors(parse_baseline(content, "b", read).configuration)
    Path(project.root, ".secrets.baseline").unlink()
    expected = detect_secrets(Path(project.root), *OPTIONS)
    assert {secret_type for _, secret_type, _, _ in expected} >= {"Orchard token", "Seed phrase", "AWS Access Key"}
    assert find_in_folder(Scanner(detectors, sieve), Path(project.root)) == expected


@pytest.mark.parametrize("mode", ["compat", "gate"])
def test_what_custom_plugins_find_is_a_finding(project: Tree, scan: Scan, mode: str) -> None:
    result = scan(project, mode=mode, trust_baseline_code=True)
    assert not result.errors
    assert places(result) >= {
        ("Orchard token", "a.txt", 1),
        ("Seed phrase", "wallet.md", 2),
        ("Orchard token", "a.yaml", 2),
    }
    assert not {place for place in places(result) if place[1] == "generated.txt" or place[1:] == ("keys.py", 2)}
    assert {found.rule for found in result.findings} >= {"SECRET-CUSTOM", "SECRET-AWS"}


def test_without_trust_nothing_is_run_and_the_error_says_how(project: Tree, scan: Scan) -> None:
    result = scan(project)
    (error,) = result.errors
    assert result.status is StageStatus.ERROR
    assert "--secrets-trust-baseline-code" in error.message


def test_the_code_of_a_push_is_that_of_its_newest_commit(project: Tree, scan: Scan) -> None:
    def git(*words: str) -> str:
        identity = {"GIT_CONFIG_GLOBAL": os.devnull, **{f"GIT_{who}_NAME": "A" for who in ("AUTHOR", "COMMITTER")}}
        identity |= {f"GIT_{who}_EMAIL": "a@orchard.dev" for who in ("AUTHOR", "COMMITTER")}
        command = ["git", "-C", project.root, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | identity).stdout

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "all")
    Path(project.root, "tools/mine.py").write_text("raise SystemExit")
    head = git("rev-parse", "HEAD").strip()
    result = scan(CommitRange(root=project.root, name="push", head=head), trust_baseline_code=True)
    assert not result.errors
    assert ("Orchard token", "a.txt", 1) in places(result)


@pytest.mark.parametrize(
    ("file", "code", "words"),
    [
        ("tools/mine.py", "raise ValueError('orchard')", "raises ValueError when it is loaded"),
        ("tools/mine.py", "raise SystemExit(0)", "raises SystemExit when it is loaded"),
        ("tools/mine.py", "def (", "raises SyntaxError when it is loaded"),
        ("tools/mine.py", "", "which detect-secrets does not have"),
        ("tools/mine.py", "#" * (1 << 20) + "#", "has more than 1,048,576 bytes"),
        ("tools/filters.py", "of_file = 1", "has no function"),
    ],
)
def test_code_that_cannot_be_loaded_is_an_error(project: Tree, scan: Scan, file: str, code: str, words: str) -> None:
    Path(project.root, file).write_text(code)
    (error,) = scan(project, trust_baseline_code=True).errors
    assert words in error.title


def test_a_file_that_is_not_there_is_an_error(project: Tree, scan: Scan) -> None:
    Path(project.root, "tools/mine.py").unlink()
    (error,) = scan(project, trust_baseline_code=True).errors
    assert error.path is not None
    assert error.path.endswith("tools/mine.py")


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("tools/filters.py", FILTERS.replace('return "checked by hand" in line', "raise KeyError(line)")),
        ("tools/seed.py", CONTEXT_PLUGIN.replace("if context and", "raise KeyError(line)\n        if context and")),
    ],
)
def test_an_exception_is_an_error_of_the_file_and_tells_no_line(
    project: Tree, scan: Scan, file: str, code: str
) -> None:
    Path(project.root, file).write_text(code)
    result = scan(project, trust_baseline_code=True)
    assert ("a.txt", True) in {(error.path, "raise KeyError" in error.title) for error in result.errors}
    assert b"orchard-abcdefgh" not in msgspec.json.encode(result)


def test_other_code_is_looked_at_again_although_the_tree_was_clean(project: Tree, scan: Scan) -> None:
    """What such code goes by is not known, so that nothing of it is kept."""
    mine = Path(project.root, "tools/mine.py")
    mine.write_text(PLUGIN.replace("orchard-", "meadow-"))
    assert ("Orchard token", "a.txt", 1) not in places(scan(project, trust_baseline_code=True))
    mine.write_text(PLUGIN)
    assert ("Orchard token", "a.txt", 1) in places(scan(project, trust_baseline_code=True))


def test_absolute_paths_outside_the_tree_are_read_and_relative_ones_are_not(project: Tree, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(PLUGIN)
    read = source_reader(project.root, lambda path: None)
    assert read(str(outside)).content == PLUGIN.encode()
    with pytest.raises(UnreadableError, match="is not there"):
        read("../outside.py")


@pytest.mark.parametrize(
    "files",
    [
        {"gate.yaml": "stages: {secrets: {trust_baseline_code: true}}\n"},
        {"pyproject.toml": "[tool.gate.stages.secrets]\ntrust_baseline_code = true\n"},
        {
            "gate.yaml": "policy: {extends: above.yaml}\n",
            "above.yaml": "settings: {stages: {secrets: {trust_baseline_code: true}}}\n",
        },
        {"gate.yaml": "policy: {extends: above.yaml}\n", "above.yaml": "settings: {allow_tools: true}\n"},
    ],
)
def test_no_file_can_give_the_trust(make_tree: MakeTree, files: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"trust_baseline_code|allow_tools"):
        open_project(make_tree(files).root, flags={})


def test_the_environment_gives_it(make_tree: MakeTree) -> None:
    layer = from_environment({"GATE_SECRETS_TRUST_BASELINE_CODE": "true"})
    assert open_project(make_tree({"a": ""}).root, flags=layer).settings.stages.secrets.trust_baseline_code
