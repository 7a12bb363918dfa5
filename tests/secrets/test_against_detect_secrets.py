"""The engine finds what `detect-secrets scan -n --all-files` finds: no more, no less, on the same lines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gate.secrets.scan import Scanner


@pytest.fixture
def expected(corners: Path, detect_secrets: Callable[..., Any]) -> Any:
    return detect_secrets(corners)


def test_same_findings_in_every_corner(
    corners: Path, expected: Any, any_scanner: Scanner, find_in_folder: Callable[..., Any]
) -> None:
    assert find_in_folder(any_scanner, corners) == expected


def test_the_corners_reach_every_detector(expected: Any, any_scanner: Scanner) -> None:
    """Except that of addresses: without letters, they fall to the filter `is_not_alphanumeric_string`."""
    types = {plugin.secret_type for plugin in any_scanner.detectors.plugins.values()} - {"Public IP (ipv4)"}
    assert {secret_type for _, secret_type, _, _ in expected} == types


def test_same_findings_in_installed_packages(
    detect_secrets: Callable[..., Any], any_scanner: Scanner, find_in_folder: Callable[..., Any]
) -> None:
    """Real files of many kinds: a package's modules, its metadata, its data."""
    import detect_secrets as package

    root = Path(package.__file__).parent
    assert find_in_folder(any_scanner, root) == detect_secrets(root)
