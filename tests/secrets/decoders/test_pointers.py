"""Files that Git LFS keeps elsewhere."""

import pytest

from gate.secrets.decoders.pointers import is_pointer

POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0f' * 32}\nsize 12345\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (POINTER, True),
        (POINTER.replace("oid", f"ext-0-case sha256:{'1e' * 32}\noid"), True),
        (POINTER + "password: hunter2\n", False),
        (POINTER.replace("size", "password: hunter2\nsize"), False),
        (POINTER.replace("0f", "0F"), False),
        (POINTER[:-1], False),
        ("", False),
    ],
)
def test_only_what_is_all_pointer_is_one(content: str, expected: bool) -> None:
    assert is_pointer(content.encode()) is expected
