"""The report of the last run of a project, kept so that a fingerprint can be explained without running again.

It lies in the cache and bears this machine's mark: what it says is acted upon (`gate waive`, `gate fix`).
"""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

from gate.core.cache import Cache
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import UsageError
from gate.model import Report

_KEPT = "the report that is kept of the last run"


def _name(root: str) -> str:
    digest = hashlib.sha256(str(Path(root).resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return f"reports/{digest}"


def keep(report: Report, root: str) -> None:
    """Keep `report` as the last one of the project in `root`, which was judged from the current folder.

    A cache that cannot be written to keeps nothing: the verdict does not depend on it.
    """
    from gate.reports.json import write

    content = io.StringIO()
    write(report, content)
    kept = Cache(user_cache_folder())
    kept.write(f"{_name(root)}.json", content.getvalue().encode("utf-8", "backslashreplace"))
    kept.write(f"{_name(str(Path.cwd()))}.project", root.encode("utf-8", "surrogateescape"))


def text_of(root: str, key: bytes, laid_out: Callable[[], str]) -> str:
    """Return what the last run of the project in `root` printed, if `key` is the same; else lay it out, and keep it."""
    cache, name = Cache(user_cache_folder()), f"{_name(root)}.text"
    kept = cache.read(name)
    if kept is not None and kept.startswith(key):
        return kept[len(key) :].decode("utf-8", "surrogatepass")
    text = laid_out()
    cache.write(name, key + text.encode("utf-8", "surrogatepass"))
    return text


def last_root() -> str:
    """Return the root of the project that was judged last from the current folder; else of that which it is in."""
    from gate.app.roots import current_root

    judged = Cache(user_cache_folder()).read(f"{_name(str(Path.cwd()))}.project")
    return current_root() if judged is None else judged.decode("utf-8", "surrogateescape")


def last_report(root: str) -> Report:
    """Return the report of the last run. Raises UsageError if none is kept."""
    from gate.reports.reading import parse_report

    content = Cache(user_cache_folder()).read(f"{_name(root)}.json")
    if content is None:
        raise UsageError(
            "there is no stored run of this project", hint="Run `gate run` first, or name a report: --from FILE"
        )
    return parse_report(content, _KEPT)


def has_last_report(root: str) -> bool:
    """True if the report of a run of the project in `root` is kept."""
    return Cache(user_cache_folder()).read(f"{_name(root)}.json") is not None
