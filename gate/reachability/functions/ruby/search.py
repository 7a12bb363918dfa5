"""The answer for vulnerable methods of a gem: called, not reached, or unknown.

`no` needs that the sources of all gems are there. Then a method may be called by whatever names it, up to what runs:
the application's own code, what a file does when it is loaded, and what calls methods by names that are put together.
"""

import re
from collections.abc import Collection, Sequence

from gate.core.errors import GateError
from gate.model import InUse, Package
from gate.reachability.functions.answer import ReachAnswer, incomplete, listed_steps, listed_symbols, strongest
from gate.reachability.functions.ruby.calls import RubyCalls
from gate.reachability.functions.ruby.files import RubyFiles
from gate.reachability.functions.ruby.named import RubyNames, called_by_others
from gate.reachability.functions.ruby.source import HINT, RubyUnit, is_available
from gate.reachability.functions.ruby.sources import RubySources

_NOT_ITSELF = "the own code does not call it itself, and the sources of"
_OPERATOR = re.compile(r"[^A-Za-z_\x80-\U0010ffff].*")


class RubyCode:
    """The own code of a repository or image, with the gems that are installed in it."""

    def __init__(self, files: RubyFiles, running: Collection[str] | None = None) -> None:
        """Take the files, and the sources that certainly run, if not all of the own ones do."""
        self._files = files
        self._running = running
        self._sources = RubySources(files)
        self._calls: RubyCalls | None = None
        self._names = RubyNames(self._sources)

    def answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether one of `symbols` (`rack/utils:Rack.Utils.escape`) can be reached."""
        if not is_available():
            return ReachAnswer(InUse.UNKNOWN, (HINT,))
        try:
            return self._answer(package, symbols)
        except GateError as error:
            return incomplete(error)

    def _answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        self._calls = self._calls or RubyCalls(self._sources, self._running)
        names = [symbol.partition(":")[2] for symbol in symbols]
        for name in names:
            if chain := self._calls.chain_to(name):
                return ReachAnswer(InUse.YES, listed_steps(chain))
        paths = self._paths_of(package)
        if not paths:
            return ReachAnswer(InUse.UNKNOWN, (f"{_NOT_ITSELF} {package.name} {package.version} are not here",))
        if missing := self._files.missing_gem():
            return ReachAnswer(InUse.UNKNOWN, (f"{_NOT_ITSELF} {missing} are not here",))
        if doubt := self._names.own_doubt():
            return ReachAnswer(InUse.UNKNOWN, (doubt,))
        answers = [self._one(symbol, paths) for symbol in symbols]
        found = strongest(answers)
        if found.state is not InUse.NO:
            return found
        if (unread := next(iter(self._files.unread.items()), None)) is not None:
            return ReachAnswer(InUse.UNKNOWN, (f"{unread[0]} cannot be read: {unread[1]}",))
        return ReachAnswer(InUse.NO, (self._none(names),))

    def _paths_of(self, package: Package) -> list[str]:
        """Return the sources of a gem; those of one that comes with Ruby are in its library."""
        paths = [
            path
            for folder in self._files.folders_of(package.name, package.version)
            for path in self._files.gems[folder]
        ]
        if paths or "/specifications/default/" not in package.path:
            return paths
        own = package.name.replace("-", "/")
        return [path for name, path in self._files.standard.items() if name == own or name.startswith(f"{own}/")]

    def _one(self, symbol: str, paths: Sequence[str]) -> ReachAnswer:
        feature, _, name = symbol.partition(":")
        if not name:
            return ReachAnswer(InUse.UNKNOWN, (f"{feature} may be loaded",))
        unit = next((unit for path in paths for unit in self._sources.parsed(path).units if unit.shown == name), None)
        if unit is None:
            return ReachAnswer(InUse.UNKNOWN, (f"the installed version has no {name} that can be read",))
        steps = self._way_to_class(unit, paths)
        if steps and not (unit.name in called_by_others() or _OPERATOR.fullmatch(unit.name)):
            steps = self._way_to_method(unit, paths)
        return ReachAnswer(InUse.UNKNOWN, steps) if steps else ReachAnswer(InUse.NO, ())

    def _way_to_class(self, unit: RubyUnit, paths: Sequence[str]) -> tuple[str, ...]:
        """Return what names a method's class, without which nothing has it; empty if nothing does."""
        owner = unit.owner.rpartition(".")[2]
        if not owner:
            return ("every object has it",)
        if way := self._names.way_to_class(owner):
            return ("it may be called:", *way)
        doubt = self._names.class_doubt(paths, owner)
        return (doubt,) if doubt else ()

    def _way_to_method(self, unit: RubyUnit, paths: Sequence[str]) -> tuple[str, ...]:
        """Return what names a method; empty if nothing does."""
        name = unit.name.removesuffix("=")
        if way := self._names.way_to(name):
            return ("it may be called:", *way)
        doubt = self._names.method_doubt(paths, name)
        return (doubt,) if doubt else ()

    def _none(self, names: Sequence[str]) -> str:
        named = listed_symbols(names)
        return f"of {sum(1 for _ in self._files.sources()):,} sources none that may run names {named}"
