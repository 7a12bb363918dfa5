"""Assembles the page from template, style and script, with a Content-Security-Policy that lets nothing else run."""

from functools import cache
from importlib import resources
from typing import TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from gate.core.json_text import write_utf8
from gate.core.text import clipped, counted, one_line, visible
from gate.model import Fact, Finding, Report
from gate.reports.html.entries import contents_json
from gate.reports.order import errors_of, worst_first
from gate.reports.static_page import hash_source
from gate.reports.third_parties import party_rows
from gate.reports.use import ANSWERS, images_of, numbers_of, what_decides, why
from gate.reports.what_runs import start_rows
from gate.reports.wording import mend, place, unfinished, verdict_sentence

_STYLE = ("colours", "page", "verdict", "charts", "findings", "detail", "print")
_SCRIPT = (
    *(
        "contents",
        "elements",
        "facets",
        "columns",
        "orders",
        "state",
        "detail",
        "groups",
        "table",
        "filters",
        "charts",
        "layers",
        "used",
        "figures",
    ),
    "page",
)
"""Files of the folders `style` and `script`, in the order in which they stand in the page."""
_UNSCRIPTED = 100
"""Findings that are also written as text, for readers without scripts."""
_MOST_LISTED = 50
"""Entries of a fact that are written out."""
_CONTENTS = '<script type="application/json" id="contents">'
"""The tag after which the findings are inserted. No text can imitate it, because all texts are escaped."""
_LEVELS = ("critical", "high", "medium", "low", "info")


def write_document(report: Report, stream: TextIO) -> None:
    """Write the page of a report. Without a script it shows the verdict and the worst findings as text."""
    style, script = _style(), _script()
    findings = worst_first(report.findings)
    page = _template().render(
        report=report,
        levels=_LEVELS,
        sentence=verdict_sentence(report).partition(": ")[2],
        errors={stage.name: errors_of(stage) for stage in report.stages},
        findings=findings[:_UNSCRIPTED],
        images=[(image, use, numbers_of(image, use, report)) for image, use in images_of(report)],
        parties=party_rows(report),
        subject=next(
            (one for one in report.inputs if one.repository or one.branch or "gitCommit" in one.digests), None
        ),
        bases=report.evidence.bases if report.evidence else (),
        starts=start_rows(report),
        policy=_security_policy(style, script),
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
    )
    head, tag, tail = page.partition(_CONTENTS)  # inside a template, many megabytes would be copied three times
    stream.write(head + tag)
    write_utf8(contents_json(report, findings), stream)
    stream.write(tail)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader(__package__, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "visible": visible,
        "one_line": one_line,
        "clipped": clipped,
        "place": place,
        "mend": mend,
        "unfinished": unfinished,
        "is_set_aside": _is_set_aside,
        "in_words": _in_words,
        "counted": counted,
        "answer": ANSWERS.__getitem__,
        "why": why,
        "what_decides": what_decides,
    }
    return environment.get_template("page.html")


def _is_set_aside(finding: Finding) -> bool:
    return finding.status.value in ("waived", "ignored")


def _in_words(fact: Fact) -> str:
    """Return a fact as text; for a long list, the first entries and the number of the others."""
    match fact:
        case bool():
            return "yes" if fact else "no"
        case int() | float():
            return f"{fact:,}"
        case list():
            more = f" and {len(fact) - _MOST_LISTED:,} more" if len(fact) > _MOST_LISTED else ""
            return (", ".join(map(visible, fact[:_MOST_LISTED])) or "none") + more
        case _:
            return one_line(fact)


@cache
def _style() -> str:
    return "".join(_part("style", f"{name}.css") for name in _STYLE)


@cache
def _script() -> str:
    """Return the script: one function around all of its files, so that their names are not global."""
    return '(() => {\n"use strict";\n' + "".join(_part("script", f"{name}.js") for name in _SCRIPT) + "})();\n"


def _part(folder: str, name: str) -> str:
    return resources.files(__package__).joinpath(folder, name).read_text("utf-8")


def _security_policy(style: str, script: str) -> str:
    """Return the page's Content-Security-Policy (https://www.w3.org/TR/CSP3/): nothing but this style and script.

    Trusted Types refuse every way of making elements out of text, so that names cannot become mark-up.
    """
    rules = {
        "default-src": "'none'",
        "script-src": hash_source(script),
        "style-src": hash_source(style),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
