"""Claude Code: settings of a project, and the manifests of plugins (Claude Code documentation, "Settings", "Hooks")."""

from collections.abc import Iterator

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Entry, Grant, Moment, Question, ReadFile, RedirectedAddress, Strength
from gate.workspace.readers.documents import json_of
from gate.workspace.readers.grants import strength_of_tool
from gate.workspace.readers.model_addresses import is_base_url
from gate.workspace.readers.reading import hooks_in, servers_in, shown, start_of, words_of

_BY = "Claude Code"
PLUGIN = "the plugin is installed"
_HELPERS = ("apiKeyHelper", "awsAuthRefresh", "awsCredentialExport", "otelHeadersHelper")
_MODES = {"bypassPermissions": Strength.ALL, "acceptEdits": Strength.SOME, "dontAsk": Strength.SOME}
_CHECK_VARIABLE = lazy_regex(r"NODE_TLS_REJECT_UNAUTHORIZED|GIT_SSL_NO_VERIFY|PYTHONHTTPSVERIFY")


def read(tree: FileTree, path: str) -> ReadFile:
    """Read settings, or what a plugin brings along; a plugin's counts for those who install it, and for its author."""
    document = json_of(tree, path)
    if path.endswith("marketplace.json"):
        return ReadFile()
    entries = [
        *(_of_plugin(hook, path) for hook in hooks_in(_hooks(document), _BY)),
        *servers_in(document.get("mcpServers"), _BY),
        *_helpers(document),
        *_environment(document),
        *_permissions(document),
        *_plugins(document),
    ]
    return ReadFile(entries=tuple(entries))


def _of_plugin(hook: AutoStart, path: str) -> AutoStart:
    """Return a hook, which of a plugin starts for those alone who have installed that."""
    is_own = "/.claude/" in f"/{path}"
    return hook if is_own else msgspec.structs.replace(hook, needs=PLUGIN)


def _hooks(document: Value) -> Value | None:
    """Return the hooks; of a plugin's manifest it may be the path of another file, which is read by itself."""
    hooks = document.get("hooks")
    return hooks if hooks is not None and isinstance(hooks.data, dict) else None


def _helpers(document: Value) -> Iterator[AutoStart]:
    for name in _HELPERS:
        helper = document.get(name)
        if helper is not None and helper.text():
            yield start_of(helper, Moment.OPEN, _BY, name, helper.text(), question=Question.TRUST)
    for name in ("statusLine", "fileSuggestion"):
        line = document.get(name, "command")
        if line is not None and line.text():
            yield start_of(line, Moment.OPEN, _BY, name, words_of(line), question=Question.TRUST)


def _environment(document: Value) -> Iterator[Entry]:
    variables = document.get("env")
    for name, value in variables.items() if variables else ():
        if is_base_url(name):
            address = shown(value.text())
            yield RedirectedAddress(
                by=_BY, setting=name, address=address, is_model=True, path=value.path, line=value.line
            )
        elif _CHECK_VARIABLE.fullmatch(name):
            what = f"env {name} = {value.text()}"
            yield Grant(by=_BY, what=what, strength=Strength.MUCH, is_check=True, path=value.path, line=value.line)


def _permissions(document: Value) -> Iterator[Grant]:
    allowed = document.get("permissions", "allow")
    for tool in allowed.elements() if allowed else ():
        strength = strength_of_tool(tool.text())
        if strength is not None:
            yield _grant(tool, f"permissions.allow: {tool.text()[:160]}", strength)
    mode = document.get("permissions", "defaultMode")
    if mode is not None and mode.text() in _MODES:
        yield _grant(mode, f"permissions.defaultMode = {mode.text()}", _MODES[mode.text()])
    for name in ("enableAllProjectMcpServers", "skipDangerousModePermissionPrompt"):
        flag = document.get(name)
        if flag is not None and flag.text() == "true":
            yield _grant(flag, f"{name} = true", Strength.SOME)


def _plugins(document: Value) -> Iterator[Grant]:
    markets = document.get("extraKnownMarketplaces")
    for name, market in markets.items() if markets else ():
        source = market.get("source")
        words = " ".join(one.text() for _, one in source.items()) if source else ""
        yield _grant(market, f"plugins from the marketplace {name[:80]} ({words[:120]})", Strength.SOME)


def _grant(value: Value, what: str, strength: Strength) -> Grant:
    return Grant(by=_BY, what=what, strength=strength, path=value.path, line=value.line, span=(value.start, value.end))
