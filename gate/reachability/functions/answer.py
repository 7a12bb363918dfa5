"""The answer for the vulnerable functions of an installed Python package: reached, not reached, or unknown."""

from collections.abc import Iterable, Sequence

import msgspec

from gate.core.errors import GateError
from gate.model import InUse
from gate.reachability.functions.calls import Calls, Place
from gate.reachability.functions.dynamic import doubt_of
from gate.reachability.functions.mentions import NameMention, NameSearch, Node
from gate.reachability.functions.sources import Sources
from gate.reachability.functions.units import Source

_MOST_STEPS = 10
_MOST_NAMED = 3
_ORDER = (InUse.YES, InUse.UNKNOWN, InUse.NO)


class ReachAnswer(msgspec.Struct, frozen=True):
    """Whether vulnerable functions can be reached, and by what that is known."""

    state: InUse
    evidence: tuple[str, ...]


class Program:
    """A program whose own code and packages are searched for calls."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._tops = {sources.module_name(path).partition(".")[0] for path in sources.loaded}
        self._calls = Calls(sources)
        self._mentions = NameSearch(sources)

    def reaches(self, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether one of `symbols` (`package.module:Class.method`) can be reached from the own code."""
        try:
            answers = [self._one(symbol) for symbol in symbols]
        except GateError as error:
            return incomplete(error)
        found = strongest(answers)
        if found.state is not InUse.NO:
            return found
        return ReachAnswer(
            InUse.NO,
            tuple(dict.fromkeys(step for answer in answers for step in answer.evidence)) or self._none(symbols),
        )

    def _none(self, symbols: Sequence[str]) -> tuple[str, ...]:
        count = len(self._sources.own) + len(self._sources.loaded)
        return (f"no call in {count:,} sources leads to {listed_symbols(symbols)}",)

    def _one(self, symbol: str) -> ReachAnswer:
        module, _, name = symbol.partition(":")
        path = self._sources.modules.get(module)
        source = self._sources.parsed(path) if path else None
        if path is None or source is None or not _has(source, name):
            return ReachAnswer(InUse.UNKNOWN, (f"the installed version has no {symbol} that can be read",))
        if module.partition(".")[0] not in self._tops:
            return ReachAnswer(InUse.UNKNOWN, (f"nothing imports {module}; its package may be a program or plug-in",))
        if path not in self._sources.loaded:
            return ReachAnswer(InUse.NO, (f"nothing loads {module}",))
        if not name:
            return ReachAnswer(InUse.UNKNOWN, (f"{module} may be loaded",))
        called = next((each for each in self._places(path, source, name) if each in self._calls.reached), None)
        if called is not None:
            return ReachAnswer(InUse.YES, listed_steps(self._calls.chain_to(called)))
        return self._searched(path, source, name, module)

    def _places(self, path: str, source: Source, name: str) -> Iterable[Place]:
        if name in source.classes:
            return [Place(path, name), *(Place(path, each) for each in source.units if each.startswith(f"{name}."))]
        return [Place(path, name)]

    def _searched(self, path: str, source: Source, name: str, module: str) -> ReachAnswer:
        looked_for: set[Node] = set()
        unit = source.units.get(name)
        owner = name if name in source.classes else name.rpartition(".")[0]
        if owner:
            if self._mentions.is_registered(path, owner):
                return ReachAnswer(InUse.UNKNOWN, (f"{path} hands {owner} to what may keep it",))
            way, looked_for = self._mentions.way_to(self._mentions.class_nodes(path, owner))
            if way is None:
                return self._no(looked_for, module)
        if unit is None:
            return ReachAnswer(InUse.UNKNOWN, _listed(way or []))
        if not owner and name.startswith("__") and name.endswith("__"):
            return ReachAnswer(InUse.UNKNOWN, (f"Python itself calls {name} of {module}",))
        if unit.is_registered:
            return ReachAnswer(InUse.UNKNOWN, (f"{path}:{unit.line} hands {name} to a decorator",))
        way, looked_for = self._mentions.way_to(self._mentions.callers_of(path, unit))
        return self._no(looked_for, module) if way is None else ReachAnswer(InUse.UNKNOWN, _listed(way))

    def _no(self, nodes: set[Node], module: str) -> ReachAnswer:
        names, homes = {node.name for node in nodes}, {node.path for node in nodes}
        doubt = doubt_of(self._sources, names, homes, module.partition(".")[0])
        return ReachAnswer(InUse.UNKNOWN, (doubt,)) if doubt else ReachAnswer(InUse.NO, ())


def _has(source: Source, name: str) -> bool:
    return not name or name in source.units or name in source.classes


def _listed(way: Sequence[NameMention]) -> tuple[str, ...]:
    return ("it may be called:", *listed_steps([str(mention) for mention in way]))


def incomplete(reason: object) -> ReachAnswer:
    """Return the answer where something could not be read, for the error that says so."""
    return ReachAnswer(InUse.UNKNOWN, (f"the search was not complete: {reason}",))


def strongest(answers: Iterable[ReachAnswer]) -> ReachAnswer:
    """Return the first `yes`, else the first `unknown`, else the first `no`; a bare `no` if there is none."""
    return min(answers, key=lambda answer: _ORDER.index(answer.state), default=ReachAnswer(InUse.NO, ()))


def listed_symbols(symbols: Sequence[str]) -> str:
    """Return the first of some functions, and how many more there are."""
    more = f" and {len(symbols) - _MOST_NAMED} more" if len(symbols) > _MOST_NAMED else ""
    return ", ".join(symbols[:_MOST_NAMED]) + more


def listed_steps(steps: Sequence[str]) -> tuple[str, ...]:
    """Return the steps of a chain, those in the middle of a long one left out."""
    half = _MOST_STEPS // 2
    if len(steps) <= _MOST_STEPS:
        return tuple(steps)
    return (*steps[:half], f"… {len(steps) - 2 * half} more steps …", *steps[-half:])
