"""The functions that advisories of Go and RustSec name as vulnerable."""

from typing import Any

import msgspec
import pytest

from gate.advisories.osv import Document, short_forms


def named(*entries: Any) -> tuple[str, ...]:
    affected = [
        {"package": {"ecosystem": "Go", "name": "m"}} | ({"ecosystem_specific": {"imports": each}} if each else {})
        for each in entries
    ]
    document = msgspec.convert({"id": "GO-1", "affected": affected}, Document)
    ((_, _, short),) = short_forms(document, "Go")
    return short.symbols


@pytest.mark.parametrize(
    ("entries", "symbols"),
    [
        ([[{"path": "net/http", "symbols": ["Server.Serve", "Get"]}]], ("net/http.Get", "net/http.Server.Serve")),
        ([[{"path": "net/http"}]], ("net/http",)),
        ([[{"path": "a", "symbols": ["F"]}], [{"path": "b", "symbols": ["G"]}]], ("a.F", "b.G")),
        ([[{"path": "a", "symbols": ["F"]}], None], ()),
        ([None], ()),
        ([[]], ()),
        ([["a", {"symbols": ["F"]}, {"path": 1}]], ()),
        ([{"path": "a"}], ()),
    ],
)
def test_functions_are_named_if_every_entry_names_some(entries: list[Any], symbols: tuple[str, ...]) -> None:
    assert named(*entries) == symbols


@pytest.mark.parametrize(
    ("affects", "symbols"),
    [
        ({"arch": [], "functions": ["smallvec::SmallVec::grow"]}, ("smallvec::SmallVec::grow",)),
        ({"functions": ["a b::c", 3, "alone"]}, ()),
        ({"functions": "a::b"}, ()),
        (["a::b"], ()),
    ],
)
def test_rustsec_names_functions_of_crates(affects: Any, symbols: tuple[str, ...]) -> None:
    affected = [{"package": {"ecosystem": "crates.io", "name": "m"}, "ecosystem_specific": {"affects": affects}}]
    document = msgspec.convert({"id": "RUSTSEC-1", "affected": affected}, Document)
    ((_, _, short),) = short_forms(document, "crates.io")
    assert short.symbols == symbols
