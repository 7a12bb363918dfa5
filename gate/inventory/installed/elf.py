"""The parts of an ELF file that tell where things are: sections by name, segments by address (gABI, "Object Files")."""

import struct

import msgspec

from gate.inventory.installed.packages import unparsable

MAGIC = b"\x7fELF"
MAX_PARTS = 65_535
"""Sections, or segments."""


class ElfSection(msgspec.Struct, frozen=True):
    """A section or a loaded segment."""

    name: str
    address: int
    offset: int
    size: int
    is_writable: bool
    is_executable: bool = False


I386, X86_64, AARCH64 = 3, 62, 183
"""Processors (gABI, `e_machine`)."""
_PLACE_OF_MACHINE = 18


class Elf(msgspec.Struct, frozen=True):
    """An ELF file."""

    content: bytes
    order: str
    """`<` or `>`, as struct writes byte orders."""
    is_wide: bool
    sections: list[ElfSection]
    segments: list[ElfSection]

    def section(self, name: str) -> bytes | None:
        """Return the bytes of the section with this name, or None."""
        found = next((one for one in self.sections if one.name == name), None)
        return None if found is None else self.bytes_of(found)

    def bytes_of(self, section: ElfSection) -> bytes:
        """Return the bytes of a section, as far as the file has them."""
        return self.content[section.offset : section.offset + section.size]

    @property
    def machine(self) -> int:
        """The processor that the file is for. Raises struct.error if it ends before it says so."""
        (machine,) = struct.unpack_from(self.order + "H", self.content, _PLACE_OF_MACHINE)
        return int(machine)

    def at(self, address: int, size: int) -> bytes:
        """Return bytes by their address in memory; nothing where no segment has them all in the file."""
        for segment in self.segments:
            start = address - segment.address
            if start >= 0 and start + size <= segment.size:
                return self.content[segment.offset + start : segment.offset + start + size]
        return b""


def parse_elf(content: bytes, path: str) -> Elf:
    """Read the tables of an ELF file. Raises UnreadableError if they lie outside of it."""
    try:
        return _parse(content)
    except (struct.error, IndexError, OverflowError, ValueError) as error:
        raise unparsable(path, "a program whose tables are not where its header says") from error


def _parse(content: bytes) -> Elf:
    is_wide = content[4] == 2
    order = ">" if content[5] == 2 else "<"
    head = struct.Struct(order + ("24xQQQ4x" if is_wide else "24xIII4x") + "HHHHHH")
    _, segments_at, sections_at, _, segment_size, segments, section_size, sections, names = head.unpack_from(content)
    elf = Elf(content, order, is_wide, [], [])
    for index in range(segments):
        elf.segments.extend(_segment(elf, segments_at + index * segment_size))
    if sections_at and sections:
        found = [_section(elf, sections_at + index * section_size) for index in range(sections)]
        texts = found[names][1]
        text = content[texts.offset : texts.offset + texts.size]
        elf.sections.extend(msgspec.structs.replace(part, name=_text(text, place)) for place, part in found)
    return elf


def _segment(elf: Elf, place: int) -> list[ElfSection]:
    """Return the segment if it is loaded (PT_LOAD)."""
    if elf.is_wide:
        type, flags, offset, address, _, size = struct.unpack_from(elf.order + "IIQQQQ", elf.content, place)
    else:
        type, offset, address, _, size, _, flags = struct.unpack_from(elf.order + "IIIIIII", elf.content, place)
    return [ElfSection("", address, offset, size, bool(flags & 2), bool(flags & 1))] if type == 1 else []


def _section(elf: Elf, place: int) -> tuple[int, ElfSection]:
    """Return where the section's name is among the names, and the section."""
    shape = "IIQQQQ" if elf.is_wide else "IIIIII"
    name, type, flags, address, offset, size = struct.unpack_from(elf.order + shape, elf.content, place)
    is_in_file = type != 8  # SHT_NOBITS
    return name, ElfSection("", address, offset, size if is_in_file else 0, bool(flags & 1), bool(flags & 4))


def _text(names: bytes, place: int) -> str:
    end = names.find(b"\0", place)
    return names[place : end if end >= 0 else None].decode("utf-8", "replace")
