"""Whether vulnerable functions of npm packages are used: by own code, by other packages, or perhaps.

Goes through `gate/reachability/functions/javascript/`.
"""

from collections.abc import Callable

import pytest

from gate.model import Finding, InUse, Location, Package, Severity, Tree, Vulnerability
from gate.reachability.functions.findings import with_reachable_functions
from gate.reachability.functions.javascript import search

pytest.importorskip("tree_sitter_javascript")
pytest.importorskip("tree_sitter_typescript")

Files = dict[str, str | bytes]
TOAST = {
    "node_modules/toast/package.json": '{"name": "toast", "version": "1.0.0", "bin": {"toaster": "bin.js"}}',
    "node_modules/toast/index.js": "exports.burn = require('./burn'); exports.bake = require('./bake');",
    "node_modules/toast/burn.js": "module.exports = function burn() {}",
    "node_modules/toast/bake.js": "module.exports = function bake() {}",
    "node_modules/toast/grill.js": "const b = require('./burn'); module.exports = () => b()",
}
Ask = Callable[..., tuple[str | None, str]]


@pytest.fixture
def ask(make_tree: Callable[[Files], Tree]) -> Ask:
    """Return a function that asks whether `toast:burn`, or another symbol, is used in a tree.

    Of several questions, `symbols`, about the same tree the answer to the last one is returned.
    """

    def ask(
        files: dict[str, str] | str,
        symbol: str = "toast:burn",
        *,
        installed: bool = True,
        symbols: tuple[str, ...] = (),
    ) -> tuple[str | None, str]:
        own = {"app.js": files} if isinstance(files, str) else files
        tree = make_tree({**(TOAST if installed else {}), **own})
        findings = [
            Finding(
                stage="dependencies",
                rule="CVE-2026-1",
                severity=Severity.HIGH,
                title="",
                message="",
                fingerprint="0" * 32,
                location=Location(target="tree", path="package-lock.json"),
                package=Package(name="toast", version="1.0.0", ecosystem="npm", purl="", path="package-lock.json"),
                vulnerability=Vulnerability(id="CVE-2026-1", symbols=(each,)),
                in_use=InUse.UNKNOWN,
            )
            for each in symbols or (symbol,)
        ]
        *_, found = with_reachable_functions(findings, tree)
        state = found.reachable_function
        return state.value if state else None, "; ".join(found.reachable_function_evidence)

    return ask


@pytest.mark.parametrize(
    "code",
    [
        "const t = require('toast'); t.burn()",
        "require('toast').burn()",
        "const {burn} = require('toast'); burn()",
        "const {burn: b} = require('toast'); b(1)",
        "const {bake, burn = 1} = require(`toast`); burn()",
        "import t from 'toast'; t.burn()",
        "import * as t from 'toast'; t?.burn()",
        "import {bake, burn as b} from 'toast'; new b()",
        "import t, {bake} from 'toast'; t['burn']()",
        "const t = await import('toast'); t.burn()",
        "const {burn} = await import('toast'); burn.call(null)",
        "let t; t = require('toast'); const {burn} = t; burn()",
        "var _t = _interopRequireDefault(require('toast')); (0, _t.default.burn)()",
        "var t = tslib_1.__importStar(require('toast')); t.burn()",
        "const t = global.t || require('toast'); t.burn()",
        "const a = b = require('toast'); a.burn()",
        "const burn = require('toast/burn'); burn()",
        "const t = require('toast').default; t.burn()",
    ],
)
def test_what_own_code_calls_is_used(code: str, ask: Ask) -> None:
    state, evidence = ask(code)
    assert state == "yes", evidence
    assert evidence.startswith("app.js:1 calls ")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("app.ts", "import toast = require('toast'); toast!.burn();"),
        ("app.tsx", "import {burn} from 'toast'; export const A = (x: number) => <b>{burn(x)}</b>;"),
        ("app.mjs", "import {burn} from 'toast'; burn()"),
        ("bin/serve", "#!/usr/bin/env node\nrequire('toast').burn()"),
    ],
)
def test_each_kind_of_source_is_read(path: str, code: str, ask: Ask) -> None:
    assert ask({path: code})[0] == "yes"


def test_the_default_export_is_the_package_itself(ask: Ask) -> None:
    assert ask("const toast = require('toast').default; toast('x')", "toast:default")[0] == "yes"
    assert ask("const toast = require('toast'); toast('x')", "toast:default")[0] == "yes"


