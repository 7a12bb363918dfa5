"""Look at the repository, propose settings, CI files and the hook, and write them after consent."""

import argparse
import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gate.cli.consent import is_wanted
from gate.cli.saying import confirm
from gate.core.errors import GateError, UnreadableError
from gate.core.safe_write import write_below
from gate.core.text import visible

if TYPE_CHECKING:
    from gate.app.hooks.install import HookFile


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate init`."""
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if something is missing")
    parser.add_argument(
        "--source",
        metavar="ADDRESS@COMMIT",
        help="repository that CI systems get the gate from, at a commit or tag (default: this installation's if known)",
    )
    parser.add_argument("--no-hook", action="store_true", help="leave git's hooks alone")


def run(options: argparse.Namespace) -> int:
    """Show what is missing and write it if that is wanted; what exists is never changed."""
    from gate.app.onboarding.files import left_to_do, owners_to_add, proposed
    from gate.app.onboarding.look import look
    from gate.app.onboarding.source import installed_source, parse_source
    from gate.app.roots import current_root

    root = Path(current_root())
    seen = look(str(root))
    source = parse_source(options.source) if options.source else installed_source()
    files = proposed(seen, source)
    hook = _missing_hook(root) if seen.is_repository and not options.no_hook else None
    print(
        "\n".join([*_diff(files), *_proposal(hook), *left_to_do(seen, source), *owners_to_add(seen)])
        or "Nothing is missing."
    )
    if not files and hook is None:
        return 0
    if options.check:
        return 1
    if is_wanted("Write this?", yes=options.yes):
        _write(root, files, hook)
        for line in _next(root, files):
            confirm(line)
    return 0


def _missing_hook(root: Path) -> "HookFile | None":
    from gate.app.hooks.install import find_hook

    hook = find_hook(root)
    return None if hook.is_ours else hook


def _diff(files: Mapping[str, str]) -> Iterator[str]:
    from gate.app.onboarding.look import SCHEMA

    for path, text in files.items():
        if path == SCHEMA:
            yield f"{path}: the schema of gate.yaml, by which editors complete and check it"
            continue
        lines = difflib.unified_diff([], text.splitlines(), "/dev/null", path, lineterm="")
        yield from map(visible, lines)


def _proposal(hook: "HookFile | None") -> Iterator[str]:
    if hook is not None:
        yield f"git hook: every push is judged ({visible(str(hook.path))})"


def _next(root: Path, files: Mapping[str, str]) -> Iterator[str]:
    from gate.app.onboarding.files import next_steps
    from gate.cli.last_report import last_report

    try:
        last = last_report(str(root))
    except GateError:  # there was no run, or it was kept by another version
        last = None
    yield from ("", "Next:", *(f"  {visible(step)}" for step in next_steps(files, last)))


def _write(root: Path, files: Mapping[str, str], hook: "HookFile | None") -> None:
    from gate.app.hooks.install import install

    for path, text in files.items():
        _write_new(root, path, text)
        confirm(f"Written: {path}")
    if hook is not None:
        install(hook)
        confirm(f"Every push is judged now: {visible(str(hook.path))}")


def _write_new(root: Path, path: str, text: str) -> None:
    """Write a file that is not there yet, and not through a link that leads elsewhere."""
    try:
        write_below(str(root), path, text.encode(), is_new=True)
    except OSError as error:
        raise UnreadableError(f"cannot be written ({error.strerror})", path=path) from error
