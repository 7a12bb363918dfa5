"""setup.cfg as a manifest that nothing locks."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

pytestmark = pytest.mark.every_python

Read = Callable[[dict[str, str | bytes]], Locked]

SETUP = """[metadata]
name = shop
[options]
install_requires =
    flask==2.0.1
    click>=8  # why
[options.extras_require]
pg = psycopg==3.1
docs = file: docs/requirements.txt
"""


def test_pins_are_packages_and_all_else_is_imprecise(locked: Read) -> None:
    found = locked({"setup.cfg": SETUP})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct) for p in found.packages] == [
        ("flask", "2.0.1", 5, "runtime", True),
        ("psycopg", "3.1", 8, "optional", True),
    ]
    assert found.imprecise == ("setup.cfg:1: click",)


def test_settings_of_other_tools_are_nothing(locked: Read) -> None:
    assert locked({"setup.cfg": "[flake8]\nmax-line-length = 100\n"}) == Locked()


@pytest.mark.parametrize(
    "text", ["[options]\n[options]\n", "x\n", "[options]\na = 1\na = 2\n", "[options]\ninstall_requires = ???\n"]
)
def test_a_broken_one_says_why(locked: Read, text: str) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        locked({"setup.cfg": text})
