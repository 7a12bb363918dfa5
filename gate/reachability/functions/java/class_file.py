"""What a class file names (The Java Virtual Machine Specification, chapter 4); its instructions are not read."""

import struct
from collections.abc import Iterator

import msgspec

from gate.core.errors import UnreadableError

MAGIC = b"\xca\xfe\xba\xbe"
_SIZES = {3: 5, 4: 5, 5: 9, 6: 9, 7: 3, 8: 3, 9: 5, 10: 5, 11: 5, 12: 5, 15: 4, 16: 3, 17: 5, 18: 5, 19: 3, 20: 3}
"""Bytes of each kind of constant, its tag with it; texts (1) have their own."""
_TEXT, _CLASS, _STRING, _NAME_AND_TYPE = 1, 7, 8, 12
_METHODS = (10, 11)
_WIDE = (5, 6)
"""Numbers of eight bytes, which count as two constants."""
_ANNOTATIONS = b"RuntimeVisibleAnnotations"
_HARMLESS = (b"Ljava/lang/Deprecated;", b"Ljava/lang/FunctionalInterface;", b"Lkotlin/Metadata;")
"""Annotations by which nothing finds a class."""
_STATIC, _PRIVATE = 0x0008, 0x0002


class JavaMethod(msgspec.Struct, frozen=True):
    """A method that a class declares; several of one name count as one."""

    is_inherited_from_none: bool
    """True if it is static or private, so that it overrides nothing."""
    is_annotated: bool


class JavaClass(msgspec.Struct, frozen=True):
    """The names in a class file: with slashes, as they stand there."""

    name: bytes
    parents: tuple[bytes, ...]
    """Superclass and interfaces."""
    texts: tuple[bytes, ...]
    """All texts: names of classes and members, descriptors, strings."""
    strings: tuple[bytes, ...]
    """The texts that the code uses as strings."""
    members: frozenset[bytes]
    """Names of the fields and methods that the code refers to."""
    called: frozenset[tuple[bytes, bytes]]
    """Class and name of the methods that the code refers to."""
    methods: dict[bytes, JavaMethod]
    is_annotated: bool


def parse_class(content: bytes, path: str) -> JavaClass:
    """Read a class file. Raises UnreadableError if it is damaged."""
    try:
        return _parse(content)
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise UnreadableError("is no sound class file", path=path) from error


def _parse(content: bytes) -> JavaClass:
    if not content.startswith(MAGIC):
        raise ValueError
    pool = _Pool(content)
    _, this, above, count = struct.unpack_from(">4H", content, pool.end)
    interfaces = struct.unpack_from(f">{count}H", content, pool.end + 8)
    members = _Members(content, pool, pool.end + 8 + 2 * count)
    methods: dict[bytes, JavaMethod] = {}
    list(members.each())  # the fields
    for name, flags, is_annotated in members.each():
        is_alone = bool(flags & (_STATIC | _PRIVATE))
        known = methods.get(name)
        if known is not None:
            is_alone, is_annotated = is_alone and known.is_inherited_from_none, is_annotated or known.is_annotated
        methods[name] = JavaMethod(is_alone, is_annotated)
    return JavaClass(
        name=pool.class_name(this),
        parents=tuple(pool.class_name(index) for index in (above, *interfaces) if index),
        texts=tuple(pool.texts.values()),
        strings=tuple(pool.texts[index] for index in pool.strings),
        members=frozenset(pool.texts[index] for index, _ in pool.named.values()),
        called=frozenset(pool.called()),
        methods=methods,
        is_annotated=members.is_annotated(),
    )


class _Pool:
    """The constants of a class file, by their index."""

    def __init__(self, content: bytes) -> None:
        (count,) = struct.unpack_from(">H", content, 8)
        self.texts: dict[int, bytes] = {}
        self.strings: list[int] = []
        self.named: dict[int, tuple[int, int]] = {}
        self._classes: dict[int, int] = {}
        self._methods: list[tuple[int, int]] = []
        place, index = 10, 1
        while index < count:
            tag = content[place]
            if tag == _TEXT:
                end = place + 3 + (content[place + 1] << 8 | content[place + 2])
                self.texts[index] = content[place + 3 : end]
                place = end
            else:
                self._add(index, tag, content, place)
                place += _SIZES[tag]
            index += 2 if tag in _WIDE else 1
        self.end = place

    def class_name(self, index: int) -> bytes:
        """Return the name of a class constant."""
        return self.texts[self._classes[index]]

    def called(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield class and name of each method that is referred to."""
        for owner, named in self._methods:
            yield self.class_name(owner), self.texts[self.named[named][0]]

    def _add(self, index: int, tag: int, content: bytes, place: int) -> None:
        if tag == _CLASS:
            self._classes[index] = struct.unpack_from(">H", content, place + 1)[0]
        elif tag == _STRING:
            self.strings.append(struct.unpack_from(">H", content, place + 1)[0])
        elif tag == _NAME_AND_TYPE:
            self.named[index] = struct.unpack_from(">2H", content, place + 1)
        elif tag in _METHODS:
            self._methods.append(struct.unpack_from(">2H", content, place + 1))


class _Members:
    """The fields, then the methods, then the attributes of a class, in the order of the file."""

    def __init__(self, content: bytes, pool: _Pool, place: int) -> None:
        self._content = content
        self._pool = pool
        self._place = place

    def each(self) -> Iterator[tuple[bytes, int, bool]]:
        """Yield name, flags and whether it is annotated, of each member of the next table."""
        (count,) = struct.unpack_from(">H", self._content, self._place)
        self._place += 2
        for _ in range(count):
            flags, name, _ = struct.unpack_from(">3H", self._content, self._place)
            self._place += 6
            yield self._pool.texts[name], flags, self.is_annotated()

    def is_annotated(self) -> bool:
        """Read the attributes that follow; return whether an annotation among them can be found at run time."""
        (count,) = struct.unpack_from(">H", self._content, self._place)
        self._place += 2
        found = False
        for _ in range(count):
            name, size = struct.unpack_from(">HI", self._content, self._place)
            start, self._place = self._place + 6, self._place + 6 + size
            if self._pool.texts[name] == _ANNOTATIONS:
                annotations, first = struct.unpack_from(">2H", self._content, start)
                found = found or annotations > 1 or self._pool.texts[first] not in _HARMLESS
        return found
