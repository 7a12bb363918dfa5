"""conda-lock.yml and environment.yml."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """version: 1
metadata: {content_hash: {linux-64: '00'}}
package:
- name: python
  version: 3.10
  manager: conda
  platform: linux-64
  dependencies: {libffi: '>=3.4'}
  category: main
- {name: python, version: '3.10', manager: conda, platform: osx-64, category: main}
- {name: Flask, version: 2.0.1, manager: pip, platform: linux-64, category: dev}
"""

ENVIRONMENT = """name: shop
channels: [conda-forge]
dependencies:
  - python=3.10
  - conda-forge::NumPy==1.21.0
  - scipy=1.7.0=py39_0
  - pandas >=1.3
  - pip
  - pip:
      - flask==2.0.1
      - jinja2>=3
      - -r requirements.txt
"""


def test_each_package_once_whatever_the_platforms(locked: Read) -> None:
    found = locked({"conda-lock.yml": LOCK})
    assert [(p.ecosystem, p.name, p.version, p.line, p.scope.value) for p in found.packages] == [
        ("Conda", "python", "3.10", 4, "runtime"),
        ("PyPI", "flask", "2.0.1", 11, "development"),
    ]


@pytest.mark.parametrize("name", ["environment.yml", "environment.yaml"])
def test_an_environment_without_a_lock(locked: Read, name: str) -> None:
    found = locked({name: ENVIRONMENT})
    assert [(p.ecosystem, p.name, p.version, p.line, p.direct) for p in found.packages] == [
        ("Conda", "numpy", "1.21.0", 5, True),
        ("Conda", "scipy", "1.7.0", 6, True),
        ("PyPI", "flask", "2.0.1", 9, True),
    ]
    assert found.imprecise == (
        f"{name}:4: python",
        f"{name}:7: pandas",
        f"{name}:8: pip",
        f"{name}:9: jinja2",
        f"{name}:9: an option, file or address of pip",
    )


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("conda-lock.yml", "version: 2\npackage: []", "its version 2 is not known"),
        ("conda-lock.yml", "version: 1", "missing required field `package`"),
        (
            "conda-lock.yml",
            "version: 1\npackage:\n- {name: a, version: 1, manager: npm}",
            r"the manager 'npm' is not known \(line 3\)",
        ),
        ("environment.yml", 'dependencies: ["??"]', r"not a package as conda names it \(line 1\)"),
        ("environment.yml", "dependencies: [{pip: ['???']}]", "not a requirement as pip reads it"),
        ("environment.yml", "dependencies: 3", "Expected `array"),
    ],
)
def test_a_broken_file_says_why(locked: Read, name: str, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({name: text})
