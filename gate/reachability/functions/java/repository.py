"""Whether a repository's own code reaches the vulnerable methods of its Java packages.

Own are sources of Java and Kotlin, and compiled classes outside of libraries. `no` needs the archives of all packages
that build files declare, as a build leaves them in an application's archive or a folder of libraries.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from gate.core.errors import GateError, LimitError
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.inventory.installed.archives import ENDINGS
from gate.model import InUse, Package
from gate.reachability.functions.answer import ReachAnswer, incomplete
from gate.reachability.functions.java.archives import JavaArchives
from gate.reachability.functions.java.search import JavaProgram
from gate.reachability.functions.java.sources import JavaSources
from gate.trees import FileTree

MAX_JAVA_SOURCES = 128 << 20
"""Bytes of own sources."""
_MAX_FILE = 8 << 20
_SOURCES = (".java", ".kt", ".kts")
_OTHER_SOURCES = (".scala", ".groovy", ".clj", ".cljs")
"""Sources whose names are not followed: they name classes in ways of their own, or call methods by name."""
_OF_BUILDS = re.compile(
    r"(?:^|/)(?:gradle/wrapper|\.mvn|buildSrc|\.gradle|node_modules)/|\.gradle(?:\.kts)?\Z|settings\.kts\Z"
)
_SETTINGS = re.compile(
    r"\.(?:xml|properties|ya?ml|json|conf|cfg|ini|jsp\w*|tag|ftl|vm|html?|toml)\Z|(?:^|/)META-INF/(?:services/)?[^/]+\Z"
)
_BUILD_FILE = re.compile(
    r"(?:^|/)(?:pom\.xml|build\.gradle(?:\.kts)?|gradle\.lockfile|ivy\.xml|build\.sbt|[^/]*\.versions\.toml)\Z"
)
_DEPENDENCY = re.compile(rb"<dependency>(.*?)</dependency>", re.DOTALL)
_ARTIFACT = re.compile(rb"<artifactId>\s*([\w.-]+)\s*</artifactId>")
_NOT_SHIPPED = re.compile(rb"<scope>\s*(?:test|provided|system|import)\s*</scope>")
_COORDINATES = re.compile(rb"[\"']?[\w.-]+:([\w.-]+):[\w.\[\](),+-]+")
_FOR_TESTS = re.compile(rb"^\s*(?:test\w*|androidTest\w*|annotationProcessor|compileOnly)\b.*$", re.MULTILINE)
_VERSION = re.compile(r"-\d[^/]*\.jar\Z|\.jar\Z")
_GENERATES = re.compile(rb"\blombok\.")
_PROCESSORS = "META-INF/services/javax.annotation.processing.Processor"


class JavaRepository:
    """The own code of a repository, with the archives that are kept or were built in it."""

    def __init__(self, tree: FileTree, paths: Sequence[str]) -> None:
        """Take the paths of all files. Raises LimitError if there is too much to read."""
        self._tree = tree
        self._paths = paths
        self._sources = dict(self._own_sources())
        self._calls = JavaSources({path: text for path, text in self._sources.items() if path.endswith(".java")})

    def answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether one of `symbols` (`org.example.Parser:parse`, or a class alone) can be reached."""
        for symbol in symbols:
            class_name, _, method = symbol.partition(":")
            if call := self._calls.call_of(class_name, method):
                return ReachAnswer(InUse.YES, (call,))
        program = self._program
        answer = program if isinstance(program, ReachAnswer) else program.reaches(symbols)
        if answer.state is InUse.NO and (doubt := self._doubt_of(package) or self._doubt):
            return ReachAnswer(InUse.UNKNOWN, (f"nothing was found that calls it, and {doubt}",))
        return answer

    def _own_sources(self) -> Iterator[tuple[str, bytes]]:
        read = 0
        for path in self._paths:
            if path.endswith(_SOURCES) and _ships(path) and not _OF_BUILDS.search(path):
                content = self._tree.read(path, _MAX_FILE)
                read += len(content)
                if read > MAX_JAVA_SOURCES:
                    raise LimitError(f"more than {MAX_JAVA_SOURCES:,} bytes of sources")
                yield path, content

    @cached_property
    def _program(self) -> JavaProgram | ReachAnswer:
        paths = [path for path in self._paths if self._counts(path)]
        if not any(path.lower().endswith(ENDINGS) for path in paths):
            return ReachAnswer(InUse.UNKNOWN, ("the own code does not call it itself, and its archive is not here",))
        try:
            archives = JavaArchives(self._tree, paths)
        except GateError as error:
            return incomplete(error)
        archives.sources.update(self._sources)
        return JavaProgram(archives)

    def _counts(self, path: str) -> bool:
        if _OF_BUILDS.search(path) or not _ships(path) or _BUILD_FILE.search(path):
            return False
        return path.lower().endswith((*ENDINGS, ".class")) or _SETTINGS.search(path) is not None

    def _doubt_of(self, package: Package) -> str:
        artifact = package.name.rpartition(":")[2]
        names = (f"{artifact}-{package.version}.jar", f"{artifact}.jar")
        known = (place.archive for places in self._archives.classes.values() for place in places)
        is_here = any(re.split(r"[/!]", archive)[-1] in names for archive in set(known))
        return "" if is_here else f"the archive of {artifact} {package.version} is not here"

    @property
    def _archives(self) -> JavaArchives:
        program = self._program
        assert isinstance(program, JavaProgram)
        return program.archives

    @cached_property
    def _doubt(self) -> str:
        """Why more than what was read may call; empty if nothing is in the way."""
        return next(self._doubts(), "")

    def _doubts(self) -> Iterator[str]:
        here = {_artifact(place.archive) for places in self._archives.classes.values() for place in places}
        for path in self._paths:
            if path.endswith(_OTHER_SOURCES) and _ships(path):
                yield f"{path} is in a language that is not followed"
            if _BUILD_FILE.search(path):
                for artifact in self._declared(path):
                    if artifact not in here:
                        yield f"the archive of {artifact} ({path} declares it) is not here"
        for path, content in self._sources.items():
            if _GENERATES.search(content):
                yield f"{path} has code that is generated when it is compiled"
        for path in self._archives.texts:
            if path.endswith(_PROCESSORS):
                yield f"{path} names what generates code when sources are compiled"

    def _declared(self, path: str) -> Iterator[str]:
        """Yield the artifacts that a build file declares for the application."""
        content = self._tree.read(path, _MAX_FILE)
        if path.endswith((".sbt", ".versions.toml", "ivy.xml")):
            yield "what it lists"
        elif path.endswith("pom.xml"):
            for dependency in _DEPENDENCY.findall(content):
                found = _ARTIFACT.search(dependency)
                if found and not _NOT_SHIPPED.search(dependency):
                    yield found[1].decode()
        else:
            for artifact in _COORDINATES.findall(_FOR_TESTS.sub(b"", content)):
                yield artifact.decode()


def _artifact(archive: str) -> str:
    """Return the name of an archive without its version."""
    return _VERSION.sub("", re.split(r"[/!]", archive)[-1])


def _ships(path: str) -> bool:
    return not is_test_path(path) and not is_documentation_path(path)
