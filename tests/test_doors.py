"""What a CI job or hook ends with if the gate, its Python or its packages never came: 3, and never the policy's 1.

The shell parts are taken out of `gitlab-templates/`, `actions/`, `examples/ci/` and the git hook, and run with programs
that fail in the place of Python, pip and the gate.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from gate.app.hooks.install import HookFile, install
from tests.e2e.test_ci_snippets import SNIPPETS

PROJECT = Path(__file__).parents[1]
TEMPLATES = PROJECT / "gitlab-templates"
ACTIONS = PROJECT / "actions"
NO_VERDICT = 3
LOCAL_PROGRAM = "/tmp/gate-program"  # where the template installs the gate

FAILS = "#!/bin/sh\nexit 1\n"
IS_MISSING = "#!/bin/sh\nexit 127\n"
IS_ANOTHER_PROGRAM = "#!/bin/sh\necho another 1.0\n"
PIP_FAILS = """\
#!/bin/sh
for folder; do :; done
case "$*" in
    *venv*)
        mkdir -p "$folder/bin"
        printf '#!/bin/sh\\nexit 1\\n' >"$folder/bin/python"
        chmod +x "$folder/bin/python" ;;
esac
"""
WORKS = '#!/bin/sh\n[ "$1" != --version ] || echo gate 1.0\n'

FAULTS: dict[str, dict[str, str]] = {
    "no Python": {"python3": IS_MISSING},
    "no virtual environment": {"python3": FAILS},
    "pip cannot install": {"python3": PIP_FAILS, "pip": FAILS},
    "a gate that does not start": {"gate": FAILS},
    "another program of that name": {"gate": IS_ANOTHER_PROGRAM},
}
"""By what is wrong, the programs that are first on the PATH."""
PUBLISHED_BY_NONE = re.compile(
    r"pip install (?!.*git\+)[^\n`]*\bsecurity-gate"  # a stranger could take the name
    r"|\bsecurity-gate(\[[\w,]+\])?=="
    r"|dependencies = .*\"security-gate\""
    r"|\b(example|security)/(security-gate|gate-components|workflows)\b"  # who knows whose these are
    r"|\bsecurity-gate/actions/[\w-]+@v\d"  # no tag exists
)
"""What names a package or a repository of the gate that does not exist."""
WRITTEN_FOR_USERS = (
    "README.md",
    "docs",
    "actions",
    "gitlab-templates",
    "examples/ci",
    "examples/gitlab-security-policy",
)
OF_A_RUNNER = "set -eo pipefail\nset +o noclobber\n: | eval {}\nexit 0\n"
"""How GitLab's runner starts a job's script unless FF_USE_NEW_BASH_EVAL_STRATEGY is set (its `shells/bash.go`).

