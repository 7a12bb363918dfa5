"""What the readers of all formats find, a row a case.

Goes through `gate/workspace/readers/vscode.py`, `gate/workspace/readers/jetbrains.py`, `gate/workspace/readers/zed.py`,
`gate/workspace/readers/vim.py`, `gate/workspace/readers/emacs.py`, `gate/workspace/readers/sublime.py`,
`gate/workspace/readers/devcontainer.py`, `gate/workspace/readers/claude.py`, `gate/workspace/readers/mcp.py`,
`gate/workspace/readers/cursor.py`, `gate/workspace/readers/agents.py`, `gate/workspace/readers/agent_texts.py`,
`gate/workspace/readers/pre_commit.py`, `gate/workspace/readers/git_hooks.py`, `gate/workspace/readers/environments.py`,
`gate/workspace/readers/npm.py`, `gate/workspace/readers/python.py`, `gate/workspace/readers/cargo.py`,
`gate/workspace/readers/registries.py`, `gate/workspace/readers/jvm.py`, `gate/workspace/readers/grants.py`,
`gate/workspace/readers/model_addresses.py`, `gate/workspace/readers/reading.py`, `gate/workspace/readers/documents.py`, `gate/workspace/reading.py`,
`gate/workspace/what_runs.py` and `gate/workspace/formats.py`.
"""

# ruff: noqa: E501  (a row is a line)

from collections.abc import Callable

import pytest

from gate.model import Tree
from gate.trees import open_tree
from gate.workspace.formats import FORMATS, places_of_formats
from gate.workspace.model import AgentText, AutoStart, BuildWrapper, Grant, RedirectedAddress, Strength, ToolServer
from gate.workspace.reading import Workspace, read_workspace
from gate.workspace.what_runs import described
from tests.fuzz.targets import Files

