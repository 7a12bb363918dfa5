"""Texts that coding agents read as instructions: rules, skills, commands, prompts, instructions."""

from gate.trees import FileTree
from gate.workspace.model import AgentText, ReadFile
from gate.workspace.readers.reading import text_of

_ENDINGS = (".md", ".mdc", ".txt", ".toml", ".yaml", ".yml", ".json", ".prompt")
_OWNERS = {
    "CLAUDE.md": "Claude Code",
    ".claude": "Claude Code",
    "GEMINI.md": "Gemini CLI",
    ".gemini": "Gemini CLI",
    ".cursor": "Cursor",
    ".cursorrules": "Cursor",
    ".windsurf": "Windsurf",
    ".windsurfrules": "Windsurf",
    ".github": "Copilot",
    ".clinerules": "Cline",
    ".roo": "Roo Code",
    ".amazonq": "Amazon Q",
    ".kiro": "Kiro",
    ".junie": "Junie",
    ".continue": "Continue",
    ".opencode": "opencode",
    ".codex": "Codex",
    ".goose": "goose",
}


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one text; programs and pictures that lie in the same folders are none."""
    name = path.rpartition("/")[2]
    if "." in name.lstrip(".") and not name.lower().endswith(_ENDINGS):
        return ReadFile()
    return ReadFile(entries=(AgentText(by=_owner(path), text=text_of(tree, path), path=path),))


def _owner(path: str) -> str:
    found = [_OWNERS[part] for part in path.split("/") if part in _OWNERS]
    return found[0] if found else "coding agents"
