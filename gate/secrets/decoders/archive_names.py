"""Which files are archives, by their first bytes or their names; what unpacks them is imported once there is one."""

import re
from functools import lru_cache

_NAMES = re.compile(
    r"\.(?:zip|jar|war|ear|aar|whl|egg|nupkg|apk|ipa|vsix|xpi|docx|xlsx|pptx|od[tsp]|tar|tgz|tbz2?|txz|tzst|crate|gem|gz|bz2|xz|zst)\Z",
    re.IGNORECASE,
)
_BEGINNINGS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08PK",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
)
_OF_TAR = slice(257, 262)
_SEALED: tuple[tuple[int, bytes, str], ...] = (
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"\x04\x22\x4d\x18", "compressed by LZ4"),
    (0, b"\x02\x21\x4c\x18", "compressed by LZ4"),
    (0, b"\x1f\x9d", "compressed by compress"),
    (0, b"LZIP\x01", "compressed by lzip"),
    (0, b"\x89LZO\0\r\n\x1a\n", "compressed by lzop"),
    (0, b"\x5d\0\0", "compressed by LZMA"),
    (0, b"MSCF\0\0\0\0", "a cabinet"),
    (0, b"MSWIM\0\0\0", "a Windows image"),
    (0, b"xar!\0\x1c", "a xar archive"),
    (0, b"\xed\xab\xee\xdb", "an RPM package"),
    (0, b"!<arch>\ndebian-binary", "a Debian package"),
    (0, b"hsqs", "a file system (squashfs)"),
    (0, b"QFI\xfb", "a disk image (QCOW)"),
    (0, b"KDMV", "a disk image (VMDK)"),
    (0, b"COWD", "a disk image (VMDK)"),
    (0, b"vhdxfile", "a disk image (VHDX)"),
    (0, b"conectix", "a disk image (VHD)"),
    (0, b"<<< Oracle VM VirtualBox Disk Image", "a disk image (VDI)"),
    (0, b"LUKS\xba\xbe", "an encrypted volume (LUKS)"),
    (0, b"\x03\xd9\xa2\x9a", "a KeePass database"),
    (0, b"PACK\0\0\0\x02", "objects of git"),
    (0, b"# v2 git bundle", "objects of git"),
    (0, b"# v3 git bundle", "objects of git"),
    (0x438, b"\x53\xef", "a file system (ext)"),
    (0x8001, b"CD001", "a file system (ISO 9660)"),
    (0x10040, b"_BHRfS_M", "a file system (Btrfs)"),
    (7, b"**ACE**", "an ACE archive"),
    (2, b"-lh", "an LHA archive"),
)
"""Where what stands in files that nothing here opens, and what they are."""
_FIRST_MARKS = tuple(mark for place, mark, _ in _SEALED if not place)
_SEALED_WITHIN = tuple(one for one in _SEALED if one[0])
_DISK_OF_MACOS = b"koly"
_LZMA_SIZES = (b"\xff" * 8, b"\0" * 3)
"""What LZMA's header says of the size: unknown, or less than 2^40."""


@lru_cache(maxsize=4)  # each file is asked about twice
def is_archive_name(path: str) -> bool:
    """True if a file is an archive or compressed by its name."""
    return _NAMES.search(path) is not None


def begins_as_archive(content: bytes) -> bool:
    """True if a file is an archive or compressed by its first bytes, whatever its name."""
    return content.startswith(_BEGINNINGS) or content[_OF_TAR] == b"ustar"


def sealed_as(content: bytes) -> str | None:
    """Return what a file is that nothing here can look into: an archive of another kind, a disk image; or None."""
    marks = _SEALED if content.startswith(_FIRST_MARKS) else _SEALED_WITHIN
    for place, mark, name in marks:
        if content.startswith(mark, place) and (mark != b"\x5d\0\0" or _is_lzma(content)):
            return name
    if content[-512:].startswith(_DISK_OF_MACOS) and len(content) > len(_DISK_OF_MACOS):
        return "a disk image (DMG)"
    return None


def _is_lzma(content: bytes) -> bool:
    return content[5:13] == _LZMA_SIZES[0] or (content[10:13] == _LZMA_SIZES[1] and len(content) > 13)