STARTS = [
    (".vscode/tasks.json", '{"tasks": [{"label": "w", "type": "npm", "script": "watch", "runOptions": {"runOn": "folderOpen"}}]}',
     "open: VS Code runs task w: npm run watch (once, for the folder; .vscode/tasks.json:1)"),
    ("a.code-workspace", '{"tasks": {"tasks": [{"label": "w", "command": "x", "args": [{"value": "y"}], "runOptions": {"runOn": "folderOpen"}}]}}',
     "open: VS Code runs task w: x y (once, for the folder; a.code-workspace:1)"),
    (".vscode/tasks.json", '{"tasks": [{"label": "w", "windows": {"command": "c.cmd"}, "runOptions": {"runOn": "folderOpen"}}]}',
     "open: VS Code runs task w: c.cmd (once, for the folder; .vscode/tasks.json:1)"),
    (".vscode/settings.json", '{"git.path": "./evil"}',
     "open: VS Code runs setting git.path: ./evil (once, for the folder, after the program, which is not in the repository; "
     ".vscode/settings.json:1)"),
    (".vscode/settings.json", '{"terminal.integrated.profiles.linux": {"x": {"path": "bash", "args": ["-c", "y"]}}}',
     "open: VS Code runs terminal x (linux): bash -c y (asks first, after a terminal is opened by this profile; .vscode/settings.json:1)"),
    (".vscode/launch.json", '{"configurations": [{"name": "L", "preLaunchTask": "build"}]}',
     "build: VS Code runs launch L, preLaunchTask: build (asks first; .vscode/launch.json:1)"),
    (".idea/startup.xml", '<project><component><configurations><configuration name="Setup" type="x"/></configurations></component></project>',
     "open: JetBrains IDE runs startup task: Setup (once, for the folder; .idea/startup.xml:1)"),
    (".idea/watcherTasks.xml", '<project><component name="ProjectTasksOptions"><TaskOptions isEnabled="true"><option name="arguments" '
     'value="a"/><option name="name" value="W"/><option name="program" value="run.sh"/></TaskOptions></component></project>',
     "open: JetBrains IDE runs file watcher W: run.sh a (once, for the folder; .idea/watcherTasks.xml:1)"),
    (".zed/settings.json", '{"lsp": {"go": {"binary": {"path": "./gopls", "arguments": ["-x"]}}}} // comment',
     "open: Zed runs language server go: ./gopls -x (once, for the folder; .zed/settings.json:1)"),
    (".tool-versions", "ruby 3.3.0 # a\nnodejs 20.1.0 18.0.0\n",
     "install: asdf runs tools: asdf install ruby 3.3.0, nodejs 20.1.0 18.0.0 (asks first; .tool-versions:1)"),
    (".tool-versions", "python path:./tools/python\n",
     "install: asdf runs tool python: asdf install python@path:./tools/python (asks first; .tool-versions:1)"),
    (".exrc", '" comment\n:!make',
     "open: Vim runs .exrc: :!make (no question, after `exrc` is set; .exrc:2)"),
    (".nvim.lua", "vim.fn.system('x')",
     "open: Neovim runs .nvim.lua: vim.fn.system('x') (asks first, after `exrc` is set; .nvim.lua:1)"),
    (".dir-locals.el", "((nil . ((eval . (shell-command \"x\")))))",
     'open: Emacs runs eval of local variables: (shell-command "x"))))) (asks first; .dir-locals.el:1)'),
    ("a.sublime-project", '{"build_systems": [{"name": "B", "shell_cmd": "make"}]}',
     "build: Sublime Text runs build system B: make (asks first; a.sublime-project:1)"),
    (".devcontainer/devcontainer.json", '{"initializeCommand": ["x", "y"]}',
     "open: devcontainer runs initializeCommand: x y (once, for the folder; .devcontainer/devcontainer.json:1)"),
    (".devcontainer/a/devcontainer.json", '{"postCreateCommand": {"one": "x", "two": ["y", "z"]}}',
     "open: devcontainer runs postCreateCommand: x; y z (once, for the folder, in a container; .devcontainer/a/devcontainer.json:1)"),
    (".devcontainer/devcontainer.json", '{"features": {"ghcr.io/a/b/c:1": {}}}',
     "open: devcontainer runs feature: ghcr.io/a/b/c:1 (once, for the folder, in a container; .devcontainer/devcontainer.json:1)"),
    (".claude/settings.json", '{"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "x"}]}]}}',
     "open: Claude Code runs hook PreToolUse (Bash): x (once, for the folder; .claude/settings.json:1)"),
    (".claude/settings.json", '{"apiKeyHelper": "./key.sh"}',
     "open: Claude Code runs apiKeyHelper: ./key.sh (once, for the folder; .claude/settings.json:1)"),
    (".cursor/hooks.json", '{"version": 1, "hooks": {"afterFileEdit": [{"command": "x"}]}}',
     "open: Cursor runs hook afterFileEdit: x (once, for the folder; .cursor/hooks.json:1)"),
    (".cursor/environment.json", '{"install": "npm ci"}',
     "open: Cursor runs background agent install: npm ci (no question, in a container; .cursor/environment.json:1)"),
    (".gemini/settings.json", '{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "x"}]}]}}',
     "open: Gemini CLI runs hook SessionStart: x (once, for the folder; .gemini/settings.json:1)"),
    (".codex/config.toml", 'notify = ["python3", "n.py"]',
     "open: Codex runs notify: python3 n.py (once, for the folder; .codex/config.toml:1)"),
    (".kiro/hooks/a.kiro.hook", '{"name": "n", "when": {"type": "fileEdited"}, "then": {"type": "runCommand", "command": "x"}}',
     "open: Kiro runs hook fileEdited n: x (once, for the folder; .kiro/hooks/a.kiro.hook:1)"),
    (".github/hooks/a.json", '{"version": 1, "hooks": {"sessionStart": [{"type": "command", "bash": "x", "powershell": "y"}]}}',
     "open: Copilot runs hook sessionStart: x (once, for the folder; .github/hooks/a.json:1)"),
    (".pre-commit-config.yaml", "repos:\n- repo: local\n  hooks:\n  - {id: a, entry: ./x.sh, stages: [pre-push]}",
     "push: pre-commit runs hook a: ./x.sh (no question, after `pre-commit install`; .pre-commit-config.yaml:4)"),
    (".husky/post-checkout", '#!/bin/sh\n. "$(dirname "$0")/_/husky.sh"\nnpm ci',
     "clone: husky runs hook post-checkout: npm ci (no question, after an install of packages; .husky/post-checkout:3)"),
    (".githooks/pre-push", "make check",
     "push: git runs hook pre-push: make check (no question, after `git config core.hooksPath`; .githooks/pre-push:1)"),
    ("lefthook.yml", "pre-commit:\n  commands:\n    lint: {run: x}",
     "commit: lefthook runs pre-commit lint: x (no question, after `lefthook install`; lefthook.yml:3)"),
    (".overcommit.yml", "PreCommit:\n  A: {enabled: true, command: [x]}",
     "commit: overcommit runs PreCommit A: x (no question, after `overcommit --install`; .overcommit.yml:2)"),
    (".envrc", "export A=1\nlayout python\neval \"$(x)\"",
     'open: direnv runs .envrc: eval "$(x)" (asks first, after `direnv allow`; .envrc:3)'),
    ("mise.toml", '[hooks]\nenter = "x"',
     "open: mise runs hook enter: x (once, for the folder, after `mise trust`; mise.toml:2)"),
    ("package.json", '{"scripts": {"prepare": "husky"}}', "install: npm runs prepare: husky (no question; package.json:1)"),
    ("package.json", '{"scripts": {"test": "x"}, "husky": {"hooks": {"pre-commit": "lint-staged"}}}',
     "commit: husky runs hook pre-commit: lint-staged (no question, after an install of packages; package.json:1)"),
    (".yarnrc.yml", "yarnPath: .yarn/y.cjs", "install: Yarn runs yarnPath: .yarn/y.cjs (no question; .yarnrc.yml:1)"),
    ("bunfig.toml", 'preload = ["./a.ts"]', "build: Bun runs preload: ./a.ts (no question; bunfig.toml:1)"),
    ("binding.gyp", "{}", "install: npm runs native add-on: node-gyp rebuild (no question; binding.gyp:1)"),
    (".pnp.cjs", "x", "build: Yarn runs loader: node -r .pnp.cjs (no question; .pnp.cjs:1)"),
    ("setup.py", "", "install: pip runs setup.py: python setup.py (no question; setup.py:1)"),
    ("pyproject.toml", '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]',
     "install: pip runs build back end in the tree: b from . (no question; pyproject.toml:3)"),
    ("pyproject.toml", '[tool.hatch.build.targets.wheel.hooks.custom]\npath = "h.py"',
     "install: pip runs hatch build hook: h.py (no question; pyproject.toml:1)"),
    ("a.pth", "src\nimport os; os.system('x')", "build: Python runs .pth: import os; os.system('x') (no question; a.pth:2)"),
    ("build.rs", "", "build: Cargo runs build.rs: cargo build (build.rs) (no question; build.rs:1)"),
    ("Cargo.toml", '[package]\nname = "m"\n[lib]\nproc-macro = true',
     "build: Cargo runs procedural macro m: rustc loads m (no question; Cargo.toml:4)"),
    (".cargo/config.toml", '[build]\nrustc-wrapper = "w"', "build: Cargo runs build.rustc-wrapper: w (no question; .cargo/config.toml:2)"),
    ("composer.json", '{"scripts": {"post-install-cmd": ["a", "b"], "test": "c"}}',
     "install: Composer runs post-install-cmd: a; b (no question; composer.json:1)"),
    (".mvn/extensions.xml", "<extensions><extension><artifactId>e</artifactId></extension></extensions>",
     "build: Maven runs extension: e (no question; .mvn/extensions.xml:1)"),
    (".mvn/jvm.config", "-Xmx1g\n-javaagent:a.jar", "build: Maven runs jvm.config: -javaagent:a.jar (no question; .mvn/jvm.config:2)"),
    ("settings.gradle", "", "open: Gradle runs settings script: gradle (settings.gradle) (once, for the folder; settings.gradle:1)"),
]  # fmt: skip
"""Path, text, and the first line of what runs when."""

