"""What a security team asks of a fleet: where is it, is it in use there, who owns it (`gate/fleet/find.py`)."""

import csv
import io
import json

import pytest

from gate.core.errors import GateError, UsageError
from gate.fleet.find import FoundRow, find, gaps
from gate.fleet.found_texts import as_csv, as_json, as_table
from gate.fleet.generations import opened
from gate.fleet.query import parse_query
from gate.fleet.store import FleetStore
from tests.fleet.conftest import BASE_LAYER, LOG4J, maven, secret_in, used, vulnerable


def found(store: FleetStore, what: str) -> list[FoundRow]:
    with opened(store) as connection:
        return find(connection, parse_query(what))


def named(store: FleetStore, what: str) -> list[str]:
    return [row.name for row in found(store, what)]


@pytest.fixture
def fleet(store: FleetStore, add) -> FleetStore:  # type: ignore[no-untyped-def]
    """Two images with a log4j, on the same base, and a repository with a newer one."""
    log4j = maven("2.14.1")
    base = [BASE_LAYER]
    add("shop", [log4j], digest="a" * 64, layers=base, uses=[used("java -jar shop.jar")], owners=("@shop",))
    add("batch", [log4j], digest="c" * 64, layers=base, uses=[used("java -jar batch.jar")], owners=("@data",))
    add("code", [maven("2.17.0")], repository="git.example.com/team/code", owners=("@team",))
    return store


def test_a_range_finds_what_is_in_it_with_use_layer_and_owner(fleet: FleetStore) -> None:
    batch, shop = found(fleet, f"{LOG4J}@<2.15")
    assert (shop.name, shop.in_use, shop.evidence, shop.owners) == ("shop", "yes", "java -jar shop.jar", ("@shop",))
    assert (shop.where, shop.version, shop.first_seen) == (BASE_LAYER, "2.14.1", "2026-11-28T10:00:00+00:00")
    assert batch.evidence == "java -jar batch.jar"


@pytest.mark.parametrize(
    ("range_text", "names"),
    [
        ("", ["batch", "git.example.com/team/code", "shop"]),
        ("@*", ["batch", "git.example.com/team/code", "shop"]),
        ("@2.17.0", ["git.example.com/team/code"]),
        ("@>=2.15,<3", ["git.example.com/team/code"]),
        ("@>2.17.0", []),
    ],
)
def test_ranges(fleet: FleetStore, range_text: str, names: list[str]) -> None:
    assert sorted(named(fleet, LOG4J + range_text)) == names


