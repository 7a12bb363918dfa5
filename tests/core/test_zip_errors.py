"""Whatever is wrong with a zip is one of the exceptions that are taken for damage."""

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from gate.core.zip_errors import ZIP_DAMAGE


def _archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "one " * 50)
        archive.writestr("folder/b.txt", "two")
    return stream.getvalue()


WHOLE = _archive()


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.booleans())
def test_any_damage_is_one_of_them_or_does_no_harm(place: int, byte: int, is_cut: bool) -> None:
    content = WHOLE[:place] if is_cut else WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 :]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                archive.read(name)
    except ZIP_DAMAGE:
        pass
