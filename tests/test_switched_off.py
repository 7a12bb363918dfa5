"""Every part switched off in turn, by an error, by no answer, by no end: none turns a verdict into a pass.

Goes through `gate/pipeline/self_check.py`.
"""

import importlib
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

import gate
from gate.core.errors import GateError
from gate.dockerfile import lint
from gate.dockerfile.rule import BUILD
from gate.dockerfile.rules import all_rules
from gate.images import rules as images
from gate.inventory.discovery import read_lockfile
from gate.inventory.installed import READERS
from gate.inventory.installed import inventory as installed
from gate.inventory.lockfiles import LOCKFILES
from gate.model import Image, StageResult, Tree, VerdictStatus
from gate.pipeline.context import LocalContext
from gate.secrets.engine.prefilter import load_sieve
from gate.stages import STAGES, load_stage
from gate.stages.base import result_of
from gate.trees import open_tree
from tests.images.conftest import Make

pytestmark = pytest.mark.one_python

MakeTree = Callable[[dict[str, str | bytes]], Tree]
TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe1f8rES"
BAD_DOCKERFILE = "FROM debian:latest\nADD http://files.example/tool.tgz /opt/\nRUN chmod 777 /srv\n"


def fails(*_: object, **__: object) -> None:
    raise RuntimeError("switched off")


def says_nothing(*_: object, **__: object) -> None:
    return None


def never_ends(*_: object, **__: object) -> None:
    time.sleep(60)


def is_empty(target: Any, _context: Any) -> StageResult:
    return StageResult(stage="", target=target.name)


OFF = {fails: "RuntimeError", says_nothing: "TypeError"}
"""Ways to be switched off, with the error that a rule ends in."""
STAGE_OFF = {
    fails: "internal error (RuntimeError",
    says_nothing: "answered with no result of its own",
    never_ends: "a worker took longer than 2 s",
    is_empty: "reports nothing about its work",
}
"""The same for a stage, with what its only error says."""


@pytest.fixture
def judged(own_cache: Path) -> Callable[..., gate.Report]:
    """Return a function that judges targets by these stages."""

    def judge(*targets: str, stages: tuple[str, ...], **settings: Any) -> gate.Report:
        sections = {name: {"enabled": name in stages} for name in STAGES}
        given = {"stages": sections, "offline": True, "timeout": 2, **settings}
        return gate.run(*targets, settings=given)

    return judge


@pytest.fixture
def everything(make_tree: MakeTree, tmp_path: Path) -> Callable[[str], tuple[list[str], dict[str, Any]]]:
    """Return a function that gives what a stage finds something in: the targets, and further settings."""

    def give(stage: str) -> tuple[list[str], dict[str, Any]]:
        files: dict[str, str | bytes] = {"Dockerfile": BAD_DOCKERFILE, "app.env": f"GITHUB_TOKEN={TOKEN}\n"}
        root = make_tree({**files, "requirements.txt": "flask==1.0\n"}).root
        if stage == "image":
            make = Make()
            return [f"archive:{make.archive(tmp_path / 'image.tar', make.oci_files([make.base()]))}"], {}
        if stage == "tools":
            command = ["sh", "-c", "echo '<testsuite/>'"]
            return [root], {"tools": {"theirs": {"command": command, "format": "junit"}}, "allow_tools": True}
        return [root], {}

    return give


