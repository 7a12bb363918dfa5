"""The types and methods of an assembly, and what each method names."""

import re
from collections import defaultdict
from functools import cached_property

import msgspec

from gate.reachability.assemblies import tables
from gate.reachability.assemblies.instructions import tokens
from gate.reachability.assemblies.metadata import Metadata
from gate.reachability.assemblies.type_names import TypeNames

_VIRTUAL, _SERIALIZABLE, _INTERFACE = 0x40, 0x2000, 0x20
_HARMLESS = re.compile(
    r"System\.(?:Obsolete|Flags|CLSCompliant|Serializable|ParamArray|ThreadStatic|AttributeUsage|NonSerialized"
    r"|Diagnostics\.[\w.]+|Reflection\.(?:DefaultMember|Assembly\w+|Obfuscation)|CodeDom\.Compiler\.GeneratedCode"
    r"|ComponentModel\.(?:EditorBrowsable|Browsable|Description|Category|DefaultValue|DesignerCategory)"
    r"|Runtime\.(?:CompilerServices|Versioning|InteropServices|ConstrainedExecution)\.(?!UnmanagedCallers)\w+|Security\.\w+"
    r")Attribute|Microsoft\.CodeAnalysis\.EmbeddedAttribute|JetBrains\.Annotations\.\w+"
)
"""Attributes by which nothing finds a type or method."""


class DotnetNames(msgspec.Struct, frozen=True):
    """What a method names."""

    types: frozenset[str]
    members: frozenset[tuple[str, str]] = frozenset()
    """Type and name of the methods and fields that its instructions refer to."""
    strings: frozenset[str] = frozenset()


class DotnetMethod(msgspec.Struct, frozen=True):
    """A method that a type declares."""

    name: str
    also: tuple[str, ...]
    """Names of other types' methods in whose place it is called."""
    row: int
    address: int
    """Address of its instructions; 0 if it has none."""
    signature: int
    is_virtual: bool
    is_annotated: bool
    """True if an attribute may lead to it."""


class DotnetType(msgspec.Struct, frozen=True):
    """A type that an assembly declares."""

    name: str
    parents: tuple[str, ...]
    """The type above it, and its interfaces."""
    methods: tuple[DotnetMethod, ...]
    named: frozenset[str]
    """The types of its fields, and those that are parameters of its parents."""
    attributes: tuple[str, ...]
    """Those that may lead to it."""
    is_serializable: bool
    is_interface: bool


