"""Who owns a lockfile, by the CODEOWNERS file of its repository."""

from collections.abc import Callable

import pytest

from gate.core.errors import ConfigError
from gate.fleet.owners import owners_in
from gate.fleet.reading import add_report
from gate.fleet.store import FleetStore
from gate.model import Tree
from tests.fleet.conftest import maven, report_on, secret_in


def test_the_owners_of_the_lockfiles_own_the_repository(
    store: FleetStore, make_tree: Callable[[dict[str, str | bytes]], Tree]
) -> None:
    tree = make_tree({".github/CODEOWNERS": "* @everyone\napp/ @app\n"})
    report = report_on("code", [maven("1"), maven("1", path="web/pom.xml")])
    (record,) = add_report(store, report, owners_of=owners_in(tree.root))
    assert record.owners == ("@app", "@everyone")


def test_without_a_lockfile_the_owners_of_the_findings_own_it(
    store: FleetStore, make_tree: Callable[[dict[str, str | bytes]], Tree]
) -> None:
    tree = make_tree({"CODEOWNERS": "deploy/ @ops\n"})
    report = report_on("code", findings=[secret_in("code", "deploy/prod.env")])
    (record,) = add_report(store, report, owners_of=owners_in(tree.root))
    assert record.owners == ("@ops",)


def test_without_a_file_no_one_is_known_and_a_wrong_one_is_an_error(
    make_tree: Callable[[dict[str, str | bytes]], Tree],
) -> None:
    assert owners_in(make_tree({"a": ""}).root)("a") == ()
    with pytest.raises(ConfigError):
        owners_in(make_tree({"CODEOWNERS": b"\xff"}).root)
