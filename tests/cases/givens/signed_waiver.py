"""A signed waiver in the working folder: `{waiver: {…}, key: team, but: {…}}`; `but` is changed after it was signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import yaml

from gate.policy.waivers import Waiver, signed


@contextmanager
def given(scene: Any, value: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Sign the waiver with the private key of the given `keys`, and write it."""
    waiver = signed(msgspec.convert(value["waiver"], Waiver), str(scene.outside / f"{value['key']}.pem"))
    written = msgspec.to_builtins(waiver) | value.get("but", {})
    (scene.repository / ".gate").mkdir(exist_ok=True)
    (scene.repository / ".gate/waivers.yaml").write_text(yaml.safe_dump([written]))
    yield {}
