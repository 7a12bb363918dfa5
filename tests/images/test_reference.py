"""What names an image, what names a path, and what neither."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UsageError
from gate.images.reference import is_image_name, parse_image, split_tag
from gate.model import Image

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("text", "source", "reference"),
    [
        ("docker:shop/api:1.4", "docker", "shop/api:1.4"),
        ("podman:localhost/api", "podman", "localhost/api"),
        (
            "registry:registry.example.com:5000/shop/api@" + DIGEST,
            "registry",
            "registry.example.com:5000/shop/api@" + DIGEST,
        ),
        ("docker:" + DIGEST, "docker", DIGEST),
        ("alpine", "named", "alpine"),
        ("alpine:3.19", "named", "alpine:3.19"),
        ("registry.example.com/shop/api:1.4", "named", "registry.example.com/shop/api:1.4"),
        ("docker:docker:24-dind", "docker", "docker:24-dind"),
        ("[::1]:5000/app", "named", "[::1]:5000/app"),
    ],
)
def test_names(tmp_path: Path, text: str, source: str, reference: str) -> None:
    assert parse_image(text, str(tmp_path)) == Image(source=source, reference=reference, name=text)


def test_files_and_folders_are_relative_to_the_folder(tmp_path: Path) -> None:
    (tmp_path / "app.tar").touch()
    (tmp_path / "layout").mkdir()
    archive = parse_image("archive:app.tar", str(tmp_path))
    assert archive == Image(source="archive", reference=str(tmp_path / "app.tar"), name="archive:app.tar")
    layout = parse_image(f"oci-dir:{tmp_path}/layout", "/")
    assert layout is not None
    assert layout.reference == str(tmp_path / "layout")


@pytest.mark.parametrize("text", ["/srv/project", "./project", "../project", "~/project", ".", "project/", "there"])
def test_paths_are_no_images(tmp_path: Path, text: str) -> None:
    (tmp_path / "there").mkdir()
    assert parse_image(text, str(tmp_path)) is None


@pytest.mark.parametrize(
    "text",
    [
        "archive:",
        "archive:a\0b",
        "docker:",
        "docker:shop/UPPER",
        "docker:app:tag:tag",
        "docker:app@sha256:123",
        "docker:a b",
        "docker:--privileged",
        "app:" + "t" * 129,
        "a" * 600,
        "",
        "ftp://example.com/app",
        "app\n",
    ],
)
def test_malformed(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        parse_image(text, str(tmp_path))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("app", ("app", None)),
        ("app:1", ("app", "1")),
        ("h:5000/app", ("h:5000/app", None)),
        ("h:5000/a:1", ("h:5000/a", "1")),
    ],
)
def test_tag(name: str, expected: tuple[str, str | None]) -> None:
    assert split_tag(name) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"[a-z0-9._/:@-]{1,400}", fullmatch=True))
def test_any_text_is_an_image_a_path_or_a_usage_error(text: str) -> None:
    try:
        image = parse_image(text, "/nonexistent")
    except UsageError:
        return
    assert image is None or is_image_name(image.reference)
