"""Kubernetes manifests: the containers of pods, wherever a pod's specification stands (PodSpec, core/v1).

Deployments, cron jobs, lists and custom resources all hold pods in their own depth, so that every mapping of a
manifest is looked at for lists of containers.
"""

from collections.abc import Iterator

import yaml

from gate.images.mentions.mention import Mention
from gate.source import decode
from gate.yaml import compose_all

MAX_DOCUMENTS = 2000
"""Documents of one file."""
_ENDINGS = (".yaml", ".yml", ".json")
_LISTS = ("containers", "initContainers", "ephemeralContainers")
_MARKS = (b"apiVersion", b"kind", b"image", b"ontainers")
"""What is in every manifest that names an image; other YAML files, however broken, are not looked at."""


def has_name(name: str) -> bool:
    """True for YAML and JSON."""
    return name.lower().endswith(_ENDINGS)


def read(content: bytes, path: str) -> tuple[Mention, ...]:
    """Return the images of all containers in a file of manifests. Raises ConfigError, LimitError."""
    if not all(mark in content for mark in _MARKS):
        return ()
    documents = compose_all(decode(content).text, path, MAX_DOCUMENTS)
    return tuple(mention for document in documents if _is_manifest(document) for mention in _mentions(document))


def _is_manifest(document: yaml.Node) -> bool:
    return all(isinstance(_child(document, key), yaml.ScalarNode) for key in ("apiVersion", "kind"))


def _mentions(document: yaml.Node) -> Iterator[Mention]:
    """Look at each node once, however often aliases name it."""
    visited: set[int] = set()
    todo = [document]
    while todo:
        node = todo.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for name in _LISTS:
                yield from _containers(_child(node, name))
            todo.extend(value for _, value in reversed(node.value))
        elif isinstance(node, yaml.SequenceNode):
            todo.extend(reversed(node.value))


def _containers(node: yaml.Node | None) -> Iterator[Mention]:
    for container in node.value if isinstance(node, yaml.SequenceNode) else ():
        image, name = _child(container, "image"), _child(container, "name")
        if isinstance(image, yaml.ScalarNode) and image.value:
            is_known = not any(mark in image.value for mark in ("$", "{{"))  # replaced by whoever deploys it
            called = f"container {name.value}" if isinstance(name, yaml.ScalarNode) else "a container"
            yield Mention(image.value if is_known else None, called, image.start_mark.line + 1)


def _child(node: yaml.Node, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if isinstance(name, yaml.ScalarNode) and name.value == key), None)
