"""The pre-push protocol, as githooks(5) describes it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.app.hooks.protocol import MAX_INPUT, PushedRef, read_push
from gate.core.errors import LimitError, UsageError

ZERO, ONE, TWO = "0" * 40, "1" * 40, "2" * 40
object_ids = st.text("0123456789abcdef", min_size=40, max_size=40) | st.text(
    "0123456789abcdef", min_size=64, max_size=64
)
remote_refs = st.text(st.characters(exclude_characters=" \n", exclude_categories=("Cs",)), min_size=1).map(
    "refs/heads/".__add__
)
local_refs = st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), min_size=1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"refs/heads/a {ONE} refs/heads/b {TWO}", PushedRef("refs/heads/a", ONE, "refs/heads/b", TWO)),
        (
            f"HEAD^{{/fix the bug}} {ONE} refs/heads/b {ZERO}",
            PushedRef("HEAD^{/fix the bug}", ONE, "refs/heads/b", ZERO),
        ),
    ],
)
def test_a_line_names_both_refs_and_both_objects(line, expected):
    assert read_push(io.BytesIO(f"{line}\n".encode())) == [expected]


@pytest.mark.parametrize("zero", [ZERO, "0" * 64])
def test_a_deletion_pushes_nothing(zero):
    (ref,) = read_push(io.BytesIO(f"(delete) {zero} refs/heads/b {ONE}\n".encode()))
    assert ref.is_deletion


def test_no_input_is_no_push():
    assert read_push(io.BytesIO(b"")) == []


@pytest.mark.parametrize(
    "line",
    ["refs/heads/a", f"refs/heads/a {ONE} refs/heads/b", f"a {ONE} b HEAD", f"a {ONE[1:]} b {TWO}", f"a --all b {TWO}"],
)
def test_what_git_never_writes_is_refused(line):
    with pytest.raises(UsageError, match="not what git passes to"):
        read_push(io.BytesIO(line.encode()))


def test_more_refs_than_can_be_judged_are_refused():
    with pytest.raises(LimitError, match="Push fewer"):
        read_push(io.BytesIO(b"x" * (MAX_INPUT + 1)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(PushedRef, local_refs, object_ids, remote_refs, object_ids), max_size=5))
def test_reading_turns_writing_back(refs):
    text = "".join(f"{ref.local_ref} {ref.local_id} {ref.remote_ref} {ref.remote_id}\n" for ref in refs)
    assert read_push(io.BytesIO(text.encode())) == refs


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refs_or_refused(content):
    try:
        refs = read_push(io.BytesIO(content))
    except UsageError:
        return
    assert len(refs) == sum(map(bool, content.split(b"\n")))
