"""Cargo.lock with the Cargo.toml of its workspace, and Cargo.toml without a lockfile."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]


def package(name: str, *needs: str, version: str = "1.0.0", own: bool = False) -> str:
    source = "" if own else 'source = "registry+https://packages.example/index"\n'
    listed = f"dependencies = {list(needs)}\n" if needs else ""
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\n{source}{listed}\n'


LOCK = "version = 4\n\n" + "".join(
    [
        package("shop", "serde", "mockito", "rand 0.8.5", "util", own=True),
        package("util", "cc", "mockito", own=True),
        package("serde", "serde_derive"),
        package("serde_derive", "rand 0.7.3", "serde"),
        package("mockito", "rand 0.8.5", "only-mocked"),
        package("only-mocked"),
        package("rand", version="0.7.3"),
        package("rand", version="0.8.5"),
        package("cc"),
    ]
)

ROOT = """[package]
name = "shop"
version = "0.1.0"

[workspace]
members = ["crates/*"]

[workspace.dependencies]
mocks = {version = "1", package = "mockito"}

[dependencies]
serde = {version = "=1.0.0", features = ["derive"]}
util = {path = "crates/util"}

[target.'cfg(unix)'.dependencies.rand]
version = "0.8"

[dev-dependencies]
mocks.workspace = true
"""

MEMBER = '[package]\nname = "util"\n[build-dependencies]\ncc = "1"\n[dev-dependencies]\nmockito = "=1.0.0"\n'


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.name, p.version, p.scope.value, p.direct, p.via) for p in locked.packages]


def test_scopes_come_from_the_manifests_of_the_workspace(locked: Read) -> None:
    files = {"a/Cargo.lock": LOCK, "a/Cargo.toml": ROOT, "a/crates/util/Cargo.toml": MEMBER}
    assert rows(locked(files)) == [
        ("serde", "1.0.0", "runtime", True, ()),
        ("serde_derive", "1.0.0", "runtime", False, ("serde",)),
        ("mockito", "1.0.0", "development", True, ()),
        ("only-mocked", "1.0.0", "development", False, ("mockito",)),
        ("rand", "0.7.3", "runtime", False, ("serde", "serde_derive")),
        ("rand", "0.8.5", "runtime", True, ()),
        ("cc", "1.0.0", "runtime", True, ()),
    ]


def test_a_crate_whose_manifest_is_not_there_counts_as_runtime(locked: Read) -> None:
    assert {scope for _, _, scope, _, _ in rows(locked({"Cargo.lock": LOCK}))} == {"runtime"}
    runtime = rows(locked({"Cargo.lock": LOCK, "Cargo.toml": ROOT.replace('path = "crates/util"', 'path = "../util"')}))
    assert ("mockito", "1.0.0", "runtime", True, ()) in runtime


def test_a_manifest_without_a_lockfile(locked: Read) -> None:
    found = locked({"Cargo.toml": ROOT.replace('version = "1", package', 'version = "= 1.2.0", package')})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct) for p in found.packages] == [
        ("serde", "1.0.0", 12, "runtime", True),
        ("mockito", "1.2.0", 9, "runtime", True),
    ]
    assert found.imprecise == ("Cargo.toml:15: rand",)
    assert rows(locked({"Cargo.toml": MEMBER})) == [("mockito", "1.0.0", "development", True, ())]


@pytest.mark.parametrize(
    ("text", "exact"),
    [('"=1.2.3"', True), ('"= 1.2.3-rc.1"', True), ('"1.2.3"', False), ('"=1.2"', False), ('"=1.2.3, <2"', False)],
)
def test_only_a_whole_version_behind_an_equals_sign_is_exact(locked: Read, text: str, exact: bool) -> None:
    found = locked({"Cargo.toml": f"[dependencies]\na = {text}\n"})
    assert (len(found.packages), found.imprecise) == ((1, ()) if exact else (0, ("Cargo.toml:2: a",)))


def test_circles_of_paths_end(locked: Read) -> None:
    manifest = '[package]\nname = "{}"\n[dev-dependencies]\nserde = "1"\nother = {{path = "../{}"}}\n'
    lock = package("a", "serde", own=True) + package("serde")
    files = {"a/Cargo.lock": lock, "a/Cargo.toml": manifest.format("a", "b"), "b/Cargo.toml": manifest.format("b", "a")}
    assert rows(locked(files)) == [("serde", "1.0.0", "development", True, ())]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[\n", "it is not TOML: .*line 1"),
        ("dependencies = 3", "Expected `object`, got `int`"),
        ("[dependencies]\na = 3", "Expected `object | str`|Expected `str | object`"),
        ('[dependencies]\na = "1"\na = "2"\n', "it is not TOML: .*line 3"),
    ],
)
@pytest.mark.parametrize("lock", [{}, {"Cargo.lock": LOCK}])
def test_a_broken_manifest_is_named(locked: Read, lock: dict[str, str | bytes], text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: ({why})") as caught:
        locked({**lock, "Cargo.toml": text})
    assert caught.value.path == "Cargo.toml"


def test_a_name_that_no_registry_accepts_is_an_error(locked: Read) -> None:
    with pytest.raises(UnreadableError, match="the name of a package"):
        locked({"Cargo.toml": '[dependencies]\n"a b" = "=1.0.0"'})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 400), noise=st.text(alphabet='[]{}="\n#a1,.', max_size=8), is_lock=st.booleans())
def test_any_damage_is_read_or_a_clear_error(damaged: Read, cut: int, noise: str, is_lock: bool) -> None:
    manifest = ROOT[:cut] + noise + ROOT[cut:]
    damaged({"Cargo.lock": LOCK, "Cargo.toml": manifest} if is_lock else {"Cargo.toml": manifest})


GIT = "git+https://git.example/serde?branch=main"


@pytest.mark.parametrize("needed", ["serde", "serde 1.0.0", f"serde 1.0.0 ({GIT})", f"serde 1.0.0 ({GIT}#{'a' * 40})"])
def test_a_package_that_is_needed_and_not_listed_was_cut_off(locked: Read, needed: str) -> None:
    own = f'version = 3\n[[package]]\nname = "x"\nversion = "0.1.0"\ndependencies = ["{needed}"]\n'
    serde = f'[[package]]\nname = "serde"\nversion = "1.0.0"\nsource = "{GIT}#{"a" * 40}"\n'
    assert {found.direct for found in locked({"Cargo.lock": own + serde}).packages} == {True}
    with pytest.raises(UnreadableError, match=r"cannot be parsed: it lists no serde.*, which x needs: it was cut"):
        locked({"Cargo.lock": own})