def test_a_version_that_cannot_be_compared_is_shown_as_such(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    package = maven("1.0")
    import msgspec

    add("odd", [msgspec.structs.replace(package, ecosystem="other distributions:x")], digest="a" * 64)
    (row,) = found(store, f"{LOG4J}@<2")
    assert not row.is_certain


def test_the_same_layer_is_kept_once(fleet: FleetStore) -> None:
    with opened(fleet) as connection:
        assert connection.execute("SELECT count(*) FROM listing").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM placement").fetchone() == (3,)


def test_an_advisory_is_found_by_any_of_its_names(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    log4j = maven("2.14.1")
    finding = vulnerable("shop", log4j, "GHSA-jfh8-c2jp-5v3q", "CVE-2021-44228")
    add("shop", [log4j], digest="a" * 64, findings=[finding])
    add("batch", [log4j], digest="b" * 64)  # judged before the advisory was known
    assert named(store, "CVE-2021-44228") == ["batch", "shop"]
    assert named(store, "GHSA-jfh8-c2jp-5v3q") == ["batch", "shop"]
    assert named(store, "CVE-2021-45046") == []


def test_secrets_rules_files_and_digests(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    add("code", [maven("1")], findings=[secret_in("code", "deploy/prod.env")], repository="git.example.com/code")
    add("shop", [maven("1")], digest="a" * 64, layers=[BASE_LAYER])
    for what in ("secret:aws access key", "rule:AWS-ACCESS-KEY", "file:prod.env", "file:deploy/prod.env", "1" * 40):
        assert named(store, what) == ["git.example.com/code"], what
    assert named(store, "file:test/prod.env") == []
    assert named(store, "file:pom.xml") == ["git.example.com/code"]
    for what in ("secret:aws*", "rule:AWS-*", "file:*.env", "file:deploy/*.env"):
        assert named(store, what) == ["git.example.com/code"], what
    for what in ("secret:gcp*", "file:test/*.env", "file:*[a-z].env", "file:rod.*"):
        assert named(store, what) == [], what
    assert named(store, f"sha256:{'a' * 64}") == ["shop"]


def test_a_later_reading_of_a_branch_takes_the_place_of_the_earlier(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    parts = {"repository": "git.example.com/code"}
    add("code", [maven("2.14.1")], read_at="2026-11-01T00:00:00+00:00", **parts)
    assert len(found(store, f"{LOG4J}@<2.15")) == 1
    add("code", [maven("2.17.0")], read_at="2026-11-02T00:00:00+00:00", **parts)
    assert found(store, f"{LOG4J}@<2.15") == []
    add("code", [maven("2.14.1")], read_at="2026-10-01T00:00:00+00:00", **parts)  # from a slow job
    assert found(store, f"{LOG4J}@<2.15") == []
    (row,) = found(store, LOG4J)
    assert row.first_seen == "2026-11-02T00:00:00+00:00"


def test_what_could_not_be_read_is_said(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    add("shop", [maven("1")], digest="a" * 64)
    add("broken", [], digest="b" * 64, is_complete=False)
    with opened(store) as connection:
        missing = gaps(connection)
    assert (missing.incomplete, missing.share) == (("broken",), 50.0)
    assert list(missing.notes()) == ["1 of 2 could not be read completely: broken"]


def test_an_image_that_could_be_read_later_is_no_gap(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    import msgspec

    from gate.fleet.reading import add_report
    from tests.fleet.conftest import report_on

    unread = report_on("shop", digest="a" * 64, is_complete=False)
    add_report(store, msgspec.structs.replace(unread, inputs=(msgspec.structs.replace(unread.inputs[0], digests={}),)))
    add("shop", [maven("1")], digest="a" * 64, read_at="2026-11-29T00:00:00+00:00")
    with opened(store) as connection:
        assert gaps(connection).incomplete == ()


@pytest.mark.parametrize("text", ["", "log4j", "pkg:", "pkg:maven", f"{LOG4J}@<", f"{LOG4J}@<1,,", "secret:", "CVE-"])
def test_what_is_no_question_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        parse_query(text)


def test_the_scope_of_npm_is_no_version() -> None:
    assert parse_query("pkg:npm/@angular/core").value == parse_query("pkg:npm/%40angular/core@<12").value
    assert parse_query("pkg:npm/@angular/core@<12").bounds[0].version == "12"


def test_output_for_programs_is_whole_and_safe(store: FleetStore, add) -> None:  # type: ignore[no-untyped-def]
    add("=HYPERLINK(1)\x1b", [maven("1")], digest="a" * 64, owners=("@a",))
    rows = found(store, LOG4J)
    with opened(store) as connection:
        missing = gaps(connection)
    assert json.loads(as_json(rows, missing))["found"][0]["owners"] == ["@a"]
    (cells,) = csv.DictReader(io.StringIO(as_csv(rows)))
    assert cells["name"] == "'=HYPERLINK(1)\\x1b"
    head, _, line = as_table(rows)
    assert head == "1 image, 0 repositories; in use in 0; 1 owner"
    assert "\x1b" not in line


def test_a_damaged_index_is_an_error(fleet: FleetStore, tmp_path) -> None:  # type: ignore[no-untyped-def]
    found(fleet, LOG4J)
    for database in (tmp_path / "store/databases").iterdir():
        content = database.read_bytes()
        database.write_bytes(content[:4096] + b"\0" * (len(content) - 4096))
    with pytest.raises(GateError, match="damaged"):
        found(fleet, LOG4J)