NOTHING = [
    (".vscode/tasks.json", '{"tasks": [{"label": "w", "command": "x"}]}'),
    (".vscode/settings.json", '{"python.defaultInterpreterPath": "python3", "editor.tabSize": 2}'),
    (
        ".idea/watcherTasks.xml",
        '<a><TaskOptions isEnabled="false"><option name="program" value="x"/></TaskOptions></a>',
    ),
    (".devcontainer/devcontainer.json", '{"image": "a", // comment\n}'),
    (".devcontainer/Dockerfile", "FROM a"),
    ("package.json", '{"scripts": {"test": "x", "build": "y"}}'),
    (".npmrc", f"save-exact=true\nregistry=https://{'.'.join(('registry', 'npmjs', 'org'))}/"),
    (".husky/_/husky.sh", "x"),
    ("model.pth", "PK\x03\x04import os"),
    ("node_modules/a/package.json", '{"scripts": {"postinstall": "x"}}'),
]


def read(make_tree: Callable[..., Tree], **files: str) -> Workspace:
    return read_workspace(open_tree(make_tree(files)), lambda path: True)


@pytest.mark.parametrize(("path", "text", "line"), STARTS, ids=lambda value: str(value)[:40])
def test_what_starts_is_listed(path: str, text: str, line: str, make_tree: Callable[..., Tree]) -> None:
    found = read(make_tree, **{path: text})
    assert [error for one in found.read for error in one.errors] == []
    assert described(found.entries)[0] == line


