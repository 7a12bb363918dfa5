"""`catalogue:HOST[/PATTERN]`: the images of a registry (distribution specification, "Listing repositories" and "tags").

PATTERN is matched as a shell does with `REPOSITORY:TAG`, or with the repository alone if it has no colon.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from gate.core.errors import LimitError, UnreadableError, UsageError
from gate.core.lazy_regex import lazy_regex
from gate.core.web import pieces
from gate.images.access import Access
from gate.images.registry.addresses import own_repository
from gate.images.registry.client import NoSuchImageError, Request
from gate.images.registry.names import ImageName

_PAGE = 1_000
_MOST_PAGES = 10_000
_MAX_ANSWER = 16 << 20
_NEXT = lazy_regex(r'<[^>?]*\?(?P<query>[^>]*)>\s*;\s*rel="?next"?')
_HOST = lazy_regex(r"(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?")
_REPOSITORY = lazy_regex(r"[a-z0-9]+(?:[._/-]+[a-z0-9]+)*")
_TAG = lazy_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")


class CataloguePage(msgspec.Struct, frozen=True):
    """A page of a registry's repositories, or of a repository's tags."""

    repositories: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None


def targets(named: str, access: Access) -> Iterator[str]:
    """Yield the images that the login of `docker login` may read. Raises GateError."""
    host, _, pattern = named.partition("/")
    if not _HOST.fullmatch(host):
        raise UsageError("is no registry: write catalogue:HOST[/PATTERN]", path=named[:200])
    by_tag = ":" in pattern
    for page in _pages(host, "", "_catalog", access):
        for repository in page.repositories or ():
            if by_tag or fnmatchcase(repository, pattern or "*"):
                tagged = (f"{repository}:{tag}" for tag in _tags(host, repository, access))
                yield from (f"registry:{host}/{one}" for one in tagged if not by_tag or fnmatchcase(one, pattern))


def _tags(host: str, repository: str, access: Access) -> Iterator[str]:
    try:
        for page in _pages(host, repository, "tags/list", access):
            yield from page.tags or ()
    except NoSuchImageError:  # a registry lists a repository for as long as it has its folder
        return


def page_of(content: bytes, shown: str) -> CataloguePage:
    """Return a page of an answer. Raises UnreadableError for what is none, or lists something that is no name."""
    try:
        page = msgspec.json.decode(content, type=CataloguePage)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError("answers with something else than a list", path=shown) from error
    named = ((page.repositories, _REPOSITORY), (page.tags, _TAG))
    if not all(pattern.fullmatch(name) for names, pattern in named for name in names or ()):
        raise UnreadableError("lists something that is no image's name", path=shown)
    return page


def _pages(host: str, repository: str, name: str, access: Access) -> Iterator[CataloguePage]:
    asked = own_repository(ImageName(host=host, repository=repository, reference=""), access)
    asked.shown = f"{host}/{repository}".rstrip("/")
    query = f"n={_PAGE}"
    for _ in range(_MOST_PAGES):
        with asked.request(Request(name=name, query=query)) as response:
            content = b"".join(pieces(response, asked.shown, _MAX_ANSWER))
            following = _NEXT.search(response.headers.get("Link", ""))
        yield page_of(content, asked.shown)
        if following is None or following["query"] == query:
            return
        query = following["query"]
    raise LimitError(f"lists more than {_MOST_PAGES:,} pages", path=asked.shown)
