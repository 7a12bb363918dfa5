"""How git fetches a policy: what stands on its command line, and what of the user's it may use."""

import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from gate.core.errors import GateError
from gate.core.hosts import Reach
from gate.policy.fetching import fetch_from_git

COMMIT = "1" * 40
TOKEN = "correct-horse-battery"


class Git:
    """Stands in for git: notes how it is started."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.environments: list[dict[str, str]] = []

    def run(self, command: list[str], *, env: dict[str, str], **_: object) -> "subprocess.CompletedProcess[bytes]":
        self.commands.append(command)
        self.environments.append(env)
        return subprocess.CompletedProcess(command, 0, b"5", b"")

    def settings(self) -> dict[str, str]:
        """Return the configuration that the last command got in its environment."""
        given = self.environments[-1]
        numbers = range(int(given["GIT_CONFIG_COUNT"]))
        return {given[f"GIT_CONFIG_KEY_{number}"]: given[f"GIT_CONFIG_VALUE_{number}"] for number in numbers}


@pytest.fixture
def git(monkeypatch: pytest.MonkeyPatch) -> Git:
    stand_in = Git()
    monkeypatch.setattr("gate.policy.fetching.subprocess.run", stand_in.run)
    return stand_in


def test_a_token_in_an_address_is_on_no_command_line(git: Git) -> None:
    fetch_from_git(f"https://user:{TOKEN}@git.example.com/p.git", COMMIT, "p.yaml", "p")
    assert TOKEN not in str(git.commands)
    assert any(command[-2:] == ["https://git.example.com/p.git", COMMIT] for command in git.commands)
    settings = git.settings()
    assert settings["http.https://git.example.com/.extraHeader"].startswith("Authorization: Basic ")
    assert settings["http.followRedirects"] == "false"


def test_no_login_of_an_address_is_sent_without_tls(git: Git) -> None:
    with pytest.raises(GateError, match="no login is sent without TLS"):
        fetch_from_git(f"http://user:{TOKEN}@git.example.com/p.git", COMMIT, "p.yaml", "p")
    assert not any("git.example.com" in word for command in git.commands for word in command)


def test_a_user_of_ssh_stays_in_the_address(git: Git) -> None:
    fetch_from_git("ssh://git@git.example.com/p.git", COMMIT, "p.yaml", "p")
    assert any("ssh://git@git.example.com/p.git" in command for command in git.commands)


def test_what_a_repository_names_gets_nothing_of_the_users(
    git: Git, monkeypatch: pytest.MonkeyPatch, resolves: Callable[[str], None]
) -> None:
    resolves("93.184.216.34")
    for name, value in {"SSH_AUTH_SOCK": "/run/agent", "NETRC": "/home/me/netrc", "GIT_SSH_COMMAND": "own"}.items():
        monkeypatch.setenv(name, value)
    fetch_from_git("https://git.example.com/p.git", COMMIT, "p.yaml", "p", Reach(is_of_repository=True))
    given = git.environments[-1]
    assert not {"SSH_AUTH_SOCK", "NETRC", "GIT_SSH_COMMAND"} & given.keys()
    assert given["GIT_ALLOW_PROTOCOL"] == "https"
    assert given["GIT_CONFIG_GLOBAL"] == "/dev/null"
    assert given["HOME"].startswith("/tmp")
    assert git.settings()["http.curloptResolve"] == "git.example.com:443:93.184.216.34"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "fd00::1"])
def test_what_a_repository_names_is_not_asked_inside(git: Git, resolves: Callable[[str], None], address: str) -> None:
    resolves(address)
    with pytest.raises(GateError, match="is not asked"):
        fetch_from_git("https://git.example.com/p.git", COMMIT, "p.yaml", "p", Reach(is_of_repository=True))
    assert git.commands == []


@pytest.mark.parametrize(
    "address", ["/srv/p.git", "file:///srv/p.git", "ssh://git@a/p", "git@a:p", "http://a/p", "ext::sh -c x", "p.git"]
)
def test_what_a_repository_names_is_fetched_over_https_alone(git: Git, address: str) -> None:
    with pytest.raises(GateError, match="is not asked"):
        fetch_from_git(address, COMMIT, "p.yaml", "p", Reach(is_of_repository=True))
    assert git.commands == []


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that says which address every host has."""

    def resolve(address: str) -> None:
        def look_up(_host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
            return [(2, 1, 6, "", (address, port))]

        monkeypatch.setattr("gate.core.web_session.socket.getaddrinfo", look_up)

    return resolve
