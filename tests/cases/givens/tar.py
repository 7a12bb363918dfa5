"""A tar in the repository's folder: `{file: NAME, holds: {PATH: TEXT}}`."""

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def given(scene: Any, value: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Write it; it is not committed."""
    with tarfile.open(scene.repository / value["file"], "w") as archive:
        for path, text in value["holds"].items():
            content = scene.filled(text).encode()
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    yield {}