class Assembly:
    """The types of an assembly, by the names that reflection shows."""

    def __init__(self, content: bytes, path: str) -> None:
        """Read an assembly. Raises NoAssemblyError if it is none, UnreadableError if it is damaged."""
        self.path = path
        self._metadata = Metadata(content, path)
        self._names = TypeNames(self._metadata)
        self._members: dict[tuple[int, int], tuple[tuple[str, str], frozenset[str]]] = {}

    @cached_property
    def name(self) -> str:
        """The assembly's name; empty for a part of one."""
        rows = self._metadata.rows(tables.ASSEMBLY)
        return self._metadata.name(rows[0][7]) if rows else ""

    @cached_property
    def references(self) -> frozenset[str]:
        """Names of the assemblies that it refers to."""
        return frozenset(self._metadata.name(row[6]) for row in self._metadata.rows(tables.ASSEMBLY_REF))

    @cached_property
    def types(self) -> dict[str, DotnetType]:
        """Its types by name."""
        members = zip(self._metadata.members(4, tables.FIELD), self._metadata.members(5, tables.METHOD), strict=True)
        found = (self._type(row, fields, methods) for row, (fields, methods) in enumerate(members, 1))
        return {known.name: known for known in found}

    @property
    def method_count(self) -> int:
        """How many methods and types it declares."""
        return len(self._metadata.rows(tables.METHOD)) + len(self._metadata.rows(tables.TYPE_DEF))

    @property
    def resources(self) -> bytes:
        """The files in it."""
        return self._metadata.resources

    @cached_property
    def attributes(self) -> tuple[frozenset[str], frozenset[bytes]]:
        """The types of all attributes in it, and what these are given."""
        values = {row[2] for row in self._metadata.rows(tables.ATTRIBUTE)}
        return frozenset(self._kinds.values()), frozenset(map(self._metadata.blob, values))

    def names_in(self, method: DotnetMethod) -> DotnetNames:
        """Return what a method names. Raises UnreadableError if its instructions are not known."""
        types = set(self._names.in_signature(method.signature))
        if not method.address:
            return DotnetNames(frozenset(types))
        members: set[tuple[str, str]] = set()
        strings: set[str] = set()
        code, variables = self._metadata.body(method.address)
        found = set(tokens(code, self.path))
        if variables:
            found.add((tables.SIGNATURE, variables))
        for table, row in found:
            if table == tables.TEXT:
                strings.add(self._metadata.text(row))
            elif table == tables.SIGNATURE:
                types.update(self._names.in_signature(self._metadata.row(table, row)[0]))
            elif table in (tables.TYPE_REF, tables.TYPE_DEF, tables.TYPE_SPEC):
                types.update(self._names.named(table, row))
            else:
                member, needed = self._member(table, row)
                members.add(member)
                types.update(needed)
        return DotnetNames(frozenset(types), frozenset(members), frozenset(strings))

    def _member(self, table: int, row: int) -> tuple[tuple[str, str], frozenset[str]]:
        """Return type and name of a method or field, and the types that a reference to it needs."""
        if (table, row) not in self._members:
            self._members[table, row] = self._read_member(table, row)
        return self._members[table, row]

    def _read_member(self, table: int, row: int) -> tuple[tuple[str, str], frozenset[str]]:
        types: set[str] = set()
        if table == tables.METHOD_SPEC:
            method, arguments = self._metadata.row(table, row)
            types.update(self._names.in_signature(arguments))
            table, row = self._metadata.coded("MethodDefOrRef", method)
        if table == tables.MEMBER_REF:
            parent, name, signature = self._metadata.row(table, row)
            types.update(self._names.in_signature(signature))
            types.update(self._names.named(*self._metadata.coded("MemberParent", parent)))
        elif table in (tables.METHOD, tables.FIELD):
            name = self._metadata.row(table, row)[3 if table == tables.METHOD else 1]
        else:
            raise self._metadata.damaged()
        owner = self._names.owner(table, row)
        return (owner, self._metadata.name(name)), frozenset((*types, owner))

    def _type(self, row: int, fields: tuple[int, int], methods: tuple[int, int]) -> DotnetType:
        flags, _, _, above, *_ = self._metadata.row(tables.TYPE_DEF, row)
        parents = [self._metadata.coded("TypeDefOrRef", each) for each in (above, *self._interfaces[row])]
        named = [self._names.named(*parent) for parent in parents if parent[1]]
        of_fields = [self._metadata.row(tables.FIELD, each)[2] for each in range(*fields)]
        return DotnetType(
            name=self._names.named(tables.TYPE_DEF, row)[0],
            parents=tuple(names[0] for names in named if names),
            methods=tuple(self._method(each) for each in range(*methods)),
            named=frozenset().union(*named, *map(self._names.in_signature, of_fields)),
            attributes=tuple(self._annotated[tables.TYPE_DEF, row]),
            is_serializable=bool(flags & _SERIALIZABLE),
            is_interface=bool(flags & _INTERFACE),
        )

    def _method(self, row: int) -> DotnetMethod:
        address, _, flags, name, signature, _ = self._metadata.row(tables.METHOD, row)
        return DotnetMethod(
            name=self._metadata.name(name),
            also=tuple(self._stands_for[row]),
            row=row,
            address=address,
            signature=signature,
            is_virtual=bool(flags & _VIRTUAL),
            is_annotated=(tables.METHOD, row) in self._annotated,
        )

    @cached_property
    def _interfaces(self) -> defaultdict[int, list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for row, interface in self._metadata.rows(tables.INTERFACE):
            found[row].append(interface)
        return found

    @cached_property
    def _stands_for(self) -> defaultdict[int, list[str]]:
        """By a method's row the names of what it implements explicitly."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        for _, body, declared in self._metadata.rows(tables.METHOD_IMPLEMENTATION):
            table, row = self._metadata.coded("MethodDefOrRef", body)
            if table == tables.METHOD:
                found[row].append(self._member(*self._metadata.coded("MethodDefOrRef", declared))[0][1])
        return found

    @cached_property
    def _annotated(self) -> defaultdict[tuple[int, int], list[str]]:
        """The attributes that may lead to what has them, by its table and row."""
        found: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        harmless = {kind for kind, name in self._kinds.items() if _HARMLESS.fullmatch(name)}
        for of, kind, _ in self._metadata.rows(tables.ATTRIBUTE):
            if kind not in harmless:
                found[self._metadata.coded("HasAttribute", of)].append(self._kinds[kind])
        return found

    @cached_property
    def _kinds(self) -> dict[int, str]:
        """The types of attributes, by what its rows say of them."""
        kinds = sorted({row[1] for row in self._metadata.rows(tables.ATTRIBUTE)})
        return {kind: self._names.owner(*self._metadata.coded("AttributeType", kind)) for kind in kinds}
