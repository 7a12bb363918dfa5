"""Whether vulnerable functions of Go modules are reached: by calls, by names, or by nothing in the vendored sources.

Goes through `gate/reachability/functions/golang/`.
"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Finding, InUse, Location, Package, Severity, Tree, Vulnerability
from gate.reachability.functions.findings import with_reachable_functions
from gate.reachability.functions.golang import packages
from gate.reachability.functions.golang.source import imports_of, parse_go
from gate.reachability.functions.golang.symbols import readings

Files = dict[str, str | bytes]
MODULE = "module example.com/shop\n\ngo 1.24\n\nrequire example.com/toast/v2 v2.1.0\n"
LIST = "# example.com/toast/v2 v2.1.0\n## explicit\nexample.com/toast/v2\n"
TOAST = {
    "go.mod": MODULE,
    "vendor/modules.txt": LIST,
    "vendor/example.com/toast/v2/toast.go": """package toast

import "example.com/toast/v2/heat"

type Oven struct{ power int }
type Grill struct{ Oven }

func New() *Oven { return &Oven{} }
func Burn() { char() }
func char() {}
func Bake(f func()) { f() }
func (o *Oven) Char() {}
func (o *Oven) String() string { return render() }
func (g Grill) Sear() { Burn() }
func render() string { return heat.Up() }
""",
    "vendor/example.com/toast/v2/heat/heat.go": "package heat\n\nfunc Up() string { return `` }\n",
    "vendor/example.com/toast/v2/cool/cool.go": "package cool\n\nfunc Down() {}\n",
}
Ask = Callable[..., tuple[str | None, str]]
PATH = "example.com/toast/v2"


def main(body: str, imports: str = f'"{PATH}"', more: str = "") -> str:
    return f"package main\n\nimport (\n\t{imports}\n)\n\nfunc main() {{\n\t{body}\n}}\n{more}\n"


@pytest.fixture
def ask(make_tree: Callable[[Files], Tree]) -> Ask:
    """Return a function that asks whether a symbol is reached in a tree."""

    def ask(
        files: Files | str, symbol: str = "Burn", *, name: str = PATH, path: str = "go.mod", vendored: bool = True
    ) -> tuple[str | None, str]:
        own: Files = {"main.go": files} if isinstance(files, str) else files
        base = TOAST if vendored else {"go.mod": MODULE}
        finding = Finding(
            stage="dependencies",
            rule="GO-2026-1",
            severity=Severity.HIGH,
            title="",
            message="",
            fingerprint="0" * 32,
            location=Location(target="tree", path=path),
            package=Package(name=name, version="v2.1.0", ecosystem="Go", purl="", path=path),
            vulnerability=Vulnerability(id="GO-2026-1", symbols=(symbol if "/" in symbol else f"{PATH}.{symbol}",)),
            in_use=InUse.UNKNOWN,
        )
        (found,) = with_reachable_functions([finding], make_tree({**base, **own}))
        state = found.reachable_function
        return state.value if state else None, "; ".join(found.reachable_function_evidence)

    return ask


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        (main("toast.Burn()"), "Burn"),
        (main("t.Burn()", f't "{PATH}"'), "Burn"),
        (main("go toast.Burn()"), "char"),
        (main("serve()", more="func serve() { defer toast.Burn() }"), "Burn"),
        (main("", more="func (s shop) open() { s.bake() }\nfunc (s shop) bake() { toast.Burn() }"), "char"),
        (main("", more="var started = toast.Burn"), None),
        (main("", more="var oven = toast.New()"), "New"),
    ],
)  # fmt: skip
def test_calls_that_can_be_resolved_lead_to_it(code: str, symbol: str | None, ask: Ask) -> None:
    state, evidence = ask(code, symbol or "Burn")
    assert state == ("yes" if symbol else "unknown"), evidence
    assert "main.go:" in evidence


def test_the_chain_is_the_evidence(ask: Ask) -> None:
    _, evidence = ask(main("toast.Burn()"), "char")
    assert evidence == f"main.go:8 calls {PATH}.Burn; vendor/{PATH}/toast.go:9 calls {PATH}.char"


@pytest.mark.parametrize("vendored", [True, False])
def test_a_call_of_the_own_code_needs_no_sources(vendored: bool, ask: Ask) -> None:
    code = main("http.ListenAndServe(``, nil); toast.Burn()", f'"net/http"\n\t"{PATH}"')
    assert ask(code, "net/http.ListenAndServe", name="stdlib", vendored=vendored)[0] == "yes"
    assert ask(code, vendored=vendored)[0] == "yes"


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        (main("toast.New()"), "Burn"),
        (main("toast.New()"), f"{PATH}/cool.Down"),
        (main("toast.New()"), "Oven.Char"),
        (main("toast.Bake(nil)"), "Oven.String"),
        (main("toast.New() // toast.Burn()"), "Burn"),
        (main("println(`toast.Burn()`); toast.New()"), "Burn"),
        (main("", "_ " + f'"{PATH}"'), "Burn"),
        ("package main\n\nfunc main() {}\n", "Burn"),
        (main("toast.New()", more="type Burn struct{}"), "Burn"),
        (main("toast.New(); burn.Burn()", more="var burn interface{ Burn() }"), "Grill.Sear"),
    ],
)
def test_what_nothing_names_is_not_reached(code: str, symbol: str, ask: Ask) -> None:
    state, evidence = ask(code, symbol)
    assert state == "no", evidence


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        pytest.param(main("toast.Bake(toast.Burn)"), "Burn", id="a function as a value"),
        pytest.param(main("f := toast.Burn; f()"), "char", id="kept in a variable"),
        pytest.param(main("toast.New().Char()"), "Oven.Char", id="a method"),
        pytest.param(main("println(toast.New())"), "Oven.String", id="a method that Go's library calls"),
        pytest.param(main("println(toast.New())"), f"{PATH}/heat.Up", id="behind such a method"),
        pytest.param(main("var c charrer = toast.New(); c.Char()"), "Oven.Char", id="through an interface"),
        pytest.param(main("toast.Grill{}.Char()"), "Oven.Char", id="embedded"),
        pytest.param(main("Burn()", f'. "{PATH}"'), "Burn", id="all names of a package"),
        pytest.param(main("toast := kitchen(); toast.Burn()"), "Burn", id="a variable with the package's name"),
        pytest.param(main("toast.New()", more=f"//go:linkname burn {PATH}.Burn\nfunc burn()"), "Burn", id="the linker"),
        pytest.param(main("v.MethodByName(x); toast.New()"), "Oven.Char", id="reflection"),
        pytest.param(main("rpc.Register(toast.New())", f'"net/rpc"\n\t"{PATH}"'), "Oven.Char", id="calls of clients"),
        pytest.param(main("plugin.Open(x); toast.New()", f'"plugin"\n\t"{PATH}"'), "Burn", id="plug-ins"),
        pytest.param(main("toast.New()"), "Gone", id="not in this version"),
        pytest.param(main("toast.New()"), f"{PATH}", id="all of the package"),
        pytest.param(main("toast.New()", f'"{PATH}"\n\t"example.com/gone"'), "Burn", id="missing sources"),
    ],
)  # fmt: skip
def test_what_may_reach_it_is_unknown(code: str, symbol: str, ask: Ask) -> None:
    state, evidence = ask(code, symbol)
    assert state == "unknown", evidence


def test_a_template_may_name_a_method(ask: Ask) -> None:
    code = main("template.New(``).Execute(nil, toast.New())", f'"html/template"\n\t"{PATH}"')
    assert ask(code, "Oven.Char")[0] == "no"
    assert ask({"main.go": code, "page.html": "<p>{{ .Oven.Char }}</p>"}, "Oven.Char")[0] == "unknown"
    assert ask(code.replace("``", "`{{ .Char }}`"), "Oven.Char")[0] == "unknown"


def test_of_a_source_whose_brackets_are_not_in_pairs_all_counts(ask: Ask) -> None:
    files: Files = {
        "main.go": main("toast.New()"),
        f"vendor/{PATH}/a.go": "package toast\n\nfunc a() { {{ }\n\nfunc b() { Burn() }",
    }
    assert ask(files)[0] == "unknown"


def test_assembler_code_names_functions(ask: Ask) -> None:
    files: Files = {"main.go": main("toast.New()"), f"vendor/{PATH}/fast.s": "TEXT ·fast(SB)\n\tCALL ·char(SB)\n"}
    assert ask(files, "char")[0] == "unknown"


def test_c_calls_what_is_exported(ask: Ask) -> None:
    code = 'package toast\n\nimport "C"\n\n//export Scorch\nfunc Scorch() { scorch() }\nfunc scorch() {}'
    more: Files = {f"vendor/{PATH}/c.go": code}
    assert ask({"main.go": main("toast.New()"), **more}, "scorch")[0] == "unknown"


@pytest.mark.parametrize(("tag", "expected"), [("windows", "unknown"), ("ignore", "no")])
def test_every_file_of_a_package_counts_whatever_it_is_built_for(tag: str, expected: str, ask: Ask) -> None:
    code = f"//go:build {tag}\n\npackage toast\n\nfunc init() {{ Burn() }}\n"
    assert ask({"main.go": main("toast.New()"), f"vendor/{PATH}/more.go": code})[0] == expected


def test_tests_and_folders_that_are_no_packages_do_not_count(ask: Ask) -> None:
    burning = main("toast.Burn()")
    files: Files = {
        "main.go": main("toast.New()"),
        "a_test.go": burning,
        "testdata/x.go": burning,
        "_old/x.go": burning,
    }
    assert ask(files)[0] == "no"


def test_another_version_in_the_folder_tells_nothing(ask: Ask) -> None:
    files: Files = {"main.go": main("toast.New()"), "vendor/modules.txt": LIST.replace("v2.1.0", "v2.0.0")}
    state, evidence = ask(files)
    assert (state, "another version" in evidence) == ("unknown", True)


def test_a_module_in_the_place_of_another_has_its_paths(ask: Ask) -> None:
    files: Files = {"main.go": main("toast.New()"), "go.mod": f"{MODULE}replace {PATH} => example.com/fork v2.1.0\n"}
    assert ask(files, "example.com/fork.Burn", name="example.com/fork")[0] == "unknown"


def test_each_module_of_a_repository_has_its_own_code(ask: Ask) -> None:
    files: Files = {
        "main.go": main("toast.New()"),
        "tools/go.mod": f"module example.com/tools\n\nrequire {PATH} v2.1.0\nrequire example.com/shop v0.0.0\n"
        "replace example.com/shop => ../\n",
        "tools/run.go": main("toast.Burn(); shop.Open()", f'"{PATH}"\n\t"example.com/shop/open"'),
        "open/open.go": "package open\n\nfunc Open() {}\n",
    }
    assert ask(files)[0] == "no"
    assert ask(files, path="tools/go.mod")[0] == "yes"
    assert ask(files, f"{PATH}/cool.Down", path="tools/go.mod")[0] == "no"


def test_members_of_a_workspace_are_sources(ask: Ask) -> None:
    files: Files = {
        "go.work": "go 1.24\n\nuse (\n\t.\n\t./lib\n)\n",
        "lib/go.mod": "module example.com/lib\n",
        "lib/lib.go": f'package lib\n\nimport "{PATH}"\n\nfunc Run() {{ toast.Burn() }}\n',
        "main.go": main("lib.Run()", '"example.com/lib"'),
    }
    assert ask(files)[0] == "yes"


def test_without_a_go_mod_nothing_is_known(ask: Ask) -> None:
    assert ask(main("toast.New()"), path="other/go.mod")[0] == "unknown"


def test_a_bound_is_said(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_GO_PARSED", 10)
    state, evidence = ask(main("toast.New()"))
    assert (state, "not complete" in evidence) == ("unknown", True)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('package a\nimport "b/c"\nimport (\n d "e"\n\t_ `f`; . "g"\n)\n', ("b/c", "e", "f", "g")),
        ('package a\n/* import "no" */\n// import "no"\nimport "C"\n', ("C",)),
        ('package a\nvar x = `\nimport "no"\n`\n', ()),
        ("", ()),
    ],
)
def test_imports_are_read(text: str, paths: tuple[str, ...]) -> None:
    assert imports_of(text.encode()) == paths


def test_declarations_are_read() -> None:
    source = parse_go(
        b"package a\n\nvar f = func() { x() }\nfunc A[T any](t T) {\n\tg := func() {}\n}\n"
        b"func (s *S[K, V]) B() int { return '{' }\n"
        b"type (\n\tS[K, V any] struct{ n N }\n\tN = M\n)\ntype Only interface{ Do() }\n"
    )
    named = [(one.owner, one.name, one.line) for one in source.functions if one.name]
    assert named == [(b"", b"A", 4), (b"S", b"B", 7)]
    assert [name for name, _ in source.types] == [b"S", b"N", b"Only"]


def test_a_symbol_may_have_dots_in_its_package() -> None:
    read = [str(name.key) for name in readings("gopkg.in/yaml.v3.Node.Decode")]
    assert str(("gopkg.in/yaml.v3", "Node", "Decode")) in read
    assert [name.key for name in readings("net/http")] == [("net/http", "", "")]


@given(st.text("func type(){}[]\"'`/*.ab\n=,;", max_size=300))
def test_any_text_is_read(text: str) -> None:
    parse_go(text.encode())
    imports_of(text.encode())
