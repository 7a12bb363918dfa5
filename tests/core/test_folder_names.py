"""One table of names: every reader of it takes a folder of tests for one, and keeps its own bounds."""

import pytest

from gate.core import folder_names
from gate.core.path_patterns import is_documentation_path, is_test_path, is_vendored_path
from gate.dockerfile.sensitive import is_for_tests
from gate.images.contents.third_party import is_like_own_configuration

SHARED_TESTS = (*folder_names.TESTS, *folder_names.WHOLE_TESTS)
OTHER_TESTS = (*folder_names.MORE_TESTS, *folder_names.MORE_WHOLE_TESTS)


@pytest.mark.parametrize("name", SHARED_TESTS)
def test_a_folder_of_tests_is_one_for_secrets_build_contexts_and_packages(name: str) -> None:
    path = f"shop/{name}/server.key"
    assert is_test_path(path)
    assert is_for_tests(path)
    assert not is_like_own_configuration(path)


@pytest.mark.parametrize("name", OTHER_TESTS)
def test_what_may_be_a_module_leaves_a_packages_files_as_they_are(name: str) -> None:
    path = f"shop/{name}/server.key"
    assert is_test_path(path)
    assert is_for_tests(path)
    assert is_like_own_configuration(path)


@pytest.mark.parametrize("name", [*folder_names.EXAMPLES, *folder_names.MORE_EXAMPLES, *folder_names.DOCUMENTATION])
def test_examples_are_documentation_and_no_part_of_a_build(name: str) -> None:
    assert is_documentation_path(f"{name}/server.key")
    assert is_for_tests(f"{name}/server.key")
    assert is_like_own_configuration(f"{name}/server.key") == (name not in folder_names.EXAMPLES)


@pytest.mark.parametrize("name", [*folder_names.FOREIGN, *folder_names.MORE_FOREIGN])
def test_copies_of_others(name: str) -> None:
    assert is_vendored_path(f"{name}/a.js")
    assert is_for_tests(f"{name}/server.key") == (name in folder_names.FOREIGN)


@pytest.mark.parametrize("name", ["openapi-spec", "testdata2", "inspec"])
def test_a_name_that_counts_whole_is_no_word_of_another(name: str) -> None:
    assert not is_test_path(f"{name}/a.yaml")
    assert not is_for_tests(f"{name}/server.key")


@pytest.mark.parametrize("name", ["unit-tests", "e2e-data", "shop.fixtures", "mock-server"])
def test_a_word_of_a_longer_name(name: str) -> None:
    assert is_test_path(f"{name}/a.yaml")
