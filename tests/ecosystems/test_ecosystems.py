"""Every ecosystem is described whole, in one file, and is found by its name alone."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import gate.ecosystems
from gate.core.errors import GateError
from gate.ecosystems import BY_COMMIT, ECOSYSTEMS, OS_RELEASE_IDS, all_ecosystems, described, find
from gate.ecosystems.ecosystem import Ecosystem
from gate.ecosystems.version_orders import order_named
from gate.inventory.discovery import reader_of

FOLDER = Path(gate.ecosystems.__file__).parent
SHARED = {"__init__", "ecosystem", "names", "os_release"}
"""Modules of the folder that are no ecosystem's."""
EACH = [pytest.param(known, id=known.name) for known in all_ecosystems()]
PARTS = {"binary": "b", "last": "l", "name": "n", "version": "1"}


def test_every_module_of_the_folder_is_in_the_registry_once() -> None:
    modules = [f"gate.ecosystems.{path.stem}" for path in FOLDER.glob("*.py") if path.stem not in SHARED]
    assert sorted(ECOSYSTEMS.values()) == sorted(modules)
    assert list(ECOSYSTEMS) == sorted(ECOSYSTEMS)


@pytest.mark.parametrize("known", EACH)
def test_an_ecosystem_is_found_by_the_name_that_it_gives_itself(known: Ecosystem) -> None:
    assert find(known.name) is known
    assert find(f"{known.name}:12") is known
    assert (sys.modules[ECOSYSTEMS[known.name]].__doc__ or "").strip()


@pytest.mark.parametrize("known", EACH)
def test_what_has_advisories_has_versions_that_compare(known: Ecosystem) -> None:
    is_judged = known.version_order is not None or known.name in BY_COMMIT or known.rebuilds_others
    assert is_judged == known.has_advisories


@pytest.mark.parametrize("known", EACH)
def test_what_it_names_is_there(known: Ecosystem) -> None:
    if known.version_order:
        order = order_named(known.version_order)
        assert order.sort_key("1.10") > order.sort_key("1.9")
    if known.language:
        assert find_spec(f"gate.reachability.imports.{known.language}") is not None
    assert (FOLDER / "popular" / f"{known.name}.txt").is_file() == known.has_popular_names


@pytest.mark.parametrize("known", EACH)
def test_its_rules_take_any_text(known: Ecosystem) -> None:
    for text in ("", "Some.Name", "https://packages.example/@a/b:c.git", "1:2-3+4~5"):
        assert known.canonical_name(known.canonical_name(text)) == known.canonical_name(text)
        assert known.written_name(known.written_name(text)) == known.written_name(text)
        assert isinstance(known.advised_version(text), str)
        assert known.is_same_version(text, text)
        assert known.fetched is None or known.fetched(text) is None


@pytest.mark.parametrize("known", EACH)
def test_its_commands_have_no_other_blanks_than_those_that_are_filled_in(known: Ecosystem) -> None:
    update = known.update
    commands = [*update.by_package.values(), update.installed]
    for both in update.by_file.values():
        commands += both
    assert all("{" not in command.format_map(PARTS) for command in commands)
    assert not update.installed or known.distribution


@pytest.mark.parametrize("known", EACH)
def test_its_commands_are_for_lockfiles_that_are_read(known: Ecosystem) -> None:
    assert [file for file in known.update.by_file if reader_of(file) is None] == []


def test_a_type_of_package_url_belongs_to_one_ecosystem() -> None:
    types = [known.package_urls.type for known in all_ecosystems() if known.package_urls]
    assert len(types) == len(set(types))


@pytest.mark.parametrize("id", OS_RELEASE_IDS)
def test_a_distribution_names_its_release_after_itself(id: str) -> None:
    known = described(OS_RELEASE_IDS[id])
    assert known.distribution is not None
    assert known.distribution.release is not None
    release = known.distribution.release({"ID": id, "VERSION_ID": "12.1", "VERSION": "24.03"})
    assert release is not None
    assert find(release) is known


def test_every_distribution_that_names_its_releases_has_an_id() -> None:
    named = {known.name for known in all_ecosystems() if known.distribution and known.distribution.release}
    assert named == set(OS_RELEASE_IDS.values())


def test_every_list_of_popular_names_is_an_ecosystems() -> None:
    assert {path.stem for path in (FOLDER / "popular").iterdir()} <= set(ECOSYSTEMS)


@pytest.mark.parametrize("name", ["Npm", "", "npm\n", "gate.ecosystems.npm", "x" * 1000])
def test_an_unknown_ecosystem_is_a_clear_error(name: str) -> None:
    assert find(name) is None
    with pytest.raises(GateError, match=r"^the ecosystem '.{0,60}' is not known\. gate\.ecosystems lists"):
        described(name)


def test_an_ecosystem_is_imported_when_it_occurs() -> None:
    code = (
        "import sys; from gate.ecosystems import described; described('npm')\n"
        "print(*sorted(name for name in sys.modules if name.startswith('gate.ecosystems.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["gate.ecosystems.ecosystem", "gate.ecosystems.npm"]
