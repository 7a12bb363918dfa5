"""build.sbt.lock."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """{
  "lockVersion" : 1,
  "timestamp" : "2024-01-01T00:00:00.000Z",
  "configurations" : ["compile", "test"],
  "dependencies" : [
    {
      "org" : "org.typelevel", "name" : "cats-core_3", "version" : "2.9.0",
      "artifacts" : [{"name" : "cats-core_3.jar", "hash" : "sha1:00"}],
      "configurations" : ["compile", "test"]
    },
    {"org" : "org.scalatest", "name" : "scalatest_3", "version" : "3.2", "configurations" : ["test"]},
    {"org" : "a", "name" : "b", "version" : "1", "configurations" : ["optional"]}
  ]
}"""


def test_configurations_say_what_a_package_is_for(locked: Read) -> None:
    found = locked({"build.sbt.lock": LOCK})
    assert [(p.name, p.version, p.line, p.scope.value) for p in found.packages] == [
        ("org.typelevel:cats-core_3", "2.9.0", 6, "runtime"),
        ("org.scalatest:scalatest_3", "3.2", 11, "development"),
        ("a:b", "1", 12, "optional"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{}", "missing required field `lockVersion`"),
        ('{"lockVersion": 2, "dependencies": []}', "its lockVersion 2 is not known"),
        ('{"lockVersion": 1, "dependencies": [{"org": "a", "name": ":", "version": "1"}]}', "package is incomplete"),
        ('{"lockVersion": 1, "lockVersion": 1, "dependencies": []}', "stands twice"),
    ],
)
def test_a_broken_lock_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({"build.sbt.lock": text})
