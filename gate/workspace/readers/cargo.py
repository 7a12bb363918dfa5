"""Cargo: build scripts and procedural macros, which every build and many editors run; wrappers and registries.

Sources: the Cargo book, "Build Scripts", "Configuration", "Source Replacement".
"""

from collections.abc import Iterator

from gate.core.values import Value
from gate.trees import FileTree
from gate.workspace.model import AutoStart, Entry, Moment, ReadFile, RedirectedAddress
from gate.workspace.readers.documents import toml_of
from gate.workspace.readers.reading import shown, start_of, words_of

_BY = "Cargo"
_WRAPPERS = ("rustc", "rustc-wrapper", "rustc-workspace-wrapper", "rustdoc")
_MAIN = ("github.com/rust-lang/crates.io-index", "index.crates.io")


def read(tree: FileTree, path: str) -> ReadFile:
    """Read one file; `build.rs` is a program as a whole."""
    if path.endswith("build.rs"):
        command = f"cargo build ({path})"
        start = AutoStart(when=Moment.BUILD, by=_BY, what="build.rs", command=command, path=path, line=1)
        return ReadFile(entries=(start,))
    document = toml_of(tree, path)
    return ReadFile(entries=tuple(_manifest(document) if path.endswith("Cargo.toml") else _configuration(document)))


def _manifest(document: Value) -> Iterator[AutoStart]:
    macro = document.get("lib", "proc-macro") or document.get("lib", "proc_macro")
    if macro is not None and macro.text() == "true":
        name = document.text("package", "name")
        yield start_of(macro, Moment.BUILD, _BY, f"procedural macro {name}", f"rustc loads {name}")
    script = document.get("package", "build")
    if script is not None and script.text() not in ("", "false", "true", "build.rs"):
        yield start_of(script, Moment.BUILD, _BY, "build script", f"cargo build ({script.text()})")


def _configuration(document: Value) -> Iterator[Entry]:
    for key in _WRAPPERS:
        program = document.get("build", key)
        if program is not None and program.text():
            yield start_of(program, Moment.BUILD, _BY, f"build.{key}", program.text())
    targets = document.get("target")
    for name, target in targets.items() if targets else ():
        for key in ("runner", "linker"):
            program = target.get(key)
            if program is not None and "/" in words_of(program):
                yield start_of(program, Moment.BUILD, _BY, f"target.{name}.{key}", words_of(program))
    credentials = document.get("registry", "global-credential-providers")
    if credentials is not None:
        yield start_of(credentials, Moment.BUILD, _BY, "registry.global-credential-providers", words_of(credentials))
    yield from _sources(document)


def _sources(document: Value) -> Iterator[RedirectedAddress]:
    for table, key in (("source", "registry"), ("registries", "index")):
        found = document.get(table)
        for name, source in found.items() if found else ():
            address = source.get(key)
            if address is not None and not any(main in address.text() for main in _MAIN):
                yield RedirectedAddress(
                    by=_BY,
                    setting=f"{table}.{name}",
                    address=shown(address.text()),
                    path=address.path,
                    line=address.line,
                )
