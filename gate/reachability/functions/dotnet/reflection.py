"""What in a .NET program finds types and methods by names that are known only at run time."""

import re
from collections import defaultdict
from collections.abc import Iterator

from gate.reachability.assemblies.assembly import Assembly, DotnetNames

_ASSEMBLY, _TYPE, _INFO = "System.Reflection.Assembly", "System.Type", "System.Reflection.TypeInfo"
_LIST_TYPES = {
    *((_ASSEMBLY, name) for name in ("GetTypes", "GetExportedTypes", "get_DefinedTypes", "get_ExportedTypes")),
    ("System.Reflection.Module", "GetTypes"),
    (_TYPE, "GetNestedTypes"),
}
_TYPES_BY_NAME = {
    *((_ASSEMBLY, name) for name in ("GetType", "CreateInstance", "Load")),
    *((_TYPE, name) for name in ("GetType", "GetNestedType", "ReflectionOnlyGetType")),
    *(("System.Activator", name) for name in ("CreateInstance", "CreateInstanceFrom")),
    ("System.AppDomain", "CreateInstanceAndUnwrap"),
}
_METHODS_BY_NAME = {
    *((_TYPE, f"Get{name}") for name in ("Method", "Methods", "Member", "Members")),
    *((_TYPE, name) for name in ("InvokeMember", "FindMembers")),
    *((_INFO, f"{name}s") for name in ("get_DeclaredMethod", "GetDeclaredMethod", "get_DeclaredMember")),
    (_INFO, "GetDeclaredMethod"),
    *(("System.Reflection.RuntimeReflectionExtensions", name) for name in ("GetRuntimeMethod", "GetRuntimeMethods")),
    *((owner, "CreateDelegate") for owner in ("System.Delegate", "System.Reflection.MethodInfo")),
    ("System.Linq.Expressions.Expression", "Call"),
}
_STREAMS = frozenset(
    f"System.{name}"
    for name in (
        "Runtime.Serialization.Formatters.Binary.BinaryFormatter",
        "Runtime.Serialization.Formatters.Soap.SoapFormatter",
        "Runtime.Serialization.NetDataContractSerializer",
        "Web.UI.LosFormatter",
        "Web.UI.ObjectStateFormatter",
    )
)
"""What creates objects of any type that can be serialized."""
_ANY_TYPE = "TypeNameHandling"
"""The setting of Newtonsoft.Json that lets JSON name the type of an object."""
_BLANK = re.compile(r"(?<!,)\s")
_PART = re.compile(r"(?:\A|(?<=[.+}{]))\w{2,60}|\w{2,60}(?=\Z|[{,])")


class Reflection:
    """The types that find others, or methods, by names; filled while a program is followed."""

    def __init__(self) -> None:
        self._parts: defaultdict[str, set[str]] = defaultdict(set)
        """The parts of names in the strings of each type's methods."""
        self._makes_types: list[str] = []
        self._makes_methods: list[str] = []
        self.lists_types = ""
        """A type that goes through all types of assemblies."""
        self.streams = ""
        """A type that may create objects of any type that can be serialized."""
        self.any_type = ""
        """A type or assembly that lets what is read name the types of objects."""

    def note(self, names: DotnetNames, assembly: Assembly, by: str) -> None:
        """Note what by its nature leads to more than what it names: a method of the type `by`."""
        self._parts[by].update(part for text in names.strings for part in _parts_of(text))
        if not names.members.isdisjoint(_LIST_TYPES):
            self.lists_types = self.lists_types or by
        if not names.members.isdisjoint(_TYPES_BY_NAME):
            self._makes_types.append(by)
        if not names.members.isdisjoint(_METHODS_BY_NAME):
            self._makes_methods.append(by)
        if not names.types.isdisjoint(_STREAMS):
            self.streams = self.streams or by
        if any(name == f"set_{_ANY_TYPE}" and owner not in assembly.types for owner, name in names.members):
            self.any_type = self.any_type or by

    def note_attribute(self, value: bytes, assembly: Assembly) -> None:
        """Note what an attribute is given."""
        if _ANY_TYPE.encode() in value:
            self.any_type = self.any_type or assembly.path

    def finds_type(self, simple: str) -> str | None:
        """Return why a type may be found by a name that is put together; None if nothing does so."""
        return self._put_together(simple, self._makes_types, "loads types")

    def finds_method(self, name: str) -> str | None:
        """Return why a method may be found by a name that is put together; None if nothing does so."""
        return self._put_together(name, self._makes_methods, "calls methods")

    def _put_together(self, name: str, makers: list[str], does: str) -> str | None:
        for maker in makers:
            for part in self._parts[maker]:
                if name != part and (name.startswith(part) or name.endswith(part)):
                    return f"{maker} {does} by names that it puts together"
        return None


def _parts_of(text: str) -> Iterator[str]:
    """Yield the words in a string that may begin or end a name; a sentence has none."""
    if not _BLANK.search(text.strip()):
        yield from _PART.findall(text)
