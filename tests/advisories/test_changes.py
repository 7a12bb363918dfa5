"""Which packages advisories say something new of since a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gate.advisories.changes import AdvisoryChanges, changes_since
from gate.core.errors import GateError
from gate.pipeline.context import LocalContext
from gate.settings import AdvisorySettings, Settings

OLD, NEW = "2026-01-02T00:00:00Z", "2026-11-20T00:00:00Z"


def changes(place: Path, tmp_path: Path, since: dict[str, str], known: tuple[str, ...] = ()) -> AdvisoryChanges:
    settings = Settings(advisories=AdvisorySettings(source=str(place)))
    context = LocalContext(settings, datetime(2026, 11, 28, tzinfo=UTC), tmp_path / "cache")
    return changes_since({"npm", "PyPI"}, since, known, context)


def test_changed_withdrawn_and_vanished_advisories(
    make_bucket: Callable[..., Path], advisory: Callable[..., Any], tmp_path: Path
) -> None:
    npm = [
        advisory("GHSA-old", "npm", "left-pad", fixed="1"),
        advisory("GHSA-new", "npm", "lodash", fixed="2", modified=NEW),
        advisory("GHSA-gone", "npm", "qs", fixed="2", modified=NEW, withdrawn=NEW),
        advisory("GHSA-odd", "npm", "odd", fixed="2", modified="at some time"),
    ]
    place = make_bucket({"npm": npm}, ["CVE-2026-1"])
    found = changes(place, tmp_path, {"npm": "2026-11-01T00:00:00Z"}, known=("GHSA-old", "GHSA-vanished"))
    assert found.names == {("npm", "lodash"), ("npm", "odd")}
    assert found.ids == {"GHSA-new", "GHSA-gone", "GHSA-odd", "GHSA-vanished"}
    assert found.newest == {"npm": NEW}
    assert found.exploited == {"CVE-2026-1"}
    assert found.errors == ()


@pytest.mark.parametrize(("since", "count"), [({}, 2), ({"npm": NEW}, 1), ({"npm": "2026-11-22T00:00:00Z"}, 0)])
def test_records_that_were_published_late_are_among_them(
    make_bucket: Callable[..., Path], advisory: Callable[..., Any], tmp_path: Path, since: dict[str, str], count: int
) -> None:
    late = advisory("GHSA-late", "npm", "lodash", fixed="2", modified="2026-11-19T12:00:00Z")
    place = make_bucket({"npm": [late, advisory("GHSA-old", "npm", "a", fixed="1")]})
    assert len(changes(place, tmp_path, since).ids) == count


def test_a_damaged_source_is_an_error(make_bucket: Callable[..., Path], tmp_path: Path) -> None:
    place = make_bucket({"npm": []})
    (place / "npm/all.zip").write_bytes(b"PK")
    (error,) = changes(place, tmp_path, {}).errors
    assert error.path == "npm/all.zip"
    with pytest.raises(GateError):
        changes(tmp_path / "nowhere", tmp_path, {})
