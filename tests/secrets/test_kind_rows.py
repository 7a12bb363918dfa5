"""A kind of secrets is one row: nothing outside the tables names one, and what a report calls it decides nothing."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import gate
from gate.secrets.kinds import TOKENS
from gate.secrets.kinds.catalogue import KINDS
from gate.secrets.kinds.traits import KindTraits

pytestmark = pytest.mark.one_python

PACKAGE = Path(gate.__file__).parent
TABLES = PACKAGE / "secrets" / "kinds"
FOLDERS = ("app", "images", "pipeline", "policy", "reports", "secrets", "stages")
RULES = {kind.rule for kind in KINDS.values()}
RULES_AS_WRITTEN = RULES | {rule.removeprefix("SECRET-") for rule in RULES}
PROVIDERS = TABLES / "life_cycle.py"
"""Its keys are first words of rules, which a provider's rules share; some rule has no second word."""
NAMES = {name for type, kind in KINDS.items() for name in (type, kind.rule, kind.title)}
FINDINGS = r"""
import sys
import types
from pathlib import Path

import gate.secrets

is_renamed, folder, cache = sys.argv[1] == "renamed", Path(sys.argv[2]), sys.argv[3]
if is_renamed:  # before the tables are read, which the package does as it is imported
    package = sys.modules["gate.secrets.kinds"] = types.ModuleType("gate.secrets.kinds")
    package.__path__ = [str(Path(gate.secrets.__file__).parent / "kinds")]
    from gate.secrets.kinds import token as module

    plain = module.token
    module.token = lambda rule, title, *more, **settings: plain(rule, f"Kind {rule}", *more, **settings)
    del sys.modules["gate.secrets.kinds"]

from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.scan import examine, scanner
from gate.secrets.kinds.catalogue import KINDS

assert ("Kind SERVER-URL" in KINDS) == is_renamed
for file in sorted(folder.rglob("*")):
    examined = examine(file.read_bytes(), file.name, scanner(GATE, cache)) if file.is_file() else None
    for one in sorted(examined.secrets if examined else (), key=lambda one: (one.line, KINDS[one.type].rule)):
        print(file.name, one.line, KINDS[one.type].rule, one.column, one.redacted, one.confidence, one.count)
    print(file.name, examined and sorted(examined.dropped.items()))
"""


def literals(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("trait", KindTraits.__struct_fields__)
def test_a_kind_has_the_traits_of_its_row(trait: str) -> None:
    assert [one.type for one in TOKENS if getattr(one, trait) != getattr(KINDS[one.type], trait)] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_kind_is_named_outside_the_tables(folder: str) -> None:
    modules = (path for path in (PACKAGE / folder).rglob("*.py") if not path.is_relative_to(TABLES))
    named = [f"{path}:{line} {text}" for path in modules for line, text in literals(path) if text in NAMES]
    assert named == []


def test_a_rule_stands_on_its_row_alone() -> None:
    modules = (path for path in TABLES.rglob("*.py") if path != PROVIDERS)
    written = Counter(text for path in modules for _, text in literals(path) if text in RULES_AS_WRITTEN)
    assert len(written) == len(RULES)
    assert [rule for rule, times in written.items() if times > 1] == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "secrets").rglob("*.txt")), ids=lambda path: path.name)
def test_no_list_of_words_names_kinds(path: Path) -> None:
    assert RULES_AS_WRITTEN.intersection(path.read_text().split()) == set()


def test_the_title_of_a_kind_decides_nothing(compiled_patterns: Path) -> None:
    """Every row of ours under another title finds the same, with the same confidence, in the labelled sets."""
    folder = Path(__file__).parent / "labelled"
    found = [
        subprocess.run(
            [sys.executable, "-c", FINDINGS, titles, folder, compiled_patterns],
            capture_output=True,
            text=True,
            check=True,
        )
        for titles in ("plain", "renamed")
    ]
    assert "SECRET-" in found[0].stdout
    assert found[0].stdout == found[1].stdout
