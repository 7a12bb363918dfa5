"""Makes the list of the interfaces of .NET and their methods, `gate/reachability/functions/dotnet/outside.words.txt`.

    python -m benchmarks.functions.dotnet_interfaces ASSEMBLY [ASSEMBLY …] > words.txt

Give it the reference assemblies of an SDK (`packs/*.Ref/*/ref/*/*.dll`). Accessors are left out, as they run anyway.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

from gate.reachability.assemblies.assembly import Assembly
from gate.reachability.assemblies.metadata import NoAssemblyError

_ACCESSOR = re.compile(r"(?:get|set|add|remove|init)_\w+")
_OF_THE_RUNTIME = "System."
_INTERFACES = re.compile(r"(?:\w+\.)*I[A-Z]\w*(?:`\d)?")


def main(paths: list[str]) -> None:
    """Write a line an interface: its name, a colon, and the names of its methods and of those it inherits."""
    methods: defaultdict[str, set[str]] = defaultdict(set)
    parents: defaultdict[str, set[str]] = defaultdict(set)
    for path in paths:
        try:
            assembly = Assembly(Path(path).read_bytes(), path)
        except NoAssemblyError:
            continue
        for name, known in assembly.types.items():
            if known.is_interface and name.startswith(_OF_THE_RUNTIME) and _INTERFACES.fullmatch(name):
                methods[name].update(each.name for each in known.methods if not _ACCESSOR.fullmatch(each.name))
                parents[name].update(known.parents)
    for name in sorted(methods):
        above, waiting = {name}, [name]
        while waiting:
            more = parents[waiting.pop()] - above
            above |= more
            waiting += more
        print(f"{name} :", *sorted(set().union(*(methods[each] for each in above if each in methods))))


if __name__ == "__main__":
    main(sys.argv[1:])
