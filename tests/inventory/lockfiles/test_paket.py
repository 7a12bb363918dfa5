"""paket.lock."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]
ID = "0123456789" * 4
LOCK = f"""STORAGE: NONE
RESTRICTION: == net8.0
NUGET
  remote: https://packages.example/v3/index.json
    Newtonsoft.Json (13.0.3)
      Microsoft.CSharp (>= 4.3)
    NUnit (3.13.3) - restriction: >= net45
GITHUB
  remote: o/n
    src/one.fs ({ID})
GIT
  remote: https://packages.example/o/n.git
     ({ID})
HTTP
  remote: https://packages.example
    file.fs (/file.fs)

GROUP Test
NUGET
  remote: https://packages.example/v3/index.json
    xunit (2.4.2)
"""


def test_packages_by_group(locked: Read) -> None:
    found = locked({"paket.lock": LOCK})
    assert [
        (one.name, one.version, one.line, one.scope.value) for one in found.packages if one.ecosystem == "NuGet"
    ] == [
        ("Newtonsoft.Json", "13.0.3", 5, "runtime"),
        ("NUnit", "3.13.3", 7, "runtime"),
        ("xunit", "2.4.2", 21, "development"),
    ]
    assert found.packages[0].registry == "https://packages.example/v3/index.json"


def test_files_of_repositories_are_known_by_commit(locked: Read) -> None:
    found = locked({"paket.lock": LOCK})
    assert [(one.name, one.version) for one in found.packages if one.ecosystem == "GIT"] == [
        ("github.com/o/n", ID),
        ("packages.example/o/n", ID),
    ]
    assert found.imprecise == (
        "paket.lock:10: src/one.fs",
        "paket.lock:13: https://packages.example/o/n.git",
        "paket.lock:16: file.fs",
    )


@pytest.mark.parametrize("row", ["what", "    Newtonsoft.Json (1.0)", "<<<<<<< ours"])
def test_what_paket_does_not_write_is_an_error_with_its_line(locked: Read, row: str) -> None:
    with pytest.raises(UnreadableError, match=r"not a line as Paket writes it \(line 1\)"):
        locked({"paket.lock": f"{row}\n"})


def test_a_package_that_cannot_be_read_is_not_passed_over(locked: Read) -> None:
    with pytest.raises(UnreadableError, match=r"not a line as Paket writes it \(line 3\)"):
        locked({"paket.lock": "NUGET\n  remote: https://packages.example\n    broken\n"})
