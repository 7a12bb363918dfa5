"""Python: setup.py, build back ends and hooks in the tree, `.pth` files, indexes (PEP 517, pip and uv)."""

from collections.abc import Iterator

from gate.core.hosts import is_loopback
from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Entry, Grant, Moment, ReadFile, RedirectedAddress, Strength
from gate.workspace.readers.documents import toml_of
from gate.workspace.readers.reading import lines_of, shown, start_of, words_of

_INDEXES = ("index-url", "extra-index-url", "index_url", "extra_index_url", "find-links", "proxy")
_MAIN_INDEXES = (
    *map("{}.org/simple".format, ("pypi", "test.pypi")),
    *map("{}.org".format, ("test.pypi", "files.pythonhosted", "download.pytorch")),
)


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file by its name."""
    name = path.rpartition("/")[2]
    if name == "pyproject.toml":
        return ReadFile(entries=tuple(_project(toml_of(tree, path))))
    if name == "uv.toml":
        return ReadFile(entries=tuple(_uv(toml_of(tree, path))))
    if name in ("pip.conf", "pip.ini"):
        return ReadFile(entries=tuple(_pip(tree, path)))
    if name.endswith(".pth"):
        return ReadFile(entries=tuple(_paths(tree, path)))
    command = f"python {name}" if name == "setup.py" else f"import {name.removesuffix('.py')}"
    when = Moment.INSTALL if name == "setup.py" else Moment.BUILD
    by = "pip" if name == "setup.py" else "Python"
    return ReadFile(entries=(AutoStart(when=when, by=by, what=name, command=command, path=path, line=1),))


def _project(document: Value) -> Iterator[Entry]:
    back_end, places = document.get("build-system", "build-backend"), document.texts("build-system", "backend-path")
    if back_end is not None and places:
        command = f"{back_end.text()} from {', '.join(places)}"
        yield start_of(back_end, Moment.INSTALL, "pip", "build back end in the tree", command)
    yield from _hatch_hooks(document.get("tool", "hatch", "build"))
    for way in (
        ("tool", "pdm", "build", "run-setuptools"),
        ("tool", "poetry", "build", "script"),
        ("tool", "pdm", "build", "hooks"),
    ):
        hook = document.get(*way)
        if hook is not None and words_of(hook):
            yield start_of(hook, Moment.INSTALL, "pip", ".".join(way[1:]), words_of(hook))
    commands = document.get("tool", "setuptools", "cmdclass")
    for name, kind in commands.items() if commands else ():
        yield start_of(kind, Moment.INSTALL, "pip", f"setuptools cmdclass {name}", kind.text())
    yield from _uv(document.get("tool", "uv"))
    for table in ("poetry", "pdm"):
        sources = document.get("tool", table, "source")
        for source in sources.elements() if sources else ():
            yield from _index(source, f"{table} source {source.text('name')}", source.text("url"))


def _hatch_hooks(build: Value | None) -> Iterator[AutoStart]:
    tables = [build] if build else []
    targets = build.get("targets") if build else None
    tables += [target for _, target in (targets.items() if targets else ())]
    for table in tables:
        hook = table.get("hooks", "custom")
        if hook is not None:
            yield start_of(hook, Moment.INSTALL, "pip", "hatch build hook", hook.text("path") or "hatch_build.py")


def _uv(table: Value | None) -> Iterator[RedirectedAddress]:
    for key in ("index-url", "extra-index-url"):
        found = table.get(key) if table else None
        for address in found.elements() if found else ():
            yield from _index(address, f"uv {key}", address.text())
    indexes = table.get("index") if table else None
    for index in indexes.elements() if indexes else ():
        yield from _index(index, f"uv index {index.text('name')}", index.text("url"))


def _index(value: Value, setting: str, address: str) -> Iterator[RedirectedAddress]:
    if address and not any(main in address for main in _MAIN_INDEXES):
        yield RedirectedAddress(by="pip", setting=setting, address=shown(address), path=value.path, line=value.line)


def _pip(tree: FileTree, path: str) -> Iterator[Entry]:
    for number, line in lines_of(tree, path, ("#", ";", "[")):
        key, _, value = line.partition("=")
        key, value = key.strip(), value.strip()
        if key in _INDEXES and value and not any(main in value for main in _MAIN_INDEXES):
            yield RedirectedAddress(by="pip", setting=key, address=shown(value), path=path, line=number)
        elif key == "trusted-host" and value and not is_loopback(value.partition(":")[0]):
            what = f"trusted-host = {value}"
            yield Grant(by="pip", what=what, strength=Strength.MUCH, is_check=True, path=path, line=number)


def _paths(tree: FileTree, path: str) -> Iterator[AutoStart]:
    """Yield the lines of a `.pth` file that are code: those that begin with `import` (site module)."""
    content = tree.read(path, 64 << 20)
    if b"\0" in content[:1024] or content[:2] == b"PK":  # a model of PyTorch has the same ending
        return
    for number, line in lines_of(tree, path):
        if line.startswith(("import ", "import\t")):
            yield AutoStart(when=Moment.BUILD, by="Python", what=".pth", command=shown(line), path=path, line=number)
