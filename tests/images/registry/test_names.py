"""Which part of an image's name is a host, as Docker reads it, and how the name is shown."""

import pytest

from gate.images.registry.names import image_name

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("text", "host", "repository"),
    [
        ("registry.example.com/shop", "registry.example.com", "shop"),
        ("registry:5000/shop", "registry:5000", "shop"),
        ("localhost/shop", "localhost", "shop"),
        ("Registry/shop", "Registry", "shop"),
        ("registry/shop", "docker.io", "registry/shop"),
        ("shop", "docker.io", "library/shop"),
        ("shop.example", "docker.io", "library/shop.example"),
        ("docker.io/shop", "docker.io", "library/shop"),
        ("registry-1.docker.io/team/shop", "docker.io", "team/shop"),
    ],
)
def test_the_first_part_is_a_host_if_it_looks_like_one(text: str, host: str, repository: str) -> None:
    name = image_name(text)
    assert (name.host, name.repository) == (host, repository)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("shop", "docker.io/library/shop:latest"),
        ("registry.example.com/shop:1.2", "registry.example.com/shop:1.2"),
        (f"registry.example.com/shop:1.2@{DIGEST}", f"registry.example.com/shop@{DIGEST}"),
    ],
)
def test_it_is_shown_with_its_tag_or_its_digest(text: str, shown: str) -> None:
    assert str(image_name(text)) == shown


@pytest.mark.parametrize(
    ("text", "is_local"),
    [
        ("localhost/shop", True),
        ("127.0.0.1:5000/shop", True),
        ("127.8.9.1/shop", True),
        ("[::1]:5000/shop", True),
        ("localhost.example.com/shop", False),
        ("127.0.0.1.example.com/shop", False),
        ("registry.example.com/shop", False),
    ],
)
def test_a_registry_on_this_machine_is_known_by_its_whole_name(text: str, is_local: bool) -> None:
    assert image_name(text).is_local is is_local
