"""Which compiled files the machines of Java, .NET, Erlang and R may run: any may name a program or a library."""

import posixpath
from collections.abc import Callable, Collection, Iterator

from gate.inventory.installed.archives import ENDINGS
from gate.reachability.assemblies.metadata import ENDINGS as OF_DOTNET
from gate.reachability.runtimes.strings.beam_strings import ARCHIVE, MODULE, beam_strings
from gate.reachability.runtimes.strings.dotnet_strings import dotnet_strings, is_assembly, is_of_dotnet
from gate.reachability.runtimes.strings.java_strings import CLASS, java_strings
from gate.reachability.runtimes.strings.r_strings import OBJECTS, r_strings
from gate.reachability.runtimes.strings.stated_names import StatedNames
from gate.reachability.runtimes.walk.files import Files

_JAVA = "java"
_OF_ERLANG = frozenset({"beam.smp", "beam", "erlexec", "escript"})
_LINE = b"#!"
_R = "R"


def run_by_machines(
    reached: Collection[str], is_published: Callable[[str], bool], files: Files
) -> Iterator[tuple[list[str], Callable[[str, Files], StatedNames]]]:
    """Yield for each machine that may be started the paths of what it may run, and how these are read.

    Of Java's: the archives that are reached, and all classes that no package brought. Of .NET's: all assemblies but its
    own. Of Erlang's: all modules, and the scripts that are reached, as these may hold some. Of R's: the code of all
    packages.
    """
    names = set(map(posixpath.basename, reached))
    archives = [path for path in reached if path.endswith(ENDINGS) and files.find(path)]
    if archives or _JAVA in names:
        classes = (entry.path for entry in files.walk() if entry.path.endswith(CLASS))
        yield [*archives, *(path for path in classes if not is_published(path))], java_strings
    if any(is_of_dotnet(path, files) for path in reached):
        found = (entry.path for entry in files.walk() if entry.path.lower().endswith(OF_DOTNET))
        assemblies = [path for path in found if is_assembly(path, files) and not is_of_dotnet(path, files)]
        yield assemblies, dotnet_strings
    if not _OF_ERLANG.isdisjoint(names):
        modules = (entry.path for entry in files.walk() if entry.path.endswith((MODULE, ARCHIVE)))
        scripts = (entry.path for path in reached if (entry := files.find(path)) and files.starts_with(path, _LINE))
        yield [*modules, *scripts], beam_strings
    if _R in names:
        yield [entry.path for entry in files.walk() if entry.path.endswith(OBJECTS)], r_strings
