"""Commits of git repositories in the URLs of lockfiles; advisories are matched by commit too.

git+https://host/owner/name.git?branch=main#COMMIT      Cargo, npm, uv, Poetry
git+ssh://git@host/owner/name@COMMIT#egg=name           pip
https://host/owner/name.git#commit=COMMIT               Yarn 2 and later
https://codeload.github.com/owner/name/tar.gz/COMMIT    npm, Yarn 1, pnpm
github:owner/name#COMMIT                                npm, Bun
"""

import re

import msgspec

_ID = r"[0-9a-f]{64}|[0-9a-f]{40}"
_WHOLE_ID = re.compile(_ID)
_IN_ADDRESS = re.compile(
    rf"(?P<repository>(?:git\+|git:|git@|ssh:|github:|gitlab:|bitbucket:)[^#?]+?|[^#?]+\.git)"
    rf"(?:@(?P<pip>{_ID})(?:[#?].*)?|(?:\?[^#]*)?#(?:commit=)?(?P<id>{_ID})(?:&.*)?)"
)
_ARCHIVE = re.compile(
    rf"https://(?:codeload\.(?P<short>github\.com)|(?P<host>gitlab\.com|bitbucket\.org|github\.com))"
    rf"/(?P<path>[^/]+/[^/]+)/(?:legacy\.)?(?:tar\.gz|zip|archive|get)/(?P<id>{_ID})(?:\.(?:tar\.gz|zip))?"
)
_ZIPBALL = re.compile(rf"https://api\.github\.com/repos/(?P<path>[^/]+/[^/]+)/(?:zipball|tarball)/(?P<id>{_ID})")
_HOSTS = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}
_REPOSITORY = re.compile(r"[\w.-]+(?::[0-9]+)?(?:/[\w.~+-]+)+", re.ASCII)


class Commit(msgspec.Struct, frozen=True):
    """A commit of a repository that others can fetch from."""

    repository: str
    """`host/owner/name`, in lower case."""
    id: str
    """All 40 or 64 hexadecimal digits."""


def repository(location: str) -> str:
    """Return `host/owner/name` of a repository's address, which may be HTTPS, SSH or `git@host:owner/name`."""
    _, scheme, rest = location.rpartition("://")
    rest = rest.rpartition("@")[2] if "@" in rest.partition("/")[0] else rest
    if not scheme:
        rest = rest.replace(":", "/", 1)
    return rest.rstrip("/").removesuffix(".git")


def commit_of(location: str, id: str | None) -> Commit | None:
    """Return the commit `id` of the repository at `location`; None for a short id or an incomplete location."""
    host, _, path = location.partition(":")
    name = repository(f"{_HOSTS[host]}/{path}" if host in _HOSTS else location).lower()
    if id is None or not _WHOLE_ID.fullmatch(id) or len(name) > 300 or not _REPOSITORY.fullmatch(name):
        return None
    return Commit(name, id)


def commit_in(address: str) -> Commit | None:
    """Return the commit that a URL names; None if it names none, or only a short id."""
    archive = _ARCHIVE.fullmatch(address)
    if archive:
        return commit_of(f"{archive['short'] or archive['host']}/{archive['path']}", archive["id"])
    found = _IN_ADDRESS.fullmatch(address)
    return commit_of(found["repository"].removeprefix("git+"), found["pip"] or found["id"]) if found else None


def commit_of_archive(address: str) -> Commit | None:
    """Return the commit that an archive of GitHub's API is made of, as Composer fetches them; None for any other."""
    found = _ZIPBALL.fullmatch(address)
    return commit_of(f"github.com/{found['path']}", found["id"]) if found else commit_in(address)
