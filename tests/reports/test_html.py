"""The HTML report without a browser: self-contained, closed, and the same for the same report."""

import base64
import hashlib
import io
import json
from html.parser import HTMLParser
from typing import Any

from gate.model import (
    Report,
)
from gate.reports import load_format


def written(report: Report) -> str:
    stream = io.StringIO()
    load_format("html").write(report, stream)
    return stream.getvalue()


class Page(HTMLParser):
    """What a browser makes of a page: elements with their attributes, the raw texts, and what can be read."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self.texts: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.raw.append((self.cdata_elem, self.elements[-1][1], data))
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """What is read without a script, its white space made single blanks."""
        return " ".join("".join(self.texts).split())

    @property
    def contents(self) -> dict[str, Any]:
        """The block of JSON."""
        (block,) = [text for _, attributes, text in self.raw if attributes.get("id") == "contents"]
        return json.loads(block)  # type: ignore[no-any-return]

    @property
    def policy(self) -> dict[str, str]:
        """The Content-Security-Policy, rule by rule."""
        (meta,) = [one for _, one in self.elements if one.get("http-equiv") == "Content-Security-Policy"]
        return dict(rule.split(" ", 1) for rule in str(meta["content"]).split("; "))


def page(report: Report) -> Page:
    return Page(written(report))


def hash_source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_lets_nothing_run_but_the_page_s_own_script_and_style(everyday: Report) -> None:
    seen = page(everyday)
    (style,) = [text for tag, _, text in seen.raw if tag == "style"]
    (script,) = [text for tag, attributes, text in seen.raw if tag == "script" and "type" not in attributes]
    assert seen.policy == {
        "default-src": "'none'",
        "script-src": hash_source(script),
        "style-src": hash_source(style),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
