"""Makes small libraries of x86-64 with code: functions that call, jump to or take the address of others."""

import struct
from collections.abc import Mapping, Sequence

_SLOT, _STUB, _FUNCTION = 8, 16, 48
_FORMS = {
    "call": (b"\xe8", 4),
    "jump": (b"\xe9", 4),
    "jump if": (b"\x0f\x84", 4),
    "take": (b"\x48\x8d\x05", 4),
    "call through": (b"\xff\x15", 4),
    "jump near": (b"\xeb", 1),
}
"""Instructions by what they do, and how long the distance behind each is; `call through` reads the offset table."""


def make_library(
    functions: Mapping[str, Sequence[str]],
    *,
    hidden: Sequence[str] = (),
    data: Sequence[str] = (),
    loader: Sequence[str] = (),
    table: str = ".data",
    machine: int = 62,
    without_table: bool = False,
    soname: str = "libmade.so.1",
    needed: Sequence[str] = (),
    strings: Sequence[str] = (),
) -> bytes:
    """Return a library. A function is a list such as `["call execvp", "take other", "take data"]`.

    What is no function of it is taken from elsewhere. `data` are the functions whose addresses stand in a section of
    data, `loader` those that the loader calls; `hidden` functions are not exported.
    """
    words = [ref.rpartition(" ")[2] for refs in functions.values() for ref in refs]
    imports = [name for name in dict.fromkeys(words) if name not in functions and name != "data"]
    exported = [name for name in functions if name not in hidden]
    names = b"\0" + b"".join(name.encode() + b"\0" for name in (*imports, *exported, soname, *needed))
    at: dict[str, int] = {}
    sizes = {
        ".dynsym": 24 * (1 + len(imports) + len(exported)),
        ".dynstr": len(names),
        ".rela.dyn": 24 * (len(imports) + len(data) + len(loader)),
        ".eh_frame": 16 * len(functions),
        ".eh_frame_hdr": 12 + 8 * len(functions),
        ".dynamic": 16 * (2 + len(needed)),
        ".plt": _STUB * len(imports),
        ".text": _FUNCTION * len(functions),
        ".init_array": 8 * len(loader),
        ".got": _SLOT * len(imports),
        table: 8 * (1 + len(data)),
        ".rodata": 1 + sum(len(text) + 1 for text in strings),
    }
    place = 0x200
    for name, size in sizes.items():
        at[name] = place
        place += -(-size // 16) * 16
    function = {name: at[".text"] + _FUNCTION * number for number, name in enumerate(functions)}
    stub = {name: at[".plt"] + _STUB * number for number, name in enumerate(imports)}
    slot = {name: at[".got"] + _SLOT * number for number, name in enumerate(imports)}

    def code(name: str) -> bytes:
        content = b""
        for ref in functions[name]:
            form, _, target = ref.rpartition(" ")
            opcode, size = _FORMS[form]
            meant = {**stub, **function, "data": at[table]}[target]
            meant = slot[target] if form == "call through" else meant
            distance = meant - (function[name] + len(content) + len(opcode) + size)
            content += opcode + distance.to_bytes(size, "little", signed=True)
        return (content + b"\xc3").ljust(_FUNCTION, b"\x90")

    symbols = bytes(24)
    for name in imports:
        symbols += struct.pack("<IBBHQQ", _name_at(names, name), 0x12, 0, 0, 0, 0)
    for name in exported:
        symbols += struct.pack("<IBBHQQ", _name_at(names, name), 0x12, 0, 7, function[name], _FUNCTION)
    relocations = b"".join(
        struct.pack("<QQq", slot[name], (number + 1) << 32 | 6, 0) for number, name in enumerate(imports)
    )
    for section, those in ((table, data), (".init_array", loader)):
        first = at[section] + (8 if section == table else 0)
        for number, name in enumerate(those):
            relocations += struct.pack("<QQq", first + 8 * number, 8, function[name])
    entries = [at[".eh_frame"] + 16 * number for number in range(len(functions))]
    frames = b"".join(
        struct.pack("<IIiI", 12, 0, start - (entry + 8), _FUNCTION)
        for start, entry in zip(function.values(), entries, strict=True)
    )
    header = at[".eh_frame_hdr"]
    search = b"\x01\x1b\x03\x3b" + struct.pack("<iI", 0, 0 if without_table else len(functions))
    search += b"".join(
        struct.pack("<ii", start - header, entry - header)
        for start, entry in zip(function.values(), entries, strict=True)
    )
    dynamic = struct.pack("<qQ", 14, _name_at(names, soname))
    dynamic += b"".join(struct.pack("<qQ", 1, _name_at(names, name)) for name in needed) + bytes(16)
    contents = {
        ".dynsym": symbols,
        ".dynstr": names,
        ".rela.dyn": relocations,
        ".eh_frame": frames,
        ".eh_frame_hdr": b"\0" * 12 if without_table else search,
        ".dynamic": dynamic,
        ".plt": b"".join(
            b"\xff\x25" + struct.pack("<i", slot[name] - (stub[name] + 6)) + bytes(_STUB - 6) for name in imports
        ),
        ".text": b"".join(map(code, functions)),
        ".init_array": bytes(8 * len(loader)),
        ".got": bytes(_SLOT * len(imports)),
        table: bytes(8 * (1 + len(data))),
        ".rodata": b"\0" + b"".join(text.encode() + b"\0" for text in strings),
    }
    return _file(contents, at, place, machine)


def _name_at(names: bytes, name: str) -> int:
    return names.index(b"\0" + name.encode() + b"\0") + 1


def _file(contents: Mapping[str, bytes], at: Mapping[str, int], end: int, machine: int) -> bytes:
    titles = b"\0" + b"".join(name.encode() + b"\0" for name in (*contents, ".shstrtab"))
    body = bytearray(end)
    table = b""
    for name, content in contents.items():
        body[at[name] : at[name] + len(content)] = content
        flags = {".plt": 6, ".text": 6, ".init_array": 3, ".got": 3, ".rodata": 2}.get(name, 3 if "data" in name else 2)
        title = titles.index(b"\0" + name.encode() + b"\0") + 1
        table += struct.pack("<IIQQQQIIQQ", title, 1, flags, at[name], at[name], len(content), 0, 0, 8, 0)
    title = titles.index(b"\0.shstrtab\0") + 1
    table += struct.pack("<IIQQQQIIQQ", title, 3, 0, 0, end, len(titles), 0, 0, 1, 0)
    count = len(contents) + 1
    counts = struct.pack("<HHHHHH", 64, 56, 1, 64, count, count - 1)
    head = b"\x7fELF\2\1\1" + bytes(9)
    head += struct.pack("<HHIQQQI", 3, machine, 1, 0, 64, end + len(titles), 0) + counts
    body[: len(head)] = head
    body[64:120] = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, end, end, 4096)
    return bytes(body) + titles + table
