"""What each layer of an image brought, whatever later layers wrote anew."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.images.layers import changes as layer_history
from gate.images.limits import Limits
from gate.images.scan import ImageOptions, Scan, scan_image
from gate.model import Changes, Image, PackageChanges

NOTHING = PackageChanges()
STATUS = "var/lib/dpkg/status"
DJANGO = "usr/lib/python3/site-packages/django-{}.dist-info/METADATA"


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def status(*packages: str) -> bytes:
    """Return a dpkg database of `name=version`."""
    stated = (package.split("=") for package in packages)
    lines = (f"Package: {name}\nStatus: install ok installed\nVersion: {version}\n" for name, version in stated)
    return "\n".join(lines).encode()


def metadata(name: str, version: str) -> bytes:
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()


@pytest.fixture
def scan(make: Any, tmp_path: Path, compiled_patterns: Path) -> Callable[..., Scan]:
    """Return a function that scans an image of layers, each a dictionary from path to content, over a Debian."""

    def scanned(*layers: dict[str, bytes], **parts: Any) -> Scan:
        base = {"etc/os-release": make.release} | layers[0]
        files = [base, *layers[1:]]
        packed = [make.layer(*(make.file(name, content) for name, content in layer.items())) for layer in files]
        archive = make.archive(tmp_path / "a.tar", make.docker_files(packed, **parts))
        options = ImageOptions(Limits(1 << 30, 10_000), cache_folder=str(compiled_patterns))
        return scan_image(Image(source="archive", reference=archive, name="a"), options)

    return scanned


def changes(scan: Scan) -> list[PackageChanges | None]:
    return [layer.packages for layer in scan.history.layers]


def test_a_layer_that_writes_the_database_anew_brings_what_is_new_in_it(scan: Callable[..., Scan]) -> None:
    found = scan(
        {STATUS: status("bash=5.2", "curl=7.0", "zlib=1.2")},
        {STATUS: status("bash=5.2", "curl=7.1", "zlib=1.2", "git=2.39")},
        {STATUS: status("bash=5.2", "curl=7.1", "git=2.39")},
    )
    assert changes(found) == [
        PackageChanges(added=Changes(3, ("bash 5.2", "curl 7.0", "zlib 1.2"))),
        PackageChanges(added=Changes(1, ("git 2.39",)), changed=Changes(1, ("curl 7.0 → 7.1",))),
        PackageChanges(removed=Changes(1, ("zlib 1.2",))),
    ]
    names = [layer.diff_id for layer in found.history.layers]
    origins = dict(zip([one.name for one in found.packages], found.history.origins, strict=True))
    assert origins == {"bash": names[0], "curl": names[1], "git": names[1]}


def test_packages_of_languages_are_changed_removed_and_written_again(scan: Callable[..., Scan]) -> None:
    found = scan(
        {
            DJANGO.format("4.1"): metadata("django", "4.1"),
            "app/node_modules/a/package.json": b'{"name":"a","version":"1"}',
        },
        {
            "usr/lib/python3/site-packages/.wh.django-4.1.dist-info": b"",
            DJANGO.format("4.2"): metadata("django", "4.2"),
            "app/node_modules/.wh.a": b"",
        },
        {DJANGO.format("4.2"): metadata("django", "4.2")},
    )
    assert changes(found) == [
        PackageChanges(added=Changes(2, ("a 1", "django 4.1"))),
        PackageChanges(changed=Changes(1, ("django 4.1 → 4.2",)), removed=Changes(1, ("a 1",))),
        NOTHING,
    ]
    assert found.history.origins == (found.history.layers[1].diff_id,)


def test_files_that_a_distributions_package_owned_are_not_counted_beside_it(scan: Callable[..., Scan]) -> None:
    owned = DJANGO.format("4.1")
    found = scan(
        {STATUS: status("bash=5.2")},
        {
            STATUS: status("bash=5.2", "python3-django=4.1-1"),
            "var/lib/dpkg/info/python3-django.list": f"/{owned}\n".encode(),
            "var/lib/dpkg/info/python3-django.md5sums": f"{md5(metadata('django', '4.1'))}  {owned}\n".encode(),
            owned: metadata("django", "4.1"),
        },
        {
            STATUS: status("bash=5.2"),
            "var/lib/dpkg/info/.wh.python3-django.list": b"",
            "var/lib/dpkg/info/.wh.python3-django.md5sums": b"",
            "usr/lib/python3/.wh.site-packages": b"",
        },
    )
    assert changes(found)[1:] == [
        PackageChanges(added=Changes(1, ("python3-django 4.1-1",))),
        PackageChanges(removed=Changes(1, ("python3-django 4.1-1",))),
    ]


def test_what_cannot_be_read_is_not_counted(scan: Callable[..., Scan], monkeypatch: pytest.MonkeyPatch) -> None:
    found = scan({STATUS: b"Status: install ok installed\n"}, {STATUS: status("bash=5.2")}, {"srv/a": b""})
    assert changes(found) == [None, None, NOTHING]
    assert found.history.origins == (None,)
    monkeypatch.setattr(layer_history, "MAX_READ", 10)
    assert changes(scan({STATUS: status("bash=5.1")}, {STATUS: status("bash=5.2")})) == [None, None]


def test_a_layer_has_its_step_size_and_files(scan: Callable[..., Scan], make: Any) -> None:
    found = scan(
        {"a": b"1", "b": b"2"},
        {"a": b"3", ".wh.b": b"", "c": b"4"},
        history=[
            {"created_by": "/bin/sh -c #(nop) ADD file:1234 in / "},
            {"created_by": 'CMD ["sh"]', "empty_layer": True},
            {"created_by": "RUN |1 NPM_TOKEN=correct-horse-battery /bin/sh -c make # buildkit"},
        ],
    )
    told = [(layer.created_by, layer.files, layer.hidden) for layer in found.history.layers]
    assert told == [("ADD file:1234 in /", 3, 0), ("RUN |1 NPM_TOKEN=… make", 2, 2)]
    assert [layer.size for layer in found.history.layers] == [10240, 10240]


NAMES = st.sampled_from(["bash", "curl", "git"])
PACKAGES = st.dictionaries(NAMES, st.sampled_from(["1", "2"]), max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), PACKAGES), min_size=1, max_size=5), st.lists(PACKAGES, max_size=3))
def test_what_the_layers_add_and_do_not_remove_is_what_is_installed(
    scan: Callable[..., Scan], databases: list[dict[str, str] | None], of_languages: list[dict[str, str]]
) -> None:
    layers = [{} if one is None else {STATUS: status(*map("=".join, one.items()))} for one in databases]
    for layer, packages in zip(layers, of_languages, strict=False):
        layer |= {f"srv/{name}.dist-info/METADATA": metadata(name, version) for name, version in packages.items()}
    found = scan(*layers)
    counted = [one for one in changes(found) if one is not None]
    assert len(counted) == len(layers)
    assert sum(one.added.count - one.removed.count for one in counted) == len(found.packages)
    assert all(origin is not None for origin in found.history.origins)
