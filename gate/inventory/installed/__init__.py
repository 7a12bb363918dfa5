"""What is installed in an image: one file a format, listed in `READERS`.

A format is a module with two names, and one line here:

- `finder(tree) -> Finder`: returns the test for files that state packages;
- `read(content, path, distribution) -> Iterator[Package | Nameless]`: the packages of one such file, one for each name
  in it. Raises UnreadableError ("cannot be parsed …").
"""

READERS = {
    "dpkg": "gate.inventory.installed.dpkg",
    "apk": "gate.inventory.installed.apk",
    "rpm": "gate.inventory.installed.rpm",
    "Python": "gate.inventory.installed.python",
    "npm": "gate.inventory.installed.npm",
    "Ruby": "gate.inventory.installed.gem",
    "PHP": "gate.inventory.installed.composer",
    "Java": "gate.inventory.installed.java",
    ".NET": "gate.inventory.installed.dotnet",
    "Conda": "gate.inventory.installed.conda",
    "R": "gate.inventory.installed.r_packages",
    "LuaRocks": "gate.inventory.installed.luarocks",
    "WordPress": "gate.inventory.installed.wordpress",
    "programs": "gate.inventory.installed.programs",
    "known programs": "gate.inventory.installed.known_programs",
}
"""Every format: name to the module that reads it."""

PROGRAMS = frozenset({"programs", "known programs"})
"""Formats whose files are programs; most of a distribution's are asked and say nothing."""

SYSTEM = frozenset({"dpkg", "apk", "rpm"})
"""Formats of distributions: their packages mean nothing without knowing which distribution it is."""
