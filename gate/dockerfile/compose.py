"""Compose files (the Compose Specification, "Build"): which Dockerfiles their services are built from.

Read as nodes, not as values: an inline Dockerfile's place is known, tags such as `!reset` need no meaning, and an
alias costs nothing however often it is used.
"""

import shlex
from collections.abc import Iterator
from itertools import islice

import msgspec
import yaml

from gate.core.dollar_variables import with_defaults
from gate.core.errors import LimitError
from gate.core.yaml import child, children, compose
from gate.dockerfile.definition import MAX_ARGUMENTS, MAX_CONTEXTS, Definition, InlineText

MAX_SERVICES = 1000
"""Services of one file; more are an error."""


def read_compose(text: str, path: str) -> tuple[Definition, ...]:
    """Return the builds of a Compose file. Raises ConfigError if it cannot be parsed, and LimitError."""
    lines = text.split("\n")
    found = []
    for name, service in _services(text, path):
        build = child(service, "build")
        if isinstance(build, yaml.MappingNode) or (isinstance(build, yaml.ScalarNode) and _is_text(build)):
            found.append(_definition(name, build, lines))
    return tuple(found)


class NamedFile(msgspec.Struct, frozen=True):
    """Another Compose file that a Compose file takes services from."""

    line: int
    path: str | None
    """Relative to the file's folder; None if that is known at build time only."""


def read_named_files(text: str, path: str) -> Iterator[NamedFile]:
    """Yield the files of `include` and of `extends`. Raises as `read_compose` does."""
    for included in _items(child(compose(text, path), "include")):
        yield from _named_files(included, child(included, "project_directory"))
    for _, service in _services(text, path):
        file = child(child(service, "extends"), "file")
        if file is not None:
            yield from _named_files(file)


def _named_files(node: yaml.Node, moved: yaml.Node | None = None) -> Iterator[NamedFile]:
    """Yield what a path, or the `path` of a mapping, names. `moved`: its own paths are relative to another folder."""
    for one in _items(child(node, "path") or node):
        if isinstance(one, yaml.ScalarNode):
            yield NamedFile(one.start_mark.line + 1, None if moved is not None else with_defaults(one.value))


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    if node is None:
        return []
    return node.value[: MAX_SERVICES + 1] if isinstance(node, yaml.SequenceNode) else [node]


class ServiceImage(msgspec.Struct, frozen=True):
    """The image that a service runs."""

    service: str
    image: str | None
    """None if a value from elsewhere decides which it is."""
    line: int
    is_built: bool
    """True if the image is what the service's build makes."""
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    environment: tuple[str, ...] = ()
    """`NAME=value`, and `NAME` of those whose values the file does not say."""
    folder: str | None = None
    """Working folder."""
    health: tuple[str, ...] | None = None
    """What the health check runs."""


def read_service_images(text: str, path: str) -> tuple[ServiceImage, ...]:
    """Return the images that a Compose file names. Raises as `read_compose` does."""
    found = []
    for name, service in _services(text, path):
        image = child(service, "image")
        if isinstance(image, yaml.ScalarNode) and image.value:
            is_built = child(service, "build") is not None
            given = _assigned(service, "environment", MAX_ARGUMENTS)
            found.append(
                ServiceImage(
                    service=name,
                    image=with_defaults(image.value),
                    line=image.start_mark.line + 1,
                    is_built=is_built,
                    entrypoint=_words(child(service, "entrypoint")),
                    command=_words(child(service, "command")),
                    environment=tuple(name if value is None else f"{name}={value}" for name, value in given),
                    folder=_text(service, "working_dir", None),
                    health=_health(child(child(service, "healthcheck"), "test")),
                )
            )
    return tuple(found)


