"""The table of vulnerable functions: read, refused where damaged, found by any of an advisory's names."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.advisories.vulnerable_functions import FUNCTIONS, built_in_functions, newer_functions, parse_functions
from gate.core.errors import GateError, UnreadableError
from gate.ecosystems import find
from gate.model import Vulnerability

ROW = "CVE-2026-1 PyPI Flask_Toast https://code.example/commit/1 toast.core:burn toast.core:Oven.bake"


def test_a_row_is_found_by_any_name_and_spelling() -> None:
    table = parse_functions(f"# a comment\nas-of 2026-11-01\n{ROW}\n".encode(), FUNCTIONS)
    found = table.of({"GHSA-x", "CVE-2026-1"}, "PyPI", "flask.toast")
    assert found is not None
    assert found.functions == ("toast.core:burn", "toast.core:Oven.bake")
    assert found.source == "https://code.example/commit/1"
    assert table.of({"CVE-2026-2"}, "PyPI", "flask-toast") is None
    assert table.of({"CVE-2026-1"}, "npm", "flask-toast") is None


DAY = "as-of 2026-11-01"
BROKEN = {
    "empty": "",
    "no day": ROW,
    "two days": f"{DAY}\nas-of 2026-11-02\n{ROW}",
    "no function": f"{DAY}\nCVE-2026-1 PyPI toast https://a",
    "no day at all": "as-of soon",
    "no safe address": f"{DAY}\n{ROW.replace('https', 'http')}",
    "no module": f"{DAY}\nCVE-2026-1 PyPI toast https://a burn",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_damaged_table_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        parse_functions(text.encode(), FUNCTIONS)


@given(st.binary())
def test_any_bytes_are_a_table_or_an_error(content: bytes) -> None:
    with suppress(GateError):
        parse_functions(content, FUNCTIONS)


def test_the_newer_table_counts(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("source") / FUNCTIONS
    for day, is_used in (("2099-01-01", True), ("2000-01-01", False)):
        place.write_text(f"as-of {day}\n{ROW}\n")
        assert (newer_functions(str(place)).as_of == day) is is_used
    assert newer_functions(None) is built_in_functions()


def test_every_ecosystem_of_the_built_in_table_is_asked_about() -> None:
    for name in {ecosystem for _, ecosystem, _ in built_in_functions().rows}:
        known = find(name)
        assert known is not None
        assert known.has_named_functions, name


def test_the_built_in_table_names_functions_of_known_packages() -> None:
    table = built_in_functions()
    known = table.of({"CVE-2024-22195"}, "PyPI", "Jinja2")
    assert known is not None
    assert "jinja2.filters:do_xmlattr" in known.functions
    assert known.source.startswith("https://github.com/pallets/jinja/commit/")
    assert Vulnerability(id="CVE-2024-22195", symbols=known.functions, symbols_source=known.source).symbols
