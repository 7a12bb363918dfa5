"""The login for a host: from the environment or the netrc file, for that host alone.

    GATE_TOKEN_git_example_com     for git.example.com: a dot or colon is `_`, a hyphen `__` (as Terraform names such)
    GITHUB_TOKEN, GITLAB_TOKEN     for github.com and gitlab.com

The value is a token, or `USER:TOKEN` where the server asks for a certain user.
"""

import os
from collections.abc import Mapping

from gate.core.hosts import USER_REACH
from gate.core.logins import Login, netrc_login

_PREFIX = "GATE_TOKEN_"
_KNOWN = {"github.com": "GITHUB_TOKEN", "gitlab.com": "GITLAB_TOKEN"}
WEBHOOK_LOGIN = "GATE_FLEET_WEBHOOK_TOKEN"
"""The variable with the token that notices for owners are sent with."""
_ANY_USER = "x-access-token"
"""GitHub asks for this user before an installation's token, and GitLab takes any."""


def login_for(origin: str) -> Login | None:
    """Return the login for scheme and host (`https://git.example.com`); None if there is none."""
    host = origin.partition("://")[2]
    value = os.environ.get(variable_of(host)) or os.environ.get(_KNOWN.get(host, ""), "")
    if not value:
        return netrc_login(origin, USER_REACH)
    user, separator, token = value.partition(":")
    return Login(user, token) if separator else Login(_ANY_USER, value)


def variable_of(host: str) -> str:
    """Return the name of the variable with the token for a host (`git.example.com`, `localhost:8443`)."""
    return _PREFIX + host.replace("-", "__").replace(".", "_").replace(":", "_")


def without_logins(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without the variables that hold a login for a host, or the token for the webhook."""
    hidden = {*_KNOWN.values(), WEBHOOK_LOGIN}
    return {name: value for name, value in environment.items() if not (name.startswith(_PREFIX) or name in hidden)}
