"""How much a permission of an agent gives away: `Bash(*)`, `Bash(python:*)`, `Bash(npm test)`."""

from gate.core.lazy_regex import lazy_regex
from gate.workspace.model import Strength

_SHELLS = ("Bash", "Shell", "PowerShell", "run_shell_command", "ShellTool", "execute_bash")
_TOOL = lazy_regex(r"(?P<tool>[A-Za-z_]+)(?:\((?P<argument>.*)\))?", flags=16)
"""16: a dot is a line end too."""
_ANYTHING = frozenset({"", "*", ":*", "**", ".*", "*:*", "* *"})
_INTERPRETER = (
    r"(?:bash|sh|zsh|fish|pwsh|powershell|python[\d.]*|node|deno|bun|ruby|perl|php|eval|exec|sudo|env|xargs|npx|uvx|ssh"
    r"|docker|curl|wget|nc|osascript|cmd)"
)
_OF_INTERPRETER = lazy_regex(rf"{_INTERPRETER}(?:(?::| )?\*|:\* ?\*)|{_INTERPRETER} -[ce][ :]\*")


def strength_of_tool(permission: str) -> Strength | None:
    """Return how much an allowed tool gives away; None for one that reads or edits, or a command that is spelt out."""
    found = _TOOL.fullmatch(permission.strip())
    if permission.strip() == "*":
        return Strength.ALL
    if found is None or found["tool"] not in _SHELLS:
        return None
    argument = (found["argument"] or "").strip()
    if argument in _ANYTHING:
        return Strength.ALL
    return Strength.MUCH if _OF_INTERPRETER.fullmatch(argument) else None
