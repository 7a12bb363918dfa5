"""The numbers of names."""

import zlib
from array import array

from gate.reachability.runtimes.strings.stated_names import StatedNames, numbers_of


def test_each_name_has_its_number():
    assert list(array("I", numbers_of([b"git", b"svn"]))) == [zlib.crc32(b"git"), zlib.crc32(b"svn")]
    assert numbers_of([]) == StatedNames().numbers
