"""Whether a repository's own code calls vulnerable functions of crates, and whether programs have them.

Goes through `gate/reachability/functions/rust/`.
"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Finding, Location, Package, Severity, Tree, Vulnerability
from gate.reachability.functions.findings import with_reachable_functions
from gate.reachability.functions.image_start import StartReach, VulnerablePackage
from gate.reachability.functions.rust import repository
from gate.reachability.functions.rust.calls import RustSources
from gate.reachability.functions.rust.image import RustImage
from gate.reachability.functions.rust.symbols import has_function, names_of
from gate.reachability.runtimes.walk.graph import Because
from tests.inventory.installed.test_programs import elf
from tests.reachability.runtimes.conftest import SmallTree

GROW = "smallvec::SmallVec::grow"
Ask = Callable[..., tuple[str, str]]


@pytest.fixture
def ask(make_tree: Callable[[dict[str, str]], Tree]) -> Ask:
    """Return a function that asks whether a function of `smallvec` is called in a tree."""

    def ask(files: dict[str, str] | str, symbol: str = GROW) -> tuple[str, str]:
        tree = make_tree({"src/main.rs": files} if isinstance(files, str) else files)
        finding = Finding(
            stage="dependencies",
            rule="RUSTSEC-1",
            severity=Severity.HIGH,
            title="smallvec",
            message="",
            fingerprint="f",
            location=Location(target=tree.name, path="Cargo.lock"),
            package=Package(name="smallvec", version="1.0.0", ecosystem="crates.io", purl="", path="Cargo.lock"),
            vulnerability=Vulnerability(id="RUSTSEC-1", symbols=(symbol,)),
        )
        (answered,) = with_reachable_functions([finding], tree)
        assert answered.reachable_function is not None
        return answered.reachable_function.value, "\n".join(answered.reachable_function_evidence)

    return ask


CALLING = {
    "by its path": "fn main() { smallvec::SmallVec::grow(&mut v, 1); }",
    "with what it is made for": "fn main() { smallvec::SmallVec::<[u8; 4]>::grow(&mut v, 1); }",
    "a type that is used": "use smallvec::SmallVec;\nfn main() { SmallVec::grow(&mut v, 1); }",
    "by another name": "use smallvec::{self as small, SmallVec as Few};\nfn main() { Few::grow(&mut v, 1); }",
    "a variable": "use smallvec::SmallVec;\nfn main() { let mut v = SmallVec::new(); v.grow(1); }",
    "a variable of a type": "use smallvec::SmallVec;\nfn main() { let mut v: SmallVec<[u8; 4]> = x; v.grow(1); }",
    "an argument": "use smallvec::*;\nuse smallvec::SmallVec;\nfn go(v: &mut SmallVec<[u8; 4]>) { v.grow(1) }",
}


@pytest.mark.parametrize("source", CALLING.values(), ids=CALLING)
def test_a_call_that_is_resolved_reaches(ask: Ask, source: str) -> None:
    state, evidence = ask(source)
    assert state == "yes"
    assert evidence.startswith("src/main.rs:")


def test_what_is_offered_above_its_module_is_the_same(ask: Ask) -> None:
    assert ask("fn main() { smallvec::grow(1) }", "smallvec::inner::grow")[0] == "yes"
    assert ask("fn main() { smallvec::log!(1) }", "smallvec::log")[0] == "yes"


OTHER = {
    "a comment": "// smallvec::SmallVec::grow(v)",
    "a text": 'fn main() { let x = "smallvec::SmallVec::grow(v)"; }',
    "another crate": "use other::SmallVec;\n// smallvec\nfn main() { SmallVec::grow(&mut v, 1); }",
    "another type": "fn main() { smallvec::Other::grow(&mut v, 1); }",
    "an unknown object": "fn main() { smallvec::x(); v.grow(1); }",
}


@pytest.mark.parametrize("source", OTHER.values(), ids=OTHER)
def test_what_is_not_resolved_is_unknown(ask: Ask, source: str) -> None:
    assert ask(source)[0] == "unknown"


@pytest.mark.parametrize("path", ["tests/it.rs", "vendor/smallvec/src/lib.rs", "target/debug/gen.rs", "build.rs"])
def test_only_the_own_code_counts(ask: Ask, path: str) -> None:
    assert ask({path: CALLING["by its path"]})[0] == "unknown"


def test_too_much_to_read_is_unknown(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MAX_RUST_SOURCES", 10)
    assert "not complete" in ask(CALLING["by its path"])[1]


LEGACY = b"_ZN8smallvec17SmallVec$LT$A$GT$4grow17h0123456789abcdefE"
OF_A_TRAIT = b"_ZN47_$LT$m..oven..Oven$LT$u8$GT$$u20$as$u20$m..oven..Heat$GT$4heat17h0123456789abcdefE"
V0 = b"_RNvMCs1b_8smallvecINtB2_8SmallVecAhj4_E4growB2_"


def program(*names: bytes) -> bytes:
    """Return a program with these names of functions."""
    return elf({".strtab": b"\0" + b"\0".join(names) + b"\0"})


@pytest.mark.parametrize(
    ("name", "symbol", "is_there"),
    [
        (LEGACY, GROW, True),
        (V0, GROW, True),
        (OF_A_TRAIT, "m::Oven::heat", True),
        (LEGACY, "smallvec::SmallVec::push", False),
        (LEGACY, "smallvec::Other::grow", False),
        (LEGACY, "other::SmallVec::grow", False),
        (b"grow", GROW, False),
    ],
)
def test_names_of_functions_in_a_program(name: bytes, symbol: str, is_there: bool) -> None:
    assert has_function(names_of(program(name), "a"), symbol) is is_there


@pytest.mark.parametrize(
    ("content", "state", "evidence"),
    [
        (program(LEGACY), "yes", f"app/shop has {GROW}"),
        (program(OF_A_TRAIT), "unknown", "its callers"),
        (program(b"main"), "unknown", "no names of functions"),
        (b"\x7fELF", "unknown", "not complete"),
    ],
)
def test_a_program_of_an_image(content: bytes, state: str, evidence: str) -> None:
    tree = SmallTree({"app/shop": content})
    reach = StartReach(("app/shop",), {"app/shop": Because("", "entrypoint")})
    asked = VulnerablePackage("app/shop", (GROW,), "crates.io", "smallvec", "1.0.0")
    found = RustImage(tree, reach, b"").answer(asked)
    assert found.state.value == state
    assert evidence in found.evidence[-1]
    assert RustImage(tree, StartReach(), b"").answer(asked).state.value == "unknown"


@given(st.text("ab:<>(){}, use;\n"))
def test_any_source_is_read(text: str) -> None:
    RustSources({"a.rs": f"a{text} b".encode()}).call_of("a::b")
