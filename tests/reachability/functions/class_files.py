"""Class files and archives for tests, written as a compiler does."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence


def class_file(
    name: str,
    *,
    parents: Sequence[str] = ("java/lang/Object",),
    calls: Sequence[tuple[str, str]] = (),
    strings: Sequence[str] = (),
    methods: Sequence[str] = (),
    static: Sequence[str] = (),
    annotation: str = "",
    annotated: Sequence[str] = (),
) -> bytes:
    """Return a class of this name that refers to methods and has strings; `static` and `annotated` are of `methods`."""
    pool = _Pool()
    this, above, *interfaces = (pool.type(each) for each in (name, *parents))
    for owner, method in calls:
        pool.method(owner, method)
    for text in strings:
        pool.add(8, struct.pack(">H", pool.text(text)))
    body = struct.pack(">3H", 0x21, this, above)
    body += struct.pack(f">{len(interfaces) + 1}H", len(interfaces), *interfaces)
    body += struct.pack(">4HH", 1, 0, pool.text("field"), pool.text("J"), 0)
    body += struct.pack(">H", len(methods))
    for method in methods:
        flags = 0x0008 if method in static else 0x0001
        body += struct.pack(">3H", flags, pool.text(method), pool.text("()V"))
        body += _attributes(pool, "Lorg/example/Called;" if method in annotated else "")
    body += _attributes(pool, annotation)
    return b"\xca\xfe\xba\xbe" + struct.pack(">2H", 0, 61) + pool.content() + body


def archive(entries: Mapping[str, bytes | str]) -> bytes:
    """Return a ZIP archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return written.getvalue()


def _attributes(pool: "_Pool", annotation: str) -> bytes:
    if not annotation:
        return struct.pack(">H", 0)
    content = struct.pack(">3H", 1, pool.text(annotation), 0)
    return struct.pack(">HHI", 1, pool.text("RuntimeVisibleAnnotations"), len(content)) + content


class _Pool:
    def __init__(self) -> None:
        self._entries: list[bytes] = []
        self._known: dict[bytes, int] = {}
        self._count = 1
        self.add(5, b"\0" * 8)  # a number, which counts as two

    def add(self, tag: int, content: bytes) -> int:
        entry = bytes([tag]) + content
        if entry not in self._known:
            self._known[entry] = self._count
            self._entries.append(entry)
            self._count += 2 if tag == 5 else 1
        return self._known[entry]

    def text(self, text: str) -> int:
        return self.add(1, struct.pack(">H", len(text.encode())) + text.encode())

    def type(self, name: str) -> int:
        return self.add(7, struct.pack(">H", self.text(name)))

    def method(self, owner: str, name: str) -> int:
        named = self.add(12, struct.pack(">2H", self.text(name), self.text("()V")))
        return self.add(10, struct.pack(">2H", self.type(owner), named))

    def content(self) -> bytes:
        return struct.pack(">H", self._count) + b"".join(self._entries)
