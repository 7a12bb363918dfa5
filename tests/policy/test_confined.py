"""What only a repository's settings name stays in it, is not in `.git`, and is no word of the user's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.core.errors import ConfigError
from gate.policy import reading, sources
from gate.policy.confined import SettingsPlace, bounded, check_inside, stated_keys, top_of
from gate.policy.reading import extended_by
from gate.settings import Settings
from gate.settings.policy import PolicySettings


@pytest.fixture
def place(make_repository: Callable[..., Any]) -> SettingsPlace:
    """A project in a folder of a repository that has a link out of itself."""
    repository = make_repository()
    (repository.root / "api").mkdir()
    (repository.root / "out").symlink_to(repository.root.parent)
    (repository.root / "settings").symlink_to(repository.root / ".git")
    root = str(repository.root / "api")
    return SettingsPlace(root=root, folder=root, name="gate.yaml")


@pytest.mark.parametrize("path", ["a.yaml", "b/../a.yaml", "../a.yaml", "../web/a.yaml", "../.github/a.yaml"])
def test_a_file_of_the_repository_may_be_named(place: SettingsPlace, path: str) -> None:
    check_inside(path, "advisories.key", place)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../../a.yaml",
        "../out/a.yaml",
        "../.git/config",
        "../settings/config",
        "../.GIT/config",
        "~x/../../..",
    ],
)
def test_none_outside_of_it_or_in_its_git_folder(place: SettingsPlace, path: str) -> None:
    with pytest.raises(ConfigError, match=r"advisories\.key names a file outside of the repository") as caught:
        check_inside(path, "advisories.key", place)
    assert caught.value.path == "gate.yaml"


def test_without_a_repository_the_project_is_all_that_there_is(tmp_path: Path) -> None:
    assert top_of(str(tmp_path)) == str(tmp_path)
    place = SettingsPlace(root=str(tmp_path), folder=str(tmp_path), name="gate.yaml")
    check_inside("a.yaml", "advisories.key", place)
    with pytest.raises(ConfigError):
        check_inside("../a.yaml", "advisories.key", place)


def with_source(source: str) -> Settings:
    return msgspec.structs.replace(Settings(), advisories=msgspec.structs.replace(Settings().advisories, source=source))


@pytest.mark.parametrize("source", ["../../advisories", "file:///srv/advisories", "file:///srv/%61dvisories"])
def test_a_folder_of_advisories_outside_is_not_for_a_repository(place: SettingsPlace, source: str) -> None:
    with pytest.raises(ConfigError, match=r"advisories\.source"):
        bounded(with_source(source), Settings(), place)


@pytest.mark.parametrize("source", ["https://osv.example/", "http://osv.example/", "advisories", "../advisories"])
def test_an_address_is_the_repositorys_word_unless_somebody_above_says_the_same(
    place: SettingsPlace, source: str
) -> None:
    settings = with_source(source)
    assert bounded(settings, Settings(), place).advisories.source == source
    assert stated_keys(settings, Settings()) == frozenset()
    assert stated_keys(settings, settings) == {"advisories.source"}


def test_what_the_user_names_may_lie_anywhere(place: SettingsPlace) -> None:
    settings = with_source("../../advisories")
    assert bounded(settings, settings, place).advisories.source == "../../advisories"


def test_reports_of_the_starter_replace_the_repositorys_which_lie_where_its_settings_do(place: SettingsPlace) -> None:
    own = msgspec.structs.replace(Settings(), reports={"json": "out/a.json", "sarif": "-"})
    stated = msgspec.structs.replace(Settings(), reports={"html": "/tmp/a.html"})
    assert bounded(own, Settings(), place).reports == {"json": f"{place.folder}/out/a.json", "sarif": "-"}
    assert bounded(own, stated, place).reports == {"html": "/tmp/a.html"}


@pytest.mark.parametrize(
    ("own", "above", "allow", "expected"),
    [
        ("https://policy.example/p.yaml", None, (), (True, False)),
        ("https://policy.example/p.yaml", None, ("cel",), (True, True)),
        ("https://policy.example/p.yaml", "https://policy.example/p.yaml", (), (False, True)),
        ("https://policy.example/p.yaml", "https://other.example/p.yaml", (), (True, False)),
        (None, None, (), None),
    ],
)
def test_a_policy_that_only_a_repository_extends_is_fetched_as_its_word(
    monkeypatch: pytest.MonkeyPatch, own: str | None, above: str | None, allow: tuple[str, ...], expected: Any
) -> None:
    seen: list[tuple[bool, bool]] = []

    def read(_address: str, _folder: str, fetching: sources.Fetching) -> tuple[()]:
        seen.append((fetching.is_of_repository, fetching.may_use_cel))
        return ()

    monkeypatch.setattr(sources, "read_sources", read)
    monkeypatch.setattr(reading, "key_file", lambda *_: str)
    settings = msgspec.structs.replace(Settings(), policy=PolicySettings(extends=own))
    stated = msgspec.structs.replace(Settings(), policy=PolicySettings(extends=above), allow=allow)

    class Trusted:
        text = staticmethod(lambda *_, **__: "")

    extended_by("/nowhere", reading.PolicyReading(settings, None, Trusted()), stated)  # type: ignore[arg-type]
    assert seen == ([expected] if expected else [])
