"""The example plugin, as a package that is installed: run with `pytest examples/plugins/codeowners`."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[1]
TREE = ("--skip=secrets", "--skip=dependencies")


@pytest.fixture
def gate(tmp_path, tmp_path_factory):
    """Return a function that runs the gate where the plugin is installed, in a folder of `files`."""
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text())["project"]
    about = tmp_path / "installed/gate_codeowners-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
    groups = project["entry-points"].items()
    lines = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in names.items()) for group, names in groups]
    (about / "entry_points.txt").write_text("\n".join(lines))

    def run(files, *words, stages=TREE, command=("run", ".", "--offline")):
        root = tmp_path / "project"
        root.mkdir(exist_ok=True)
        for path, text in files.items():
            (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        path = os.pathsep.join([str(PLUGIN), str(about.parent), os.environ.get("PYTHONPATH", "")])
        cache = str(tmp_path_factory.getbasetemp() / "cache")
        environment = {**os.environ, "PYTHONPATH": path, "XDG_CACHE_HOME": cache, "GATE_ALLOW": "plugins"}
        asked = [sys.executable, "-m", "gate", *command, *(stages if command[0] == "run" else ()), *words]
        return subprocess.run(asked, cwd=root, capture_output=True, text=True, timeout=60, env=environment)

    return run


def image(labels, files):
    """Return an archive, as `docker save` writes it, of an image with one layer."""
    layer = tar(files)
    diff_id = f"sha256:{hashlib.sha256(layer).hexdigest()}"
    about = {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": [diff_id]}}
    config = json.dumps({**about, "config": {"User": "1000", "Labels": labels}}).encode()
    name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = json.dumps([{"Config": name, "RepoTags": ["shop/api:1"], "Layers": ["layer.tar"]}]).encode()
    return tar({"manifest.json": manifest, name: config, "layer.tar": layer})


def tar(files):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def report_of(done, *, status):
    """Return the JSON report on standard output of a run that ends with `status`."""
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


JSON = ("--report", "json=-")
KEY = "own_" + "live_" + "7hq2mzk0x9v4c1b8n3d6f5gw"
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


@pytest.mark.parametrize("stage", ["dockerfile", "secrets", "dependencies", "image"])
def test_what_is_not_installed_is_wrong_configuration(gate, stage):
    done = gate({"gate.yaml": f"stages: {{{stage}: {{plugins: [elsewhere]}}}}\n", "Dockerfile": IMAGE})
    assert done.returncode == 2
    assert re.search("no installed package offers the .* elsewhere", done.stderr)


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


def test_the_rule_on_images_is_asked_if_the_settings_name_it(gate):
    settings = "images: [{ref: 'archive:image.tar'}]\n"
    named = settings + "stages: {image: {plugins: [codeowners]}}\n"
    has_it, lacks_it = (image(labels, {"a": b""}) for labels in ({"org.opencontainers.image.authors": "ada"}, {}))
    for archive, text, is_found in ((lacks_it, named, True), (lacks_it, settings, False), (has_it, named, False)):
        done = gate({"gate.yaml": text, "image.tar": archive}, *JSON, stages=("--stage=image",), command=("run", "--offline"))
        rules = {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
        assert ("OWNER2" in rules) is is_found, done.stdout + done.stderr


def test_its_kind_of_secret_is_found_in_trees_and_images_and_shown_nowhere(gate, tmp_path):
    settings = "images: [{ref: 'archive:image.tar'}]\nstages: {secrets: {plugins: [codeowners]}}\n"
    files = {"a.txt": f"see {KEY}\n", "image.tar": image({}, {"app/key.txt": f"{KEY}\n".encode()})}
    stages = ("--stage=secrets", "--stage=image")
    for again in (False, True):  # what is kept of the first run holds for the second
        done = gate({"gate.yaml": settings, **files}, *JSON, "--report", "html=page.html", stages=stages)
        found = {(one["stage"], one["location"]["path"]) for one in json.loads(done.stdout)["findings"] if one["secret"]}
        assert found == {("secrets", "a.txt"), ("image", "app/key.txt")}, (again, done.stdout + done.stderr)
        assert KEY not in done.stdout + done.stderr + (tmp_path / "project/page.html").read_text()
    done = gate({"gate.yaml": "images: [{ref: 'archive:image.tar'}]\n", **files}, *JSON, stages=stages)
    assert not [one for one in json.loads(done.stdout)["findings"] if one["secret"]]


def test_its_lockfile_format_is_read_and_a_line_that_is_none_is_an_error(gate, tmp_path):
    bucket = tmp_path / "advisories/PyPI"
    bucket.mkdir(parents=True)
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}]
    affected = [{"package": {"ecosystem": "PyPI", "name": "shop-tools"}, "ranges": ranges}]
    advisory = {"id": "GHSA-shop", "modified": "2025-01-01T00:00:00Z", "summary": "a hole", "affected": affected}
    with zipfile.ZipFile(bucket / "all.zip", "w") as archive:
        archive.writestr("GHSA-shop.json", json.dumps(advisory))
    settings = "stages: {dependencies: {plugins: [codeowners]}}\n"
    words = (*JSON, "--advisories", str(bucket.parent))
    dependencies = {"stages": ("--stage=dependencies",), "command": ("run", ".")}
    files = {"gate.yaml": settings, "third-party.txt": "# copies\nshop-tools 1.0\n"}
    (finding,) = report_of(gate(files, *words, **dependencies), status=0)["findings"]
    assert (finding["rule"], finding["location"]["line"]) == ("GHSA-shop", 2)
    broken = gate({**files, "third-party.txt": "shop-tools\n"}, *words, **dependencies)
    (error,) = report_of(broken, status=3)["stages"][0]["errors"]
    assert error["title"] == "cannot be parsed: a line is NAME VERSION (line 1)"


EVERY = """\
plugins: {codeowners: {}}
stages:
  dockerfile: {plugins: [codeowners]}
  secrets: {plugins: [codeowners]}
  image: {plugins: [codeowners]}
"""
IDS = {"CODEOWNERS-1", "OWNER1", "OWNER2", "SECRET-OWNERS-REGISTER"}


def test_its_rules_are_listed_and_explained_where_the_settings_name_them(gate):
    listed = {line.split()[0] for line in gate({"gate.yaml": EVERY}, command=("rules",)).stdout.splitlines()}
    assert listed > IDS
    for rule in IDS:
        assert "How to fix it" in gate({}, rule, command=("explain",)).stdout
    assert gate({}, "--stage=codeowners", command=("rules",)).stdout.startswith("CODEOWNERS-1 ")
    listed = {line.split()[0] for line in gate({"gate.yaml": ""}, command=("rules",)).stdout.splitlines()}
    assert listed.isdisjoint(IDS)
    assert gate({}, "OWNER2", command=("explain",)).returncode == 2


def test_a_report_with_the_texts_of_rules_has_those_of_the_plugin(gate):
    done = gate({"gate.yaml": EVERY, "Dockerfile": IMAGE}, "--report", "sarif=-")
    rules = [rule for run in json.loads(done.stdout)["runs"] for rule in run["tool"]["driver"]["rules"]]
    described = {rule["id"]: rule["fullDescription"]["text"] for rule in rules}
    assert described["OWNER1"] == "Who finds a fault in an image has to know whom to tell."
