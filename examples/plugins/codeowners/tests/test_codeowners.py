"""The example plugin, as a package that is installed: run with `pytest examples/plugins/codeowners`."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[1]
TREE = ("--skip=secrets", "--skip=dependencies")


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

    def run(files, *words, stages=TREE):
        root = tmp_path / "project"
        root.mkdir(exist_ok=True)
        for path, text in files.items():
            (root / path).write_text(text)
        path = os.pathsep.join([str(PLUGIN), str(about.parent), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, "XDG_CACHE_HOME": str(tmp_path / "cache")}
        command = [sys.executable, "-m", "gate", "run", str(root), "--offline", *stages, *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)

    return run


RULES = {"gate.yaml": "stages: {dockerfile: {plugins: [codeowners]}}\n"}
IMAGE = "FROM registry.example/base:1\nUSER 1000\n"
NOBODY = "Nobody maintains this image"
LABEL = "LABEL org.opencontainers.image.authors=team@example.com\n"
SETTINGS = {"gate.yaml": "plugins: {codeowners: {}}\n"}


def test_the_stage_runs_if_the_settings_name_it(gate):
    assert "Nobody owns this code" in gate(SETTINGS, "--verbose").stdout


def test_nothing_of_it_is_used_otherwise(gate):
    done = gate({"Dockerfile": IMAGE}, "--verbose")
    assert "codeowners" not in done.stdout
    assert NOBODY not in done.stdout


def test_stages_are_chosen_among_its_own_too(gate):
    assert "codeowners" not in gate(SETTINGS, "--verbose", stages=("--stage=dockerfile",)).stdout
    assert "codeowners" not in gate(SETTINGS, "--verbose", stages=("--skip=codeowners",)).stdout
    alone = gate(SETTINGS, "--verbose", stages=("--stage=codeowners",)).stdout
    assert "Nobody owns this code" in alone
    assert "dockerfile" not in alone


def test_a_stage_that_the_settings_do_not_name_cannot_be_chosen(gate):
    done = gate({}, stages=("--stage=codeowners",))
    assert done.returncode == 2
    assert "no such stage: codeowners" in done.stderr


def test_the_rule_is_asked_if_the_settings_name_it(gate):
    done = gate({**RULES, "Dockerfile": IMAGE}, "--verbose")
    assert NOBODY in done.stdout, done.stdout + done.stderr
    assert NOBODY not in gate({**RULES, "Dockerfile": IMAGE + LABEL}, "--verbose").stdout


def test_the_rule_has_the_severity_of_the_settings_and_a_pragma_silences_it(gate):
    off = {"gate.yaml": RULES["gate.yaml"].replace("}}", ", rules: {OWNER1: off}}}")}
    silenced = f"# hadolint ignore=OWNER1\n{IMAGE}"
    for settings, text in ((off, IMAGE), (RULES, silenced)):
        done = gate({**settings, "Dockerfile": text}, "--verbose")
        assert done.returncode == 0, done.stdout + done.stderr
        assert NOBODY not in done.stdout


def test_a_rule_that_is_not_installed_is_wrong_configuration(gate):
    done = gate({"gate.yaml": RULES["gate.yaml"].replace("codeowners", "elsewhere"), "Dockerfile": IMAGE})
    assert done.returncode == 2
    assert "no installed package offers the rules elsewhere" in done.stderr


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
