"""The classes that a Java program may load, by the names in those that it loads.

It begins with the application's own classes, those that a framework finds by an annotation, and those that a text
names: a manifest, a list of services, settings. What a loaded class names in a reference, a descriptor or a string may
be loaded by it; a string that ends with a package's name and a dot may load all of that.
"""

import re
from collections import deque
from collections.abc import Iterator

from gate.reachability.functions.java.archives import ClassPlace, JavaArchives
from gate.reachability.functions.java.class_file import JavaClass, parse_class

_NAME = re.compile(rb"[\w$\x80-\xff]+(?:[./][\w$\x80-\xff-]+)+")
_PACKAGE = re.compile(rb"(?<![\w$./])([\w$]+(?:[./][\w$]+)*)[./](?![\w$./])")
_OWN_PACKAGE = re.compile(rb"^[ \t]*package[ \t]+([\w.]+)", re.MULTILINE)
"""A source sees all classes of its own package, without an import."""
_WORD = re.compile(rb"[A-Za-z_$\x80-\xff][\w$\x80-\xff]*")
_ANNOTATION = b"RuntimeVisibleAnnotations"
_MODULE = b"module-info"
"""The class in which an archive says what it offers to those that look for a service."""
_LOADERS = frozenset({b"forName", b"loadClass", b"findClass", b"defineClass"})
_BY_HAND = re.compile(rb"[\w$]{3,60}")
OBJECT = b"java/lang/Object"
_STREAMS = (b"java/io/ObjectInputStream", b"java/rmi/", b"javax/management/", b"javax/naming/", b"java/beans/XML")
"""What creates objects of any class that can be serialized."""


class JavaReached:
    """The classes of a program that may be loaded, and what of members these name."""

    def __init__(self, archives: JavaArchives) -> None:
        """Follow the names. Raises GateError if a class cannot be read or there is too much."""
        self._archives = archives
        self._packages = {name.rpartition(b"/")[0] for name in archives.classes}
        self._seen: set[bytes] = set()
        self._waiting: deque[ClassPlace] = deque()
        self.by: dict[bytes, str] = {}
        """What names a class first, by the class's name."""
        self.members: dict[bytes, str] = {}
        """A class that refers to a member of this name, or has it as a string; a source or text that has the word."""
        self.own_calls: dict[tuple[bytes, bytes], str] = {}
        """A class of the application that refers to a method, by the method's class and name."""
        self.declared: dict[bytes, list[JavaClass]] = {}
        """The loaded classes, by name, without their texts."""
        self.loads_names: list[tuple[str, frozenset[bytes]]] = []
        """Classes that load others by names they put together, with the strings these are made of."""
        self.streams = ""
        """A class that may create objects of any class that can be serialized."""
        self._begin()
        while self._waiting:
            self._visit(self._waiting.popleft())

    def parents_of(self, name: bytes) -> Iterator[bytes]:
        """Yield the classes and interfaces above a class, as far as they are known."""
        waiting, seen = [name], {name}
        while waiting:
            for declared in self.classes_of(waiting.pop()):
                for parent in declared.parents:
                    if parent not in seen:
                        seen.add(parent)
                        waiting.append(parent)
                        yield parent

    def classes_of(self, name: bytes) -> list[JavaClass]:
        """Return what is known of a class, whether it is loaded or not."""
        if name not in self.declared:
            places = self._archives.classes.get(name, ())
            self.declared[name] = [_slim(parse_class(self._archives.content(one), str(one))) for one in places]
        return self.declared[name]

    def way_to(self, name: bytes) -> tuple[str, ...]:
        """Return what leads to a loaded class, from the application on."""
        steps: list[str] = []
        while name in self.by and len(steps) < 40:
            by = self.by[name]
            steps.append(f"{by} names {dotted(name)}" if by else f"{dotted(name)} is the application's own")
            name = by.encode()
        return tuple(reversed(steps))

    def _begin(self) -> None:
        for name, place in self._archives.places():
            if place.is_own or name == _MODULE:
                self._load(name, "")
            elif _is_annotated(self._archives.content(place), place):
                self._load(name, "an annotation")
        for path, text in (*self._archives.texts.items(), *self._archives.sources.items()):
            self._follow(text, path)
            for package in _PACKAGE.findall(text):
                self._load_package(package.replace(b".", b"/"), path)
            for word in _WORD.findall(text):
                self.members.setdefault(word, path)
        for path, text in self._archives.sources.items():
            for package in _OWN_PACKAGE.findall(text):
                self._load_package(package.replace(b".", b"/"), path)

    def _visit(self, place: ClassPlace) -> None:
        known = parse_class(self._archives.content(place), str(place))
        name = known.name.decode("utf-8", "replace")
        self.declared.setdefault(known.name, []).append(_slim(known))
        self._follow(b"\n".join(known.texts), name)
        for text in known.strings:
            for package in _PACKAGE.findall(text):
                self._load_package(package.replace(b".", b"/"), name)
        for member in (*known.members, *known.strings):
            self.members.setdefault(member, name)
        if place.is_own:
            for call in known.called:
                self.own_calls.setdefault(call, str(place))
        if not _LOADERS.isdisjoint(known.members):
            parts = frozenset(part for text in known.strings for part in _BY_HAND.findall(text))
            self.loads_names.append((name, parts))
        if not self.streams and any(text.startswith(_STREAMS) for text in known.texts):
            self.streams = name

    def _follow(self, text: bytes, by: str) -> None:
        for token in _NAME.findall(text):
            if token not in self._seen:
                self._seen.add(token)
                for name in self._meant(token.replace(b".", b"/")):
                    self._load(name, by)

    def _meant(self, token: bytes) -> Iterator[bytes]:
        """Yield the classes that a token may mean: a class, a member of one, or one in a descriptor."""
        classes = self._archives.classes
        above = token
        while b"/" in above:
            if above in classes:
                yield above
            above = above.rpartition(b"/")[0]
        if token[1:] in classes:  # what stands before it in a binary file says how long it is
            yield token[1:]
        first = token.partition(b"/")[0]
        place = first.find(b"L")
        while place >= 0:
            if token[place + 1 :] in classes:
                yield token[place + 1 :]
            place = first.find(b"L", place + 1)

    def _load_package(self, package: bytes, by: str) -> None:
        key = package + b"/"
        if package in self._packages and key not in self._seen:
            self._seen.add(key)
            for name in list(self._archives.classes):
                if name.rpartition(b"/")[0] == package:
                    self._load(name, by)

    def _load(self, name: bytes, by: str) -> None:
        if name not in self.by:
            self.by[name] = by
            self._waiting.extend(self._archives.classes.get(name, ()))


def dotted(name: bytes) -> str:
    """Return a class's name as it is written in a source."""
    return name.replace(b"/", b".").decode("utf-8", "replace")


def _is_annotated(content: bytes, place: ClassPlace) -> bool:
    return _ANNOTATION in content and parse_class(content, str(place)).is_annotated


def _slim(known: JavaClass) -> JavaClass:
    return JavaClass(known.name, known.parents, (), (), frozenset(), frozenset(), known.methods, known.is_annotated)
