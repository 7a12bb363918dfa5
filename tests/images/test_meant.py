"""What is said of names as other programs write them, and of slips of the hand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import UsageError
from gate.images.meant import meant
from gate.images.reference import parse_image

SOURCES = frozenset({"docker", "podman", "registry", "archive", "oci-dir", "rootfs"})


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("docker://alpine:3", "Write registry:alpine:3, or docker:alpine:3 for the image that the Docker daemon has"),
        ("Docker://alpine:3", "Write registry:alpine:3, or docker:alpine:3 for the image that the Docker daemon has"),
        ("registry://reg.example/a:1", "Write registry:reg.example/a:1"),
        ("podman://localhost/a", "Write podman:localhost/a"),
        ("https://reg.example/a", "Write registry:reg.example/a"),
        ("oci://reg.example/a:1", "Write registry:reg.example/a:1"),
        ("file://app.tar", "Write archive:app.tar"),
        ("docker-daemon:alpine:3", "Write docker:alpine:3"),
        ("docker-archive:app.tar", "Write archive:app.tar"),
        ("oci-archive:app.tar", "Write archive:app.tar"),
        ("containers-storage:localhost/a", "Write podman:localhost/a"),
        ("oci:layout:latest", "Write oci-dir:layout"),
        ("docker::alpine", "Write docker:alpine"),
        ("registry::reg.example:5000/a::1", "Write registry:reg.example:5000/a:1"),
        ("alpine::3", "Write alpine:3"),
        ("alpine:", "Write alpine"),
        ("Shop/API:V1", "Write shop/api:V1"),
    ],
)
def test_a_name_that_is_none_says_what_to_write(tmp_path: Path, text: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_image(text, str(tmp_path))
    assert raised.value.hint == hint


@pytest.mark.parametrize("text", ["alpine:3:4", "docker:", "docker://", "alpine@sha256:1", "a b", "::", "docker://a b"])
def test_without_a_guess_the_forms_are_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_image(text, str(tmp_path))
    assert "archive:FILE.tar, oci-dir:FOLDER" in raised.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("oci-dir:layout:latest", "Write oci-dir:layout"),
        ("oci-dir::layout", "Write oci-dir:layout"),
        ("archive://app.tar", "Write archive:app.tar"),
    ],
)
def test_a_path_that_is_nearly_there(tmp_path: Path, text: str, hint: str) -> None:
    (tmp_path / "layout").mkdir()
    (tmp_path / "app.tar").touch()
    with pytest.raises(UsageError) as raised:
        parse_image(text, str(tmp_path))
    assert raised.value.hint == hint


def test_a_login_is_in_no_hint(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        parse_image("https://ada:opensesame@reg.example/a", str(tmp_path))
    assert "opensesame" not in f"{raised.value.path}{raised.value.hint}"


@given(st.text(alphabet="ab:/.@A-", max_size=20))
def test_what_is_proposed_is_not_what_was_written(text: str) -> None:
    assert meant(text, SOURCES) != text or not text