@pytest.mark.parametrize(("path", "text"), NOTHING)
def test_what_starts_nothing_is_not_listed(path: str, text: str, make_tree: Callable[..., Tree]) -> None:
    assert read(make_tree, **{path: text}).entries == []


def test_each_format_has_a_row_of_places_and_a_case() -> None:
    assert set(FORMATS) == set(places_of_formats())
    assert len(STARTS) > 2 * len(FORMATS)


SERVERS = [
    (".mcp.json", '{"mcpServers": {"a": {"command": "npx", "args": ["-y", "b"]}}}', ("Claude Code", "npx -y b", "")),
    (".vscode/mcp.json", '{"servers": {"a": {"url": "https://b.example"}}}', ("VS Code", "", "https://b.example")),
    (".cursor/mcp.json", '{"mcpServers": {"a": {"command": "x"}}}', ("Cursor", "x", "")),
    (".zed/settings.json", '{"context_servers": {"a": {"command": {"path": "x", "args": ["y"]}}}}', ("Zed", "x y", "")),
    (".codex/config.toml", '[mcp_servers.a]\ncommand = "x"', ("Codex", "x", "")),
    ("opencode.json", '{"mcp": {"a": {"type": "local", "command": ["x", "y"]}}}', ("opencode", "x y", "")),
]


@pytest.mark.parametrize(("path", "text", "expected"), SERVERS)
def test_servers_are_found(
    path: str, text: str, expected: tuple[str, str, str], make_tree: Callable[..., Tree]
) -> None:
    (server,) = read(make_tree, **{path: text}).entries
    assert isinstance(server, ToolServer)
    assert (server.by, server.command, server.url) == expected


GRANTS = [
    (".claude/settings.json", '{"permissions": {"allow": ["Bash"]}}', Strength.ALL),
    (".claude/settings.json", '{"permissions": {"defaultMode": "bypassPermissions"}}', Strength.ALL),
    (".claude/settings.json", '{"permissions": {"allow": ["Bash(node:*)"]}}', Strength.MUCH),
    (".claude/settings.json", '{"permissions": {"allow": ["Bash(git status)"]}}', None),
    (".vscode/settings.json", '{"chat.tools.autoApprove": true}', Strength.ALL),
    (".vscode/settings.json", '{"chat.tools.terminal.autoApprove": {"/.*/": true}}', Strength.ALL),
    (".vscode/settings.json", '{"security.workspace.trust.enabled": false}', Strength.SOME),
    (".gemini/settings.json", '{"tools": {"autoAccept": true}}', Strength.ALL),
    (".codex/config.toml", 'sandbox_mode = "danger-full-access"', Strength.ALL),
    ("opencode.json", '{"permission": {"bash": "allow"}}', Strength.ALL),
    ("opencode.json", '{"permission": {"bash": "ask"}}', None),
    (".aider.conf.yml", "yes-always: true", Strength.ALL),
    (".cursor/cli.json", '{"permissions": {"allow": ["Shell(*)"]}}', Strength.ALL),
    (".zed/settings.json", '{"agent": {"always_allow_tool_actions": true}}', Strength.ALL),
    (".devcontainer.json", '{"privileged": true}', Strength.MUCH),
    ("pip.conf", "[global]\ntrusted-host = a.example", Strength.MUCH),
    (".yarnrc.yml", "unsafeHttpWhitelist: [localhost, a.example]", Strength.MUCH),
]


