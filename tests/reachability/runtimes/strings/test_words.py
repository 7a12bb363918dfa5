"""A long text of the image's own has the names that it has where all its words are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.strings import lines_with_names, words
from gate.reachability.runtimes.strings.words import Names, words_of
from gate.reachability.runtimes.walk.files import Files
from tests.reachability.runtimes.conftest import SmallTree, make_elf

NAMES = Names((b"git", b"gi", b"g++", b"date", b"a/", b"nod", b"x.y", b"-s"))
PIECES = (
    *("git", "gi", "g++", "date", "a/", "nod", "x.y", "-s", "z", "\n", "\0", " ", "\t", '"', "'", "/", "=", ":", ";"),
    *("|", "\\", "\\n", "(", ")", "<", ">", "[", "]", "@", "~", "-", "+", "#", "//", "/*", "*/", "import ", "é", ","),
)
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join)
PATHS = st.sampled_from(("data/x", "data/x.js", "data/x.sh", "data/x.ini", "data/x.pl", "data/x.php", "etc/x"))


def found_in(text: str, path: str, long: int, window: int) -> tuple[list[bytes], list[bytes], list[bool]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "_LONG", long)
        patch.setattr(lines_with_names, "_WINDOW", window)
        found = words_of(path, Files(SmallTree({path: text})), lambda _: False)
        assert found is not None
        return found.among(NAMES), found.next_to_signs(NAMES), [name in found for name in (b"git", b"x.y")]


@given(TEXTS, PATHS, st.sampled_from((1, 5, 1000)))
def test_the_same_is_found_in_a_long_text(text: str, path: str, window: int) -> None:
    assert found_in(text, path, 0, window) == found_in(text, path, 1_000_000, window)


def test_of_a_long_text_only_lines_with_a_name_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    monkeypatch.setattr(words, "words_in", lambda text: seen.append(text) or set(text.split()))
    assert found_in("a gitea\n a git\n b\n", "x", 0, 4)[0] == [b"git"]
    assert seen[0] == b" a git\n"


@given(
    st.lists(st.sampled_from([b"git", b"a" * 62, b"b" * 63, b"/", b" ", b"\n", b"\0", b"\x0b", b":", b"\xff", b"@x"]))
)
@pytest.mark.parametrize("table", [words._IN_TEXT, words._IN_PROGRAM])
def test_the_names_of_a_file_are_those_of_its_words_that_are_made_as_names_are(table, parts):
    content = b"".join(parts)
    each = words._parted(content, table)
    assert words._names_in(content, table) == {word for word in each if words._NAME.fullmatch(word)}


def test_a_word_of_a_program_that_is_no_name_is_known_too():
    files = Files(SmallTree({"usr/bin/x": make_elf(strings=("@sc!pe/x", "git"))}))
    found = words_of("usr/bin/x", files, lambda path: True)
    assert [name in found for name in (b"@sc!pe/", b"git", b"@sc!p", b"gi")] == [True, True, False, False]


@pytest.mark.parametrize(
    ("path", "begin", "is_comment"),
    [("opt/venv/bin/activate", "", True), ("app/start", "#!/bin/sh\n", True), ("app/notes", "", False)],
)
@pytest.mark.parametrize("long", [0, 1_000_000])
def test_what_a_shell_sources_has_no_name_in_a_comment(path, begin, is_comment, long):
    """Each virtual environment says "This file must be used with source", and `file` was taken for the program."""
    text = f"{begin}# This file is for git (date is not)\ncase $(gi) in\n"
    names, near, _ = found_in(text, path, long, 1000)
    assert (b"git" in names, b"date" in near, b"gi" in near) == (not is_comment, not is_comment, True)
