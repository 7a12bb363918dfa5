"""Listings of what runs, as files: of Kubernetes, Argo CD, ECS and Nomad, and records of deployments.

Each document of a file goes to the reader of its kind. The readers of a system see the documents of all files together:
pods may be in one file and the Ingresses that lead to them in another.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.fleet.listings import argo_cd, ecs, kubernetes, nomad, records
from gate.fleet.listings.document import ListedDocument, ListedWorkloads
from gate.fleet.running import MAX_WORKLOADS

FORMS = (
    "a list of kubectl or argocd as JSON, `aws ecs describe-tasks`, `nomad job status -json` with the job, or records "
    "of deployments as JSON lines"
)
_READERS = (kubernetes, argo_cd, ecs, nomad, records)
_MAX_DEPTH = 5
"""Lists in one another at most, around the documents."""


def read_listings(files: Iterable[tuple[str, bytes]]) -> ListedWorkloads:
    """Return what files (path and content) say runs.

    Raises UnreadableError for what cannot be parsed or is of no known kind, LimitError beyond a bound.
    """
    by_reader: dict[int, list[ListedDocument]] = {}
    for path, content in files:
        for document in _documents(path, content):
            by_reader.setdefault(_reader_of(document), []).append(document)
    read = [_READERS[number].read(found) for number, found in sorted(by_reader.items())]
    running = tuple(workload for one in read for workload in one.running)
    if len(running) > MAX_WORKLOADS:
        raise LimitError(f"the files list more than {MAX_WORKLOADS:,} workloads")
    return ListedWorkloads(running, tuple(note for one in read for note in one.notes))


def _documents(path: str, content: bytes) -> Iterator[ListedDocument]:
    parsed = _parsed(path, content)
    found = [document for one in parsed for document in _flattened(path, one, 0)]
    if not found and not any(isinstance(one, dict | list) for one in parsed):
        raise UnreadableError("holds no document", path=path, hint=f"Give {FORMS}")
    yield from found


def _parsed(path: str, content: bytes) -> Sequence[Any]:
    """Return the document of a file, or those of its lines."""
    try:
        return [msgspec.json.decode(content)]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        first = error
    lines = content.splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(msgspec.json.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                place = path if number == 1 else f"{path}:{number}"
                why = first if number == 1 else error
                raise UnreadableError(f"cannot be parsed as JSON ({why})", path=place, hint=f"Give {FORMS}") from error
    return found


def _flattened(path: str, data: Any, depth: int) -> Iterator[ListedDocument]:
    """Yield the documents of lists, and of the lists that Kubernetes has (`items`)."""
    if depth > _MAX_DEPTH:
        raise LimitError(f"has more than {_MAX_DEPTH} lists in one another", path=path)
    if isinstance(data, list):
        for one in data:
            yield from _flattened(path, one, depth + 1)
    elif isinstance(data, dict) and isinstance(data.get("items"), list):
        kind = str(data.get("kind", "")).removesuffix("List")
        of_list = {"kind": kind, "apiVersion": data.get("apiVersion", "")} if kind else {}
        for one in data["items"]:
            yield from _flattened(path, {**of_list, **one} if isinstance(one, dict) else one, depth + 1)
    elif isinstance(data, dict):
        yield ListedDocument(path, data)
    else:
        raise UnreadableError("holds something else than objects", path=path, hint=f"Give {FORMS}")


def _reader_of(document: ListedDocument) -> int:
    for number, reader in enumerate(_READERS):
        if reader.is_of(document.data):
            return number
    keys = ", ".join(sorted(map(str, document.data))[:5])
    raise UnreadableError(f"holds an object of no known kind (with {keys})", path=document.path, hint=f"Give {FORMS}")
