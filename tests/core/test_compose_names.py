"""The names that Compose looks for."""

import pytest

from gate.core.compose_names import COMPOSE


@pytest.mark.parametrize("name", ["compose.yaml", "docker-compose.yml", "Compose.dev.yaml", "docker-compose-ci.yml"])
def test_a_name_of_a_compose_file(name: str) -> None:
    assert COMPOSE.fullmatch(name)


@pytest.mark.parametrize("name", ["composer.yaml", "compose.json", "my-compose.yaml", "compose"])
def test_another_name(name: str) -> None:
    assert not COMPOSE.fullmatch(name)
