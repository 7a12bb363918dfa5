"""The answer for vulnerable methods of a Java package: called, not reached, or unknown."""

import re
from collections.abc import Sequence

from gate.core.errors import GateError
from gate.model import InUse
from gate.reachability.functions.answer import ReachAnswer, incomplete, listed_steps, listed_symbols, strongest
from gate.reachability.functions.java.archives import JavaArchives
from gate.reachability.functions.java.reached import OBJECT, JavaReached, dotted

_SERIALIZED = (b"java/io/Serializable", b"java/io/Externalizable")
_BY_OTHERS = re.compile(
    rb"(?:set|get|is|has|add|remove|with)[A-Z]\w*|<\w+>|main|\w*main|read(?:Object\w*|Resolve|External)"
    rb"|write(?:Object|Replace|External)|toString|hashCode|equals|clone|finalize|valueOf|values|of"
)
"""Methods that the machine or frameworks call by their names."""


class JavaProgram:
    """A Java program whose classes are searched for names."""

    def __init__(self, archives: JavaArchives) -> None:
        self.archives = archives
        self._reached: JavaReached | None = None

    def reaches(self, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether one of `symbols` (`org.example.Parser:parse`, or a class alone) can be reached."""
        try:
            self._reached = self._reached or JavaReached(self.archives)
            answers = [self._one(self._reached, symbol) for symbol in symbols]
        except GateError as error:
            return incomplete(error)
        found = strongest(answers)
        if found.state is not InUse.NO:
            return found
        count = len(self.archives.classes)
        why = f"of {count:,} classes none that is loaded names {listed_symbols(symbols)}"
        return ReachAnswer(InUse.NO, (why,))

    def _one(self, reached: JavaReached, symbol: str) -> ReachAnswer:
        class_name, _, method_name = symbol.partition(":")
        name, method = class_name.replace(".", "/").encode(), method_name.encode()
        if name not in self.archives.classes:
            return ReachAnswer(InUse.UNKNOWN, (f"there is no class {class_name} that can be read",))
        if method and (call := reached.own_calls.get((name, method))):
            return ReachAnswer(InUse.YES, (f"{call} calls {class_name}.{method_name}",))
        if not self.archives.sources and not any(place.is_own for _, place in self.archives.places()):
            return ReachAnswer(InUse.UNKNOWN, ("no class of the application itself was found",))
        if name not in reached.by:
            doubt = _doubt_of_class(reached, name)
            return ReachAnswer(InUse.UNKNOWN, (doubt,)) if doubt else ReachAnswer(InUse.NO, ())
        doubt = _doubt_of_method(reached, name, method)
        if doubt is None:
            return ReachAnswer(InUse.NO, ())
        return ReachAnswer(InUse.UNKNOWN, listed_steps((*reached.way_to(name), doubt)))


def _doubt_of_class(reached: JavaReached, name: bytes) -> str | None:
    """Return what may load a class that nothing names; None if nothing does."""
    above = set(reached.parents_of(name))
    if reached.streams and not above.isdisjoint(_SERIALIZED):
        return f"{reached.streams} may create objects of {dotted(name)}, which can be serialized"
    simple = re.split(rb"[/$]", name)[-1]
    for loader, parts in reached.loads_names:
        if any(simple != part and (simple.startswith(part) or simple.endswith(part)) for part in parts):
            return f"{loader} loads classes by names that it puts together"
    return None


def _doubt_of_method(reached: JavaReached, name: bytes, method: bytes) -> str | None:
    """Return what may call a method of a loaded class; None if nothing does."""
    if not method:
        return f"{dotted(name)} may be loaded"
    shown = method.decode("utf-8", "replace")
    if method in reached.members:
        return f"{reached.members[method]} names {shown}"
    declared = [one.methods[method] for one in reached.classes_of(name) if method in one.methods]
    if not declared:
        return f"{dotted(name)} has no method {shown} of its own"
    if _BY_OTHERS.fullmatch(method) or any(one.is_annotated for one in declared):
        return f"{shown} is called by what looks methods up"
    if all(one.is_inherited_from_none for one in declared):
        return None
    outside = next((one for one in reached.parents_of(name) if one != OBJECT and not reached.classes_of(one)), None)
    return f"{dotted(outside)} may call it" if outside else None
