"""Settings of coding agents that are alike: hooks, servers, permissions, addresses of models, commands for keys.

Gemini CLI and Qwen Code (`settings.json`), Codex (`config.toml`), opencode, Crush, Aider, Continue, Amazon Q, Kiro,
Factory; each by its own documentation on configuration.
"""

from collections.abc import Iterator

from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Entry, Grant, Moment, Question, ReadFile, RedirectedAddress, Strength
from gate.workspace.readers.documents import json_of, toml_of, yaml_of
from gate.workspace.readers.grants import strength_of_tool
from gate.workspace.readers.model_addresses import is_base_url
from gate.workspace.readers.reading import NOTHING, hooks_in, servers_in, shown, start_of, words_of

_OWNERS = {
    ".gemini": "Gemini CLI",
    "gemini-extension.json": "Gemini CLI",
    ".qwen": "Qwen Code",
    ".codex": "Codex",
    ".opencode": "opencode",
    "opencode.json": "opencode",
    "opencode.jsonc": "opencode",
    ".aider.conf.yml": "Aider",
    ".continue": "Continue",
    ".amazonq": "Amazon Q",
    ".kiro": "Kiro",
    ".factory": "Factory",
    ".github": "Copilot",
    ".crush.json": "Crush",
    "crush.json": "Crush",
}
_SERVERS = ("mcpServers", "mcp_servers", "mcp", "extensions")
_ALL = {
    ("sandbox_mode",): "danger-full-access",
    ("tools", "autoAccept"): "true",
    ("autoAccept",): "true",
    ("general", "defaultApprovalMode"): "yolo",
    ("tools", "approvalMode"): "yolo",
    ("approvalMode",): "yolo",
    ("permission",): "allow",
    ("permission", "bash"): "allow",
    ("permission", "*"): "allow",
    ("yes-always",): "true",
    ("permissions", "yolo"): "true",
}
"""Keys and values by which an agent runs commands without a question."""
_TURNED_OFF = {
    ("approval_policy",): "never",
    ("security", "folderTrust", "enabled"): "false",
    ("security", "auth", "useExternal"): "true",
}
_COMMANDS = (
    *(
        ("notify",),
        ("tools", "discoveryCommand"),
        ("tools", "callCommand"),
        ("toolDiscoveryCommand",),
        ("toolCallCommand",),
    ),
    *(("lint-cmd",), ("test-cmd",), ("editor",), ("notifications-command",)),
)
"""Keys whose value is a command that the agent starts."""
_ADDRESSES = ("baseURL", "base_url", "openai-api-base", "apiBase", "base-url", "endpoint")


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file."""
    if path.endswith((".goosehints", ".md", ".txt")):
        return ReadFile()
    document, by = _document(tree, path), _owner(path)
    entries: list[Entry] = list(hooks_in(_mapping(document, "hooks"), by))
    entries += _kiro_hook(document, by)
    entries += _copilot_hooks(document, by, path)
    for key in _SERVERS:
        entries += servers_in(_mapping(document, key), by)
    entries += _commands(document, by)
    entries += _grants(document, by)
    entries += _addresses(document, by)
    return ReadFile(entries=tuple(dict.fromkeys(entries)))


def _document(tree: FileTree, path: str) -> Value:
    if path.endswith(".toml"):
        return toml_of(tree, path)
    if path.endswith((".yml", ".yaml")):
        return yaml_of(tree, path)
    return json_of(tree, path) if path.endswith((".json", ".jsonc", ".hook")) else NOTHING


def _owner(path: str) -> str:
    found = [_OWNERS[part] for part in path.split("/") if part in _OWNERS]
    return found[-1] if found else "goose"


def _mapping(document: Value, key: str) -> Value | None:
    found = document.get(key)
    return found if found is not None and isinstance(found.data, dict) else None


def _kiro_hook(document: Value, by: str) -> Iterator[AutoStart]:
    """Yield a hook of Kiro: what it waits for, and a command; a prompt alone starts nothing by itself."""
    command = document.get("then", "command")
    if command is not None and words_of(command):
        what = f"hook {document.text('when', 'type')} {document.text('name')}"
        yield start_of(command, Moment.OPEN, by, what, words_of(command), question=Question.TRUST)


def _copilot_hooks(document: Value, by: str, path: str) -> Iterator[AutoStart]:
    if ".github/hooks/" in path and document.get("hooks") is None:
        yield from hooks_in(document, by)


def _commands(document: Value, by: str) -> Iterator[AutoStart]:
    for way in _COMMANDS:
        command = document.get(*way)
        if command is not None and words_of(command):
            yield start_of(command, Moment.OPEN, by, ".".join(way), words_of(command), question=Question.TRUST)


def _grants(document: Value, by: str) -> Iterator[Grant]:
    for way, value in _ALL.items():
        found = document.get(*way)
        if found is not None and found.text() == value:
            yield _grant(found, by, f"{'.'.join(way)} = {value}", Strength.ALL)
    for way, value in _TURNED_OFF.items():
        found = document.get(*way)
        if found is not None and found.text() == value:
            yield _grant(found, by, f"{'.'.join(way)} = {value}", Strength.SOME)
    for key in (
        ("tools", "allowed"),
        ("permissions", "allow"),
        ("coreTools",),
        ("allowedTools",),
        ("permissions", "allowed_tools"),
    ):
        allowed = document.get(*key)
        for tool in allowed.elements() if allowed else ():
            strength = strength_of_tool(tool.text())
            if strength is Strength.ALL or (strength and key != ("coreTools",)):
                yield _grant(tool, by, f"{'.'.join(key)}: {tool.text()[:160]}", strength)


def _grant(value: Value, by: str, what: str, strength: Strength) -> Grant:
    return Grant(by=by, what=what, strength=strength, path=value.path, line=value.line, span=(value.start, value.end))


def _addresses(document: Value, by: str) -> Iterator[RedirectedAddress]:
    """Yield where models are asked: settings of that name anywhere, and variables."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        for key, inner in value.items():
            is_address = key in _ADDRESSES or is_base_url(key)
            if is_address and inner.text().startswith(("http://", "https://")):
                address = shown(inner.text())
                yield RedirectedAddress(
                    by=by, setting=key, address=address, is_model=True, path=inner.path, line=inner.line
                )
            elif key not in _SERVERS:
                waiting.append(inner)
        waiting += value.data if isinstance(value.data, list) else []
