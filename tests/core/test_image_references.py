"""Image references as Dockerfiles and manifests write them: `gate/core/image_references.py`."""

import pytest

from gate.core.image_references import ImageReference, is_trusted, parse_reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("debian", ImageReference("docker.io", "debian", None, None)),
        ("library/debian:12", ImageReference("docker.io", "library/debian", "12", None)),
        ("registry.example:5000/a/b", ImageReference("registry.example:5000", "a/b", None, None)),
        ("localhost/a:1@sha256:0", ImageReference("localhost", "a", "1", "sha256:0")),
    ],
)
def test_a_reference_is_taken_apart(text: str, expected: ImageReference) -> None:
    assert parse_reference(text) == expected


@pytest.mark.parametrize(
    ("registry", "trusted", "expected"),
    [
        ("eu.example.com", ("*.example.com",), True),
        ("example.com", ("*.example.com",), False),
        ("badexample.com", ("*.example.com", "example.com"), False),
        ("index.docker.io", ("docker.io",), True),
        ("anything.example", ("*",), True),
    ],
)
def test_a_registry_is_trusted_by_its_whole_name(registry: str, trusted: tuple[str, ...], expected: bool) -> None:
    assert is_trusted(registry, trusted) is expected
