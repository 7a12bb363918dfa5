"""Whatever a source holds, it is read or a clear error: never another exception, never a silent pass."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.advisories.exploitation import index_scores, read_catalogue
from gate.advisories.index import IndexJob, make_index
from gate.advisories.store import AdvisoryFile
from gate.core.errors import GateError

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

KEYS = st.one_of(
    st.sampled_from(["id", "modified", "affected", "package", "ecosystem", "name", "ranges", "type", "events"]),
    st.sampled_from(["introduced", "versions", "severity", "database_specific", "aliases", "withdrawn", "summary"]),
    st.sampled_from(["vulnerabilities", "cveID"]),
)
VALUES = st.none() | st.booleans() | st.integers() | st.sampled_from(["npm", "SEMVER", "0", "1.0.0", "GHSA-1", "\x00"])
ANY_JSON = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=15
)


def source(folder: Path, name: str, content: bytes) -> AdvisoryFile:
    (folder / name).write_bytes(content)
    return AdvisoryFile(path=str(folder / name), shown=name, cache_folder=str(folder / "cache"))


@quick
@given(document=ANY_JSON)
def test_any_json_as_an_advisory(tmp_path: Path, document: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.json", json.dumps(document))
    try:
        file = make_index(IndexJob(base="npm", source=source(tmp_path, "all.zip", buffer.getvalue())))
    except GateError as error:
        assert error.path == "all.zip"  # noqa: PT017
    else:
        assert document["affected"]
        assert file.totals.advisories == (0 if document.get("withdrawn") else 1)


@quick
@given(content=st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail + b"PK\x05\x06"))
def test_any_bytes_as_a_zip_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(GateError):
        make_index(IndexJob(base="npm", source=source(tmp_path, "all.zip", content)))


@quick
@given(catalogue=ANY_JSON)
def test_any_json_as_the_catalogue(tmp_path: Path, catalogue: Any) -> None:
    try:
        found = read_catalogue(source(tmp_path, "kev.json", json.dumps(catalogue).encode()))
    except GateError as error:
        assert error.path == "kev.json"  # noqa: PT017
    else:
        assert len(found.cves) == len({entry["cveID"] for entry in catalogue["vulnerabilities"]})


@quick
@given(
    rows=st.lists(
        st.sampled_from(["CVE-1,0.5,1", "CVE-2,1e999,0", "CVE-3,", "#x", "cve,epss", "", ",", "\x00"]), max_size=6
    )
)
def test_any_rows_as_scores(tmp_path: Path, rows: list[str]) -> None:
    try:
        found = index_scores(source(tmp_path, "epss.csv.gz", gzip.compress("\n".join(rows).encode())))
    except GateError as error:
        assert error.path == "epss.csv.gz"  # noqa: PT017
    else:
        assert found.count == rows.count("CVE-1,0.5,1") == 1
        assert found.of(["CVE-1", "CVE-9"]) == {"CVE-1": 0.5}
