"""Tables of what files start."""

import pytest

from gate.reachability.runtimes.named.known_starts import KnownStarts

KNOWN = KnownStarts({r"bin/(?:a|b)": "sh|less", r"bin/.*": ""})


@pytest.mark.parametrize(
    ("path", "names"),
    [("bin/a", {b"sh", b"less"}), ("bin/c", set()), ("bin/ab", set()), ("usr/bin/a", None), ("bin", None)],
)
def test_a_file_has_the_names_of_the_first_row_for_its_whole_path(path, names):
    starts = KNOWN.of(path)
    found = None if starts is None else {name for name in (b"sh", b"less", b"she") if starts.fullmatch(name)}
    assert found == names
