"""The answer for vulnerable methods of a package of NuGet: called, not reached, or unknown."""

from collections.abc import Iterable, Sequence

from gate.core.errors import GateError
from gate.model import InUse
from gate.reachability.assemblies.assembly import DotnetMethod
from gate.reachability.functions.answer import ReachAnswer, incomplete, listed_steps, listed_symbols, strongest
from gate.reachability.functions.dotnet.assemblies import Assemblies
from gate.reachability.functions.dotnet.reached import DotnetReached


class DotnetProgram:
    """A .NET program whose assemblies are searched for names."""

    def __init__(self, assemblies: Assemblies) -> None:
        self.assemblies = assemblies
        self._reached: DotnetReached | None = None

    def reaches(self, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether one of `symbols` (`Newtonsoft.Json.JsonReader:Read`, or a type alone) can be reached."""
        try:
            self._reached = self._reached or DotnetReached(self.assemblies)
            found = strongest([self._one(self._reached, symbol) for symbol in symbols])
        except GateError as error:
            return incomplete(error)
        if found.state is not InUse.NO:
            return found
        count = len(self.assemblies.types)
        return ReachAnswer(InUse.NO, (f"of {count:,} types none that is loaded names {listed_symbols(symbols)}",))

    def _one(self, reached: DotnetReached, symbol: str) -> ReachAnswer:
        name, _, method = symbol.partition(":")
        places = self.assemblies.types.get(name, ())
        if not places:
            return ReachAnswer(InUse.UNKNOWN, (f"there is no type {name} that can be read",))
        if method and (call := reached.own_calls.get((name, method))):
            return ReachAnswer(InUse.YES, (f"{call} calls {name}.{method}",))
        if not self.assemblies.own and not self.assemblies.sources:
            return ReachAnswer(InUse.UNKNOWN, ("no assembly of the application itself was found",))
        for assembly, _ in places:
            if assembly.name in self.assemblies.of_dotnet:
                return ReachAnswer(
                    InUse.UNKNOWN, (f"{assembly.name} is a part of .NET as well, which calls it itself",)
                )
        if name not in reached.by:
            doubt = _doubt_of_type(reached, name, is_serializable=any(known.is_serializable for _, known in places))
        else:
            doubt = _doubt_of_method(reached, name, method, [one for _, known in places for one in known.methods])
        if doubt is None:
            return ReachAnswer(InUse.NO, ())
        return ReachAnswer(InUse.UNKNOWN, listed_steps((*reached.way_to(name), doubt)))


def _doubt_of_type(reached: DotnetReached, name: str, *, is_serializable: bool) -> str | None:
    """Return what may load a type that nothing names; None if nothing does."""
    found = reached.by_reflection
    if found.any_type:
        return f"{found.any_type} lets what is read name the types of objects"
    if found.streams and is_serializable:
        return f"{found.streams} may create objects of {name}, which can be serialized"
    return found.finds_type(name.replace("+", ".").rpartition(".")[2].partition("`")[0])


def _doubt_of_method(reached: DotnetReached, name: str, method: str, declared: Iterable[DotnetMethod]) -> str | None:
    """Return what may call a method of a loaded type; None if nothing does."""
    if not method:
        return f"{name} may be loaded"
    found = [one for one in declared if one.name == method]
    if not found:
        return f"{name} has no method {method} of its own"
    callers = (reached.caller_of(name, one) for one in found)
    return next(filter(None, callers), None) or reached.by_reflection.finds_method(method)
