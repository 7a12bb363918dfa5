"""Gradle and Maven: wrappers and what they fetch, init scripts, extensions, options of the JVM.

`wrapper_jars.txt` has the hashes that Gradle publishes of its wrapper, all of them. `maven_wrapper_jars.txt` has some
versions of Maven's: another program is suspicious only if its properties file names one of them, or states a hash.
"""

import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from gate.core.lazy_regex import lazy_regex
from gate.trees import FileTree
from gate.workspace.model import AutoStart, BuildWrapper, Entry, Moment, Question, ReadFile
from gate.workspace.readers.reading import lines_of, shown, text_of, without_xml_comments

_MAX_JAR = 4 << 20
"""Bytes; the largest wrapper that was ever published has 64 KB."""
_VERSION = lazy_regex(r"maven-wrapper-(?P<version>\d[\w.-]*?)\.jar")
_EXTENSION = lazy_regex(r"<artifactId>\s*(?P<name>[\w.-]{1,200})")
_AGENT = ("-javaagent", "-agentlib", "-agentpath", "-XX:OnError", "-XX:OnOutOfMemoryError")


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file by its name."""
    name = path.rpartition("/")[2]
    if name == "gradle-wrapper.jar":
        return ReadFile(entries=(_jar(tree, path),))
    if name == "maven-wrapper.jar":
        return _maven_jar(tree, path)
    if name.endswith("-wrapper.properties"):
        return ReadFile(entries=tuple(_properties(tree, path, "Maven" if name.startswith("maven") else "Gradle")))
    if name == "extensions.xml":
        return ReadFile(entries=tuple(_extensions(tree, path)))
    if name in ("jvm.config", "maven.config"):
        return ReadFile(entries=tuple(_options(tree, path, name)))
    return ReadFile(entries=tuple(_scripts(path, name)))


def _jar(tree: FileTree, path: str) -> BuildWrapper:
    digest = hashlib.sha256(tree.read(path, _MAX_JAR)).hexdigest()
    return BuildWrapper(by="Gradle", is_known=digest in _published(), path=path)


@lru_cache(maxsize=1)
def _published() -> frozenset[str]:
    """Return the SHA-256 of each wrapper that Gradle has published, in hexadecimal."""
    text = Path(__file__).with_name("wrapper_jars.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def _maven_jar(tree: FileTree, path: str) -> ReadFile:
    """Compare Maven's wrapper with the hash of its properties file, else with the list, as far as that goes."""
    digest = hashlib.sha256(tree.read(path, _MAX_JAR)).hexdigest()
    properties = posixpath.join(posixpath.dirname(path), "maven-wrapper.properties")
    stated = _stated(tree, properties) if tree.look_up(properties) is not None else {}
    wanted = stated.get("wrapperSha256Sum", ("", 0))[0].lower()
    version = _version(stated)
    known = _of_maven()
    if wanted:
        is_known = digest == wanted
    elif digest in known.values():
        is_known = True
    elif version in known:
        is_known = False
    else:
        return ReadFile(
            notes=(f"{path}: Maven's wrapper {version or 'of no stated version'}, whose hash is not known",)
        )
    return ReadFile(entries=(BuildWrapper(by="Maven", is_known=is_known, path=path),))


def _version(stated: Mapping[str, tuple[str, int]]) -> str:
    found = _VERSION.search(stated.get("wrapperUrl", ("", 0))[0])
    return found["version"] if found else stated.get("wrapperVersion", ("", 0))[0]


@lru_cache(maxsize=1)
def _of_maven() -> Mapping[str, str]:
    """Return the SHA-256 of Maven's wrapper by version, in hexadecimal."""
    text = Path(__file__).with_name("maven_wrapper_jars.txt").read_text("utf-8")
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return {row[0]: row[1] for row in rows}


def _stated(tree: FileTree, path: str) -> dict[str, tuple[str, int]]:
    """Return the properties of a file, each with its line."""
    stated: dict[str, tuple[str, int]] = {}
    for number, line in lines_of(tree, path, ("#", "!")):
        key, _, value = line.partition("=")
        stated[key.strip()] = (value.strip().replace("\\:", ":"), number)
    return stated


def _properties(tree: FileTree, path: str, by: str) -> Iterator[BuildWrapper]:
    """Yield the distribution that a wrapper fetches, and the wrapper's own program if it fetches that too."""
    stated = _stated(tree, path)
    for key, checksum in (("distributionUrl", "distributionSha256Sum"), ("wrapperUrl", "wrapperSha256Sum")):
        address, line = stated.get(key, ("", 1))
        if address or key == "distributionUrl":
            has_checksum = bool(stated.get(checksum, ("", 0))[0])
            yield BuildWrapper(by=by, address=shown(address), has_checksum=has_checksum, path=path, line=line)


def _extensions(tree: FileTree, path: str) -> Iterator[AutoStart]:
    text = without_xml_comments(text_of(tree, path))
    for found in _EXTENSION.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield AutoStart(when=Moment.BUILD, by="Maven", what="extension", command=found["name"], path=path, line=line)


def _options(tree: FileTree, path: str, name: str) -> Iterator[Entry]:
    for number, line in lines_of(tree, path):
        if any(option in line for option in _AGENT):
            yield AutoStart(when=Moment.BUILD, by="Maven", what=name, command=shown(line), path=path, line=number)


def _scripts(path: str, name: str) -> Iterator[AutoStart]:
    """Yield a script of Gradle: an IDE evaluates the settings when it imports the project."""
    if name.startswith("init."):
        what, when = "init script", Moment.BUILD
    else:
        what, when = "settings script", Moment.OPEN
    if "/" not in path or name.startswith("init."):
        question = Question.TRUST if when is Moment.OPEN else Question.NONE
        yield AutoStart(
            when=when, by="Gradle", what=what, command=f"gradle ({path})", question=question, path=path, line=1
        )
