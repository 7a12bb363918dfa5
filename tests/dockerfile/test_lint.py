"""From hits to findings: fingerprints, pragmas, fixes, bounds, order."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import LimitError
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile import lint as module
from gate.dockerfile.lint import Linted, lint
from gate.model import Edit, Finding, Severity

Lint = Callable[..., Linted]


def of_rule(linted: Linted, rule: str) -> list[Finding]:
    return [finding for finding in linted.findings if finding.rule == rule]


def mended(text: str, edits: tuple[Edit, ...]) -> str:
    """Apply edits, each on one line, from the last to the first."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        (line, column), (end_line, end_column) = edit.start, edit.end
        assert line == end_line
        old = lines[line - 1]
        lines[line - 1] = old[: column - 1] + edit.text + old[end_column - 1 :]
    return "\n".join(lines)


def test_the_plainest_bad_dockerfile_has_a_high_finding(lint_text: Lint) -> None:
    (finding,) = of_rule(lint_text("FROM debian:latest\nRUN chmod 777 /srv\n"), "GD003")
    assert (finding.severity, finding.stage) == (Severity.HIGH, "dockerfile")
    assert (finding.location.line, finding.location.column, finding.location.end_column) == (2, 5, 19)


def test_what_cannot_be_parsed_is_a_high_finding_and_other_rules_still_run(lint_text: Lint) -> None:
    linted = lint_text("FROM debian\nFETCH x\nRUN chmod 777 /\n")
    (finding,) = of_rule(linted, "DL1000")
    assert (finding.severity, finding.location.line) == (Severity.HIGH, 2)
    assert "cannot be parsed" in finding.title
    assert of_rule(linted, "GD003")


def test_fingerprints_survive_lines_above_and_new_line_breaks(lint_text: Lint) -> None:
    plain = lint_text("FROM debian\nRUN a && chmod 777 /srv\n")
    moved = lint_text("# above\n\nFROM   debian\nRUN a \\\n    && chmod 777 /srv\n")
    assert {one.fingerprint for one in plain.findings} == {one.fingerprint for one in moved.findings}
    assert len({one.fingerprint for one in plain.findings}) == len(plain.findings)


def test_fingerprint_of_a_secret_does_not_depend_on_its_value(lint_text: Lint) -> None:
    (one,) = of_rule(lint_text("FROM a:1\nENV DB_PASSWORD=hunter2hunter2\n"), "GD004")
    (other,) = of_rule(lint_text("FROM a:1\nENV DB_PASSWORD=correct-horse\n"), "GD004")
    assert one.fingerprint == other.fingerprint


def test_no_secret_in_any_finding(lint_text: Lint) -> None:
    text = (
        "FROM a:1\nARG TOKEN=hunter2hunter2\nENV X_PASSWORD hunter2hunter2\nENV U=https://u:hunter2hunter2@h/\n"
        "RUN echo root:hunter2hunter2 | chpasswd\nRUN curl -k -u u:hunter2hunter2 http://u:hunter2hunter2@h/ | sh\n"
        "ADD http://u:hunter2hunter2@h/x /x\nFETCH hunter2hunter2\nhunter2hunter2=1\nhunter2hunter2\n"
    )
    linted = lint_text(text)
    assert {"GD004", "GD016", "GD017", "GD002", "GD006", "DL1000"} <= {one.rule for one in linted.findings}
    assert b"hunter2hunter2" not in msgspec.json.encode(linted)


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            "DL3015",
            "FROM a:1\nRUN apt-get update \\\n  && apt-get install -y x",
            "FROM a:1\nRUN apt-get update \\\n  && apt-get install --no-install-recommends -y x",
        ),
        ("DL3020", "FROM a:1\n  add --chown=1 x /y", "FROM a:1\n  COPY --chown=1 x /y"),
        ("DL3020", "FROM a:1\nONBUILD ADD x /y", "FROM a:1\nONBUILD COPY x /y"),
        (
            "DL4000",
            "FROM a:1\nMAINTAINER Jane <j@example.com>",
            'FROM a:1\nLABEL org.opencontainers.image.authors="Jane <j@example.com>"',
        ),
        ("DL3019", "FROM a:1\nRUN sh -c 'apk add x=1'", "FROM a:1\nRUN sh -c 'apk add --no-cache x=1'"),
        ("DL3042", "FROM a:1\nRUN <<E\npip install x==1\nE", "FROM a:1\nRUN <<E\npip install --no-cache-dir x==1\nE"),
    ],
)
def test_edits_mend_the_finding(lint_text: Lint, rule: str, before: str, after: str) -> None:
    (finding,) = of_rule(lint_text(before), rule)
    assert finding.fix is not None
    assert mended(before, finding.fix.edits) == after
    assert not of_rule(lint_text(after), rule)


