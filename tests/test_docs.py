"""The reference pages name everything that there is, and what pages say of commands and other pages is so."""

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from gate.cli import COMMANDS, Parser, module_of, rules_page
from gate.cli.rules import describe_rules
from gate.model import GATE
from gate.policy.layers import built_in
from gate.policy.trust import KEYS
from gate.reports import FORMATS
from gate.settings import Settings
from gate.settings.options import options
from gate.settings.policy import Condition
from gate.stages import STAGES

pytestmark = pytest.mark.one_python

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md"), *ROOT.glob("examples/**/README.md")])
FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^ *(\|.*\|)$")
"""A row of a table; `\\|` is a sign in a cell."""
WRITTEN = [page for page in PAGES if page.name != "rules.md"]
"""All but the page that is generated."""


def page(name: str) -> str:
    return (DOCS / "reference" / name).read_text()


@pytest.mark.parametrize("option", options(), ids=lambda option: option.flag)
def test_every_setting_is_documented(option) -> None:  # type: ignore[no-untyped-def]
    text = page("settings.md")
    flag = option.flag
    for stage in STAGES:
        if option.key[-1] in ("paths", "ignore"):
            flag = flag.replace(f"--{stage}-", "--NAME-")
    assert f"`{flag}`" in text


@pytest.mark.parametrize("key", Condition.__struct_fields__)
def test_every_condition_is_documented(key: str) -> None:
    assert f"| `{key}` |" in page("policy.md")


def test_every_built_in_rule_is_documented() -> None:
    assert all(f"| `{rule.id}` |" in page("policy.md") for rule in built_in().rules)


def test_every_key_stands_in_the_table_of_who_may_say_it() -> None:
    text = (DOCS / "explanation/trust.md").read_text()
    assert [name for name in KEYS if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"gate {command}" in page("command-line.md")


@pytest.mark.parametrize("name", FORMATS)
def test_every_report_format_is_documented(name: str) -> None:
    assert f"`{name}`" in page("reports.md")


def test_the_page_of_the_rules_is_what_the_rules_say() -> None:
    made = "".join(rules_page.page(describe_rules((GATE, *STAGES), Settings())))
    assert page("rules.md") == made, "run `make docs`"


def uneven_rows(text: str) -> Iterator[str]:
    """Yield the rows of tables that have more or fewer cells than their table's head, which a reader would not see."""
    cells = 0
    for line in text.splitlines():
        row = ROW.match(line)
        count = len(re.findall(r"(?<!\\)\|", row[1])) if row else 0
        if row and cells and count != cells:
            yield line
        cells = (cells or count) if row else 0


def test_a_row_with_a_cell_too_many_is_seen() -> None:
    assert list(uneven_rows("| a | b |\n| - | - |\n| 1 | 2 | 3 |\n\n| x |\n| `a\\|b` |\n")) == ["| 1 | 2 | 3 |"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_rows_of_a_table_have_its_cells(page: Path) -> None:
    assert list(uneven_rows(FENCED.sub("", page.read_text()))) == []


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def links_of(page: Path) -> Iterator[tuple[Path, str]]:
    """Yield what a page links to in this repository, as file or folder and heading."""
    prose = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if "://" not in target:
            path, _, heading = target.partition("#")
            yield (page.parent / path).resolve() if path else page, heading


def headings_of(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = [(str(target), heading) for target, heading in links_of(page) if not target.exists()]
    assert lost == []
    assert [heading for target, heading in links_of(page) if heading and heading not in headings_of(target)] == []


def test_every_page_is_one_click_from_the_index() -> None:
    index = DOCS / "README.md"
    there = {index, *(target for target, _ in links_of(index))}
    assert [name_of(page) for page in DOCS.rglob("*.md") if not {page, page.parent} & there] == []


def pages_of(entry: object) -> Iterator[str]:
    """Yield the pages of the site's navigation below one entry: a page, a title with what it stands over, or a list."""
    if isinstance(entry, str):
        yield entry
        return
    for below in entry.values() if isinstance(entry, dict) else cast("list[object]", entry):
        yield from pages_of(below)


def test_every_page_stands_once_in_the_navigation_of_the_site() -> None:
    project = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]
    listed = list(pages_of(project["nav"]))
    own = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")} - {"README.md"}
    made = {"index.md", "contributing.md", "changelog.md", "reference/options.md"}
    rules = {f"reference/rules-{stage}.md" for stage in (GATE, *STAGES) if describe_rules((stage,), Settings())}
    assert sorted(listed) == sorted(own | made | rules)


def test_who_was_stopped_is_two_clicks_from_every_way_out() -> None:
    first = {target for target, _ in links_of(ROOT / "README.md")}
    stopped = DOCS / "how-to" / "stopped.md"
    assert stopped in first
    assert {DOCS / "how-to" / "leaked-secret.md", DOCS / "how-to" / "fix.md"} <= {one for one, _ in links_of(stopped)}


def commands_of(page: Path) -> Iterator[list[str]]:
    """Yield the words of the commands that a page shows, in code of its own or within a sentence."""
    text = re.sub(r"\\\n\s*", " ", page.read_text())
    text = re.sub(r'"\$\(.*?\)"', "VALUE", text)
    within = re.findall(r"(?<!`)`(gate [^`]+)`(?!`)", text)
    alone = re.findall(r"^(?:    |\$ )(gate .*)$", text, re.MULTILINE)
    for command in (*within, *alone):
        yield re.split(r"\s+#\s|\s[|>]\s|   ", command)[0].split()[1:]


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options of a command and of its actions."""
    known = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            known.update(*map(options_of, action.choices.values()))
    return known


@pytest.mark.parametrize("page", WRITTEN, ids=name_of)
def test_commands_and_options_that_a_page_shows_exist(page: Path) -> None:
    for command, *words in commands_of(page):
        if command.startswith("-"):
            continue
        assert command in COMMANDS, command
        parser = Parser(prog=command)
        module_of(command).configure(parser)
        given = words[: words.index("--")] if "--" in words else words
        options = {word.partition("=")[0] for word in given if word.startswith("-") and word != "-"}
        assert options - options_of(parser) == set(), " ".join((command, *words))
