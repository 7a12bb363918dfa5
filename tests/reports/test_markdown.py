import io
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gate.model import Finding, Fix, Location, Report, Severity, StageError, StageStatus
from gate.reports.markdown import code, escaped, mark_of, text_of, write


def written(report: Report) -> str:
    stream = io.StringIO()
    write(report, stream)
    return stream.getvalue()


def test_it_starts_with_the_verdict_and_names_what_blocks_and_what_could_not_be_read(everyday: Report) -> None:
    text = written(everyday)
    assert text.startswith("<!-- security-gate -->\n## INCOMPLETE&#58; dependencies did not finish")
    assert "### High: `DL3004` sudo in an image" in text
    assert "- `services/checkout/Dockerfile:10`" in text
    assert "`dependencies` api/poetry.lock&#58; cannot be parsed" in text
    assert "| dockerfile | ok | 0 | 10 | 2 | 0 | 1 | storefront |" in text


def test_a_pass_says_that_the_change_edits_what_judges_it(edited: Report) -> None:
    assert "runs the gate, and this change edits it" in written(edited)


def test_hostile_text_is_no_html_link_mention_or_table_cell(hostile_report: Report) -> None:
    text = written(hostile_report)
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert "<script" not in html
    assert "<a " not in html
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {9}


@given(st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_escaped_prose_is_plain_text_to_a_reader_of_markdown(text: str) -> None:
    (_, inline, _) = MarkdownIt("commonmark").parse(f"x{escaped(text)}x")
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}


@given(st.text("`ab[<@ ", max_size=20))
@settings(max_examples=150, deadline=None)
def test_a_code_span_holds_all_of_its_text(text: str) -> None:
    (_, inline, _) = MarkdownIt("commonmark").parse(f"x {code(f'n{text}n')} x")
    assert [child.type for child in inline.children or ()] == ["text", "code_inline", "text"]
    assert (inline.children or [])[1].content == f"n{text}n"


@pytest.mark.parametrize("mention", ["@everyone", "to @a/b", "(@a)", "-@a"])
def test_nobody_is_mentioned(mention: str) -> None:
    assert "@" not in escaped(mention)
    assert "&#64;&#8288;" in escaped(mention)


def test_an_at_inside_a_word_mentions_nobody_and_is_left_alone() -> None:
    assert escaped("lodash@4.17") == "lodash&#64;4.17"


@pytest.mark.parametrize(
    ("description", "shown"),
    [
        (
            "Update @a/b from 1.0 to 1:1.1: npm i @a/b@1.1",
            "Update &#64;&#8288;a/b from 1.0 to 1&#58;1.1: `npm i @a/b@1.1`",
        ),
        ("Update a from 1 to 2: `x` && y", "Update a from 1 to 2: `` `x` && y ``"),
        ("Update a from 1 to 2", "Update a from 1 to 2"),
        ("Add USER: 1", "Add USER&#58; 1"),
        (None, "`gate explain DL1` says how."),
    ],
)
def test_a_command_that_mends_can_be_copied(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding], description: str | None, shown: str
) -> None:
    fix = Fix(description=description) if description else None
    finding = make_finding("dockerfile", "DL1", Severity.HIGH, blocking=True, fix=fix)
    assert f"\nFix: {shown}  \n" in written(make_report([finding], {"dockerfile": {}}))


def test_a_text_is_cut_between_findings_and_counts_what_it_leaves_out(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    findings = [make_finding("secrets", f"R{one:04}", Severity.HIGH, blocking=True) for one in range(1000)]
    text = written(make_report(findings, {"secrets": {}}))
    sections = text.count("\n### High: ")
    assert 50_000 < len(text.encode()) < 64_000
    assert f"… and {1000 - sections} findings more that block" in text
    assert text.count("\nFix: ") == sections
    assert "| secrets | ok |" in text


@pytest.mark.parametrize("length", [1, 300, 5000])
def test_whatever_the_names_are_the_text_is_below_64_kilobytes(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding], length: int
) -> None:
    name = "\U0001f600<" * length
    location = Location(target=name, path=name, line=1)
    findings = [
        make_finding("secrets", f"{one}{name}"[:999], Severity.HIGH, blocking=True, title=name, location=location)
        for one in range(40)
    ]
    error = StageError(title=name, message=name, path=name, target=name)
    stages = {"secrets": {"targets": (name,) * 50, "status": StageStatus.ERROR, "errors": (error,) * 99}}
    report = make_report(findings, stages | {f"s{one}": {"targets": (name,)} for one in range(30)})
    noisy = msgspec.structs.replace(report.verdict, notices=(name,) * 99)
    text = written(msgspec.structs.replace(report, verdict=noisy))
    assert len(text.encode()) < 64_000
    assert text.startswith("<!-- security-gate -->\n## FAIL")


def test_the_mark_names_the_gate_that_wrote_it(everyday: Report) -> None:
    assert text_of(everyday, "images").splitlines()[0] == mark_of("images") == "<!-- security-gate images -->"