In a pipeline bash makes 1 of the status by which `set -e` ends an `eval` (gitlab-runner's issue 27668).
"""
SHELLS = {"runner": ("bash", "-c"), "bash": ("bash", "-e", "-o", "pipefail", "-c"), "sh": ("sh", "-e", "-c")}


def run_with(programs: Mapping[str, str], folder: Path, command: list[str], **environment: str) -> tuple[int, str]:
    """Run a command in `folder/job` with these programs first on the PATH; return its status and all it printed."""
    first = folder / "programs"
    first.mkdir(exist_ok=True)
    for name, text in programs.items():
        (first / name).write_text(text)
        (first / name).chmod(0o755)
    job = folder / "job"
    job.mkdir(exist_ok=True)
    done = subprocess.run(
        command,
        cwd=job,
        env={"PATH": f"{first}:/usr/bin:/bin", "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def jobs_of_gitlab() -> dict[str, str]:
    """Return the whole script of each job of the templates, by file and job."""
    scripts = {}
    for path in sorted(TEMPLATES.rglob("[!.]*.yml")):
        text = path.read_text().split("\n---\n")[-1]
        program = text if ".gate-program:" in text else (TEMPLATES / "gate.gitlab-ci.yml").read_text()
        before = yaml.safe_load(program)[".gate-program"]["before_script"]
        for name, job in yaml.safe_load(text).items():
            if isinstance(job, dict) and "script" in job:
                lines = [*before, *job["script"]]
                scripts[f"{path.relative_to(TEMPLATES)} {name}"] = "\n".join(lines).replace("$[[ inputs.parts ]]", "3")
    return scripts


JOBS_OF_GITLAB = jobs_of_gitlab()
VARIABLES_OF_GITLAB = {"GATE_CI_PACKAGE": "security-gate", "CI_PIPELINE_ID": "1", "CI_NODE_INDEX": "1"}


def run_gitlab(name: str, shell: str, programs: Mapping[str, str], folder: Path, **variables: str) -> tuple[int, str]:
    script = JOBS_OF_GITLAB[name].replace(LOCAL_PROGRAM, str(folder / "program"))
    if shell == "runner":
        script = OF_A_RUNNER.format("$'" + script.replace("\\", "\\\\").replace("'", "\\'") + "'")
    return run_with(programs, folder, [*SHELLS[shell], script], **VARIABLES_OF_GITLAB, **variables)


def test_the_jobs_of_all_templates_are_here() -> None:
    assert {name.split()[0] for name in JOBS_OF_GITLAB} == {
        path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("[!.]*.yml")
    }


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", JOBS_OF_GITLAB)
def test_a_job_of_gitlab_without_a_gate_has_no_verdict(name: str, fault: str, shell: str, tmp_path: Path) -> None:
    status, printed = run_gitlab(name, shell, FAULTS[fault], tmp_path)
    assert status == NO_VERDICT, printed
    assert "There is no verdict" in printed


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("status", [0, 1, 2, 3])
@pytest.mark.parametrize("name", JOBS_OF_GITLAB)
def test_the_word_of_the_gate_is_the_status_of_gitlab_s_job(name: str, status: int, shell: str, tmp_path: Path) -> None:
    leaves_a_part = "mkdir -p gate-reports/parts && : >gate-reports/parts/1-1.json"
    gate = f'#!/bin/sh\n[ "$1" != --version ] || {{ echo gate 1.0; {leaves_a_part}; exit 0; }}\nexit {status}\n'
    assert run_gitlab(name, shell, {"gate": gate}, tmp_path)[0] == status


def test_a_job_of_gitlab_says_what_to_name_if_nothing_is_named(tmp_path: Path) -> None:
    status, printed = run_with(
        {"python3": FAILS}, tmp_path, [*SHELLS["bash"], JOBS_OF_GITLAB["gate.gitlab-ci.yml .gate"]]
    )
    assert status == NO_VERDICT
    assert "GATE_CI_PACKAGE" in printed


@pytest.mark.parametrize("name", [name for name in JOBS_OF_GITLAB if "parallel" in name and name.endswith(" gate")])
def test_a_merge_of_no_parts_has_no_verdict(name: str, tmp_path: Path) -> None:
    status, printed = run_gitlab(name, "bash", {"gate": WORKS}, tmp_path)
    assert status == NO_VERDICT, printed
    assert "no part left a report" in printed


@pytest.mark.parametrize(
    ("own", "seen"), [({}, ". json="), ({"GATE_CI_TARGETS": "a b", "GATE_REPORT": "x=y"}, "a b x=y")]
)
def test_a_variable_of_the_pipeline_replaces_the_template_s_default(
    own: dict[str, str], seen: str, tmp_path: Path
) -> None:
    template = yaml.safe_load((TEMPLATES / "gate.gitlab-ci.yml").read_text())
    of_the_job = {**template[".gate-program"]["variables"], **template[".gate"]["variables"]}
    assert not {"GATE_CI_IMAGE", "GATE_CI_PACKAGE", "GATE_CI_COMMENT", "GATE_CI_TARGETS", "GATE_REPORT"} & set(
        of_the_job
    )
    variables = {name: value for name, value in of_the_job.items() if name.startswith("GATE_")}
    gate = WORKS + 'shift 2; echo "seen $* $GATE_REPORT"\n'
    _, printed = run_gitlab("gate.gitlab-ci.yml .gate", "bash", {"gate": gate}, tmp_path, **own, **variables)
    assert f"seen {seen}" in printed


def run_action(script: str, folder: Path, programs: Mapping[str, str], **inputs: str) -> tuple[int, str, str]:
    """Run a script of the action; return its status, what it printed, and the step's outputs."""
    environment = {
        **dict.fromkeys(re.findall(r"INPUT_[A-Z_]+", (ACTIONS / script).read_text()), ""),
        "GITHUB_ACTION_PATH": str(ACTIONS / "gate"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "RUNNER_TEMP": str(folder),
        **inputs,
    }
    status, printed = run_with(programs, folder, ["bash", str(ACTIONS / script)], **environment)
    output = folder / "output"
    return status, printed, output.read_text() if output.exists() else ""


@pytest.mark.parametrize("fault", FAULTS)
def test_the_action_without_a_gate_has_no_verdict(fault: str, tmp_path: Path) -> None:
    install = "false" if "gate" in FAULTS[fault] else "true"
    status, printed, output = run_action("setup-gate/install.sh", tmp_path, FAULTS[fault], INPUT_INSTALL=install)
    assert (status, output) == (NO_VERDICT, ""), printed
    assert "::error::" in printed


@pytest.mark.parametrize("status", [0, 1])
@pytest.mark.parametrize("tolerant", ["true", "false"])
def test_the_action_takes_no_status_without_a_report(status: int, tolerant: str, tmp_path: Path) -> None:
    gate = {"gate": f"#!/bin/sh\nexit {status}\n"}
    ended, printed, output = run_action("gate/judge.sh", tmp_path, gate, INPUT_FAIL_ON_FINDINGS=tolerant)
    assert ended == NO_VERDICT, printed
    assert "verdict=error\nexit-status=3\n" in output


def test_what_is_kept_is_named_by_its_content_and_advisories_apart_from_answers(tmp_path: Path) -> None:
    def keys() -> dict[str, str]:
        (tmp_path / "output").unlink(missing_ok=True)
        done = run_action("keep-gate/keep.sh", tmp_path, {}, INPUT_FOLDER=str(tmp_path), INPUT_SUFFIX="Linux-1")
        assert done[0] == 0, done
        return dict(line.split("=") for line in done[2].splitlines())

    assert keys() == {"advisories": "", "answers": ""}
    folder = tmp_path / "gate"
    (folder / "advisories").mkdir(parents=True)
    (folder / "advisories/npm.sqlite").write_text("a")
    (folder / "answers-1.sqlite").write_text("b")
    first = keys()
    assert first["advisories"].startswith("gate-advisories-Linux-1-20")
    assert first["answers"].startswith("gate-answers-Linux-1-20")
    (folder / "advisories/npm.lock").write_text("of a running gate")
    assert keys() == first
    (folder / "answers-1.sqlite").write_text("c")
    assert keys()["advisories"] == first["advisories"]
    assert keys()["answers"] != first["answers"]


def test_the_action_s_outputs_are_an_error_if_nothing_was_judged() -> None:
    outputs = yaml.safe_load((ACTIONS / "gate/action.yml").read_text())["outputs"]
    assert outputs["verdict"]["value"].endswith("|| 'error' }}")
    assert outputs["exit-status"]["value"].endswith("|| '3' }}")


INSTALLING = [name for name, (steps, _) in SNIPPETS.items() if "pip install" in "\n".join(steps())]
"""Examples that install the gate themselves."""


def run_example(name: str, folder: Path, programs: Mapping[str, str]) -> tuple[int, str]:
    script = "\n".join(SNIPPETS[name][0]())
    shell = ["bash", "-c"] if name == "azure-pipelines.yml" else list(SHELLS["sh"])  # Azure's script goes on
    environment = {
        "AGENT_TEMPDIRECTORY": str(folder),
        "GATE_PACKAGE": "security-gate",
        "VERDICT": str(folder / "verdict"),
    }
    return run_with(programs, folder, [*shell, script], **environment)


@pytest.mark.parametrize("name", INSTALLING)
def test_an_example_whose_installation_fails_has_no_verdict(name: str, tmp_path: Path) -> None:
    status, printed = run_example(name, tmp_path, FAULTS["pip cannot install"])
    assert status == NO_VERDICT, printed


@pytest.mark.parametrize("name", sorted(SNIPPETS))
def test_an_example_without_a_gate_fails(name: str, tmp_path: Path) -> None:
    status, printed = run_example(name, tmp_path, {"python3": PIP_FAILS, "pip": "#!/bin/sh\n"})
    assert status not in (0, 1), printed


def test_tekton_s_task_takes_no_status_without_a_report(tmp_path: Path) -> None:
    assert run_example("tekton.yml", tmp_path, {"gate": FAILS})[0] == NO_VERDICT
    assert (tmp_path / "verdict").read_text() == "incomplete"


@pytest.mark.parametrize(
    "programs", [{}, {"gate": IS_ANOTHER_PROGRAM}, {"gate": FAILS}], ids=["none", "other", "broken"]
)
@pytest.mark.parametrize("name", ["pre-push", "pre-commit"])
def test_a_hook_without_a_gate_refuses(name: str, programs: dict[str, str], tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("sys.executable", str(tmp_path / "python-that-is-gone"))
    hook = HookFile(path=tmp_path / "hooks" / name, is_shared=False)
    install(hook)
    status, printed = run_with(programs, tmp_path, [str(hook.path), "origin", "address"])
    assert status == NO_VERDICT, printed
    assert "was not judged" in printed


@pytest.mark.parametrize(
    "broken", ["raise ImportError('no such module')\n", "raise SystemError\n", "this is no Python\n"]
)
def test_an_installation_that_is_broken_is_no_failed_policy(broken: str, tmp_path: Path) -> None:
    """Python ends with 1 if a module cannot be imported."""
    copy = tmp_path / "gate"
    (copy / "cli").mkdir(parents=True)
    for name in ("__init__.py", "__main__.py"):
        (copy / name).write_text((PROJECT / "gate" / name).read_text())
    (copy / "cli/__init__.py").write_text(broken)
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from gate.__main__ import run; run()"
    status, printed = run_with({}, tmp_path, [os.path.realpath("/proc/self/exe"), "-I", "-S", "-c", program])
    assert status == NO_VERDICT, printed
    assert "installation is broken" in printed


@pytest.mark.parametrize(
    "text",
    [
        "pip install security-gate",
        "pip install 'security-gate[yara]'",
        "security-gate==1.0",
        "uses: example/security-gate/actions/gate@v1",
        "project: security/security-gate",
    ],
)
def test_a_name_that_is_published_by_none_is_recognised(text: str) -> None:
    assert PUBLISHED_BY_NONE.search(text)
    assert not PUBLISHED_BY_NONE.search("pip install git+https://HOST/PATH/security-gate@COMMIT")


def test_nothing_that_users_copy_names_a_package_or_repository_that_does_not_exist() -> None:
    listed = ["git", "ls-files", *WRITTEN_FOR_USERS, "examples/plugins", "gate/*.py"]
    paths = subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    assert len(paths) > 100
    named = []
    for path in paths:
        text = (PROJECT / path).read_bytes().decode("utf-8", "replace")
        named += [f"{path}: {found[0]}" for found in PUBLISHED_BY_NONE.finditer(text)]
    assert named == []


def test_actions_of_others_are_pinned_to_a_commit_with_its_version() -> None:
    listed = ["git", "ls-files", ".github", "actions", "docs", "examples/ci", "gate/app"]
    paths = subprocess.run(listed, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    used = {}
    for path in (one for one in paths if one != "docs/reference/rules.md"):  # its examples name commits of none
        text = (PROJECT / path).read_bytes().decode("utf-8", "replace")
        for name, pin in re.findall(r"uses: (?!owner/)([\w.-]+/[\w./-]+)@(.*)", text):
            used.setdefault(name.split("/")[1], set()).add(pin)
    assert {"checkout", "cache"} <= set(used)
    assert {name: pins for name, pins in used.items() if len(pins) > 1} == {}, "one version of each"
    assert all(re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", *pins) for pins in used.values()), used
