"""Who works here, as git says it."""

from pathlib import Path

import pytest

from gate.git.identity import user_email


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_AUTHOR_EMAIL", "GIT_CONFIG_GLOBAL", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def configuration(place: Path, email: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"[user]\n\temail = {email}\n")


def test_the_strongest_place_that_names_it_counts(home: Path, make_repository, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    root = make_repository().root
    config = Path(root, ".git/config")
    config.write_text("[core]\n\tbare = false\n")
    assert user_email(str(root)) is None
    configuration(home / ".config/git/config", "xdg@example.com")
    assert user_email(str(root)) == "xdg@example.com"
    configuration(home / ".gitconfig", "user@example.com")
    assert user_email(str(root)) == "user@example.com"
    config.write_text(f"{config.read_text()}[user]\n\temail = here@example.com\n")
    assert user_email(str(root)) == "here@example.com"
    assert user_email(str(home)) == "user@example.com"
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "now@example.com")
    assert user_email(str(root)) == "now@example.com"


def test_another_file_of_the_user_takes_the_place_of_theirs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configuration(home / ".gitconfig", "user@example.com")
    configuration(home / "other", "other@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "other"))
    assert user_email(str(home)) == "other@example.com"
