"""The answer for vulnerable functions of a Go module: reached by the own code, not reached, or unknown."""

from collections.abc import Sequence

from gate.core.errors import GateError
from gate.ecosystems.go import STANDARD_LIBRARY
from gate.model import InUse, Package
from gate.reachability.functions.answer import ReachAnswer, incomplete, listed_steps, listed_symbols, strongest
from gate.reachability.functions.golang.calls import GoCalls
from gate.reachability.functions.golang.packages import GoFiles, GoModule
from gate.reachability.functions.golang.reached import GoReached
from gate.reachability.functions.golang.symbols import GoFunctionName, readings

_PLUGINS = "plugin"


class GoCode:
    """The own code of the modules of a repository, with the packages that are vendored."""

    def __init__(self, files: GoFiles) -> None:
        self._files = files
        self._programs: dict[str, GoProgram | ReachAnswer] = {}

    def answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether one of `symbols` (`net/http.Server.Serve`, or a package alone) can be reached."""
        folder = package.path.rpartition("/")[0].removesuffix("vendor").rstrip("/")
        if folder not in self._programs:
            self._programs[folder] = self._program(folder)
        program = self._programs[folder]
        return program if isinstance(program, ReachAnswer) else program.answer(package, symbols)

    def _program(self, folder: str) -> "GoProgram | ReachAnswer":
        if folder not in self._files.modules:
            return ReachAnswer(InUse.UNKNOWN, ("there is no go.mod in its folder",))
        try:
            return GoProgram(GoModule(self._files, folder))
        except GateError as error:
            return incomplete(error)


class GoProgram:
    """One module and the packages that its own code imports."""

    def __init__(self, module: GoModule) -> None:
        self._module = module
        self._calls: GoCalls | None = None
        self._reached: GoReached | None = None

    def answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether one of `symbols` of a module's package can be reached."""
        try:
            return self._answer(package, symbols)
        except GateError as error:
            return incomplete(error)

    def _answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        self._calls = self._calls or GoCalls(self._module)
        for symbol in symbols:
            if chain := next(filter(None, map(self._calls.chain_to, readings(symbol))), None):
                return ReachAnswer(InUse.YES, listed_steps(chain))
        doubt = self._doubt(package)
        if doubt:
            return ReachAnswer(InUse.UNKNOWN, (doubt,))
        answers = [self._one(symbol) for symbol in symbols]
        found = strongest(answers)
        return found if found.state is InUse.UNKNOWN else ReachAnswer(InUse.NO, (self._none(symbols),))

    def _doubt(self, package: Package) -> str:
        """Return why nothing but a call that was found says anything; empty if nothing is in the way."""
        module, not_itself = self._module, "the own code does not call it itself, and"
        if package.name == STANDARD_LIBRARY:
            return f"{not_itself} Go's own sources are not here"
        if module.missing:
            missing, by = next(iter(module.missing.items()))
            more = f" and {len(module.missing) - 1:,} more packages" if len(module.missing) > 1 else ""
            return f"{not_itself} the sources of {missing} ({by} imports it){more} are not here"
        if module.replaces_by(package.name):
            return f"{package.name} stands in the place of another module"
        vendored = module.vendored_version(package.name)
        if vendored is not None and vendored.removeprefix("v") != package.version.removeprefix("v"):
            return f"{package.name} is vendored in another version ({vendored})"
        return "the own code loads plug-ins at run time" if _PLUGINS in module.imported else ""

    def _one(self, symbol: str) -> ReachAnswer:
        found = [name for name in readings(symbol) if name.package in self._module.loaded]
        return strongest(map(self._function, found))

    def _function(self, name: GoFunctionName) -> ReachAnswer:
        if not name.function:
            return ReachAnswer(InUse.UNKNOWN, (f"{name.package} is imported",))
        self._reached = self._reached or GoReached(self._module)
        if name.key not in self._reached.known:
            return ReachAnswer(InUse.UNKNOWN, (f"the vendored version has no {name} that can be read",))
        way = self._reached.way_to(name.key)
        return ReachAnswer(InUse.NO, ()) if way is None else ReachAnswer(InUse.UNKNOWN, ("it may be called:", *way))

    def _none(self, symbols: Sequence[str]) -> str:
        count = len(self._module.loaded)
        named = listed_symbols(symbols)
        packages = dict.fromkeys(name.package for symbol in symbols for name in readings(symbol))
        if self._module.loaded.keys().isdisjoint(packages):
            return f"none of {count:,} packages that are imported is the one of {named}"
        return f"no call in {count:,} packages leads to {named}"
