"""Coding agents that workflows start on what people wrote: which of them listen to outsiders."""

from gate.ci.github.model import GithubStep
from gate.core.lazy_regex import lazy_regex

_ASK_FOR_WRITERS = {
    "anthropics/claude-code-action": "allowed_non_write_users",
    "openai/codex-action": "allow-users",
}
"""Actions that by themselves listen only to who may write, and the input that lets others in."""
_LISTEN_TO_ALL = frozenset(
    {
        "anthropics/claude-code-base-action",
        "google-github-actions/run-gemini-cli",
        "google-gemini/gemini-cli-action",
    }
)
_COMMANDS = lazy_regex(
    r"(?m)(?:^|[|&;(]|\$\()\s*(?P<name>claude\s+(?:-p|--print)|gemini\s+(?:-p|--prompt|-y|--yolo)|codex\s+exec|aider\s|opencode\s+run"
    r"|cursor-agent\s|goose\s+run|amp\s+-x)"
)


_TOOLS = lazy_regex(r"(?i)allowed_?-?tools|coreTools|\"core\"")
_ANY_COMMAND = lazy_regex(r"\bBash\b(?!\((?!\*\)))|run_shell_command(?!\()|dangerously|bypassPermissions|--yolo")
_NO_SHELL_UNASKED = "anthropics/claude-code-"
"""Actions whose agent runs no shell command unless their inputs allow it (its documentation, "Security")."""


def has_few_tools(step: GithubStep) -> bool:
    """True if the agent has a list of tools, its own or that of the step, without a shell that runs any command.

    What the prompt says of tools grants none.
    """
    granted = " ".join(value.text() for name, value in step.inputs.items() if "prompt" not in name.lower())
    is_listed = step.action.startswith(_NO_SHELL_UNASKED) or _TOOLS.search(granted) is not None
    return is_listed and not _ANY_COMMAND.search(granted)


def agent_of(step: GithubStep) -> str | None:
    """Return the agent that a step starts for anyone; None if it starts none, or asks who may write."""
    if step.action in _LISTEN_TO_ALL:
        return step.action
    let_in = _ASK_FOR_WRITERS.get(step.action)
    if let_in is not None:
        given = step.inputs.get(let_in)
        return step.action if given is not None and "*" in given.text() else None
    found = _COMMANDS.search(step.run.text()) if step.run is not None else None
    return found["name"].split()[0] if found else None
