"""What is installed in an image: one file a format, listed in `READERS`.

A format is a module with two names, and one line here:

- `finder(tree) -> Callable[[str], bool]`: tells for a path whether it is a file that states packages;
- `read(content, path, distribution) -> Iterator[Package]`: the packages of one such file, one for each name in it.
  Raises UnreadableError ("cannot be parsed …").
"""

READERS = {
    "dpkg": "gate.inventory.installed.dpkg",
    "apk": "gate.inventory.installed.apk",
    "Python": "gate.inventory.installed.python",
    "npm": "gate.inventory.installed.npm",
}
"""Every format: name to the module that reads it."""

SYSTEM = frozenset({"dpkg", "apk"})
"""Formats of distributions: their packages mean nothing without knowing which distribution it is."""
