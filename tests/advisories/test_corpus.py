"""Real databases, where there are some: every list of changes is read, and says what the zip holds."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.advisories.delta import changed, lines_of
from gate.advisories.index import IndexJob, make_index
from gate.advisories.index_folder import IndexFolder, IndexRecord
from gate.advisories.store import AdvisoryFile

pytestmark = pytest.mark.one_python

CORPUS = os.environ.get("GATE_CORPUS")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
ECOSYSTEMS = ("crates.io", "Go", "PyPI")


@pytest.mark.skipif(not CORPUS, reason="GATE_CORPUS names no corpus")
@pytest.mark.parametrize("base", ECOSYSTEMS)
def test_after_the_whole_zip_nothing_changed(base: str, tmp_path: Path) -> None:
    bucket = Path(CORPUS or "", "osv-bucket")
    source = AdvisoryFile(path=str(bucket / base / "all.zip"), shown=f"{base}/all.zip", cache_folder=str(tmp_path))
    file = make_index(IndexJob(base=base, source=source))
    indexes = IndexFolder(tmp_path)
    record = IndexRecord(base=base, store=Path(file.path).name, checked=NOW, whole=NOW)
    cursor = datetime.fromisoformat(indexes.newest(record, NOW))
    assert cursor <= NOW
    content = (bucket / base / "modified_id.csv").read_bytes()
    with indexes.times(record) as modified:
        assert changed(lines_of([content], base), cursor, modified, base) == []
        everything = changed(lines_of([content], base), datetime.min.replace(tzinfo=UTC, year=2), modified, base)
    assert everything == []