@pytest.mark.parametrize(("path", "text", "expected"), GRANTS)
def test_permissions_are_found(path: str, text: str, expected: Strength | None, make_tree: Callable[..., Tree]) -> None:
    found = [one.strength for one in read(make_tree, **{path: text}).entries if isinstance(one, Grant)]
    assert found == ([expected] if expected else [])


ADDRESSES = [
    (".claude/settings.json", '{"env": {"ANTHROPIC_BASE_URL": "https://a.example"}}', "https://a.example"),
    (".aider.conf.yml", "openai-api-base: https://a.example", "https://a.example"),
    (".npmrc", "@a:registry=https://a.example", "https://a.example"),
    (".npmrc", "registry=https://user:hunter22@a.example", "https://user:…@a.example"),
    (".npmrc", "registry=https://a.example:8443/npm", "https://a.example:8443/npm"),
    (".yarnrc.yml", "npmRegistryServer: https://a.example", "https://a.example"),
    ("bunfig.toml", '[install]\nregistry = "https://a.example"', "https://a.example"),
    ("pip.conf", "[global]\nindex-url = https://a.example", "https://a.example"),
    ("uv.toml", '[[index]]\nurl = "https://a.example"', "https://a.example"),
    (".cargo/config.toml", '[source.x]\nregistry = "https://a.example"', "https://a.example"),
    ("nuget.config", '<configuration><add key="a" value="https://a.example"/></configuration>', "https://a.example"),
    (
        "settings.xml",
        "<settings><mirror><id>a</id><url>https://a.example</url></mirror></settings>",
        "https://a.example",
    ),
    (".bundle/config", "BUNDLE_MIRROR__X: https://a.example", "https://a.example"),
    ("composer.json", '{"repositories": [{"type": "composer", "url": "https://a.example"}]}', "https://a.example"),
    (".lfsconfig", "[lfs]\nurl = https://a.example", "https://a.example"),
]


@pytest.mark.parametrize(("path", "text", "address"), ADDRESSES)
def test_addresses_are_found_without_passwords(
    path: str, text: str, address: str, make_tree: Callable[..., Tree]
) -> None:
    (found,) = read(make_tree, **{path: text}).entries
    assert isinstance(found, RedirectedAddress)
    assert found.address == address


TEXTS = [
    "AGENTS.md",
    "sub/CLAUDE.md",
    ".cursor/rules/a.mdc",
    ".github/copilot-instructions.md",
    ".claude/skills/a/SKILL.md",
    ".clinerules",
]


@pytest.mark.parametrize("path", TEXTS)
def test_texts_for_agents_are_found(path: str, make_tree: Callable[..., Tree]) -> None:
    assert [type(one) for one in read(make_tree, **{path: "Be kind."}).entries] == [AgentText]


def test_a_wrapper_is_compared_with_the_published_ones(make_tree: Callable[..., Tree]) -> None:
    (jar,) = read(make_tree, **{"gradle/wrapper/gradle-wrapper.jar": "x"}).entries
    assert isinstance(jar, BuildWrapper)
    assert jar.is_known is False


@pytest.mark.parametrize(
    ("properties", "is_known", "notes"),
    [
        ("wrapperUrl=https://a.example/maven-wrapper-3.3.2.jar", False, 0),
        ("wrapperVersion=3.1.1", False, 0),
        ("wrapperVersion=3.0.0", None, 1),
        ("", None, 1),
        ("wrapperSha256Sum=2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", True, 0),
        ("wrapperSha256Sum=00", False, 0),
    ],
)
def test_mavens_wrapper_is_compared_with_what_stands_beside_it(
    make_tree: Callable[..., Tree], properties: str, is_known: bool | None, notes: int
) -> None:
    jar = {".mvn/wrapper/maven-wrapper.jar": "x", ".mvn/wrapper/maven-wrapper.properties": properties}
    found = read(make_tree, **jar)
    known = [one.is_known for one in found.entries if isinstance(one, BuildWrapper) and one.path.endswith(".jar")]
    assert known == ([] if notes else [is_known])
    assert len(found.notes) == notes


