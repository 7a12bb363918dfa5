"""Lists of tool servers (modelcontextprotocol.io): `mcpServers`, in VS Code `servers`, in Zed `context_servers`."""

from gate.trees import FileTree
from gate.workspace.model import ReadFile
from gate.workspace.readers.documents import json_of, yaml_of
from gate.workspace.readers.reading import servers_in

_OWNERS = {
    ".cursor": "Cursor",
    ".vscode": "VS Code",
    ".roo": "Roo Code",
    ".kiro": "Kiro",
    ".amazonq": "Amazon Q",
    ".junie": "Junie",
    ".windsurf": "Windsurf",
    ".idea": "JetBrains IDE",
    ".continue": "Continue",
    ".github": "Copilot",
    ".trae": "Trae",
}
_KEYS = ("mcpServers", "servers", "context_servers")


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one list."""
    document = yaml_of(tree, path) if path.endswith((".yaml", ".yml")) else json_of(tree, path)
    return ReadFile(entries=tuple(server for key in _KEYS for server in servers_in(document.get(key), _owner(path))))


def _owner(path: str) -> str:
    """Return the program that reads the list: by its folder, else Claude Code, whose file lies at the root."""
    found = [_OWNERS[part] for part in path.split("/") if part in _OWNERS]
    others = "Claude Code" if path.endswith(".mcp.json") else "an agent"
    return found[-1] if found else others
