"""pixi.lock, and conda's explicit lists."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError, UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]
HOST = "https://packages.example"
VERSION_6 = f"""version: 6
environments:
  default:
    packages:
      linux-64:
      - conda: {HOST}/linux-64/ca-certificates-2024.8.30-hbcca054_0.conda
packages:
- conda: {HOST}/linux-64/ca-certificates-2024.8.30-hbcca054_0.conda
  sha256: '00'
  license: ISC
- conda: {HOST}/osx-64/ca-certificates-2024.8.30-h8857fd0_0.tar.bz2
- pypi: {HOST}/Flask_x-2.0.1-py3-none-any.whl
  name: Flask_x
  version: 2.0.1
- pypi: ./
  name: own
  version: 0.1.0
"""
VERSION_5 = f"""version: 5
packages:
- kind: conda
  name: python
  version: 3.12.0
  url: {HOST}/linux-64/python-3.12.0-hab00c5b_0_cpython.conda
- kind: pypi
  name: flask
  version: 2.0.1
  url: {HOST}/flask.whl
- {{kind: pypi, name: own, version: 0.1.0, path: .}}
"""
EXPLICIT = f"""# platform: linux-64
@EXPLICIT
{HOST}/conda-forge/linux-64/ca-certificates-2024.8.30-hbcca054_0.conda#0123
{HOST}/linux-64/_libgcc_mutex-0.1-main.tar.bz2
# pip Flask @ {HOST}/flask-2.0.1-py3-none-any.whl --hash=sha256:00
# pip odd @ {HOST}/odd
"""


def listed(found: Locked) -> list[tuple[str, str, str, int | None]]:
    return [(one.ecosystem, one.name, one.version, one.line) for one in found.packages]


def test_packages_of_all_platforms_once(locked: Read) -> None:
    found = locked({"pixi.lock": VERSION_6})
    assert listed(found) == [("Conda", "ca-certificates", "2024.8.30", 8), ("PyPI", "flask-x", "2.0.1", 12)]
    assert (found.packages[0].license, found.imprecise) == ("ISC", ())


@pytest.mark.parametrize("version", ["4", "5"])
def test_older_versions(locked: Read, version: str) -> None:
    found = locked({"pixi.lock": VERSION_5.replace("version: 5", f"version: {version}")})
    assert listed(found) == [("Conda", "python", "3.12.0", 3), ("PyPI", "flask", "2.0.1", 7)]


def test_packages_that_version_7_builds_from_sources(locked: Read) -> None:
    commit = "0" * 40
    text = f"""version: 7
packages:
- conda: {HOST}/noarch/numpy-2.0.1-py_0.conda
- conda_source: own[1506b3f9] @ .
- conda_source: forked[38d076cf] @ git+https://packages.example/a/b.git?rev=main#{commit}
"""
    found = locked({"pixi.lock": text})
    assert listed(found) == [("Conda", "numpy", "2.0.1", 3), ("GIT", "packages.example/a/b", commit, 5)]
    assert found.imprecise == ("pixi.lock:5: forked",)


@pytest.mark.parametrize("name", ["conda-linux-64.lock", "env/explicit.txt", "spec-file.txt"])
def test_an_explicit_list(locked: Read, name: str) -> None:
    found = locked({name: EXPLICIT})
    assert listed(found) == [
        ("Conda", "ca-certificates", "2024.8.30", 3),
        ("Conda", "_libgcc_mutex", "0.1", 4),
        ("PyPI", "flask", "2.0.1", 5),
    ]
    assert found.imprecise == (f"{name}:6: odd",)


def test_another_text_of_such_a_name_lists_nothing_unless_it_is_pips(locked: Read) -> None:
    assert locked({"explicit.txt": "words\n"}) == Locked()
    assert listed(locked({"requirements/explicit.txt": "flask==1.0\n"})) == [("PyPI", "flask", "1.0", 1)]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("pixi.lock", "version: 8\n", "its version 8 is not known"),
        ("pixi.lock", "packages: []\n", "missing required field `version`"),
        ("pixi.lock", f"version: 6\npackages:\n- conda: {HOST}/what\n", r"a package without a name \(line 3\)"),
        ("conda-linux-64.lock", "", "it has no line @EXPLICIT"),
        ("conda-linux-64.lock", "@EXPLICIT\nwhat\n", r"not the address of a package of conda \(line 2\)"),
    ],
)
def test_a_broken_file_says_why(locked: Read, name: str, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        locked({name: text})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.sampled_from([VERSION_6, VERSION_5]), st.integers(0, 400), st.text(max_size=4))
def test_any_damage_is_read_or_is_a_clear_error(locked: Read, text: str, at: int, put: str) -> None:
    with suppress(GateError):
        locked({"pixi.lock": (text[:at] + put + text[at + 3 :]).encode("utf-8", "replace")})
