"""The engine finds what `detect-secrets scan -n --all-files` finds: no more, no less, on the same lines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.secrets.engine.scan import Scanner, scanner
from gate.secrets.engine.text import decode

pytestmark = pytest.mark.one_python


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def expected_in_a_package(detect_secrets: Callable[..., Any]) -> tuple[Path, Any]:
    import detect_secrets as package

    root = Path(package.__file__).parent
    return root, detect_secrets(root)


def test_same_findings_in_installed_packages(
    expected_in_a_package: tuple[Path, Any], any_scanner: Scanner, find_in_folder: Callable[..., Any]
) -> None:
    """Real files of many kinds: a package's modules, its metadata, its data."""
    root, expected = expected_in_a_package
    assert find_in_folder(any_scanner, root) == expected


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["", "  ", "password", "a", "- b", "api_key", "# x", "[s]"]),
            st.sampled_from([": ", "=", " = ", ""]),
            st.sampled_from(["", '"', "'"]),
            st.sampled_from(["2b00042f7481c7b056c4b410d28f33cf", "hunter2hunter2", "x", "${A}", "1.5", "[a, b]"]),
            st.sampled_from(["", '"', "'", " # pragma: allowlist secret", ";"]),
        ).map("".join),
        max_size=8,
    ),
    path=st.sampled_from(["a.py", "a.yaml", "a.ini", ".env", "a.go", "a.cpp"]),
)
def test_same_findings_in_any_file(tmp_path_factory: pytest.TempPathFactory, lines: list[str], path: str) -> None:
    file = tmp_path_factory.mktemp("any") / path
    file.write_text("\n".join(lines))
    with default_settings():
        expected = {(found.type, found.secret_hash, found.line_number) for found in scan_file(str(file))}
    text = decode(file.read_bytes())
    assert text is not None
    found = scanner().find(text, str(file))
    assert {(one.type, one.secret_hash, one.line_number) for one in found} == expected
