"""Derives which functions an advisory is about from the commits that fix it, for `vulnerable_functions.txt`.

    python -m benchmarks.functions.derive BUCKET MIRROR > rows.txt

BUCKET is a folder of advisories (`PyPI/all.zip`), MIRROR one with bare clones by name (`pallets+jinja/repo`). A fix is
named by the advisory (a commit's address, or a range of commits), else by a commit's message, which names the advisory
or the pull request. No row is made for a fix that changes what is no Python too, as the flaw may be in that, nor for
one of more functions than a fix has.
"""

import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.functions.python_changes import changed_names

MOST = 40
"""Functions of one fix; what changes more is a release."""
_COMMIT = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/(?:commit|pull/\d+/commits)/([0-9a-f]{7,40})")
_PULL = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/(?:pull|issues)/(\d+)$")
_PAGE = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?(?:$|[/#])")
_NOT_SHIPPED = re.compile(
    r"(^|/)(tests?|testing|docs?|examples?|benchmarks?|changes|changelog|news|newsfragments|\.\w[^/]*|tasks|tools|scripts|ci|"
    r"demos?|selftest|dummyserver|conftest\.py|setup\.py|noxfile\.py|_?version\.py|__version__\.py|test_[^/]*|[^/]*_tests?\.py)(/|$)",
    re.IGNORECASE,
)
_SOURCE_FOLDERS = ("src", "lib", "lib3", "python", "python3")
"""Folders of sources that are no part of a module's name."""
_OF_RELEASES = re.compile(r"__(?:version|all|author|date|copyright)__|VERSION|version_info|xrange|unicode|basestring")
"""Names that are no part of a flaw."""
_OTHER_CODE = re.compile(r"\.(c|cc|cpp|h|hpp|pyx|pxd|pxi|rs|js|ts|tsx|jsx|html|jinja2?|mako|java|go|f90)$")


class Repository:
    """A bare clone."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder

    def git(self, *arguments: str) -> str:
        """Return what git writes; empty if it fails."""
        done = subprocess.run(["git", "-C", str(self._folder), *arguments], capture_output=True, check=False)
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""

    def parent(self, commit: str) -> str:
        return self.git("rev-parse", "--verify", "-q", f"{commit}^1").strip()

    def whole_id(self, commit: str) -> str:
        return self.git("rev-parse", "--verify", "-q", f"{commit}^{{commit}}").strip()

    def paths(self, commit: str) -> Iterator[tuple[str, str]]:
        """Yield status and path of the files that a commit changes, compared with its first parent."""
        for line in self.git("diff", "--name-status", "--no-renames", f"{commit}^1", commit).splitlines():
            status, _, path = line.partition("\t")
            yield status, path

    def named(self, words: Iterable[str]) -> Iterator[str]:
        """Yield the commits whose message has one of `words`."""
        greps = [f"--grep={word}" for word in words]
        if greps:
            yield from self.git("log", "--all", "--fixed-strings", "--format=%H", "-n", "12", *greps).split()


def functions_of(repository: Repository, commit: str, why: Counter[str]) -> set[str]:
    """Return the functions that one commit changes, `module:Class.method`; empty if they are no whole answer."""
    found: set[str] = set()
    for status, path in repository.paths(commit):
        if _NOT_SHIPPED.search(path):
            continue
        if _OTHER_CODE.search(path):
            why["changes other than Python's"] += 1
            return set()
        if not path.endswith(".py") or status == "A":
            continue
        before = repository.git("show", f"{commit}^1:{path}")
        after = repository.git("show", f"{commit}:{path}") if status != "D" else None
        try:
            names = changed_names(before, after)
        except (SyntaxError, ValueError, RecursionError):
            why["another Python"] += 1
            return set()
        module = _module(repository, f"{commit}^1", path)
        found.update(f"{module}:{name}" for name in names if not _OF_RELEASES.fullmatch(name))
    if len(found) > MOST:
        why["more than a fix"] += 1
        return set()
    return found


def _module(repository: Repository, commit: str, path: str) -> str:
    """Return the dotted name by which a source is imported; folders of a namespace need no `__init__.py`."""
    parts = path.removesuffix(".py").split("/")
    project = next(
        filter(None, (_has_project(repository, commit, parts[:end]) for end in range(len(parts) - 1, 0, -1))), 0
    )
    start = project + (parts[project] in _SOURCE_FOLDERS)
    return ".".join(parts[start:]).removesuffix(".__init__")


def _has_project(repository: Repository, commit: str, folder: list[str]) -> int:
    """Return the depth of a folder that a distribution is built from, 0 if it is none."""
    names = ("pyproject.toml", "setup.py")
    is_project = any(repository.git("cat-file", "-t", f"{commit}:{'/'.join([*folder, name])}") for name in names)
    return len(folder) if is_project else 0


class Advisory:
    """What an advisory in OSV format says of its fix."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.names = [document["id"], *document.get("aliases", [])]
        self.packages = {entry["package"]["name"].lower() for entry in document["affected"] if "package" in entry}
        self._urls = [reference["url"] for reference in document.get("references", [])]
        self._ranges = [
            (entry.get("repo", ""), event["fixed"])
            for affected in document["affected"]
            for entry in affected.get("ranges", [])
            for event in entry["events"]
            if entry["type"] == "GIT" and "fixed" in event
        ]

    @property
    def id(self) -> str:
        """The name that other databases know it by."""
        return next((name for name in self.names if name.startswith("CVE-")), self.names[-1])

    def pages(self) -> set[str]:
        """Return the repositories that it names."""
        found = (_PAGE.match(url) for url in (*self._urls, *(repo for repo, _ in self._ranges)))
        return {match[1].lower() for match in found if match}

    def commits(self) -> Iterator[tuple[str, str]]:
        for url in self._urls:
            if match := _COMMIT.match(url):
                yield match[1].lower(), match[2]
        for repo, commit in self._ranges:
            if match := _PAGE.match(repo):
                yield match[1].lower(), commit

    def words(self, repository: str) -> list[str]:
        """Return what the message of a fix would say."""
        pulls = [match for url in self._urls if (match := _PULL.match(url)) and match[1].lower() == repository]
        ids = [name for name in self.names if name.startswith(("CVE-", "GHSA-"))]
        merges = (f"Merge pull request #{match[2]} " for match in pulls)
        return [*ids, *(f"(#{match[2]})" for match in pulls), *merges]


def row_of(advisory: Advisory, repositories: dict[str, Repository], why: Counter[str]) -> tuple[str, set[str]] | None:
    """Return the address of a fix and the functions that it changes; None if there is none that says so."""
    named = [(repositories[name], commit) for name, commit in advisory.commits() if name in repositories]
    fixes = [(one, one.whole_id(commit)) for one, commit in named]
    fixes = [(one, commit) for one, commit in dict.fromkeys(fixes) if commit and one.parent(commit)]
    if not fixes:
        own = [repositories[page] for page in sorted(advisory.pages()) if page in repositories]
        fixes = [(one, commit) for one in own for commit in one.named(advisory.words(one.name.lower()))]
    if not fixes:
        why["no commit"] += 1
    found: set[str] = set()
    address = ""
    for one, commit in fixes:
        before = sum(why.values())
        functions = functions_of(one, commit, why)
        if not functions and sum(why.values()) > before:
            return None
        if functions:
            address = address or f"https://github.com/{one.name}/commit/{commit}"
            found |= functions
    if fixes and not found:
        why["no function changes"] += 1
    return (address, found) if 0 < len(found) <= MOST else None


def _is_of(package: str, address: str, functions: set[str]) -> bool:
    """True if a fix is in a package's own repository or modules, by their names."""
    name = _compact(package)
    return name in _compact(address) or any(_compact(each.partition(".")[0]) == name for each in functions)


def _compact(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def main(bucket: str, mirror: str) -> None:
    """Write a row for each advisory whose fix says which functions it is about."""
    repositories = {
        folder.name.replace("+", "/", 1).lower(): Repository(folder.name.replace("+", "/", 1), folder / "repo")
        for folder in Path(mirror).iterdir()
        if (folder / "repo").is_dir()
    }
    why: Counter[str] = Counter()
    rows: dict[str, str] = {}
    with zipfile.ZipFile(f"{bucket}/PyPI/all.zip") as archive:
        for name in archive.namelist():
            document = json.loads(archive.read(name))
            advisory = Advisory(document)
            if document.get("withdrawn") or advisory.pages().isdisjoint(repositories):
                continue
            row = row_of(advisory, repositories, why)
            if row is None:
                continue
            address, functions = row
            for package in sorted(advisory.packages):
                if len(advisory.packages) > 1 and not _is_of(package, address, functions):
                    continue
                why["rows"] += 1
                rows[f"{advisory.id} PyPI {package}"] = f"{address} {' '.join(sorted(functions))}"
    print(f"as-of {date.today().isoformat()}")
    for key, rest in sorted(rows.items()):
        print(key, rest)
    print(why, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:3])
