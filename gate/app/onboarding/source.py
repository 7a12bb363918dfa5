"""Where CI systems get the gate from: the address of its repository and a commit or tag, never a placeholder."""

import json
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution

import msgspec

from gate import __version__
from gate.core.errors import UsageError

DISTRIBUTION = "security-gate"
_URL_LABEL = "repository"
"""Label of the project URL (`project.urls` in pyproject.toml) that is the address, in lower case."""
_OPTION = "--source https://HOST/PATH@COMMIT"
_HOST = r"[\w.-]+(?::\d+)?"
_PATH = r"[\w.-]+(?:/[\w.-]+)+"
_ADDRESS = re.compile(rf"(?:https://|ssh://git@|git@)(?P<host>{_HOST})[/:](?P<path>{_PATH})/?", re.ASCII)
_REVISION = re.compile(r"[\w.-]+(?:/[\w.-]+)*", re.ASCII)


class GateSource(msgspec.Struct, frozen=True):
    """A repository of the gate at a revision."""

    host: str
    path: str
    """Path on the host without `.git`, such as `OWNER/NAME`."""
    revision: str
    """Commit or tag."""

    @property
    def package(self) -> str:
        """What pip installs."""
        return f"git+https://{self.host}/{self.path}@{self.revision}"


def parse_source(text: str) -> GateSource:
    """Return the source that `ADDRESS@REVISION` names. Raises UsageError for anything else."""
    address, _, revision = text.rpartition("@")
    source = _source(address, revision)
    if source is None:
        raise UsageError(f"not the address of a repository at a commit or tag: {text!r}", hint=f"As in {_OPTION}")
    return source


def installed_source() -> GateSource | None:
    """Return where this installation comes from: what pip fetched it from (PEP 610), else the package's metadata.

    None where neither names a repository: a wheel, a checkout.
    """
    try:
        package = distribution(DISTRIBUTION)
    except PackageNotFoundError:
        return None
    return fetched_from(package.read_text("direct_url.json")) or named_in(package.metadata.get_all("Project-URL") or ())


def fetched_from(record: str | None) -> GateSource | None:
    """Return the repository and commit of pip's `direct_url.json`; None if it was installed from something else."""
    try:
        read = json.loads(record or "{}")
        return _source(str(read["url"]), str(read["vcs_info"]["commit_id"]))
    except (ValueError, LookupError, TypeError):
        return None


def named_in(urls: Iterable[str]) -> GateSource | None:
    """Return the repository among a package's project URLs (`LABEL, URL`), at the tag of this version."""
    for url in urls:
        label, _, address = url.partition(",")
        if label.strip().lower() == _URL_LABEL:
            return _source(address.strip(), f"v{__version__}")
    return None


def _source(address: str, revision: str) -> GateSource | None:
    found = _ADDRESS.fullmatch(address.removeprefix("git+"))
    if found is None or not _REVISION.fullmatch(revision):
        return None
    return GateSource(host=found["host"], path=found["path"].removesuffix(".git"), revision=revision)
