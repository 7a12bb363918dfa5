"""A detect-secrets baseline of a folder, its files looked at by the workers."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gate.core.errors import UsageError
from gate.declarations.secrets import SECRETS
from gate.model import StageError, Tree
from gate.pipeline.resources import cache_folder, limits_of, permit_of
from gate.pipeline.workers import Pool
from gate.settings import Settings

if TYPE_CHECKING:
    from gate.secrets.results.baseline_writer import Listed
    from gate.secrets.sources.files import FileOptions


def write_listing(target: Tree, file: Path, settings: Settings, now: datetime) -> tuple[int, list[StageError]]:
    """Write what detect-secrets finds in `target` to `file`; return the number of secrets and what was not read.

    A baseline that `file` holds already says which plugins and filters to use. Raises UnreadableError if it cannot be
    read, UsageError if the new one cannot be written.
    """
    from gate.secrets.results.baseline import Baseline, parse_baseline, source_reader
    from gate.secrets.results.baseline_writer import document_of
    from gate.secrets.sources.files import FileOptions
    from gate.trees import open_tree

    old = file.read_bytes() if file.exists() else None
    section = settings.of(SECRETS)
    read_source = source_reader(target.root, open_tree(target).read) if section.trust_baseline_code else None
    before = parse_baseline(old, str(file), read_source) if old is not None else Baseline()
    found, errors = {}, []
    with cache_folder(settings) as folder, Pool(limits_of(settings), permit=permit_of(settings, folder, now)) as pool:
        options = FileOptions(
            configuration=before.configuration, max_file_size=section.max_file_size, cache_folder=str(folder)
        )
        for path, outcome in _look(pool, target, settings, options, file):
            if isinstance(outcome, StageError):
                errors.append(outcome)
            else:
                found[path] = outcome
        content = document_of(found, old, options, now)
    _write(file, content)
    return sum(map(len, found.values())), errors


def _look(
    pool: Pool, target: Tree, settings: Settings, options: "FileOptions", file: Path
) -> Iterator[tuple[str, "tuple[Listed, ...] | StageError"]]:
    from gate.secrets.results.baseline_writer import list_secrets
    from gate.secrets.sources.trees import ScanTerms
    from gate.trees import EntryKind, open_tree

    own = file.relative_to(target.root).as_posix() if file.is_relative_to(target.root) else ""
    section = settings.of(SECRETS)
    terms = ScanTerms(options=options, paths=section.paths, ignore=section.ignore, left_out=(own,))
    paths = [
        entry.path for entry in open_tree(target).walk() if entry.kind is EntryKind.FILE and terms.wants(entry.path)
    ]
    for index, outcome in pool.run(list_secrets, paths, target, options):
        yield paths[index], outcome


def _write(file: Path, content: bytes) -> None:
    temporary = file.with_name(f".{file.name}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(file)
    except OSError as error:
        raise UsageError(f"cannot be written ({error.strerror})", path=str(file)) from error
