"""The HTML report without a browser: self-contained, closed, and the same for the same report.

Goes through `gate/reports/html/`.
"""

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.model import (
    NO_RUN,
    Changes,
    ComparedWith,
    Edit,
    Finding,
    Fix,
    ImageLayer,
    Input,
    InUse,
    Location,
    Package,
    PackageChanges,
    PolicyUsed,
    Report,
    RuleDescription,
    Secret,
    Severity,
    Status,
    Verdict,
    VerdictStatus,
    Vulnerability,
)
from gate.reports import load_format

Maker = Callable[..., Any]


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

    def element(self, tag: str, **attributes: str) -> str:
        """The raw text of the one style or script with these attributes and no others."""
        texts = [text for name, given, text in self.raw if name == tag and given == attributes]
        return "".join(texts)

    @property
    def text(self) -> str:
        """What is read without a script, its white space made single blanks."""
        return " ".join("".join(self.texts).split())

    @property
    def contents(self) -> dict[str, Any]:
        """The block of JSON."""
        return json.loads(self.element("script", type="application/json", id="contents"))  # type: ignore[no-any-return]

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
    assert seen.policy == {
        "default-src": "'none'",
        "script-src": hash_source(seen.element("script")),
        "style-src": hash_source(seen.element("style")),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_nothing_of_the_page_asks_the_network_or_stands_in_an_attribute_that_the_policy_forbids(
    everyday: Report,
) -> None:
    for tag, attributes in page(everyday).elements:
        assert tag not in ("link", "img", "iframe", "object", "base")
        assert not attributes.keys() & {"src", "style"}
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in page(everyday).element("style")


def test_the_script_knows_no_way_to_make_markup_or_code_out_of_text(everyday: Report) -> None:
    script = page(everyday).element("script")
    ways = r"innerHTML|outerHTML|insertAdjacent|document\.write|DOMParser|\beval\b|new Function|setTimeout|\.style\b"
    assert re.findall(ways, script) == []


def test_every_finding_is_there_worst_first_with_what_the_page_shows(everyday: Report) -> None:
    shown = page(everyday).contents["findings"]
    assert len(shown) == len(everyday.findings)
    first = shown[0]
    assert (first["rule"], first["severity"], first["is_blocking"]) == ("GHSA-35jh-r3h4-6jhm", "critical", True)
    assert first["place"] == "web/package-lock.json:34"
    assert first["mend"] == "Update lodash from 4.17.15 to 4.17.21."
    assert first["vulnerability"] == {"cvss": 9.8, "is_exploited": True, "fixed_versions": ["4.17.21"]}


def test_what_the_detail_tells_comes_from_the_finding(make_report: Maker, make_finding: Maker) -> None:
    package = Package(name="b", version="1", ecosystem="npm", purl="pkg:npm/b@1", direct=False, via=("top", "a"))
    finding = make_finding(
        "dependencies",
        "GHSA-1",
        Severity.HIGH,
        location=Location(target="shop", path="a/lock", line=3, layer="sha256:12"),
        places=(Location(target="shop", path="b/lock", line=4),),
        package=package,
        vulnerability=Vulnerability(id="GHSA-1", epss=0.5),
        in_use=InUse.YES,
        in_use_evidence=("loaded by /bin/app",),
        fix=Fix(description="Update it.", edits=(Edit(path="a/lock", start=(3, 2), end=(3, 9), text="2"),)),
        decided_by="waiver",
        decided_in=".gate/waivers.yaml",
    )
    (shown,) = page(make_report([finding], {"dependencies": {}})).contents["findings"]
    assert shown["package"]["way"] == ["top", "a", "b"]
    assert shown["more_places"] == ["b/lock:4"]
    assert (shown["in_use"], shown["evidence"], shown["layer"]) == ("yes", ["loaded by /bin/app"], "sha256:12")
    assert shown["edits"] == [{"place": "a/lock:3:2", "text": "2"}]
    assert (shown["decided_by"], shown["decided_in"]) == ("waiver", ".gate/waivers.yaml")


def test_every_layer_of_an_image_is_there_with_what_it_brought(make_report: Maker) -> None:
    counted = PackageChanges(added=Changes(2, ("bash 5.2", "zlib 1.2")), removed=Changes(1, ("curl 7.0",)))
    layers = (
        ImageLayer(diff_id="sha256:1", created_by="ADD  rootfs.tar /", size=2048, files=3, hidden=0, packages=counted),
        ImageLayer(diff_id="sha256:2", size=1, files=0, hidden=1),
    )
    inputs = (Input(target="shop", digests={}), Input(target="archive:api.tar", digests={}, layers=layers))
    report = msgspec.structs.replace(make_report([], {"image": {}}), inputs=inputs)
    added = {"count": 2, "first": ["bash 5.2", "zlib 1.2"]}
    base = {"diff_id": "sha256:1", "size": 2048, "files": 3, "created_by": "ADD rootfs.tar /"}
    packages = {"added": added, "removed": {"count": 1, "first": ["curl 7.0"]}}
    assert page(report).contents["images"] == [
        {
            "target": "archive:api.tar",
            "layers": [base | {"packages": packages}, {"diff_id": "sha256:2", "size": 1, "files": 0, "hidden": 1}],
        }
    ]


def test_the_rules_own_words_are_there_for_rules_that_findings_name(everyday: Report) -> None:
    def rule(name: str) -> RuleDescription:
        return RuleDescription(
            id=name, stage="dockerfile", severity=Severity.LOW, title="t", why=f"why {name}", mend="m"
        )

    report = msgspec.structs.replace(everyday, rules=(rule("DL3004"), rule("DL9999")))
    assert page(report).contents["why"] == {"dockerfile DL3004": "why DL3004"}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://osv.dev/GHSA-1", "https://osv.dev/GHSA-1"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://osv.dev/GHSA-1", None),
        (" https://osv.dev", None),
    ],
)
def test_only_an_https_address_becomes_a_link(
    address: str, shown: str | None, make_report: Maker, make_finding: Maker
) -> None:
    report = make_report([make_finding("secrets", "R", Severity.LOW, help_uri=address)], {"secrets": {}})
    assert page(report).contents["findings"][0].get("help_uri") == shown


