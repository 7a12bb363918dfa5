"""What was compared in a layer is known for the next image on it, and changes no answer."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.images.contents import changed_files
from gate.images.contents.comparison_cache import ComparisonCache
from gate.images.contents.observations import ImageContents
from gate.images.contents.walk import WalkOptions, look_into
from gate.images.image_cache import ImageCache
from gate.images.limits import Limits
from gate.images.reference import parse_image
from gate.images.scan import ImageOptions, Scan, scan_image
from gate.inventory.installed.inventory import read_installed
from gate.inventory.records.file_record import Record

NAMES = ("usr/bin/bash", "usr/bin/ls", "usr/lib/libc.so.6")
STATUS = b"Package: bash\nArchitecture: amd64\nVersion: 5.2.15-2\nStatus: install ok installed\n"


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def base(make: Any) -> bytes:
    """A Debian with one package of some files, as it was installed."""
    sums = "".join(f"{md5(name.encode())}  {name}\n" for name in NAMES)
    return make.layer(  # type: ignore[no-any-return]
        make.file("etc/os-release", b'ID=debian\nVERSION_ID="12"\n'),
        make.file("var/lib/dpkg/status", STATUS),
        make.file("var/lib/dpkg/info/bash.list", "".join(f"/{name}\n" for name in NAMES).encode()),
        make.file("var/lib/dpkg/info/bash.md5sums", sums.encode()),
        *(make.file(name, name.encode(), mode=0o755) for name in NAMES),
    )


@pytest.fixture
def look(layered, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return a function that looks into layers with what earlier calls have kept, and tells which files it read."""

    def into(*layers: bytes) -> tuple[ImageContents, set[str]]:
        tree = layered(*layers)
        installed = read_installed(tree)
        read: set[str] = set()

        class Watched:
            def __getattr__(self, name: str) -> Any:
                return getattr(tree, name)

            def read(self, path: str, limit: int = 1 << 30) -> bytes:
                read.add(path)
                return tree.read(path, limit)

        cache = ImageCache(tmp_path / "cache")
        compared = ComparisonCache(cache)
        contents = look_into(Watched(), installed, WalkOptions(), compared)  # type: ignore[arg-type]
        compared.flush()
        cache.store(())
        return contents, read

    return into


def test_files_of_a_layer_that_were_as_recorded_are_not_read_again(make, look) -> None:
    first, read = look(base(make))
    assert set(NAMES) <= read
    again, read = look(base(make), make.layer(make.file("app/run", b"1")))
    assert not set(NAMES) & read
    assert (first.changed, again.changed) == ((), ())


def test_a_file_that_an_own_layer_changes_is_found_on_a_known_base(make, look) -> None:
    look(base(make))
    contents, read = look(base(make), make.layer(make.file("usr/bin/ls", b"changed", mode=0o755)))
    assert [file.path for file in contents.changed] == ["usr/bin/ls"]
    assert set(NAMES) & read == {"usr/bin/ls"}


def test_a_changed_record_is_compared_with_what_is_really_there(make, look) -> None:
    look(base(make))
    sums = make.file("var/lib/dpkg/info/bash.md5sums", f"{md5(b'other')}  usr/bin/ls\n".encode())
    contents, _ = look(base(make), make.layer(sums))
    assert [file.path for file in contents.changed] == ["usr/bin/ls"]


def test_of_a_content_that_no_package_brought_nothing_is_kept(make, look, layered, tmp_path: Path) -> None:
    own = make.layer(make.file("usr/bin/ls", b"secret", mode=0o755))
    look(base(make), own)
    compared = ComparisonCache(ImageCache(tmp_path / "cache"))
    tree = layered(base(make), own)
    known = {name: tree.look_up(name) for name in NAMES}
    assert compared.has(known[NAMES[0]], Record(NAMES[0], "bash", md5(NAMES[0].encode()), "md5"))
    assert not compared.has(known["usr/bin/ls"], Record("usr/bin/ls", "bash", md5(b"secret"), "md5"))


@pytest.mark.parametrize(
    "size", [0, 1, changed_files.LARGE - 1, changed_files.LARGE, changed_files.WINDOW, 2 * changed_files.WINDOW + 1]
)
def test_files_of_all_sizes_are_compared(make, layered, size: int) -> None:
    def differing(content: bytes) -> list[str]:
        sums = f"{md5(bytes(size))}  usr/bin/ls\n".encode()
        files = (make.file("var/lib/dpkg/info/bash.md5sums", sums), make.file("usr/bin/ls", content, mode=0o755))
        tree = layered(base(make), make.layer(*files))
        return [one.path for one in look_into(tree, read_installed(tree), WalkOptions()).changed]

    assert differing(bytes(size)) == []
    assert differing(bytes(size) + b"1") == ["usr/bin/ls"]
    assert size == 0 or differing(bytes(size - 1) + b"1") == ["usr/bin/ls"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([*NAMES, "etc/passwd", "app/run"]), st.sampled_from([b"", b"1", *map(str.encode, NAMES)])
    )
)
def test_the_answer_is_the_same_whatever_is_known(make, look, layered, files: dict[str, bytes]) -> None:
    look(base(make))
    layers = (base(make), make.layer(*(make.file(name, content, mode=0o755) for name, content in files.items())))
    tree = layered(*layers)
    assert look(*layers)[0] == look_into(tree, read_installed(tree), WalkOptions())


def scan(make, folder: Path, *layers: bytes, spoilt: bytes | None = None) -> Scan:  # type: ignore[no-untyped-def]
    files = make.docker_files(list(layers))
    if spoilt:
        files = {name: content.replace(spoilt, spoilt[::-1]) for name, content in files.items()}
    make.archive(folder / "app.tar", files)
    options = ImageOptions(Limits(1 << 30, 10_000), memory_folder=str(folder / "cache"))
    return scan_image(parse_image("archive:app.tar", str(folder)), options)


def test_an_image_has_the_same_findings_on_a_known_base(make, tmp_path: Path) -> None:
    own = make.layer(make.file("usr/bin/ls", b"changed", mode=0o755))
    for folder in (tmp_path / "known", tmp_path / "unknown"):
        folder.mkdir()
    scan(make, tmp_path / "known", base(make))
    known, unknown = (scan(make, tmp_path / name, base(make), own) for name in ("known", "unknown"))
    assert known == unknown
    assert "GI020" in {finding.rule for finding in known.findings}


def test_nothing_is_kept_of_a_layer_that_is_not_what_its_digest_says(make, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="does not have the digest"):
        scan(make, tmp_path, base(make), spoilt=b"usr/lib/libc.so.6")
    assert not (tmp_path / "cache").exists()
