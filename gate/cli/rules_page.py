"""The rules as a page of the docs, in Markdown: `gate rules --format markdown`."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from gate.model import RuleDescription

_HEAD = """\
# Rules

Every rule of every stage, made from the rules themselves by `make docs`. The examples are executed by the tests.
`gate explain ID` prints one rule. What blocks is the [policy](policy.md)'s to say: of these, high ones do by default.
"""


def page(rules: Iterable[RuleDescription]) -> Iterator[str]:
    """Yield the parts of the page; `rules` come stage by stage."""
    yield _HEAD
    for stage, group in groupby(rules, key=lambda rule: rule.stage):
        yield f"\n## {stage}\n"
        for rule in group:
            yield from _section(rule)


def _section(rule: RuleDescription) -> Iterator[str]:
    yield f"\n### {rule.id}: {_escaped(rule.title)}\n\n"
    references = "".join(f" · {_reference(one)}" for one in rule.references)
    yield f"*{rule.severity.value}*{references}\n\n"
    yield f"{_escaped(rule.why)}\n\n**Fix:** {_escaped(rule.mend)}\n"
    for heading, example in (("Caught", rule.bad), ("Fine", rule.good)):
        if example:
            yield f"\n{heading}:\n\n{_fenced(example)}"


def _escaped(text: str) -> str:
    """Escape what Markdown would read as markup."""
    return "".join(f"\\{char}" if char in "\\`*_<[]#|" else char for char in text)


def _reference(reference: str) -> str:
    return f"<{reference}>" if reference.startswith("https://") else reference


def _fenced(example: str) -> str:
    """Put an example into a fence that is longer than any run of backticks in it."""
    fence = "```"
    while fence in example:
        fence += "`"
    return f"{fence}\n{example.rstrip()}\n{fence}\n"
