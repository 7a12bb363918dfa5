"""What the broker's answers to a worker follow from, for results that are kept from run to run."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from gate.git import Repository
from gate.git.locate import find_place
from gate.pipeline.jobs import World
from gate.trees.state import stamp_of, stamps_below

TELLS_CONTENTS = frozenset(
    f"git:{command}" for command in ("index", "index with tags", "changed files", "converted files")
)
"""Calls that say of every file what it holds, or whether it was changed: a result then rests on all of them."""
SAME_AGAIN = TELLS_CONTENTS | {
    *("cache.code", "cache.keep", "cache.known", "cache.own_code", "cache.read", "cache.write"),
    *("cache.seal", "cache.unseal", "end", "file", "git", "advisories.index", "advisories.scores"),
    "helm.template",
    *("shellcheck.version", "shellcheck.remarks", "zizmor.version", "zizmor.remarks"),
    *("git:files", "git:states", "git:is ignored"),
    *("git:contents", "git:contents one by one"),
    *("git:changed names", "git:leaves", "git:entries", "git:sizes", "git:sizes one by one", "git:line"),
}
"""Calls whose answers follow from the rest: from contents, ids, or the program that another call has found."""


def _remotes(root: str, world: World) -> str:
    repository = Repository.find(root)
    return msgspec.json.encode(repository.remotes).decode() if repository else ""


def _refs(root: str, world: World) -> str:
    """Return the stamps of all that gives commits a name, HEAD among them, and of where a shallow clone ends."""
    place = find_place(root)
    if place is None:
        return ""
    files = [os.path.join(place.git_dir, "HEAD")]
    files += [os.path.join(place.common_dir, name) for name in ("packed-refs", "shallow", "refs", "reftable")]
    return "\0".join(map(stamps_below, files))


def _shellcheck(root: str, world: World) -> str:
    from gate.dockerfile.shellcheck_program import find_shellcheck

    return _program(find_shellcheck())


def _zizmor(root: str, world: World) -> str:
    from gate.ci.zizmor_program import find_zizmor

    return _program(find_zizmor())


def _helm(root: str, world: World) -> str:
    from gate.kubernetes.helm.helm_program import find_helm

    return _program(find_helm())


def _program(path: str | None) -> str:
    return f"{path} {stamp_of('/', os.path.realpath(path))}" if path else ""


def _end_of_life(root: str, world: World) -> str:
    from gate.advisories.dates_in_force import kept_dates

    kept = kept_dates(world.settings, world.trust, Path(world.cache_folder), world.now)
    return f"{kept} {stamp_of('/', kept.path) if kept.path else ''}"


def _advisories(root: str, world: World) -> str:
    """Return what the source holds on this machine; something else each time where it would be asked for news."""
    from gate.advisories.places import folder_named, folder_of

    source, cache = world.settings.advisories.source, Path(world.cache_folder) / "advisories"
    if source.startswith("wheel:"):
        return world.now.isoformat()
    if not source.startswith(("http:", "https:")):
        return stamps_below(str(folder_named(source)))
    from gate.advisories.remote import AdvisoryBucket, is_current  # what downloads, and much below it

    held = AdvisoryBucket(world.settings, world.trust, cache, world.now).holdings()
    if not all(is_current(one.checked, world.settings, world.now) for one in held):
        return world.now.isoformat()
    return stamps_below(str(folder_of(source, cache)))


CHECKED_AGAIN: dict[str, Callable[[str, World], str]] = {
    "advisories": _advisories,
    "end_of_life": _end_of_life,
    "git.remotes": _remotes,
    "git:changes": _refs,
    "git:changes with folders": _refs,
    "git:commits": _refs,
    "git:names": _refs,
    "helm.find": _helm,
    "shellcheck.find": _shellcheck,
    "zizmor.find": _zizmor,
}
"""By call of the broker: what its answer follows from, as text, for a target below a root. Other calls keep a result
from being kept."""