@pytest.mark.parametrize(
    "code",
    [
        "const t = require('toast'); t.bake()",
        "const {bake} = require('toast'); bake()",
        "import {bake as burn} from 'toast'; burn()",
        "import 'toast'",
        "require('toast')",
        "if (require('toast')) {}",
        "const t = require('toast'); typeof t; t.bake.burn()",
        "const bake = require('toast/bake'); bake()",
        "const {version} = require('toast/package.json')",
        "// require('toast').burn()\n",
        "other.burn()",
        "require('./routes/' + name); require(path.join(__dirname, name))",
    ],
)
def test_what_nothing_takes_is_not_used(code: str, ask: Ask) -> None:
    assert ask(code)[0] == "no"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("const t = require('toast'); t[name]()", id="a name made at run time"),
        pytest.param("const t = require('toast'); run(t)", id="handed on"),
        pytest.param("module.exports = require('toast')", id="exported"),
        pytest.param("module.exports = { toast: require('toast') }", id="exported as a field"),
        pytest.param("import t from 'toast'; export { t }", id="exported by name"),
        pytest.param("export const t = require('toast')", id="exported where it is declared"),
        pytest.param("export * from 'toast'", id="exported whole"),
        pytest.param("export { burn } from 'toast'", id="exported again"),
        pytest.param("const t = require('toast'); const all = { t }", id="in an object"),
        pytest.param("const {bake, ...rest} = require('toast')", id="the rest"),
        pytest.param("const {[name]: f} = require('toast')", id="a computed key"),
        pytest.param("import('toast').then(t => t.burn())", id="a promise"),
        pytest.param("const f = require('toast').burn; go(f)", id="a function handed on"),
        pytest.param("load('toast')", id="another function that loads"),
        pytest.param("const names = ['toast']; names.forEach(n => require('./' + n))", id="a name in a list"),
        pytest.param("var lazy = require('lazy')(require); require = lazy; require('toast')", id="another require"),
        pytest.param("function require(name) {} require('toast')", id="a require of its own"),
        pytest.param("require('toast', 'toaster')", id="a require that takes a name"),
        pytest.param("require(process.env.PLUGIN)", id="any package"),
        pytest.param("import(name)", id="any module"),
        pytest.param("const t = require('toast'); eval(text)", id="eval"),
        pytest.param("new Function(text)()", id="code in a text"),
        pytest.param("const t = require('toast'; t.bake()", id="a source that cannot be parsed"),
        pytest.param("require('toast/grill')()", id="a file that loads it"),
        pytest.param("require('toast/missing')", id="a file that is not there"),
        pytest.param("class A extends require('toast').Burner {}; require('toast').burn", id="taken, not called"),
        pytest.param(
            "_ => 1; var t = require('toast'); return_(function (t) { t.x(t) })", id="a variable of that name"
        ),
    ],
)
def test_what_may_use_it_is_never_a_no(code: str, ask: Ask) -> None:
    state, evidence = ask(code)
    assert state == "unknown", evidence


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", '{"scripts": {"start": "toaster --hot"}}'),
        ("package.json", '{"imports": {"#t": "toast"}}'),
        ("deploy.yaml", "plugins: [toast]"),
        ("page.vue", "<script>import {burn} from 'toast'</script>"),
        ("node_modules/other/index.js", "exports.run = () => require('toast').burn()"),
        ("node_modules/@a/b/lib/x.cjs", "require('toast').burn"),
        ("node_modules/.pnpm/other@1/node_modules/other/x.mjs", "import {burn} from 'toast'"),
        ("node_modules/other/index.js", "n('toast')"),
    ],
)
def test_packages_and_settings_count(path: str, text: str, ask: Ask) -> None:
    manifest = {"package.json": '{"dependencies": {"toast": "1"}, "name": "shop"}'}
    assert ask({"app.js": "require('toast').bake()", **manifest})[0] == "no"
    assert ask({"app.js": "require('toast').bake()", **manifest, path: text})[0] == "unknown"


def test_a_package_under_another_name_is_the_same(ask: Ask) -> None:
    alias = {
        "node_modules/t2/package.json": '{"name": "toast", "version": "1.0.0"}',
        "node_modules/t2/index.js": "exports.burn = 1",
    }
    assert ask({"app.js": "require('t2').burn()", **alias}) == ("yes", "app.js:1 calls burn of toast")


