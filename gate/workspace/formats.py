"""The formats that are read: who reads them, what is read of them, and where they lie.

`formats.words.txt` has the places of each: the end of a path (`.vscode/tasks.json`, at any depth), a path from the root
(`/git-hooks/`), an ending (`*.code-workspace`), or a folder with all that is below it (`.cursor/rules/`).
"""

import msgspec

from gate.core.word_lists import word_lists


class WorkspaceFormat(msgspec.Struct, frozen=True):
    """A format, which the module of its name in `gate/workspace/readers/` reads."""

    title: str
    """Who reads such files."""
    reads: str
    """What of them is read, for the documentation."""


FORMATS: dict[str, WorkspaceFormat] = {
    "vscode": WorkspaceFormat(
        "VS Code, Cursor, Windsurf and other forks",
        "tasks, those before a launch, settings that start programs or grant permissions",
    ),
    "jetbrains": WorkspaceFormat(
        "JetBrains IDEs",
        "run configurations, startup tasks, external tools, file watchers, the shell of the terminal",
    ),
    "zed": WorkspaceFormat(
        "Zed",
        "tasks, programs of language servers, context servers, permissions of its agent",
    ),
    "vim": WorkspaceFormat(
        "Vim and Neovim",
        "`.exrc`, `.vimrc`, `.nvim.lua`, `.nvimrc`, `.lvimrc`",
    ),
    "emacs": WorkspaceFormat(
        "Emacs",
        "local variables that are evaluated (`eval`)",
    ),
    "sublime": WorkspaceFormat(
        "Sublime Text",
        "build systems of a project",
    ),
    "devcontainer": WorkspaceFormat(
        "Development containers and Codespaces",
        "commands of the life cycle, on the host and in the container, mounts, privileges, features without a version",
    ),
    "claude": WorkspaceFormat(
        "Claude Code",
        "hooks, permissions, environment, helpers that print keys, status line, plugins and marketplaces",
    ),
    "mcp": WorkspaceFormat(
        "Lists of tool servers (MCP)",
        "servers, their commands and addresses",
    ),
    "cursor": WorkspaceFormat(
        "Cursor",
        "hooks, the environment of background agents, permissions of its command line",
    ),
    "agents": WorkspaceFormat(
        "Settings of other coding agents",
        "Gemini CLI, Qwen Code, Codex, opencode, Aider, Continue, Amazon Q, Kiro, Crush: hooks, permissions, addresses",
    ),
    "agent_texts": WorkspaceFormat(
        "Texts that coding agents read",
        "instructions, rules, skills, commands, prompts, agents: of the above, Copilot, Junie, Cline, Roo, goose",
    ),
    "pre_commit": WorkspaceFormat(
        "pre-commit and prek",
        "hooks of the repository itself, repositories by branch",
    ),
    "git_hooks": WorkspaceFormat(
        "Managers of git hooks",
        "husky, lefthook, overcommit, folders of hooks, submodules, large files from elsewhere",
    ),
    "environments": WorkspaceFormat(
        "direnv, mise and asdf",
        "`.envrc`, hooks, commands for the environment, plug-ins by address, tools by folder, branch or latest version",
    ),
    "npm": WorkspaceFormat(
        "npm, pnpm, Yarn and Bun",
        "scripts of the life cycle of own packages, hooks in package.json, registries, loaders, native add-ons",
    ),
    "python": WorkspaceFormat(
        "Python",
        "setup.py, build back ends and their hooks in the tree, `.pth` files, indexes",
    ),
    "cargo": WorkspaceFormat(
        "Cargo",
        "build.rs, procedural macros, wrappers of the compiler, registries",
    ),
    "registries": WorkspaceFormat(
        "Registries and mirrors of others",
        "NuGet, Maven, Bundler, Composer: sources, mirrors and scripts",
    ),
    "jvm": WorkspaceFormat(
        "Gradle and Maven",
        "wrappers: address and checksum of what they fetch, hash of their program; init scripts, extensions, options",
    ),
}
"""In the order of the facts."""

KNOWN_FOLDERS = frozenset(
    {
        *(".vscode", ".cursor", ".claude", ".claude-plugin", ".zed", ".devcontainer", ".gemini", ".codex", ".kiro"),
        *(".amazonq", ".windsurf", ".junie", ".opencode", ".continue", ".roo"),
    }
)
"""Folders of programs that start things: a file right there that no format names is said."""


def places_of_formats() -> dict[str, tuple[str, ...]]:
    """Return by format the places of its files."""
    return word_lists(__file__)


def reference_rows() -> list[str]:
    """Return the rows of the table of formats in `docs/reference/workspace.md`."""
    rows = []
    for name, places in places_of_formats().items():
        shown = ", ".join(f"`{place}`" for place in places)
        rows.append(f"| {FORMATS[name].title} | {FORMATS[name].reads} | {shown} |")
    return rows
