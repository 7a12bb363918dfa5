"""Notices to a webhook: one for each owner, as JSON with a text that chat programs show.

Who starts the gate names the address (a flag or the environment), never a repository. What is sent is bounded, and a
login in the address or a token goes to its host alone.
"""

from collections.abc import Iterator, Mapping

import msgspec

from gate.core.errors import GateError
from gate.core.json_text import json_bytes
from gate.core.logins import check_transport
from gate.core.text import without_credentials
from gate.core.web import Web, expect
from gate.fleet.nightly import Night
from gate.fleet.notices import NO_OWNER, by_owner, markdown_of
from gate.fleet.rejudge import JudgementChange

MOST_OWNERS = 200
"""Owners that get a notice of their own; one notice says what is left."""
MOST_CHANGES = 100
"""Changes that one notice lists."""
MOST_CHARACTERS = 8_000
"""Characters of a notice's text: chat programs refuse longer ones."""


class OwnerNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent for one owner."""

    owner: str
    text: str
    """Markdown."""
    changes: tuple[JudgementChange, ...]
    more: int = 0
    """Changes that are not listed."""


def notices_of(night: Night) -> Iterator[OwnerNotice]:
    """Yield a notice for each owner of what changed, and one that says what is left beyond MOST_OWNERS."""
    grouped = by_owner(night.judgement.changes)
    owners = sorted(grouped)
    for owner in owners[:MOST_OWNERS]:
        yield _notice(owner, grouped[owner])
    if left := owners[MOST_OWNERS:]:
        every = {change for owner in left for change in grouped[owner]}
        text = f"{len(every):,} more targets of {len(left):,} owners changed: gate fleet rejudge lists them"
        yield OwnerNotice(owner=NO_OWNER, text=text, changes=(), more=len(every))


def send(night: Night, address: str, token: str = "") -> int:
    """Send the notices, and return how many they are. Raises GateError at the first that cannot be sent."""
    shown = without_credentials(address)
    headers: dict[str, str] = {"Content-Type": "application/json"}
    if token:
        check_transport(address)
        headers["Authorization"] = f"Bearer {token}"
    location, _, name = address.rpartition("/")
    web, sent = Web(location, follows=False), 0
    for notice in notices_of(night):
        _post(web, name, headers, notice, shown)
        sent += 1
    return sent


def _post(web: Web, name: str, headers: Mapping[str, str], notice: OwnerNotice, shown: str) -> None:
    path, _, query = name.partition("?")
    try:
        with web.ask(path, headers, method="POST", query=query, body=json_bytes(msgspec.to_builtins(notice))) as answer:
            expect(answer, "the webhook", 200, 201, 202, 204)
    except GateError as error:
        hint = "What changed is in the output; it is not sent again"
        raise GateError(f"a notice could not be sent ({error.message})", path=shown, hint=hint) from error


def _notice(owner: str, changes: list[JudgementChange]) -> OwnerNotice:
    listed = changes[:MOST_CHANGES]
    text = "\n".join(markdown_of(listed))
    if len(text) > MOST_CHARACTERS:
        text = f"{text[: MOST_CHARACTERS - 2]}\n…"
    return OwnerNotice(owner=owner, text=text, changes=tuple(listed), more=len(changes) - len(listed))