def test_a_secret_tells_its_kind_and_beginning_and_neither_hash_nor_value(
    make_report: Maker, make_finding: Maker
) -> None:
    secret = Secret(type="AWS Access Key", hash="0123456789abcdef", redacted="AKIA…")
    report = make_report([make_finding("secrets", "R", Severity.HIGH, secret=secret)], {"secrets": {}})
    assert page(report).contents["findings"][0]["secret"] == {"type": "AWS Access Key", "redacted": "AKIA…"}
    assert secret.hash not in written(report)


def test_a_reader_without_scripts_reads_verdict_reasons_errors_notices_and_the_worst(everyday: Report) -> None:
    verdict = msgspec.structs.replace(everyday.verdict, notices=("A waiver ends on Monday.",))
    text = page(msgspec.structs.replace(everyday, verdict=verdict)).text
    for part in (
        "incomplete dependencies did not finish",
        *(reason.message for reason in everyday.verdict.reasons),
        "A waiver ends on Monday.",
        "api/poetry.lock: cannot be parsed: Line 3 has no value. Lock again with poetry lock",
        "no manifests in storefront",
        "lodash 4.17.15: Command injection",
        "Update lodash from 4.17.15 to 4.17.21.",
        "bytes 3,400,000",
    ):
        assert part in text


def test_a_pass_says_that_the_change_edits_what_judges_it(edited: Report) -> None:
    assert ".gitlab-ci.yml runs the gate, and this change edits it: review it" in page(edited).text


def test_of_many_findings_the_worst_hundred_can_be_read_without_scripts(
    make_report: Maker, make_finding: Maker
) -> None:
    findings = [make_finding("secrets", f"RULE-{n:04}", Severity.LOW) for n in range(150)]
    seen = page(make_report(findings, {"secrets": {}}))
    assert "The worst 100 of 150 findings" in seen.text
    assert ("RULE-0099" in seen.text, "RULE-0100" in seen.text) == (True, False)
    assert len(seen.contents["findings"]) == 150


