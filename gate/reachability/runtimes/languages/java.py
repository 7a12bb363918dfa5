"""Java: from the start of the JVM to the archives on its class path (java(1); JAR File Specification).

Every archive on the class path counts as in use; which of its classes are loaded is not analysed.
"""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.inventory.installed.archives import ENDINGS, ArchiveReader
from gate.inventory.installed.java import main_section
from gate.reachability.runtimes.languages.java_servers import CATALINA, archives, catalina, starts_catalina
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.gaps import errors_as_gaps
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, Gap, Opened, Reached, StartedProgram, Step, opened
from gate.reachability.runtimes.walk.libraries import everywhere

KIND = "Maven"
_CLASS_PATH = ("-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--patch-module")
_VALUED = (
    *_CLASS_PATH,
    "--add-modules",
    "--add-opens",
    "--add-exports",
    "--add-reads",
    "--limit-modules",
    "-m",
    "--module",
)
_PROPERTIES = ("-Dloader.path=", "-Djava.ext.dirs=", "-Xbootclasspath/a:", "-Djava.endorsed.dirs=")
_VARIABLES = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
_MACHINE = re.compile(r"lib(?:jli|jvm|java|jimage|net|nio|verify|zip|extnet|management|instrument|prefs)\.so")
"""Libraries of the JVM that programs without a graphical interface load."""
_INSIDE = ("BOOT-INF/lib", "WEB-INF/lib", "lib/main", "lib/boot", "quarkus/lib")
"""Where archives lie in an application that is unpacked."""
_NOT_OF_APPLICATIONS = ("usr/share", "usr/lib", "usr", "opt", "", "usr/local", "home", "var", "var/lib", "srv", "root")
"""Folders that many programs share."""


class JavaCommand(msgspec.Struct, frozen=True):
    """A parsed command line of java."""

    paths: tuple[str, ...]
    """Elements of all kinds of class paths, as they are written."""
    main: str
    """The main class, or nothing."""
    values: tuple[str, ...]
    """Properties' values and arguments, which may name folders of plug-ins."""


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of a Java machine, of Tomcat's script, and for a Java archive."""
    if isinstance(reached, StartedProgram):
        return posixpath.basename(reached.program) == "java" or starts_catalina(reached)
    return reached.path.endswith(ENDINGS)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the JVM's own files and all archives on the class path."""
    if not isinstance(reached, StartedProgram):
        return errors_as_gaps(KIND, reached.path, _class_path_of(reached.path, files))
    if starts_catalina(reached):
        return errors_as_gaps(KIND, reached.program, catalina(reached, files))
    return errors_as_gaps(KIND, reached.program, _started(reached, files))


def _started(started: StartedProgram, files: Files) -> Iterator[Step]:
    yield from _machine(started, files)
    because = Because(started.program, "has on its class path")
    options = [word for name in _VARIABLES for word in (started.variable(name) or "").split()]
    words = tuple(_with_files((*options, *started.arguments), started, files))
    command = command_of(words, started.variable("CLASSPATH"))
    if any(UNKNOWN in word for word in (*command.paths, command.main)) or not (command.main or command.paths):
        yield Gap(kind=KIND, reason="the class path is not known", path=started.program)
    for path in command.paths:
        yield from _element(posixpath.join("/", started.folder, path), because, files)
    yield from _agents(words, started, files)
    if CATALINA in command.main:
        yield from catalina(started, files)
    yield from _near_class_path(command, started, files)