@pytest.mark.parametrize("off", STAGE_OFF)
@pytest.mark.parametrize("name", STAGES)
def test_a_stage(
    name: str,
    off: Callable[..., Any],
    judged: Callable[..., gate.Report],
    everything: Callable[[str], tuple[list[str], dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    targets, settings = everything(name)
    silent = (lambda target, _: result_of(name, target)) if off is is_empty else off
    monkeypatch.setattr(load_stage(name), "run", silent)
    report = judged(*targets, stages=(name,), **settings)
    assert report.verdict.status is VerdictStatus.INCOMPLETE
    (error,) = [error for stage in report.stages for error in stage.errors]  # not one that it would have made itself
    assert STAGE_OFF[off] in error.title


@pytest.mark.parametrize("off", OFF)
@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_on_dockerfiles(
    rule: Any,
    off: Callable[..., Any],
    make_tree: MakeTree,
    make_context: Callable[..., LocalContext],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = msgspec.structs.replace(rule, check=off, looks_at=BUILD)
    monkeypatch.setattr(lint, "rules_with", lambda _: tuple(asked if one is rule else one for one in all_rules()))
    lint._index.cache_clear()
    try:
        result = load_stage("dockerfile").run(make_tree({"Dockerfile": "FROM image:1\n"}), make_context())
    finally:
        lint._index.cache_clear()
    assert result.errors


@pytest.fixture
def image(tmp_path: Path) -> Image:
    make = Make()
    archive = make.archive(tmp_path / "image.tar", make.oci_files([make.base()]))
    return Image(source="archive", reference=str(archive), name="image")


@pytest.mark.parametrize("off", OFF)
@pytest.mark.parametrize("rule", images.all_rules(), ids=lambda rule: rule.description.id)
def test_a_rule_on_images(
    rule: Any,
    off: Callable[..., Any],
    image: Image,
    make_context: Callable[..., LocalContext],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replaced = msgspec.structs.replace(rule, check=off)
    asked = tuple(replaced if one is rule else one for one in images.all_rules())
    monkeypatch.setattr("gate.images.scan.rules_with", lambda _: asked)
    result = load_stage("image").run(image, make_context())
    assert [error.title.partition(" at ")[0] for error in result.errors] == [f"internal error ({OFF[off]}"]


def only(name: str) -> dict[str, Any]:
    return {one: {"enabled": one == name} for one in STAGES}


@pytest.mark.parametrize("off", OFF)
@pytest.mark.parametrize("name", LOCKFILES)
def test_a_reader_of_lockfiles(
    name: str, off: Callable[..., Any], make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = LOCKFILES[name][0].replace("**/", "").replace("*", "x")
    monkeypatch.setattr(importlib.import_module(f"gate.inventory.lockfiles.{name}"), "read", off)
    with pytest.raises(Exception, match=r".+"):
        read_lockfile(path, make_tree({path: "x"}))


@pytest.mark.parametrize("off", OFF)
@pytest.mark.parametrize("name", READERS)
def test_a_reader_of_what_is_installed(
    name: str, off: Callable[..., Any], make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = installed.reader_of(name)
    monkeypatch.setattr(module, "finder", lambda _: lambda *_: True)
    monkeypatch.setattr(module, "read", off)
    try:
        found = installed.read_installed(open_tree(make_tree({"opt/file": "x"})))
    except Exception:  # noqa: BLE001  (the stage's error)
        return
    assert found.errors


STEPS = [
    ("gate.pipeline.run", name)
    for name in (
        *("plan", "base_files_of", "with_base_files", "run_jobs", "joined", "without_duplicates", "results_of_bases"),
        *("settled", "in_order", "_observe", "_own_results", "_decide", "settings_for_workers"),
        *(
            "paths_before",
            "number_repeats",
            "there_before",
            "listed_as_known",
            "without_quoted_secrets",
            "loosening_of",
        ),
        *("idle_stages", "decide", "with_excerpts", "summarise", "inputs_of", "evidence_of", "check_done"),
        *("unseen_notices", "verdict_without_quoted_secrets"),
    )
]
STEPS += [
    ("gate.policy.decide", name)
    for name in (
        "_found",
        "_known_paths",
        "Accepted",
        "Rulings",
        "_is_new",
        "_judged",
        "_status",
        "_verdict",
        "_blocked",
    )
]
STEPS += [("gate.policy.rulings", name) for name in ("concerns", "passes", "tests_of", "_ruling")]
STEPS += [("gate.policy.layers", name) for name in ("built_in", "_layer", "_with_built_in")]
STEPS += [("gate.app.project", name) for name in ("open_project", "targets_of", "assemble") if name != "open_project"]
ANSWERS: dict[str, Callable[..., Any]] = {
    "fails": fails,
    "None": says_nothing,
    "empty": lambda *_, **__: (),
    "false": lambda *_, **__: False,
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(("module", "name"), STEPS, ids=lambda part: part.rpartition(".")[2])
def test_a_step_of_the_way_to_the_verdict(
    module: str, name: str, answer: str, make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, own_cache: Path
) -> None:
    holder: ModuleType = importlib.import_module(module)
    assert hasattr(holder, name), "the step has another name now"
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    monkeypatch.setattr(holder, name, ANSWERS[answer])
    if name == "built_in":
        monkeypatch.setattr("gate.policy.assemble.built_in", ANSWERS[answer], raising=False)
    try:
        report = gate.run(root, settings={"offline": True, "stages": only("dockerfile")})
    except Exception:  # noqa: BLE001  (status 3)
        return
    assert report.verdict.status is not VerdictStatus.PASS


def test_with_all_steps_on_it_fails(make_tree: MakeTree, own_cache: Path) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    report = gate.run(root, settings={"offline": True, "stages": only("dockerfile")})
    assert report.verdict.status is VerdictStatus.FAIL


def test_a_stage_that_never_ends_on_what_was_there_before_leaves_a_report(
    make_repository: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, own_cache: Path
) -> None:
    repository = make_repository()
    repository.commit({"Dockerfile": BAD_DOCKERFILE})
    run = load_stage("dockerfile").run

    def hang(target: Tree, context: LocalContext) -> StageResult:
        if target.revision:
            never_ends()
        return run(target, context)

    monkeypatch.setattr(load_stage("dockerfile"), "run", hang)
    (repository.root / "README").write_text("more\n")
    settings = {"offline": True, "timeout": 2, "since": "main", "stages": only("dockerfile")}
    report = gate.run(str(repository.root), settings=settings)
    assert report.verdict.status is VerdictStatus.FAIL
    notices = [
        one for one in report.verdict.notices if one.startswith("The gate cannot tell what dockerfile found before")
    ]
    assert ["a worker took longer than 2 s" in one for one in notices] == [True]


@pytest.mark.parametrize(
    "sieve", ["gate.secrets.engine.native:HyperscanSieve", "gate.secrets.engine.prefilter:PythonSieve"]
)
@pytest.mark.parametrize("answer", [fails, says_nothing, lambda *_: []], ids=["fails", "None", "empty"])
def test_the_pre_filter_for_secrets(
    sieve: str, answer: Callable[..., Any], make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, own_cache: Path
) -> None:
    from gate.secrets.engine import native
    from gate.secrets.engine.scan import scanner

    module, _, name = sieve.partition(":")
    monkeypatch.setattr(getattr(importlib.import_module(module), name), "hits", answer)
    if name == "PythonSieve":
        monkeypatch.setattr(native, "load", says_nothing)
    scanner.cache_clear()
    load_sieve.cache_clear()
    root = make_tree({"app.env": f"GITHUB_TOKEN={TOKEN}\n"}).root
    try:
        report = gate.run(root, settings={"offline": True, "stages": only("secrets")})
    except (GateError, RuntimeError):  # status 3
        return
    finally:
        scanner.cache_clear()
        load_sieve.cache_clear()
    assert report.verdict.status is VerdictStatus.INCOMPLETE
