"""Files that are no text: what is read of them."""

from gate.secrets.decoders.binary import is_bytecode, windows
from gate.secrets.engine.text import is_mostly_text

COMPILED = b"\xcb\r\r\n\0\0\0\0"


def test_what_python_compiled_is_known_by_its_name_and_its_first_bytes() -> None:
    assert is_bytecode(COMPILED + b"x", "a/__pycache__/b.cpython-313.pyc")
    assert not is_bytecode(COMPILED + b"x", "a/b.txt")
    assert not is_bytecode(b"password = 1\r\n", "a/b.pyc")


def test_nine_of_ten_letters_are_a_text() -> None:
    assert is_mostly_text(b"letters and\n" * 9 + b"\xff\0")
    assert not is_mostly_text(b"\xff\0" * 9 + b"letters")


def test_places_near_each_other_are_one_window_with_its_lines() -> None:
    read = windows(b"\0" * 2000 + b"\nfirst\nsecond\n", [2005, 2010])
    assert read is not None
    assert "second" in read.text.content
    assert max(read.numbers) == 4


def test_what_is_no_letter_parts_what_stands_beside_it() -> None:
    read = windows(b"glpat-\xda\x04AKIA\0B", [8])
    assert read is not None
    assert read.text.content == "glpat-  AKIA\0B"