def _words(node: yaml.Node | None) -> tuple[str, ...] | None:
    """Return the words of a command: a list, or a text that is parted as a shell does (Compose specification)."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(_unescaped(word.value) for word in node.value if isinstance(word, yaml.ScalarNode))
    if not isinstance(node, yaml.ScalarNode) or not _is_value(node):
        return None
    try:
        return tuple(shlex.split(_unescaped(node.value)))
    except ValueError:  # a quote without its end
        return tuple(_unescaped(node.value).split())


def _unescaped(word: str) -> str:
    """Put in the defaults of variables; a word with a value from elsewhere stays as it is written."""
    expanded = with_defaults(word)
    return word if expanded is None else expanded


def _health(node: yaml.Node | None) -> tuple[str, ...] | None:
    if isinstance(node, yaml.ScalarNode) and _is_value(node):
        return ("/bin/sh", "-c", _unescaped(node.value))
    match _words(node):
        case ("CMD-SHELL", *rest):
            return ("/bin/sh", "-c", *rest)
        case ("CMD", *rest):
            return tuple(rest)
        case _:
            return None


def _services(text: str, path: str) -> list[tuple[str, yaml.Node]]:
    services = list(islice(children(child(compose(text, path), "services")), MAX_SERVICES + 1))
    if len(services) > MAX_SERVICES:
        raise LimitError(f"has more than {MAX_SERVICES} services", path=path)
    return services


def _inline_or_none(node: yaml.Node | None, lines: list[str]) -> InlineText | None:
    return _inline(node, lines) if isinstance(node, yaml.ScalarNode) and node.value else None


def _definition(name: str, build: yaml.Node, lines: list[str]) -> Definition:
    name, line = f"service {name}", build.start_mark.line + 1
    if isinstance(build, yaml.ScalarNode):
        return Definition(name=name, line=line, context=with_defaults(build.value))
    inline, dockerfile, target = (child(build, key) for key in ("dockerfile_inline", "dockerfile", "target"))
    return Definition(
        name=name,
        line=(dockerfile or build).start_mark.line + 1,
        context=_text(build, "context", "."),
        dockerfile=_text(build, "dockerfile", "Dockerfile"),
        inline=_inline_or_none(inline, lines),
        target=_text(build, "target", None),
        target_line=target.start_mark.line + 1 if target else None,
        arguments={name: value for name, value in _assigned(build, "args", MAX_ARGUMENTS) if value is not None},
        contexts=dict(_assigned(build, "additional_contexts", MAX_CONTEXTS)),
    )


def _text(node: yaml.Node, key: str, default: str | None) -> str | None:
    value = child(node, key)
    return with_defaults(value.value) if isinstance(value, yaml.ScalarNode) and value.value else default


def _assigned(build: yaml.Node, key: str, most: int) -> Iterator[tuple[str, str | None]]:
    """Yield names and values, None for one that is not known, of a mapping or of a list of `NAME=value`.

    Of more than `most` one more is yielded: an alias makes many builds of one long list.
    """
    node = child(build, key)
    if isinstance(node, yaml.SequenceNode):
        pairs = (one.value.partition("=") for one in node.value if isinstance(one, yaml.ScalarNode))
        given = ((name, value) for name, equals, value in pairs if equals)
    else:
        given = ((name, value.value) for name, value in children(node) if _is_value(value))
    yield from ((name, with_defaults(value)) for name, value in islice(given, most + 1))


def _is_value(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag != "tag:yaml.org,2002:null"


def _is_text(node: yaml.ScalarNode) -> bool:
    return bool(node.tag == "tag:yaml.org,2002:str" and node.value)


def _inline(node: yaml.ScalarNode, lines: list[str]) -> InlineText:
    """Find where the text of a literal block stands; `$$` stays as it is, so that columns are right."""
    first = node.start_mark.line + 1
    text = node.value
    if node.style != "|":
        return InlineText(text, first, is_exact=False)
    written = text.split("\n")
    place = next((number for number, line in enumerate(written) if line.strip()), 0)
    raw = lines[first + place] if first + place < len(lines) else ""
    indent = len(raw.rstrip("\r")) - len(written[place].rstrip("\r"))
    return InlineText(text, first + 1, max(0, indent))
