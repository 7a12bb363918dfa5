"""Long patterns of the secrets engine are built from pieces with a name."""

import ast
from pathlib import Path

import gate

SECRETS = Path(gate.__file__).parent / "secrets"
LONGEST = 200
"""Characters of a pattern that is written in one piece where it is used."""
WRITERS = {"_analysed", "_call", "_key", "assigned", "by_name", "lazy_regex", "token"}
"""Functions that take patterns."""


def written(node: ast.expr) -> str:
    """Return the text of a string, or of an f-string without its fields."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))


def test_long_patterns_are_built_from_named_pieces() -> None:
    long = []
    for path in sorted(SECRETS.rglob("*.py")):
        calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id in WRITERS:
                values = [*call.args, *(keyword.value for keyword in call.keywords)]
                long += [f"{path.name}:{value.lineno}" for value in values if len(written(value)) > LONGEST]
    assert long == []
