"""Which functions of a library may lead to one that starts programs, by the calls in its code."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.inventory.installed.elf import parse_elf
from gate.reachability.runtimes.compiled.elf_calls import leading_to
from tests.reachability.runtimes.made_library import make_library

QUIET = {"quiet": ["call puts"]}


def leading(functions, **options):
    content = make_library({**functions, **QUIET}, **options)
    return leading_to(parse_elf(content, "usr/lib/libmade.so.1"), lambda name: name == b"execvp")


@pytest.mark.parametrize("form", ["call", "jump", "jump if", "take", "call through"])
def test_a_function_leads_to_what_it_calls_jumps_to_or_takes_the_address_of(form):
    assert leading({"run": [f"{form} execvp"]}) == ("run",)


@pytest.mark.parametrize("form", ["call", "jump", "jump if", "take", "jump near"])
def test_a_function_leads_to_what_its_own_functions_lead_to(form):
    assert leading({"open": [f"{form} inside"], "inside": ["call execvp"]}, hidden=["inside"]) == ("open",)


def test_instructions_are_found_wherever_they_begin():
    """Before the call stands a number that looks like the begin of another instruction."""
    content = make_library({"run": ["call execvp"], **QUIET})
    odd = b"\xb8\xe8\xe8\xe8\xe8"  # mov of a number to a register
    place = content.index(b"\xe8", content.index(b"\xff\x25"))
    (distance,) = (int.from_bytes(content[place + 1 : place + 5], "little", signed=True),)
    moved = odd + b"\xe8" + (distance - len(odd)).to_bytes(4, "little", signed=True) + b"\xc3"
    content = content[:place] + moved + content[place + len(moved) :]
    assert leading_to(parse_elf(content, "x"), lambda name: name == b"execvp") == ("run",)


def test_the_address_of_a_function_in_data_leads_from_whoever_uses_the_data():
    functions = {"open": ["take data"], "inside": ["call execvp"]}
    assert leading(functions, hidden=["inside"], data=["inside"]) == ("open",)
    assert leading(functions, hidden=["inside"], data=["inside"], table=".data.rel.ro") == ("open",)


@pytest.mark.parametrize(
    "options",
    [
        {"loader": ["run"]},
        {"machine": 183},
        {"without_table": True},
    ],
)
def test_nothing_is_known_of_what_the_loader_calls_and_of_libraries_that_are_not_as_linkers_make_them(options):
    assert leading({"run": ["call execvp"]}, **options) is None


def test_nothing_is_known_of_a_library_that_uses_the_function_where_it_is_not_seen():
    content = make_library({"run": ["call execvp"], **QUIET})
    place = content.index(b"\xe8", content.index(b"\xff\x25"))
    hidden = content[:place] + b"\x90" * 5 + content[place + 5 :]
    assert leading_to(parse_elf(hidden, "x"), lambda name: name == b"execvp") is None


NAMES = [f"function_{number}" for number in range(5)]
REFERENCES = st.sampled_from(["call", "jump", "jump if", "take"])
TARGETS = st.sampled_from([*NAMES, "execvp", "puts", "data"])
BODIES = st.lists(st.builds("{} {}".format, REFERENCES, TARGETS), max_size=4)


@settings(max_examples=40, deadline=None)
@given(st.lists(BODIES, min_size=5, max_size=5), st.lists(st.sampled_from(NAMES), max_size=2))
def test_no_way_to_a_start_is_missed(bodies, in_data):
    functions = dict(zip(NAMES, bodies, strict=True)) | {"run": ["call execvp"]}
    found = leading(functions, data=in_data)
    edges = {name: {reference.split()[-1] for reference in body} for name, body in functions.items()}
    edges["data"] = set(in_data)
    reaching = {"execvp"}
    while more := {name for name, targets in edges.items() if targets & reaching} - reaching:
        reaching |= more
    assert found is not None
    assert set(found) >= reaching - {"execvp", "data"}
