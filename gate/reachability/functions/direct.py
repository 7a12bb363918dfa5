"""Whether a program's own code calls a function of a package itself, where the package's sources are not there."""

from collections.abc import Sequence

from gate.reachability.functions.sources import Sources, absolute
from gate.reachability.functions.units import Source, Unit


def call_of(sources: Sources, symbols: Sequence[str]) -> str | None:
    """Return the place of a call of one of `symbols` in the program's own code, None if there is none.

    A package often offers a function by a shorter name than its own module's: `requests.get` is `requests.api:get`.
    Raises LimitError if there is too much to read.
    """
    wanted = [(*symbol.partition(":")[::2],) for symbol in symbols]
    words = [(module.partition(".")[0].encode(), _last_word(name).encode()) for module, name in wanted]
    for path in sources.own:
        content = sources.content(path)
        if not any(top in content and name in content for top, name in words):
            continue
        source = sources.parsed(path)
        for unit in source.units.values() if source else ():
            for call, line in unit.calls.items():
                dotted = _dotted(source, unit, call) if source else ""
                if dotted and any(_is_named(dotted, module, name) for module, name in wanted):
                    return f"{path}:{line} calls {dotted}"
    return None


def _last_word(name: str) -> str:
    """Return the word that a call has to have: a class's own for its constructor."""
    return name.removesuffix(".__init__").rpartition(".")[2]


def _dotted(source: Source, unit: Unit, call: str) -> str:
    """Return what a call names from the package on: `jinja2.Environment.from_string`; empty if that is not known."""
    head, _, rest = call.replace("()", "").partition(".")
    if head in unit.types:
        typed = unit.types[head].replace("()", "")
        head, _, before = typed.partition(".")
        rest = ".".join(filter(None, (before, rest)))
    origin = source.imports.get(head)
    if origin is None or origin.startswith("."):
        return ""
    return ".".join(filter(None, (absolute(origin, "", is_package=False), rest)))


def _is_named(dotted: str, module: str, name: str) -> bool:
    """True if a dotted name is a function's, in its module or offered by a package above."""
    if not name:
        return dotted.startswith(f"{module}.")
    before = dotted.removesuffix(f".{name}")
    if before == dotted:
        constructor = name.removesuffix(".__init__")
        before = dotted.removesuffix(f".{constructor}") if constructor != name else dotted
    return before != dotted and (before == module or module.startswith(f"{before}."))