@pytest.mark.parametrize("more", ['"main": false', '"bin": [1]', '"bin": "a.js"', '"bin": null'])
def test_a_manifest_of_any_form_names_its_package(more: str, ask: Ask) -> None:
    manifest = f'{{"name": "toast", "version": "1.0.0", {more}}}'
    assert ask({"app.js": "require('toast').bake()", "node_modules/toast/package.json": manifest})[0] == "no"


def test_all_of_a_package_and_what_it_is_itself(ask: Ask) -> None:
    assert ask("require('toast').bake()", "toast:")[0] == "yes"
    assert ask("const t = require('toast'); t(1)", "toast:()")[0] == "yes"
    assert ask("const t = require('toast'); t.apply(null, a)", "toast:()")[0] == "yes"
    assert ask("const t = require('toast'); f = t.bind(null, a)", "toast:()")[0] == "unknown"
    assert ask("class A extends require('toast') {}", "toast:()")[0] == "unknown"
    assert ask("const t = require('toast'); t.bake()", "toast:()")[0] == "no"


@pytest.mark.parametrize("code", ["require('toast')", "import 'toast'", "if (require('toast')) {}", "import('toast')"])
def test_a_package_that_is_only_loaded_may_do_something(code: str, ask: Ask) -> None:
    assert ask(code, "toast:")[0] == "unknown"
    assert ask(code, "toast:()")[0] == "unknown"
    assert ask(code, "toast:burn")[0] == "no"


@pytest.mark.parametrize(
    "code",
    [
        "const {_} = require('toast'); _.burn()",
        "const {_: t} = require('toast'); t.burn()",
        "require('toast')._.burn()",
        "import {_} from 'toast'; _.burn()",
        "import {lodash as t} from 'toast'; t.burn()",
    ],
)
def test_a_package_that_holds_itself_is_followed(code: str, ask: Ask) -> None:
    assert ask(code)[0] == "yes"
    assert ask(code.replace("burn", "bake"))[0] == "no"
    assert ask("other()", "toast:") == ("no", "none of 5 sources loads toast")


def test_without_the_sources_only_own_calls_count(ask: Ask) -> None:
    assert ask("require('toast').burn()", installed=False)[0] == "yes"
    assert ask("require('toast').bake()", installed=False) == (
        "unknown",
        "no source that was found uses it, and the sources of toast are not here in that version",
    )


@pytest.fixture
def a_source_at_a_time(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let only as much be parsed as the returned source has, which may use a function of the package."""
    code = "require('toast').burn(1)"
    monkeypatch.setattr(search, "MAX_PARSED", len(code))
    return code


@pytest.mark.usefixtures("a_source_at_a_time")
def test_a_source_is_parsed_once_for_a_package(ask: Ask) -> None:
    found = ask("require('toast').burn(1)", symbols=("toast:bake", "toast:burn"))
    assert found == ("yes", "app.js:1 calls burn of toast")


def test_packages_are_parsed_until_one_may_use_it(ask: Ask, a_source_at_a_time: str) -> None:
    state, why = ask({f"node_modules/{name}/index.js": a_source_at_a_time for name in ("a", "b")})
    assert (state, why) == ("unknown", "node_modules/a/index.js:1 takes burn of toast")


@pytest.mark.parametrize("quote", ["'", '"', "`"])
@pytest.mark.parametrize("part", ["", "/burn"])
def test_sources_that_load_it_are_found_with_hyperscan_and_without(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, quote: str, part: str
) -> None:
    own = {"app.js": f"x(require({quote}toast{part}{quote}))", "other.js": "require('toasted'); ontoast()"}
    quick = ask(own)
    monkeypatch.setattr(search, "is_quick", lambda: False)
    assert ask(own) == quick
    assert quick[1].startswith("app.js:1 ")


def test_without_tree_sitter_it_is_unknown(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "is_available", lambda: False)
    state, evidence = ask("require('toast').burn()")
    assert (state, "pip install" in evidence) == ("unknown", True)


def test_other_ecosystems_are_not_asked(make_tree: Callable[[Files], Tree]) -> None:
    other = Package(name="toast", version="1", ecosystem="Packagist", purl="", path="composer.lock")
    finding = Finding(
        stage="dependencies",
        rule="CVE-2026-1",
        severity=Severity.HIGH,
        title="",
        message="",
        fingerprint="0" * 32,
        location=Location(target="tree"),
        package=other,
        vulnerability=Vulnerability(id="CVE-2026-1", symbols=("toast:burn",)),
    )
    assert list(with_reachable_functions([finding], make_tree({}))) == [finding]
