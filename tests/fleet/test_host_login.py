"""Logins for hosts: each from its own variable, and none for what judges a target."""

import pytest

from gate.fleet.host_login import login_for, variable_of, without_logins


def test_a_host_has_its_own_variable(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("NETRC", str(tmp_path_factory.mktemp("home") / "none"))
    monkeypatch.setenv(variable_of("git.example.com"), "ada:t")
    login = login_for("https://git.example.com")
    assert login is not None
    assert (login.user, login.password) == ("ada", "t")
    assert login_for("https://git.example.org") is None


def test_what_judges_a_target_gets_none_of_the_tokens() -> None:
    kept = {"PATH": "/bin", "GATE_STORE": "store"}
    names = ("GATE_TOKEN_git_example_com", "GITHUB_TOKEN", "GITLAB_TOKEN", "GATE_FLEET_WEBHOOK_TOKEN")
    assert without_logins(kept | dict.fromkeys(names, "t")) == kept
