"""renv.lock."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """{
  "R": {"Version": "4.2.1", "Repositories": [{"Name": "CRAN", "URL": "https://packages.example"}]},
  "Bioconductor": {"Version": "3.16"},
  "Packages": {
    "ggplot2": {
      "Package": "ggplot2", "Version": "3.4.0", "Source": "Repository", "Repository": "CRAN", "License": "MIT + file"
    },
    "limma": {"Package": "limma", "Version": "3.54", "Source": "Bioconductor"},
    "own": {"Package": "own", "Version": "0.1", "Source": "GitHub", "RemoteUsername": "someone"}
  }
}"""


def test_packages_by_their_source(locked: Read) -> None:
    found = locked({"renv.lock": LOCK})
    assert [(p.ecosystem, p.name, p.version, p.line, p.license) for p in found.packages] == [
        ("CRAN", "ggplot2", "3.4.0", 5, "MIT + file"),
        ("Bioconductor", "limma", "3.54", 8, None),
    ]
    assert found.imprecise == ("renv.lock:9: own",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "missing required field `Packages`"),
        ('{"Packages": {"a": {"Package": "a"}}}', "missing required field `Version`"),
        ('{"Packages": {"a": {"Package": "a b", "Version": "1"}}}', "empty, too long or not printable"),
    ],
)
def test_a_broken_lock_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({"renv.lock": text})
