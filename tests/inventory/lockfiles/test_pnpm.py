"""pnpm-lock.yaml of every lockfile version."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

VERSION_5 = """lockfileVersion: 5.4

importers:

  .:
    specifiers:
      '@s/a': ^1.0.0
      old: npm:real@^5.0.0
    dependencies:
      '@s/a': 1.2.0_peer@9.0.0
      old: /real/5.0.1
    devDependencies:
      forked: packages.example/forked/0123

  web:
    specifiers:
      shop: workspace:*
    dependencies:
      shop: link:..
    optionalDependencies:
      fs: 2.3.3

packages:

  /@s/a/1.2.0_peer@9.0.0:
    resolution: {integrity: sha512-AA==}
    peerDependencies:
      peer: '*'
    dependencies:
      b: 2.0.1
      peer: 9.0.0
    dev: false

  /@s/a/1.2.0:
    resolution: {integrity: sha512-AA==}
    dev: false

  /b/2.0.1:
    resolution: {integrity: sha512-AA==}
    optionalDependencies:
      real: 5.0.1

  /fs/2.3.3:
    resolution: {integrity: sha512-AA==}
    optional: true

  /peer/9.0.0:
    resolution: {integrity: sha512-AA==}

  /real/5.0.1:
    resolution: {integrity: sha512-AA==}

  file:folder:
    resolution: {directory: folder, type: directory}
    name: folder
    version: 1.0.0

  packages.example/forked/0123:
    resolution: {tarball: https://packages.example/forked/0123}
    name: forked
    version: 4.0.0
    dev: true

  packages.example/kept/7.0.0:
    resolution: {integrity: sha512-AA==}
"""

VERSION_6 = """lockfileVersion: '6.0'

settings:
  autoInstallPeers: true

dependencies:
  '@s/a':
    specifier: ^1.0.0
    version: 1.2.0(peer@9.0.0)
  old:
    specifier: npm:real@^5.0.0
    version: /real@5.0.1

devDependencies:
  forked:
    specifier: github:someone/forked
    version: packages.example/forked/0123

packages:

  /@s/a@1.2.0(peer@9.0.0):
    resolution: {integrity: sha512-AA==}
    dependencies:
      b: 2.0.1
      peer: 9.0.0
    dev: false

  /b@2.0.1:
    resolution: {integrity: sha512-AA==}

  /peer@9.0.0:
    resolution: {integrity: sha512-AA==}

  /real@5.0.1:
    resolution: {integrity: sha512-AA==}

  packages.example/forked/0123:
    resolution: {tarball: https://packages.example/forked/0123}
    name: forked
    version: 4.0.0
    dev: true
"""

VERSION_9 = """lockfileVersion: '9.0'

catalogs:
  default:
    '@s/a':
      specifier: ^1.0.0
      version: 1.2.0

importers:

  .:
    dependencies:
      '@s/a':
        specifier: 'catalog:'
        version: 1.2.0(peer@9.0.0(b@2.0.1))
      old:
        specifier: npm:real@^5.0.0
        version: real@5.0.1
    devDependencies:
      forked:
        specifier: github:someone/forked
        version: https://packages.example/forked/0123
      folder:
        specifier: file:folder
        version: file:folder

packages:

  '@s/a@1.2.0':
    resolution: {integrity: sha512-AA==}
    peerDependencies:
      peer: '*'

  b@2.0.1:
    resolution: {integrity: sha512-AA==}

  folder@file:folder:
    resolution: {directory: folder, type: directory}

  forked@https://packages.example/forked/0123:
    resolution: {tarball: https://packages.example/forked/0123}
    version: 4.0.0

  nowhere@https://packages.example/nowhere/0123:
    resolution: {tarball: https://packages.example/nowhere/0123}

  peer@9.0.0:
    resolution: {integrity: sha512-AA==}

  real@5.0.1:
    resolution: {integrity: sha512-AA==}

snapshots:

  '@s/a@1.2.0(peer@9.0.0(b@2.0.1))':
    dependencies:
      b: 2.0.1
      peer: 9.0.0(b@2.0.1)

  b@2.0.1: {}

  forked@https://packages.example/forked/0123:
    dependencies:
      b: 2.0.1

  peer@9.0.0(b@2.0.1):
    dependencies:
      b: 2.0.1

  real@5.0.1: {}
"""


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.name, p.version, p.line, p.scope.value, p.direct, p.via) for p in locked.packages]


def test_version_5_with_workspaces(locked: Read) -> None:
    assert rows(locked({"pnpm-lock.yaml": VERSION_5})) == [
        ("@s/a", "1.2.0", 25, "runtime", True, ()),
        ("b", "2.0.1", 38, "runtime", False, ("@s/a",)),
        ("fs", "2.3.3", 43, "optional", True, ()),
        ("peer", "9.0.0", 47, "runtime", False, ("@s/a",)),
        ("real", "5.0.1", 50, "runtime", True, ()),
        ("forked", "4.0.0", 58, "development", True, ()),
        ("kept", "7.0.0", 64, "runtime", False, ()),
    ]


def test_version_6_of_a_single_project(locked: Read) -> None:
    assert rows(locked({"pnpm-lock.yaml": VERSION_6})) == [
        ("@s/a", "1.2.0", 21, "runtime", True, ()),
        ("b", "2.0.1", 28, "runtime", False, ("@s/a",)),
        ("peer", "9.0.0", 31, "runtime", False, ("@s/a",)),
        ("real", "5.0.1", 34, "runtime", True, ()),
        ("forked", "4.0.0", 37, "development", True, ()),
    ]


def test_version_9_with_snapshots(locked: Read) -> None:
    found = locked({"pnpm-lock.yaml": VERSION_9})
    assert rows(found) == [
        ("@s/a", "1.2.0", 29, "runtime", True, ()),
        ("b", "2.0.1", 34, "runtime", False, ("@s/a",)),
        ("forked", "4.0.0", 40, "development", True, ()),
        ("peer", "9.0.0", 47, "runtime", False, ("@s/a",)),
        ("real", "5.0.1", 50, "runtime", True, ()),
    ]
    assert found.imprecise == ("pnpm-lock.yaml:44: nowhere",)


def test_the_package_manager_is_locked_in_a_document_of_its_own(locked: Read) -> None:
    manager = """---
lockfileVersion: '9.0'
importers:
  .:
    configDependencies:
      settings:
        specifier: 3.0.1
        version: 3.0.1
    packageManagerDependencies:
      pnpm: {specifier: 12.4.2, version: 12.4.2}
packages:
  pnpm@12.4.2:
    resolution: {integrity: sha512-AA==}
  settings@3.0.1:
    resolution: {integrity: sha512-AA==}
"""
    found = rows(locked({"pnpm-lock.yaml": f"{manager}---\n{VERSION_9}"}))
    assert found[:3] == [
        ("pnpm", "12.4.2", 12, "development", True, ()),
        ("settings", "3.0.1", 14, "development", True, ()),
        ("@s/a", "1.2.0", 29 + 16, "runtime", True, ()),
    ]


@pytest.mark.parametrize("version", ["5.3-inlineSpecifiers", "5.4", "6.0", "6.1", "7.0", "9.0"])
def test_a_lockfile_may_be_empty(locked: Read, version: str) -> None:
    assert locked({"pnpm-lock.yaml": f"lockfileVersion: '{version}'\nimporters:\n  .: {{}}\n"}) == Locked()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ("importers: {}", "its lockfileVersion '' is not known"),
        ("lockfileVersion: '10.0'", "its lockfileVersion '10.0' is not known"),
        ("---\n" * 20, "more than 10 documents"),
        ("lockfileVersion: '9.0'\n---\n]", r"it is not YAML: .*\(line 3\)"),
        ("lockfileVersion: 4", "its lockfileVersion '4' is not known"),
        ("lockfileVersion: '9.0'\npackages: []", "Expected `object`, got `array`"),
        ("lockfileVersion: '9.0'\npackages:\n  a@1: {}\n  a@1: {}", r"the key 'a@1' stands twice \(line 4\)"),
        ("lockfileVersion: '9.0'\npackages:\n  a\x20b@1: {}", r"the name of a package .* \(line 3\)"),
        ("lockfileVersion: '9.0'\npackages:\n\t a", r"it is not YAML: .*\(line 3\)"),
        ("a: " + "[" * 100_000, "it is not YAML|it is nested too deeply"),
    ],
)
def test_a_broken_file_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: ({why})") as caught:
        locked({"pnpm-lock.yaml": text})
    assert caught.value.path == "pnpm-lock.yaml"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sample=st.sampled_from([VERSION_5, VERSION_6, VERSION_9]),
    cut=st.integers(0, 1200),
    noise=st.text(alphabet="@:(/_'\n #a1-{[&*", max_size=8),
)
def test_any_damage_is_read_or_a_clear_error(damaged: Read, sample: str, cut: int, noise: str) -> None:
    found = damaged({"pnpm-lock.yaml": sample[:cut] + noise + sample[cut:]})
    assert found is None or all(package.line for package in found.packages)


@pytest.mark.parametrize(
    "text",
    [
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\npackages:\nsnapshots:\n",
        "lockfileVersion: '6.0'\ndependencies:\npackages: null\n",
        "lockfileVersion: 5.4\nimporters: ~\n",
    ],
)
def test_a_section_that_is_null_is_as_good_as_none(locked: Read, text: str) -> None:
    assert locked({"pnpm-lock.yaml": text}) == Locked()


def test_what_is_null_in_a_package_is_as_good_as_none(locked: Read) -> None:
    text = (
        "lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    dependencies:\n    resolution: {integrity: x, type: null}\n"
    )
    assert [(p.name, p.version, p.line) for p in locked({"pnpm-lock.yaml": text}).packages] == [("a", "1.0.0", 3)]
