"""The quick rule before our own ones: it lets through whatever one of them matches."""

import re
from itertools import chain, combinations

import pytest
import yara_x
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.images.yara.rules import compiled, first_look, rule_files
from tests.images.yara.test_own_rules import CAUGHT, ELF

STARTS = (b"", ELF, b"#!/bin/sh -e\n", b"#!/usr/bin/env python3 -u\n")
OWN = {
    found[1]: found[0] for file in rule_files(()) for found in re.finditer(r"rule (\w+)\n\{.*?\n\}", file.text, re.S)
}


def texts_of(rule: str) -> list[st.SearchStrategy[bytes]]:
    """Return what makes examples of each text of a rule, a hexadecimal one left out."""
    texts = re.findall(r'^ +\$\w+ = ([/"])(.+)\1( nocase)?$', rule, re.M)
    return [
        st.just(text.encode())
        if mark == '"'
        else st.from_regex(re.compile(text.encode(), re.I if nocase else 0), fullmatch=True)
        for mark, text, nocase in texts
    ]


def matches(scanner: yara_x.Scanner, content: bytes) -> bool:
    return bool(scanner.scan(content).matching_rules)


@pytest.mark.parametrize("name", sorted(set(CAUGHT) - {"eicar_test_file"}))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_what_a_rule_matches_passes_the_first_look(name: str, data: st.DataObject) -> None:
    rule = yara_x.Scanner(yara_x.compile(OWN[name]))
    first = yara_x.Scanner(compiled([first_look()]))
    texts = data.draw(st.tuples(*texts_of(OWN[name])))
    some = chain.from_iterable(combinations(texts, count) for count in range(len(texts) + 1))
    contents = [start + b"\n".join(part) + bytes(256) for part in some for start in STARTS]
    matched = [content for content in contents if matches(rule, content)]
    assert matched, "so that something is shown"
    assert all(matches(first, content) for content in matched)


@pytest.mark.parametrize("size", [256, 256 << 10, 1 << 20, 4 << 20, 8 << 20])
def test_what_a_rule_still_matches_at_its_largest_passes_it_too(size: int) -> None:
    first = yara_x.Scanner(compiled([first_look()]))
    large = {name: text.ljust(size - 1, b"\n") for name, text in CAUGHT.items() if len(text) < size}
    matched = [text for name, text in large.items() if matches(yara_x.Scanner(yara_x.compile(OWN[name])), text)]
    assert matched, "so that something is shown"
    assert all(matches(first, text) for text in matched)


def test_most_files_do_not() -> None:
    text = b"import os\n\n\ndef main() -> None:\n    print(os.environ['HOME'])\n" * 9
    assert not matches(yara_x.Scanner(compiled([first_look()])), text)
