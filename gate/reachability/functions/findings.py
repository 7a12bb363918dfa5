"""Adds to findings whether the repository's own code can reach a vulnerable function.

For npm see `gate.reachability.functions.javascript.search`. For Python, where the package is installed in the tree (a
virtual environment) in the version that the finding is about, its sources are searched too. Else all that can be said
is whether the own code calls the function itself.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Protocol

import msgspec

from gate.core.errors import GateError, LimitError
from gate.core.path_patterns import is_documentation_path, is_test_path
from gate.ecosystems import canonical_name
from gate.inventory.discovery import INSTALLED_FOLDERS, VENDORED_FOLDERS
from gate.model import Finding, InUse, Package, Tree
from gate.reachability.functions.answer import Program, ReachAnswer, incomplete, strongest
from gate.reachability.functions.direct import call_of
from gate.reachability.functions.dotnet.repository import DotnetRepository
from gate.reachability.functions.golang.packages import GoFiles
from gate.reachability.functions.golang.search import GoCode
from gate.reachability.functions.java.repository import JavaRepository
from gate.reachability.functions.javascript.files import NodeFiles
from gate.reachability.functions.javascript.search import NodeCode
from gate.reachability.functions.ruby.files import RubyFiles
from gate.reachability.functions.ruby.search import RubyCode
from gate.reachability.functions.rust.repository import RustRepository
from gate.reachability.functions.sources import SITE_FOLDERS, Sources
from gate.trees import FileTree, open_tree
from gate.trees.base import file_paths

ECOSYSTEM = "PyPI"
NODE = "npm"
GO = "Go"
JAVA = "Maven"
RUBY = "RubyGems"
RUST = "crates.io"
DOTNET = "NuGet"
_SEARCHED = (ECOSYSTEM, NODE, GO, JAVA, RUBY, RUST, DOTNET)
"""The ecosystems whose sources are searched."""
_OTHERS = INSTALLED_FOLDERS | VENDORED_FOLDERS
_DISTRIBUTION = re.compile(r"(?P<name>[^/]+?)-(?P<version>[^/-]+)(?:-py[\d.]+)?\.(?:dist|egg)-info")


def with_reachable_functions(findings: Sequence[Finding], target: Tree) -> Iterator[Finding]:
    """Yield the findings; those whose vulnerable functions are known state whether one can be reached."""
    if not any(map(asks, findings)):
        yield from findings
        return
    tree = open_tree(msgspec.structs.replace(target, only=None))
    paths = file_paths(tree)
    repository = RepositoryCode(tree, paths)
    for finding in findings:
        yield answered(finding, repository.answer(finding)) if asks(finding) else finding


def asks(finding: Finding, ecosystems: Collection[str] = _SEARCHED) -> bool:
    """True if a finding names functions of a kind of package that is searched."""
    known, package = finding.vulnerability, finding.package
    return known is not None and package is not None and package.ecosystem in ecosystems and bool(known.symbols)


def _ships(path: str) -> bool:
    """False for a test, an example or documentation; a page may be a template."""
    return not is_test_path(path) and (path.endswith((".html", ".htm")) or not is_documentation_path(path))


def answered(finding: Finding, answer: ReachAnswer) -> Finding:
    """Return a finding with an answer on its vulnerable functions."""
    return msgspec.structs.replace(
        finding, reachable_function=answer.state, reachable_function_evidence=answer.evidence
    )


class SearchedCode(Protocol):
    """The own code of a repository in the languages of one ecosystem."""

    def answer(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        """Return whether the own code can reach one of `symbols` of a package."""


def _node(tree: FileTree, paths: Sequence[str]) -> SearchedCode:
    return NodeCode(NodeFiles(tree, paths))


def _go(tree: FileTree, paths: Sequence[str]) -> SearchedCode:
    return GoCode(GoFiles(tree, paths))


def _ruby(tree: FileTree, paths: Sequence[str]) -> SearchedCode:
    return RubyCode(RubyFiles(tree, paths))


_SEARCHES: dict[str, Callable[[FileTree, Sequence[str]], SearchedCode]] = {
    NODE: _node,
    GO: _go,
    JAVA: JavaRepository,
    RUBY: _ruby,
    RUST: RustRepository,
    DOTNET: DotnetRepository,
}
"""By ecosystem what reads a tree, given the paths of its files. Python's answer depends on where a finding is."""