def test_both_downloads_of_mavens_wrapper_have_checksums_of_their_own(make_tree: Callable[..., Tree]) -> None:
    text = "distributionUrl=https\\://a/b.zip\ndistributionSha256Sum=0\nwrapperUrl=https://a/c.jar"
    found = read(make_tree, **{".mvn/wrapper/maven-wrapper.properties": text}).entries
    assert [(one.address, one.has_checksum) for one in found if isinstance(one, BuildWrapper)] == [
        ("https://a/b.zip", True),
        ("https://a/c.jar", False),
    ]


def test_unknown_files_of_known_folders_are_said(make_tree: Callable[..., Tree]) -> None:
    found = read(make_tree, **{".vscode/x.json": "{}", ".claude/run.sh": "x", ".vscode/README.md": "x"})
    assert [note.partition(":")[0] for note in found.notes] == [".claude/run.sh", ".vscode/x.json"]


def test_what_is_broken_in_a_test_or_for_a_start_by_hand_is_a_note(make_tree: Callable[..., Tree]) -> None:
    found = read(
        make_tree, **{"tests/invalid/Cargo.toml": "[", ".vscode/launch.json": "{} x", "tests/package.json": "{}"}
    )
    assert [error for one in found.read for error in one.errors] == []
    assert [note.partition(":")[0] for note in found.notes] == [".vscode/launch.json", "tests/invalid/Cargo.toml"]


def test_a_template_is_a_note_and_what_is_broken_an_error_that_hides_no_other(make_tree: Callable[..., Tree]) -> None:
    found = read(make_tree, **{"package.json": '{"scripts": {{ x }}', ".mcp.json": "{", "setup.py": ""})
    assert [error.path for one in found.read for error in one.errors] == [".mcp.json:1"]
    assert [note.partition(":")[0] for note in found.notes] == ["package.json"]
    assert any(isinstance(one, AutoStart) and one.what == "setup.py" for one in found.entries)


HOSTILE = [
    *(
        b"",
        b"\0",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"a":' * 5_000,
        b"<a>" * 5_000,
        b"- " * 5_000,
        b'"' * 9_999,
        b"&a [*a]",
    ),
    *(
        b'"\\ud800"',
        b'{"\\ud800": 1}',
        b"1e999999",
        b"NaN",
        b"!!timestamp 0",
        b"- a\n- b",
        b"[[a]]\nb = [{}]",
        b"a = 1979-05-27",
    ),
    *(
        b'{"scripts": [1], "hooks": {"SessionStart": [1, {"hooks": 2}]}, "mcpServers": {"a": 1, "b": [2]}, "tasks": [1, [2]]}',
    ),
    *(
        b'{"permissions": {"allow": {"a": 1}}, "env": [1], "build_systems": 1, "repositories": [1], "mounts": [{"a": [1]}]}',
    ),
    *(b"repos: 1", b"repos: [1, {hooks: 1}, {repo: a, hooks: [1]}]", b"pre-commit: [1]", b"hooks = 1\n[env]\n_ = 1"),
]
"""What is no file of any format, or has other values than its format."""


@pytest.mark.parametrize("path", sorted({row[0] for row in [*STARTS, *SERVERS, *GRANTS, *ADDRESSES]}))
def test_what_is_no_such_file_is_an_error_or_a_note_and_nothing_worse(path: str) -> None:
    for content in HOSTILE:
        read_workspace(Files({path: content}), lambda path: True)


MIRROR = "<settings><mirrors><mirror><url>http://mirror.example/m</url>{more}</mirror></mirrors></settings>"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (MIRROR.format(more=""), 1),
        (MIRROR.format(more="<blocked>true</blocked>"), 0),
        (MIRROR.format(more="<blocked>false</blocked>"), 1),
        (f"<settings><!-- {MIRROR.format(more='')} --></settings>", 0),
    ],
)
def test_mirrors_of_maven_that_fetch_are_redirects(make_tree: Callable[..., Tree], text: str, count: int) -> None:
    found = read(make_tree, **{"conf/settings.xml": text}).entries
    assert [type(one) for one in found] == [RedirectedAddress] * count


def test_a_configuration_that_is_one_comment_starts_nothing(make_tree: Callable[..., Tree]) -> None:
    found = read(make_tree, **{".run/a.run.xml": "<!--<component>-->\n<!--</component>-->"})
    assert (found.entries, [error for one in found.read for error in one.errors]) == ([], [])
