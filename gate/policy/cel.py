"""Conditions in CEL (Common Expression Language), for what the keys cannot say; needs the package cel-expr-python.

An expression sees one variable, `finding`: the finding as the JSON report shows it, and `age_days` (null if unknown).
"""

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from gate.core.errors import ConfigError, UsageError
from gate.model import Finding

if TYPE_CHECKING:
    from cel_expr_python.cel import Expression

MAX_LENGTH = 2000
"""Characters of an expression."""


@lru_cache(maxsize=256)
def compiled(text: str) -> "Expression":
    """Return the expression. Raises UsageError without the package, ConfigError for what is no condition."""
    try:
        from cel_expr_python import cel
    except ImportError as error:
        raise UsageError("a condition in CEL needs a package", hint="pip install cel-expr-python") from error
    if len(text) > MAX_LENGTH:
        raise ConfigError(f"the expression has more than {MAX_LENGTH:,} characters")
    try:
        expression = cel.NewEnv(variables={"finding": cel.Type.DYN}).compile(text)
    except RuntimeError as error:
        raise ConfigError(f"the expression {text[:80]!r} cannot be understood: {_first_line(error)}") from error
    if expression.return_type() not in (cel.Type.BOOL, cel.Type.DYN):
        raise ConfigError(f"the expression {text[:80]!r} is not a condition: it has to be true or false")
    return expression


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def is_true(text: str, finding: Finding, age: timedelta | None) -> bool:
    """True if the expression is true of a finding. Raises ConfigError if it is neither true nor false of it."""
    try:
        value: Any = compiled(text).eval(data={"finding": _shown(finding, age)}).plain_value()
    except RuntimeError as error:  # such as more rounds than CEL lets an expression have
        raise ConfigError(f"the expression {text[:80]!r} cannot be evaluated: {_first_line(error)}") from error
    if not isinstance(value, bool):
        raise ConfigError(
            f"the expression {text[:80]!r} is neither true nor false for {finding.fingerprint}: {str(value)[:99]}",
            hint="A part of a finding can be null: ask for it first (finding.package != null && …)",
        )
    return value


def _shown(finding: Finding, age: timedelta | None) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(finding))  # CEL knows JSON's kinds alone
    return {**shown, "age_days": None if age is None else age.days}