def _agents(words: tuple[str, ...], started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the libraries of native agents: by path, or by a name as `loadLibrary` takes it (java(1))."""
    because = Because(started.program, "is given the agent")
    for word in words:
        option, _, value = word.partition(":")
        name = value.partition("=")[0]
        if option == "-agentpath":
            yield Opened(path=posixpath.join("/", started.folder, name), because=because)
        elif option == "-agentlib" and name:
            yield from opened(everywhere(f"lib{name}.so", files), because)


def command_of(words: tuple[str, ...], class_path: str | None) -> JavaCommand:
    """Parse the words after `java`; `class_path` is the environment's CLASSPATH."""
    paths: list[str] = []
    values: list[str] = []
    main, index = "", 0
    while index < len(words) and not main:
        word = words[index]
        following = words[index + 1] if index + 1 < len(words) else ""
        option, equals, value = word.partition("=")
        if word == "-jar":
            paths, main = [*paths, following], following
        elif option in _CLASS_PATH:
            paths += (value if equals else following).split(":")
        elif word.startswith("-javaagent:"):
            paths.append(word.removeprefix("-javaagent:").partition("=")[0])
        elif word.startswith(_PROPERTIES):
            paths += re.split(r"[:,]", re.split(r"[=]|/a:", word, maxsplit=1)[1])
        elif word in ("-m", "--module"):
            main = following
        elif not word.startswith("-"):
            main = word
        if equals and word.startswith("-D"):
            values.append(value)
        index += 2 if word == "-jar" or (word in _VALUED and not equals) else 1
    if main and not any(option in words for option in ("-jar", "-cp", "-classpath", "--class-path")):
        paths += (class_path or ".").split(":")
    return JavaCommand(tuple(filter(None, paths)), main, (*values, *words[index:]))


def _with_files(words: tuple[str, ...], started: StartedProgram, files: Files) -> Iterator[str]:
    """Yield the words, those of argument files in their place."""
    for word in words:
        path = posixpath.join("/", started.folder, word[1:])
        if word.startswith("@") and files.find(path):
            yield from (part.strip("\"'") for part in re.findall(r'"[^"\n]*"|[^\s"]+', files.text(path.strip("/"))))
        else:
            yield word


def _element(path: str, because: Because, files: Files) -> Iterator[Step]:
    """Yield what one element of a class path stands for: an archive, `FOLDER/*`, or an unpacked application."""
    if path.endswith("/*"):
        yield from archives(path[:-2], because, files)
    elif files.folder(path) is None:
        yield Opened(path=path, because=because)
    else:
        yield from archives(path, because, files)
        for inside in _INSIDE:
            yield from archives(f"{path}/{inside}", because, files)


def _class_path_of(path: str, files: Files) -> Iterator[Step]:
    """Yield the archives that the manifest of an archive names."""
    name = posixpath.basename(path)
    statements = ArchiveReader(path).statements(files.read(path), (name,))
    manifest = next((each for each in statements if each.name == "META-INF/MANIFEST.MF"), None)
    if manifest is None or manifest.archive != (name,):
        return
    for element in main_section(manifest.content).get("Class-Path", "").split():
        target = posixpath.join("/", posixpath.dirname(path), element.removeprefix("file:"))
        yield from _element(target.rstrip("/"), Because(path, "has in its manifest's class path"), files)


def _machine(started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the JVM's own files: as certain those that every program loads, as possible the others."""
    home = posixpath.dirname(posixpath.dirname(started.program))
    because = Because(started.program, "is a part of the machine")
    folders = ("lib", "lib/server", "jre/lib", "jre/lib/amd64", "jre/lib/amd64/server")
    settings = ("lib/jvm.cfg", "lib/tzdb.dat", "lib/server/classes.jsa", "conf/security/java.security", "lib/rt.jar")
    for path in ("release", "lib/modules", *settings):
        yield Opened(path=f"{home}/{path}", because=because)
    for folder in folders:
        for name in files.names(f"{home}/{folder}"):
            if ".so" in name:
                is_certain = _MACHINE.fullmatch(name) is not None
                yield Opened(path=f"{home}/{folder}/{name}", because=because, is_certain=is_certain)


def _near_class_path(command: JavaCommand, started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield archives near those of the class path, and below folders in arguments: class loaders may use them."""
    elements = (posixpath.join("/", started.folder, path.removesuffix("/*")) for path in command.paths)
    named = (posixpath.join("/", started.folder, value) for value in command.values if UNKNOWN not in value)
    folders = {*map(posixpath.dirname, elements), *named}
    roots = {root for folder in folders if (root := files.folder(folder)) not in (None, *_NOT_OF_APPLICATIONS)}
    because = Because(started.program, "may load from beside its class path")
    for entry in files.walk():
        if entry.path.endswith(ENDINGS) and any(entry.path.startswith(f"{root}/") for root in roots):
            yield Opened(path=entry.path, because=because, is_certain=False)
