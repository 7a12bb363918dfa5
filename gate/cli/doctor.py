"""Say what is installed, reachable, kept and isolated, and which stages would run here and why not."""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate import __version__
from gate.cli.checks import Check
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import GateError
from gate.core.machine_key import check_key
from gate.declarations import DECLARED
from gate.model import Isolation, Trust
from gate.pipeline.isolation.sealing import possible
from gate.settings import Settings

if TYPE_CHECKING:
    from gate.advisories.status import HoldingStatus
    from gate.app.onboarding.look import RepositoryOverview

_OPTIONAL = ("hyperscan", "isal", "zstandard", "yara_x", "sigstore", "oras", "cel_expr_python")
"""Optional modules, without which the gate does less or is slower."""
_PROGRAMS = ("git", "docker", "podman", "shellcheck", "strace", "zizmor")
_MOST_HELD = 6
"""Files of advisories that are named one by one."""
_HOUR_S, _DAY_S = 3600, 86400
_MARKS = {True: "ok", False: "--", None: "??"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `gate doctor`."""
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")


def run(options: argparse.Namespace) -> int:
    """Print what there is; return 0, 3 if a run here would be incomplete, or 2 if the settings are wrong."""
    from gate.app.project import own_settings
    from gate.app.roots import current_root

    root = current_root()
    settings, trust = own_settings(root)
    lines = list(look(settings, trust, root))
    if options.format == "json":
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(lines), indent=2).decode() + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _shown(lines))
    return 3 if any(line.is_needed and line.is_well is False for line in lines) else 0


def look(settings: Settings, trust: Trust, root: str) -> Iterator[Check]:
    """Yield all that is known of this machine and of the project in `root`; nothing is asked over the network."""
    from gate.cli.doctor_project import of_project, overview

    seen = overview(root)
    yield from _installed()
    yield from _isolated(possible(), is_needed=settings.isolation == "required")
    yield from _kept(settings, trust)
    yield _advisories(settings, trust, is_needed=settings.offline and bool(seen and seen.lockfiles))
    yield _daemon(settings)
    yield from of_project(settings, root, seen)
    yield from _stages(settings, seen)


def _installed() -> Iterator[Check]:
    from importlib.util import find_spec

    yield Check(about="installed", name="gate", is_well=True, text=__version__)
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check(about="installed", name="python", is_well=True, text=f"{version} ({sys.executable})")
    for name in _OPTIONAL:
        is_there = find_spec(name) is not None
        yield Check(about="installed", name=name, is_well=is_there, text="" if is_there else "not installed")
    for name in _PROGRAMS:
        place = _program(name)
        is_needed = name == "git"  # without which no ignore rule of a working tree is known
        yield Check(
            about="installed", name=name, is_well=place is not None, text=place or "not installed", is_needed=is_needed
        )
    yield _byte_code(Path(__file__).parent.parent)


def _byte_code(package: Path) -> Check:
    """Look for compiled modules where workers find them: they can write none, and read no other folder."""
    from importlib.util import cache_from_source

    missing = sum(not Path(cache_from_source(str(module))).exists() for module in package.rglob("*.py"))
    text = (
        f"{missing} modules have none, so each worker compiles them: python -m compileall {package}" if missing else ""
    )
    if sys.pycache_prefix:
        text = "kept in another folder (PYTHONPYCACHEPREFIX), which workers cannot read: each compiles what it imports"
    return Check(about="installed", name="byte code", is_well=not text, text=text)


def _program(name: str) -> str | None:
    if name == "shellcheck":
        from gate.dockerfile.shellcheck_program import find_shellcheck

        return find_shellcheck()
    if name == "zizmor":
        from gate.ci.zizmor_program import find_zizmor

        return find_zizmor()
    return shutil.which(name)


def _isolated(kept: Isolation, *, is_needed: bool) -> Iterator[Check]:
    why = {
        "network": "workers can open connections: no seccomp filter for this system",
        "files": "workers can read all files of this user: no Landlock",
        "programs": "workers can start programs: no seccomp filter for this system",
    }
    for name, text in why.items():
        is_kept = bool(getattr(kept, name))
        yield Check(about="isolated", name=name, is_well=is_kept, text="" if is_kept else text, is_needed=is_needed)


def _kept(settings: Settings, trust: Trust) -> Iterator[Check]:
    cache = user_cache_folder()
    yield Check(about="kept", name="cache", is_well=_is_writable(cache), text=str(cache))
    yield _said("kept", "key of the cache", lambda: check_key(cache))
    yield _end_of_life(settings, trust, cache)


def _end_of_life(settings: Settings, trust: Trust, cache: Path) -> Check:
    from gate.advisories.dates_in_force import dates_of

    dates = dates_of(settings, trust, cache, datetime.now(UTC))
    is_well = not (dates.is_old or dates.errors)
    return Check(about="kept", name="end-of-life dates", is_well=is_well, text=dates.fact)


def _is_writable(folder: Path) -> bool:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return os.access(there, os.W_OK)


def _said(about: str, name: str, look: Callable[[], object]) -> Check:
    try:
        look()
    except GateError as error:
        return Check(about=about, name=name, is_well=False, text=str(error))
    return Check(about=about, name=name, is_well=True)


def _advisories(settings: Settings, trust: Trust, *, is_needed: bool) -> Check:
    """Say how old what is here is; without a network a run of a project with packages needs it."""
    from gate.advisories.status import status_of

    try:
        status = status_of(settings, trust, user_cache_folder() / "advisories", datetime.now(UTC))
    except GateError as error:
        return Check(about="kept", name="advisories", is_well=False, text=str(error), is_needed=is_needed)
    text = f"{status.source}: {_all_held(status.holdings) or 'nothing is on this machine yet (gate db update)'}"
    return Check(about="kept", name="advisories", is_well=status.is_usable, text=text, is_needed=is_needed)


def _all_held(holdings: Sequence["HoldingStatus"]) -> str:
    """Say how old each is; of many only those that are too old, or the oldest."""
    if len(holdings) <= _MOST_HELD:
        return ", ".join(map(_held, holdings))
    shown = [one for one in holdings if one.is_too_old] or [max(holdings, key=lambda one: one.age_s)]
    more = f" and {len(shown) - _MOST_HELD:,} more" if len(shown) > _MOST_HELD else ""
    return f"{len(holdings):,} files, the oldest: {', '.join(map(_held, shown[:_MOST_HELD]))}{more}"


def _held(one: "HoldingStatus") -> str:
    age = f"{one.age_s // _DAY_S} days" if one.age_s >= 2 * _DAY_S else f"{one.age_s // _HOUR_S} hours"
    return f"{one.name} {age} old{' (too old: gate db update)' if one.is_too_old else ''}"


def _daemon(settings: Settings) -> Check:
    is_needed = any(image.ref.startswith("docker:") for image in settings.images)
    named = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    place = named.removeprefix("unix://")
    if place == named:
        return Check(
            about="reachable", name="docker", is_well=None, text=f"{named.partition('@')[2] or named}, not asked"
        )
    is_there = os.access(place, os.R_OK | os.W_OK)
    return Check(
        about="reachable",
        name="docker",
        is_well=is_there,
        text=place if is_there else f"no access to {place}",
        is_needed=is_needed,
    )


def _stages(settings: Settings, seen: "RepositoryOverview | None") -> Iterator[Check]:
    from gate.cli.doctor_project import nothing_to_look_at
    from gate.stages import STAGES

    for name in STAGES:
        why = _why_not(name, settings)
        yield Check(about="stages", name=name, is_well=not why, text=why or nothing_to_look_at(name, seen))
    for name in settings.plugin_stages:
        yield _said("stages", name, lambda name=name: _load(name))  # type: ignore[misc]


def _load(name: str) -> object:
    from gate.stages import load_stage

    return load_stage(name)


def _why_not(name: str, settings: Settings) -> str:
    if settings.isolation == "required" and not possible().is_whole:
        return "workers cannot be isolated here, and the settings require it"
    if not settings.stage(name).enabled:
        return "switched off by the settings"
    stage = DECLARED[name]
    if stage.needs and not any(getattr(settings, key) for key in stage.needs):
        return stage.without
    if stage.permission and not _is_allowed(stage.permission, settings):
        return f"its programs are not allowed: --allow {stage.permission}"
    return ""


def _is_allowed(permission: str, settings: Settings) -> bool:
    return permission in settings.allow or getattr(settings, f"allow_{permission}", False)


def _shown(lines: list[Check]) -> Iterator[str]:
    about = ""
    for line in lines:
        if line.about != about:
            about = line.about
            yield about
        yield f"  {_MARKS[line.is_well]}  {line.name}{f': {line.text}' if line.text else ''}"
