"""A pull request on GitHub (docs.github.com, "REST API endpoints for issue comments")."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from gate.app.merge_requests import RequestComment
from gate.app.merge_requests.api import Api
from gate.core.errors import GateError, UsageError

_API = "https://api.github.com"
_HINT = (
    "The job needs `permissions: pull-requests: write` and the token in the environment: "
    "`GITHUB_TOKEN: ${{ github.token }}`. In a pull request from a fork the token may only read"
)
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_MAX_EVENT = 32 << 20


class _Numbered(msgspec.Struct, frozen=True):
    number: int


class _Event(msgspec.Struct, frozen=True):
    """The event that started the workflow; only the fields that are needed here."""

    pull_request: _Numbered | None = None


class _User(msgspec.Struct, frozen=True):
    login: str
    type: str = "User"


class _Comment(msgspec.Struct, frozen=True):
    id: int
    body: str | None = None
    user: _User | None = None


def pull_request_of(environment: Mapping[str, str]) -> "PullRequest | None":
    """Return the pull request that a workflow runs for; None if it runs for none. Raises UsageError."""
    number = _number(environment.get("GITHUB_EVENT_PATH", ""))
    if number is None:
        return None
    repository, token = environment.get("GITHUB_REPOSITORY", ""), environment.get("GITHUB_TOKEN", "")
    if not _REPOSITORY.fullmatch(repository):
        raise UsageError("GITHUB_REPOSITORY does not name a repository", hint="It is set by GitHub Actions")
    if not token:
        raise UsageError("there is no token in GITHUB_TOKEN", hint=_HINT)
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
    return PullRequest(Api(environment.get("GITHUB_API_URL") or _API, headers, _HINT), repository, number)


def _number(event_path: str) -> int | None:
    if not event_path:
        return None
    try:
        with Path(event_path).open("rb") as file:
            event = msgspec.json.decode(file.read(_MAX_EVENT), type=_Event)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError("the event cannot be read", path=event_path, hint="It is written by GitHub Actions") from error
    return event.pull_request.number if event.pull_request else None


class PullRequest:
    """The comments of a pull request."""

    def __init__(self, api: Api, repository: str, number: int) -> None:
        self.name = f"{repository}#{number}"
        self._api = api
        self._repository = repository
        self._thread = f"repos/{repository}/issues/{number}/comments"

    def comments(self) -> Iterator[RequestComment]:
        login = self._own_login()
        for one in self._api.pages(self._thread, _Comment):
            yield RequestComment(one.id, one.body or "", one.user is not None and _is_own(one.user, login))

    def add(self, text: str) -> None:
        self._api.write("POST", self._thread, {"body": text})

    def change(self, comment: RequestComment, text: str) -> None:
        self._api.write("PATCH", f"repos/{self._repository}/issues/comments/{comment.id}", {"body": text})

    def _own_login(self) -> str | None:
        """Return the account that the token belongs to; None for a workflow's token, which may not ask for it."""
        try:
            return self._api.read("user", _User).login
        except GateError:
            return None


def _is_own(user: _User, login: str | None) -> bool:
    """True for a comment of our account. A workflow's token writes as a bot, and people cannot."""
    return user.type == "Bot" if login is None else user.login == login
