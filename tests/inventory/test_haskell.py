"""cabal.project.freeze and stack.yaml.lock."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

FREEZE = """active-repositories: packages.example:merge
constraints: any.aeson ==2.0.3.0,
             aeson -ordered-keymap +cffi,
             any.base ==4.16.0.0, text ==1.2 -- why
             ,any.ghc >=9 && <10,
             any.rts installed
index-state: packages.example 2022-01-01T00:00:00Z
"""

LOCK = """# written by Stack
packages:
- completed:
    hackage: acme-missiles-0.3@sha256:2ba6,613
    pantry-tree: {sha256: '00', size: 226}
  original:
    hackage: acme-missiles-0.3@sha256:2ba6,613
- completed:
    name: from-git
    version: 1.10
    git: https://packages.example/a.git
    commit: '0123'
snapshots:
- completed: {sha256: '00', size: 5, url: https://packages.example/lts.yaml}
  original: lts-20.1
"""


def test_the_constraints_of_a_freeze(locked: Read) -> None:
    found = locked({"cabal.project.freeze": FREEZE})
    assert [(p.name, p.version, p.line) for p in found.packages] == [
        ("aeson", "2.0.3.0", 2),
        ("base", "4.16.0.0", 4),
        ("text", "1.2", 4),
    ]
    assert found.imprecise == ("cabal.project.freeze:5: ghc", "cabal.project.freeze:6: rts")


PROJECT = """resolver: lts-20.1
packages: [.]
extra-deps:
- acme-missiles-0.3
- text-2.0.2@sha256:00,1
- ./own
- git: https://packages.example/o/n.git
  commit: 0123456789012345678901234567890123456789
- https://packages.example/archive.tar.gz
"""


def test_the_extra_packages_of_a_project_without_a_lock(locked: Read) -> None:
    found = locked({"stack.yaml": PROJECT})
    assert [(p.ecosystem, p.name, p.version, p.line) for p in found.packages] == [
        ("Hackage", "acme-missiles", "0.3", 4),
        ("Hackage", "text", "2.0.2", 5),
        ("GIT", "packages.example/o/n", "0123456789" * 4, 7),
    ]
    assert found.imprecise == (
        "stack.yaml:7: a package from an archive or repository",
        "stack.yaml:9: https://packages.example/archive.tar.gz",
        "stack.yaml:1: the packages of a snapshot",
    )


def test_the_packages_beyond_a_snapshot(locked: Read) -> None:
    found = locked({"stack.yaml.lock": LOCK})
    assert [(p.name, p.version, p.line, p.purl) for p in found.packages] == [
        ("acme-missiles", "0.3", 3, "pkg:hackage/acme-missiles@0.3")
    ]
    assert found.imprecise == ("stack.yaml.lock:8: from-git", "stack.yaml.lock:14: the packages of a snapshot")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("cabal.project.freeze", "constraints: ???", r"not a constraint as cabal writes it \(line 1\)"),
        ("cabal.project.freeze", "\nnonsense", r"not a field as cabal writes it \(line 2\)"),
        ("stack.yaml.lock", "packages: []\npackages: []", r"stands twice \(line 2\)"),
        ("stack.yaml.lock", "snapshots: []", "missing required field `packages`"),
        ("stack.yaml.lock", "packages:\n- completed: {hackage: x}", r"is name-version@checksum \(line 2\)"),
    ],
)
def test_a_broken_file_says_why(locked: Read, name: str, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({name: text})