def test_the_head_names_repository_branch_and_commit_and_what_it_is_compared_with(make_report: Maker) -> None:
    judged = Input(target="t", digests={"gitCommit": "4f" * 20}, repository="git.example.com/shop/api", branch="<b>x")
    evidence = msgspec.structs.replace(NO_RUN, bases=(ComparedWith(target="t", revisions=("ab" * 20,)),))
    report = msgspec.structs.replace(make_report([], {}), inputs=(judged,), evidence=evidence)
    head = re.sub(r"<[^>]+>", "", written(report).partition("<main>")[0].partition('<p class="subject">')[2])
    assert "git.example.com/shop/api branch &lt;b&gt;x commit 4f4f4f4f4f4f compared with abababababab" in head
    changed = msgspec.structs.replace(report, inputs=(msgspec.structs.replace(judged, digests={}),))
    assert "uncommitted changes" in written(changed)


def test_what_is_compared_with_nothing_is_not_called_new(make_report: Maker, make_finding: Maker) -> None:
    found = make_finding("secrets", "R", Severity.HIGH)
    assert page(make_report([found], {})).contents["is_compared"] is False
    old = make_finding("secrets", "S", Severity.HIGH, status=Status.EXISTING)
    assert page(make_report([found, old], {})).contents["is_compared"] is True


def test_a_report_without_findings_says_so(make_report: Maker) -> None:
    report = make_report([], {"secrets": {}}, VerdictStatus.PASS)
    assert "There are none." in page(report).text
    assert "pass nothing was found." in page(report).text


def test_no_hostile_text_becomes_an_element_or_an_attribute(everyday: Report, hostile_report: Report) -> None:
    def shape(report: Report) -> set[tuple[str, frozenset[str]]]:
        return {(tag, frozenset(attributes)) for tag, attributes in page(report).elements}

    judged = Input(target="a", digests={"imageId": "b"}), PolicyUsed(source="gate.yaml", sha256="c")
    everyday = msgspec.structs.replace(everyday, inputs=judged[:1], policies=judged[1:])
    known = shape(everyday) | shape(msgspec.structs.replace(everyday, verdict=Verdict(status=VerdictStatus.FAIL)))
    assert shape(hostile_report) <= known
    assert "<script>alert(1)" in page(hostile_report).text
    assert "]]>\\x1b[31m::error" in page(hostile_report).contents["findings"][0]["title"]


@given(text=st.text(st.characters(exclude_categories=()), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_block_of_json_has_nothing_that_could_end_it_and_is_read_back_whole(
    text: str, make_report: Maker, make_finding: Maker
) -> None:
    finding: Finding = make_finding("secrets", "R", Severity.LOW, message=f"</script><!--&{text}\u2028")
    source = written(make_report([finding], {"secrets": {}}))
    block = source.split('id="contents">')[1].split("</script>")[0]
    assert not set("<>&\u2028\u2029\n") & set(block)
    (shown,) = json.loads(block)["findings"]
    assert shown["message"].startswith("</script><!--&")


def test_a_finding_costs_less_than_a_kilobyte(make_report: Maker, make_finding: Maker) -> None:
    one, many = (
        len(written(make_report([make_finding("secrets", f"R{n}", Severity.LOW) for n in range(count)], {})))
        for count in (200, 400)
    )
    assert (many - one) / 200 < 1000


def test_what_runs_when_is_a_table(make_report: Maker) -> None:
    """Its rows are those of `gate/reports/what_runs.py`."""
    lines = ["open: VS Code runs task <b>: make (no question; .vscode/tasks.json:1)", "and 3 more"]
    report = make_report([], {"workspace": {"facts": {"what_runs": lines}}})
    section = written(report).partition('<section id="what-runs"')[2].partition("</section>")[0]
    assert '<th scope="row">open</th><td>VS Code runs task &lt;b&gt;: make' in section
    assert "and 3 more" in section
    assert '<section id="what-runs"' not in written(make_report([], {"workspace": {}}))
