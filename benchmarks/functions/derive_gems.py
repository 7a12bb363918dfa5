"""Derives which methods of gems an advisory is about from the commits that fix it, for `vulnerable_functions.txt`.

    python -m benchmarks.functions.derive_gems ADVISORIES MIRROR > rows.txt

ADVISORIES is a clone of the database of Ruby's advisories (`gems/NAME/CVE-….yml`), MIRROR a folder of bare clones by
name (`rack+rack/repo`). A fix is a commit that the advisory names, else one whose message names the advisory. No row is
made for a fix that changes other code than Ruby's, as the flaw may be in that, nor for one of more than 40 methods. A
changed constant stands for the methods of its file that name it, what else is outside of methods for all of the file.
"""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from gate.reachability.functions.ruby.source import LOADED, RubySource, parse_ruby

MOST = 40
"""Methods of one fix; what changes more is a release."""
_COMMIT = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)/commit/([0-9a-f]{7,40})")
_ID = re.compile(r"CVE-\d{4}-\d{4,}|GHSA(?:-[\w]{4}){3}", re.IGNORECASE)
_PAGE = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?(?:$|[/#\s])")
_PUBLISHED = re.compile(r"(?:(?P<gem>[\w-]+)/)?(?:lib|app)/(?P<feature>.+)\.rb")
"""A source that is published; in a repository of several gems it is in the folder of one."""
_NOT_PUBLISHED = re.compile(
    r"(?:^|/)(?:tests?|specs?|features|examples?|benchmarks?|docs?|guides|tasks|generators/.*/templates)/"
)
_OTHER_CODE = re.compile(r"\.(?:c|cc|h|rl|java|js|erb|slim|haml|rs|y|rex)$")
_HARMLESS = re.compile(rb"#|end\b|(?:require|require_relative|autoload|private|protected|public|module_function)\b")
_CONSTANT = re.compile(rb"^\s*([A-Z][A-Z\d_a-z]*)\s*=(?!=)")


class Repository:
    """A bare clone."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder

    def git(self, *arguments: str) -> bytes:
        """Return what git writes; empty if it fails."""
        done = subprocess.run(["git", "-C", str(self._folder), *arguments], capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else b""

    def lines(self, *arguments: str) -> list[str]:
        return self.git(*arguments).decode("utf-8", "replace").splitlines()

    def whole_id(self, commit: str) -> str:
        return "".join(self.lines("rev-parse", "--verify", "-q", f"{commit}^{{commit}}"))

    @cached_property
    def _fixes(self) -> dict[str, list[str]]:
        """The commits whose message names an advisory, by its id."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        log = self.git("log", "--all", "--no-merges", "-E", "--grep=CVE-[0-9]|GHSA-", "--format=%x01%H%n%B")
        for entry in log.decode("utf-8", "replace").split("\x01")[1:]:
            for name in set(_ID.findall(entry)):
                found[name.lower()].append(entry.partition("\n")[0])
        return found

    def named(self, name: str) -> list[str]:
        """Return the commits whose message names an advisory."""
        return self._fixes.get(name.lower(), [])[:12]


def methods_of(repository: Repository, commit: str, gem: str, why: Counter[str]) -> set[str]:
    """Return the methods of a gem that a commit changes, as symbols; empty if they are no whole answer."""
    found: set[str] = set()
    for line in repository.lines("diff", "--name-status", "--no-renames", f"{commit}^1", commit):
        status, _, path = line.partition("\t")
        if _NOT_PUBLISHED.search(path):
            continue
        if _OTHER_CODE.search(path):
            why["changes other than Ruby's"] += 1
            return set()
        published = _PUBLISHED.fullmatch(path)
        if published is None or status == "A" or path.endswith("version.rb"):
            continue
        if published["gem"] not in (None, gem):
            continue
        before = repository.git("show", f"{commit}^1:{path}")
        after = repository.git("show", f"{commit}:{path}")
        found |= {f"{published['feature']}:{name}" for name in changed(before, after)}
    return found


def changed(before: bytes, after: bytes) -> set[str]:
    """Return the methods of a source that are otherwise afterwards, or name a constant that is.

    Empty among them stands for all of the file: something else that runs when it is loaded is gone.
    """
    old, new = parse_ruby(before), parse_ruby(after)
    texts, later = dict(_texts(old, before)), dict(_texts(new, after))
    names = {name for name, text in texts.items() if later.get(name) != text}
    for line in _loaded(old, before) - _loaded(new, after):
        constant = _CONSTANT.match(line)
        using = {unit.shown for unit in old.units if unit.name != LOADED and constant and constant[1] in unit.words}
        names |= using or {""}
    return names


def _loaded(source: RubySource, content: bytes) -> set[bytes]:
    """Return the lines that are outside of methods, comments and what loads other files left out."""
    left = bytearray(content)
    for unit in source.units:
        if unit.name != LOADED:
            start, end = unit.span
            left[start:end] = b" " * (end - start)
    return {
        stripped for line in bytes(left).splitlines() if (stripped := line.strip()) and not _HARMLESS.match(stripped)
    }


def _texts(source: RubySource, content: bytes) -> Iterator[tuple[str, bytes]]:
    for unit in source.units:
        if unit.name != LOADED:
            yield unit.shown, _code(content[slice(*unit.span)])


def _code(text: bytes) -> bytes:
    """Return a method without its comments and blanks."""
    return b"".join(re.sub(rb"(?:^|\s)#(?!\{).*", b"", line).strip() for line in text.splitlines())


class Advisory:
    """One advisory of the database."""

    def __init__(self, document: dict[str, Any], text: str) -> None:
        cve, ghsa = document.get("cve"), document.get("ghsa")
        self.id = f"CVE-{cve}" if cve else f"GHSA-{ghsa}"
        self.names = [f"CVE-{cve}"] * bool(cve) + [f"GHSA-{ghsa}"] * bool(ghsa)
        self.gem = str(document["gem"])
        self.commits = dict.fromkeys((name.lower(), commit) for name, commit in _COMMIT.findall(text))
        self.pages = {name.lower() for name in _PAGE.findall(text)}


def row_of(advisory: Advisory, repositories: dict[str, Repository], why: Counter[str]) -> str | None:
    """Return the row for an advisory; None if no commit says which methods it is about."""
    fixes = [(repositories[name], commit) for name, commit in advisory.commits if name in repositories]
    fixes = [(one, whole) for one, commit in fixes if (whole := one.whole_id(commit))]
    if not fixes:
        own = [repositories[page] for page in sorted(advisory.pages) if page in repositories]
        fixes = [(one, commit) for one in own for name in advisory.names for commit in one.named(name)]
    if not fixes:
        why["no commit"] += 1
        return None
    found: set[str] = set()
    address = ""
    for one, commit in dict.fromkeys(fixes):
        before = sum(why.values())
        methods = methods_of(one, commit, advisory.gem, why)
        if sum(why.values()) > before:
            return None
        if methods:
            address = address or f"https://github.com/{one.name}/commit/{commit}"
            found |= methods
    if not 0 < len(found) <= MOST:
        why["no method changes" if not found else "more than a fix"] += 1
        return None
    why["rows"] += 1
    return " ".join((advisory.id, "RubyGems", advisory.gem, address, *sorted(found)))


def advisories(folder: Path) -> Iterator[Advisory]:
    """Yield the advisories of the database; the text counts for addresses, as they stand in several fields."""
    for path in sorted(folder.glob("gems/*/*.yml")):
        text = path.read_text("utf-8")
        document = yaml.safe_load(text)
        if document.get("cve") or document.get("ghsa"):
            yield Advisory(document, text)


def main(folder: str, mirror: str) -> None:
    """Write a row for each advisory whose fix says which methods it is about."""
    repositories = {
        one.name.replace("+", "/", 1).lower(): Repository(one.name.replace("+", "/", 1), one / "repo")
        for one in Path(mirror).iterdir()
        if (one / "repo").is_dir()
    }
    why: Counter[str] = Counter()
    for advisory in advisories(Path(folder)):
        if not advisory.pages.isdisjoint(repositories) and (row := row_of(advisory, repositories, why)):
            print(row)
    print(why, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:3])
