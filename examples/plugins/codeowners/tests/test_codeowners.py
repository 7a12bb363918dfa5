"""The example plugin, as a package that is installed: run with `pytest examples/plugins/codeowners`."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[1]


@pytest.fixture
def gate(tmp_path):
    """Return a function that runs the gate where the plugin is installed, on a folder of `files`."""
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]
    about = tmp_path / "installed/gate_codeowners-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
    groups = project["entry-points"].items()
    lines = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in names.items()) for group, names in groups]
    (about / "entry_points.txt").write_text("\n".join(lines))

    def run(files, *words):
        root = tmp_path / "project"
        root.mkdir(exist_ok=True)
        for path, text in files.items():
            (root / path).write_text(text)
        path = os.pathsep.join([str(PLUGIN), str(about.parent), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "XDG_CACHE_HOME": str(tmp_path / "cache")}
        command = [sys.executable, "-m", "gate", "run", str(root), "--offline", "--stage", "dockerfile", *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)

    return run


SETTINGS = {"gate.yaml": "plugins: {codeowners: {}}\n"}


def test_the_stage_runs_if_the_settings_name_it(gate):
    assert "Nobody owns this code" in gate(SETTINGS, "--verbose").stdout


def test_the_stage_does_not_run_otherwise(gate):
    assert "codeowners" not in gate({}, "--verbose").stdout


def test_owners_are_enough(gate):
    assert "Nobody owns" not in gate({**SETTINGS, "CODEOWNERS": "* @ada\n"}, "--verbose").stdout


def test_its_settings_reach_it(gate):
    settings = {"gate.yaml": "plugins: {codeowners: {paths: [OWNERS]}}\n", "OWNERS": "ada\n"}
    assert "Nobody owns" not in gate(settings, "--verbose").stdout


def test_the_policy_decides_on_its_findings(gate):
    policy = "policy: {rules: [{id: owned, why: w, when: {rule: CODEOWNERS-1}, effect: block}]}\n"
    done = gate({"gate.yaml": SETTINGS["gate.yaml"] + policy})
    assert done.returncode == 1, done.stdout + done.stderr


def test_the_report_is_a_format(gate):
    assert gate(SETTINGS, "--report", "one-line=-").stdout.startswith("PASS: nothing blocks (1 reported). (1 finding)")
