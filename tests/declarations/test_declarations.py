"""Every stage declares itself, and is known to all others by its declaration alone."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest

from gate.declarations import DECLARED, declared
from gate.settings import Settings
from gate.stages import STAGES, load_stage

GATE = Path(__file__).parents[2] / "gate"
ASKING = {"load_stage", "RuleSet", "result_of", "fingerprint", "stage", "declared"}
"""Functions whose first argument is the name of a stage."""
_NAMES = "|".join(DECLARED)
WRITTEN = re.compile(rf"(['\"])(?:{_NAMES})\1|stages\s*\.\s*(?:{_NAMES})\b")
"""What a text has that `literals` may find something in: to parse all of them takes seconds."""


@pytest.mark.parametrize("name", DECLARED)
def test_a_stage_is_what_it_declares(name: str) -> None:
    stage = DECLARED[name]
    assert STAGES[name] == stage.module == load_stage(name).__name__  # type: ignore[attr-defined]
    assert stage.accepts == load_stage(name).ACCEPTS
    assert type(Settings().of(stage)) is stage.settings
    assert getattr(import_module(f"gate.declarations.{name}"), name.upper()) is stage
    assert bool(stage.words_rule) == hasattr(load_stage(name), "said_in")


@pytest.mark.parametrize("name", DECLARED)
def test_it_names_keys_of_its_section_and_of_the_settings(name: str) -> None:
    stage = DECLARED[name]
    section = stage.settings()
    own = (*stage.trust, *stage.files, *stage.flags, *filter(None, (stage.loosens, stage.known_findings)))
    for key in own:
        attrgetter(key)(section)
    for key in stage.needs:
        attrgetter(key)(Settings())
    assert bool(stage.needs) == bool(stage.without)


def test_a_stage_of_a_plugin_declares_nothing() -> None:
    stage = declared("theirs")
    assert (stage.name, stage.accepts, stage.fixes, stage.finds_secrets) == ("theirs", (), False, False)


def test_declarations_import_no_engine() -> None:
    code = "import sys, gate.declarations; print(*{name.split('.')[1] for name in sys.modules if 'gate.' in name})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"declarations", "model", "core"}


def literals(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the places of a module where the name of a stage is written, as far as they cannot mean something else."""
    for node in ast.walk(tree):
        if any(map(_names_a_stage, _named(node))):
            yield node


def _named(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a node that would name a stage."""
    match node:
        case ast.keyword(arg="stage", value=value) | ast.MatchValue(value=value):
            return [value]
        case ast.Compare(left=left, comparators=others) if any(map(_is_stage, (left, *others))):
            return [left, *others]
        case ast.Assign(targets=[ast.Name(id="NAME" | "STAGE")], value=value):
            return [value]
        case ast.Subscript(value=value, slice=key) if "stages" in ast.unparse(value) or "section" in ast.unparse(value):
            return [key]
        case ast.Call(func=function, args=[first, *_]) if ast.unparse(function).rpartition(".")[2] in ASKING:
            return [first]
        case ast.Tuple(elts=[ast.Constant(value="stages"), second, *_]):
            return [second]
        case ast.Attribute(value=ast.Attribute(attr="stages"), attr=name):
            return [ast.Constant(name)]
        case ast.Dict(keys=keys):
            return [key for key in keys if key is not None] if _are_several(keys) else []
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return list(parts) if _are_several(parts) else []
    return []


def _are_several(nodes: "list[ast.expr | None] | list[ast.expr]") -> bool:
    return sum(node is not None and _names_a_stage(node) for node in nodes) > 1


def _is_stage(node: ast.AST) -> bool:
    return ast.unparse(node).endswith("stage")


def _names_a_stage(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in DECLARED


@pytest.mark.parametrize(
    "text",
    [
        "result(stage='image')",
        "finding.stage == 'secrets'",
        "x = ('dockerfile', 'dependencies')",
        "{'dockerfile': 1, 'secrets': 2}",
        "load_stage('tools')",
        "settings.stages.image",
        "stages['secrets']",
        "('stages', 'image', 'vex')",
        "STAGE = 'image'",
        "match x:\n case 'tools':\n  pass",
    ],
)
def test_a_literal_is_seen(text: str) -> None:
    assert WRITTEN.search(text)
    assert list(literals(ast.parse(text)))


@pytest.mark.one_python
def test_no_other_module_writes_the_name_of_a_stage() -> None:
    found = []
    for path in GATE.rglob("*.py"):
        text = path.read_text()
        if path.parent.name != "declarations" and WRITTEN.search(text):
            found += [f"{path.relative_to(GATE)}:{node.lineno}" for node in literals(ast.parse(text))]  # type: ignore[attr-defined]
    assert found == []