class RepositoryCode:
    """The own code of a repository in each language; what is not asked about is not read."""

    def __init__(self, tree: FileTree, paths: Sequence[str]) -> None:
        self._tree = tree
        self._paths = paths
        self._known: dict[str, SearchedCode | ReachAnswer] = {}

    def answer(self, finding: Finding) -> ReachAnswer:
        """Return whether the own code can reach one of the functions that a finding names."""
        package, known = finding.package, finding.vulnerability
        assert package is not None
        assert known is not None
        if package.ecosystem == ECOSYSTEM:
            return self._python.answer(finding)
        code = self._code(package.ecosystem)
        return code if isinstance(code, ReachAnswer) else code.answer(package, known.symbols)

    @cached_property
    def _python(self) -> "OwnCode":
        return OwnCode(self._tree, self._paths)

    def _code(self, ecosystem: str) -> SearchedCode | ReachAnswer:
        if ecosystem not in self._known:
            try:
                self._known[ecosystem] = _SEARCHES[ecosystem](self._tree, self._paths)
            except GateError as error:
                self._known[ecosystem] = incomplete(error)
        return self._known[ecosystem]


class OwnCode:
    """The own code of a repository, with the packages that are installed in its folders."""

    def __init__(self, tree: FileTree, paths: Iterable[str]) -> None:
        self._tree = tree
        self._own: list[str] = []
        self._installed: defaultdict[str, list[str]] = defaultdict(list)
        self._versions: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._alone: Sources | None = None
        """The own code without any package."""
        self._programs: dict[str, Program | ReachAnswer] = {}
        for path in paths:
            self._add(path)

    def answer(self, finding: Finding) -> ReachAnswer:
        """Return whether the own code can reach one of the functions that a finding names."""
        package, known = finding.package, finding.vulnerability
        assert package is not None
        assert known is not None
        folders = sorted(self._versions[canonical_name(ECOSYSTEM, package.name), package.version])
        if not folders:
            return self._directly(package, known.symbols)
        return strongest([self._in(folder, known.symbols) for folder in folders])

    def _add(self, path: str) -> None:
        folders = path.split("/")[:-1]
        site = next((number for number, part in enumerate(folders) if part in SITE_FOLDERS), None)
        if site is not None:
            root = "/".join(folders[: site + 1])
            self._installed[root].append(path)
            if len(folders) > site + 1 and (found := _DISTRIBUTION.fullmatch(folders[site + 1])):
                self._versions[canonical_name(ECOSYSTEM, found["name"]), found["version"]].add(root)
        elif _OTHERS.isdisjoint(folders) and _ships(path):
            self._own.append(path)

    def _directly(self, package: Package, symbols: Sequence[str]) -> ReachAnswer:
        try:
            self._alone = self._alone or Sources(self._tree, self._own, ())
            call = call_of(self._alone, symbols)
        except LimitError as error:
            return ReachAnswer(InUse.UNKNOWN, (str(error),))
        if call is not None:
            return ReachAnswer(InUse.YES, (call,))
        why = f"the own code does not call it itself, and the sources of {package.name} {package.version} are not here"
        return ReachAnswer(InUse.UNKNOWN, (why,))

    def _in(self, folder: str, symbols: Sequence[str]) -> ReachAnswer:
        if folder not in self._programs:
            try:
                self._programs[folder] = Program(Sources(self._tree, self._own, self._installed[folder]))
            except LimitError as error:
                self._programs[folder] = incomplete(error)
        program = self._programs[folder]
        return program if isinstance(program, ReachAnswer) else program.reaches(symbols)
