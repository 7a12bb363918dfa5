"""Which paths belong to tests, by the names that languages and tools give them."""

import pytest

from gate.core.path_patterns import is_documentation_path, is_test_path

TESTS = [
    "tests/a.py",
    "e2e-tests/conf/secrets.yml",
    "big_tests/a.config",
    "vendor/shop/testdata/key.pem",
    "web/node_modules/shop/test/fixtures/key.pem",
    "src/Orders.Tests/OrderTests.cs",
    "src/androidTest/java/A.java",
    "src/main/UnitTests/a.m",
    "shop/testFixtures/a.json",
    "java/src/OrderServiceTest.java",
    "scala/OrderSpec.scala",
    "java/OrderServiceIT.java",
    "shop/conftest.py",
    "docker-compose.e2e.yml",
    "perl/t/10-login.t",
    "xs2a-protocol-tests/mocks/a.json",
]
OTHERS = [
    "latest/a.py",
    "contest/a.py",
    "src/attestation/a.go",
    "inspection/a.py",
    "src/protest.py",
    "src/Latest.java",
    "src/UNIT.java",
    "t.py",
    "src/Manifest.java",
    "greatest_hits/a.json",
]


@pytest.mark.parametrize("path", TESTS)
def test_of_a_test(path: str) -> None:
    assert is_test_path(path)


@pytest.mark.parametrize("path", OTHERS)
def test_of_none(path: str) -> None:
    assert not is_test_path(path)


def test_an_example_by_its_name() -> None:
    assert is_documentation_path("deploy/secrets_example.yaml")
