"""What users read is plain English: words that a technical writer would replace stand in no message and on no page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import gate

pytestmark = pytest.mark.one_python

PACKAGE = Path(gate.__file__).parent
ROOT = PACKAGE.parent
OLD = re.compile(
    r"\b(?:mend(?:s|ed|ing)?|anew|nobody|somebody|anybody|everybody|told|whoever|meanwhile|besides|amid|dearest)\b",
    re.IGNORECASE,
)
INSTEAD = (
    "fix, again or new, no one, someone, anyone, everyone, reported or stated, anyone who, in the meantime, in "
    "addition, among, most expensive"
)
GUESSED = "Password that everybody guesses, of a server"
NAMES = frozenset({"mend", "nobody", "TOLD-PASSWORD", "TOLD PASSWORD", GUESSED})
"""Keys of reports, a user of Unix, an id and a type of secrets: what programs read, and fingerprints hash, stays."""
PAGES = sorted(
    page
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("README.md"))
    if "decisions" not in page.parts
)
FORMS = sorted((*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.js")))


def docstrings_of(tree: ast.Module) -> Iterator[int]:
    """Yield the ids of the nodes that are docstrings, of attributes too."""
    for node in ast.walk(tree):
        for statement in getattr(node, "body", []) if isinstance(getattr(node, "body", None), list) else []:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                yield id(statement.value)


def texts_of(module: Path) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module that may be shown, with their lines."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documentation = set(docstrings_of(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def test_messages_are_plain_english() -> None:
    found = [
        f"{module.relative_to(PACKAGE)}:{line} {text.strip()[:80]}"
        for module in sorted(PACKAGE.rglob("*.py"))
        for line, text in texts_of(module)
        if OLD.search(text) and text.strip() not in NAMES
    ]
    assert found == [], f"write instead: {INSTEAD}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_are_plain_english(page: Path) -> None:
    prose = re.sub(
        rf"```.*?```|`[^`]*`|SECRET-TOLD|-nobody\b|{GUESSED}", "", page.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert [line for line in prose.splitlines() if OLD.search(line)] == [], f"write instead: {INSTEAD}"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: str(form.relative_to(PACKAGE)))
def test_forms_of_reports_are_plain_english(form: Path) -> None:
    shown = re.sub(r"//.*|\{[{%#].*?[}%#]\}|<[^<>]*>", " ", form.read_text(encoding="utf-8"))
    texts = re.findall(r'"([^"\n]* [^"\n]*)"', shown) if form.suffix == ".js" else shown.splitlines()
    assert [text for text in texts if OLD.search(text)] == [], f"write instead: {INSTEAD}"