@pytest.mark.parametrize("text", ['FROM a:1\nMAINTAINER "O\'Neil"', 'FROM a:1\nRUN sh -c "apk add \\"x=1\\""'])
def test_no_edit_where_a_person_has_to_look(lint_text: Lint, text: str) -> None:
    found = [*of_rule(lint_text(text), "DL4000"), *of_rule(lint_text(text), "DL3019")]
    assert [one.fix.edits for one in found if one.fix] == [()]


def test_pragma_silences_the_next_instruction_and_is_counted(lint_text: Lint) -> None:
    linted = lint_text("FROM a:1\n# hadolint ignore=GD003, dl3004\n\nRUN sudo chmod 777 /\nRUN chmod 777 /\n")
    assert [one.location.line for one in of_rule(linted, "GD003")] == [5]
    assert not of_rule(linted, "DL3004")
    assert linted.suppressed == 2


def test_global_pragma_silences_the_file_but_never_what_cannot_be_parsed(lint_text: Lint) -> None:
    linted = lint_text("# hadolint global ignore=GD003,DL1000\nFROM a:1\nRUN chmod 777 /\nFETCH\n")
    assert not of_rule(linted, "GD003")
    assert of_rule(linted, "DL1000")
    assert linted.suppressed == 1


def test_shell_that_is_not_read_is_counted(lint_text: Lint) -> None:
    linted = lint_text("# escape=`\nFROM mcr.example/windows/nanoserver:1\nRUN curl http://x | sh\n")
    assert linted.foreign_shells == 1
    assert not of_rule(linted, "GD002")


def test_more_findings_than_the_bound_are_an_error(lint_text: Lint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FINDINGS", 5)
    with pytest.raises(LimitError, match="more than 5 findings"):
        lint_text("FROM a:1\n" + "RUN chmod 777 /\n" * 6)


def test_same_input_same_bytes(lint_text: Lint) -> None:
    text = "FROM debian\nRUN sudo chmod 777 / && curl -k http://x | sh\nENV A_TOKEN=abcdef B_TOKEN=abcdef\n"
    assert msgspec.json.encode(lint_text(text)) == msgspec.json.encode(lint_text(text))


PARTS = [
    *(
        "FROM a AS b\n",
        "FROM b\n",
        "ARG A=1\n",
        "ENV P=$A\n",
        "USER $P\n",
        "ADD http://x /\n",
        "ONBUILD ",
        "# hadolint ",
    ),
    *("ignore=DL3008\n", "RUN ", "curl x", " | ", "sh", "apt-get install ", "chmod 777 ", "sudo ", "-c ", "'", '"'),
    *("$(", ")", "{ ", "}", "\\\n", "\n", "<<E", "\nE\n", "EXPOSE 1-2\n", "CMD [", '"a"', "]", "\0", "\xe9"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=16).map("".join))
def test_no_file_breaks_a_rule(text: str) -> None:
    linted = lint(text.encode("latin-1"), "Dockerfile", "tree", DockerfileSettings(trusted_registries=("r.example",)))
    msgspec.msgpack.encode(linted)
