"""The tables that an assembly of .NET may have, and how wide their columns are (ECMA-335, II.22 and II.24)."""

from collections.abc import Mapping

MODULE, TYPE_REF, TYPE_DEF, FIELD, METHOD, PARAMETER = 0x00, 0x01, 0x02, 0x04, 0x06, 0x08
INTERFACE, MEMBER_REF, ATTRIBUTE, SIGNATURE, PROPERTY_MAP, PROPERTY = 0x09, 0x0A, 0x0C, 0x11, 0x15, 0x17
METHOD_IMPLEMENTATION, TYPE_SPEC, ASSEMBLY, ASSEMBLY_REF, NESTED = 0x19, 0x1B, 0x20, 0x23, 0x29
METHOD_SPEC = 0x2B
CONSTANT, MODULE_REF, IMPORT, FIELD_DATA = 0x0B, 0x1A, 0x1C, 0x1D
TEXT = 0x70
"""Kind of a token that stands for a string."""
POINTERS = (0x03, 0x05, 0x07, 0x13, 0x16)
"""Tables that put others in another order, while an assembly is edited."""
CODED: dict[str, tuple[int, ...]] = {
    "TypeDefOrRef": (TYPE_DEF, TYPE_REF, TYPE_SPEC),
    "HasConstant": (FIELD, PARAMETER, PROPERTY),
    "HasAttribute": (
        *(METHOD, FIELD, TYPE_REF, TYPE_DEF, PARAMETER, INTERFACE, MEMBER_REF, MODULE, 0x0E, PROPERTY, 0x14),
        *(SIGNATURE, 0x1A, TYPE_SPEC, ASSEMBLY, ASSEMBLY_REF, 0x26, 0x27, 0x28, 0x2A, 0x2C, METHOD_SPEC),
    ),
    "HasMarshal": (FIELD, PARAMETER),
    "HasSecurity": (TYPE_DEF, METHOD, ASSEMBLY),
    "MemberParent": (TYPE_DEF, TYPE_REF, 0x1A, METHOD, TYPE_SPEC),
    "HasSemantics": (0x14, PROPERTY),
    "MethodDefOrRef": (METHOD, MEMBER_REF),
    "MemberForwarded": (FIELD, METHOD),
    "Implementation": (0x26, ASSEMBLY_REF, 0x27),
    "AttributeType": (0x7F, 0x7F, METHOD, MEMBER_REF, 0x7F),
    "Scope": (MODULE, 0x1A, ASSEMBLY_REF, TYPE_REF),
    "TypeOrMethod": (TYPE_DEF, METHOD),
}
"""Tables to which an index of several kinds may lead, by the number in its low bits."""
COLUMNS: dict[int, str] = {
    0x00: "H S G G G",
    0x01: "Scope S S",
    0x02: "I S S TypeDefOrRef 04 06",
    0x03: "04",
    0x04: "H S B",
    0x05: "06",
    0x06: "I H H S B 08",
    0x07: "08",
    0x08: "H H S",
    0x09: "02 TypeDefOrRef",
    0x0A: "MemberParent S B",
    0x0B: "H HasConstant B",
    0x0C: "HasAttribute AttributeType B",
    0x0D: "HasMarshal B",
    0x0E: "H HasSecurity B",
    0x0F: "H I 02",
    0x10: "I 04",
    0x11: "B",
    0x12: "02 14",
    0x13: "14",
    0x14: "H S TypeDefOrRef",
    0x15: "02 17",
    0x16: "17",
    0x17: "H S B",
    0x18: "H 06 HasSemantics",
    0x19: "02 MethodDefOrRef MethodDefOrRef",
    0x1A: "S",
    0x1B: "B",
    0x1C: "H MemberForwarded S 1A",
    0x1D: "I 04",
    0x1E: "I I",
    0x1F: "I",
    0x20: "I H H H H I B S S",
    0x21: "I",
    0x22: "I I I",
    0x23: "H H H H I B S S B",
    0x24: "I 23",
    0x25: "I I I 23",
    0x26: "I S B",
    0x27: "I I S S Implementation",
    0x28: "I I S Implementation",
    0x29: "02 02",
    0x2A: "H H TypeOrMethod S",
    0x2B: "MethodDefOrRef B",
    0x2C: "2A TypeDefOrRef",
}
"""Columns of each table: H and I are numbers of 2 and 4 bytes, S, G and B places in the heaps, digits another table."""


def row_format(table: int, counts: Mapping[int, int], heaps: int) -> str:
    """Return the format of a table's rows for `struct`, for these numbers of rows and sizes of heaps."""
    return "<" + "".join(_width(column, counts, heaps) for column in COLUMNS[table].split())


def bits_of(kind: str) -> int:
    """Return how many low bits of an index of several kinds say to which table it leads."""
    return (len(CODED[kind]) - 1).bit_length()


def _width(column: str, counts: Mapping[int, int], heaps: int) -> str:
    if column in ("H", "I"):
        return column
    if column in ("S", "G", "B"):
        return "I" if heaps & {"S": 1, "G": 2, "B": 4}[column] else "H"
    if column in CODED:
        longest = max(counts.get(table, 0) for table in CODED[column])
        return "I" if longest >= 1 << (16 - bits_of(column)) else "H"
    return "I" if counts.get(int(column, 16), 0) >= 1 << 16 else "H"
