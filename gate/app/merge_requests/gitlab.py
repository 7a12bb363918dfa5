"""A merge request on GitLab (docs.gitlab.com, "Notes API")."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

import msgspec

from gate.app.merge_requests import RequestComment
from gate.app.merge_requests.api import Api
from gate.core.errors import UsageError

_HINT = (
    "A job's own token may not write notes in every GitLab: give a project access token with the scope `api` "
    "in the masked variable GITLAB_TOKEN"
)


class _User(msgspec.Struct, frozen=True):
    username: str


class _Job(msgspec.Struct, frozen=True):
    user: _User


class _Note(msgspec.Struct, frozen=True):
    id: int
    author: _User
    body: str = ""
    system: bool = False


def merge_request_of(environment: Mapping[str, str]) -> "MergeRequest | None":
    """Return the merge request that a pipeline runs for; None if it runs for none. Raises UsageError."""
    number = environment.get("CI_MERGE_REQUEST_IID", "")
    if not number:
        return None
    location, project = environment.get("CI_API_V4_URL", ""), environment.get("CI_PROJECT_ID", "")
    if not location or not project or not number.isdecimal():
        raise UsageError("CI_API_V4_URL, CI_PROJECT_ID and CI_MERGE_REQUEST_IID name no merge request")
    if token := environment.get("GITLAB_TOKEN", ""):
        return MergeRequest(Api(location, {"PRIVATE-TOKEN": token}, _HINT), project, number, is_job=False)
    if token := environment.get("CI_JOB_TOKEN", ""):
        return MergeRequest(Api(location, {"JOB-TOKEN": token}, _HINT), project, number, is_job=True)
    raise UsageError("there is no token in GITLAB_TOKEN or CI_JOB_TOKEN", hint=_HINT)


class MergeRequest:
    """The notes of a merge request."""

    def __init__(self, api: Api, project: str, number: str, *, is_job: bool) -> None:
        self.name = f"{project}!{number}"
        self._api = api
        self._is_job = is_job
        self._thread = f"projects/{quote(project, safe='')}/merge_requests/{number}/notes"

    def comments(self) -> Iterator[RequestComment]:
        own = self._own_name()
        for note in self._api.pages(self._thread, _Note, sort="asc", order_by="created_at"):
            if not note.system:
                yield RequestComment(note.id, note.body, note.author.username == own)

    def add(self, text: str) -> None:
        self._api.write("POST", self._thread, {"body": text})

    def change(self, comment: RequestComment, text: str) -> None:
        self._api.write("PUT", f"{self._thread}/{comment.id}", {"body": text})

    def _own_name(self) -> str:
        if self._is_job:
            return self._api.read("job", _Job).user.username
        return self._api.read("user", _User).username
