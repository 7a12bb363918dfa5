"""A file is read whole, or it is an error of ours."""

from pathlib import Path

import pytest

from gate.core.bounded_read import read_bounded
from gate.core.errors import LimitError, UnreadableError


def test_a_file_within_the_bound_is_read_and_a_larger_or_missing_one_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"12345")
    assert read_bounded(str(path), 5) == b"12345"
    with pytest.raises(LimitError, match=r"more than 4 bytes\. Split it"):
        read_bounded(str(path), 4, "Split it")
    with pytest.raises(UnreadableError, match="No such file"):
        read_bounded(str(tmp_path / "none.txt"), 5)
