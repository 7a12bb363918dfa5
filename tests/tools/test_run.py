"""Programs within bounds: what they get, what they may do, and what their failure is.

Goes through `gate/stages/tools.py`, `gate/tools/files.py`.
"""

import os
import sys
import time
from pathlib import Path

import msgspec
import pytest

from gate.app.project import open_project
from gate.core.errors import ConfigError, GateError, LimitError, UnreadableError
from gate.declarations.section import StageSettings
from gate.model import Confidence, Finding, Location, Package, Secret, Severity, StageResult, Vulnerability
from gate.settings import Stages, ToolSettings
from gate.stages import tools as stage
from gate.tools import run as running
from gate.tools.duplicates import without_duplicates
from gate.tools.findings import MOST_ERRORS, errors_of, findings_of
from gate.tools.report import Affected, NotLookedAt, Reported
from gate.tools.run import run_tool


def python(code: str, *words: str, **parts: object) -> ToolSettings:
    return ToolSettings(command=(sys.executable, "-c", code, *words), format="hadolint", **parts)  # type: ignore[arg-type]


def ran(tool: ToolSettings, folder: Path, timeout_s: float = 30) -> bytes:
    return run_tool("tool", tool, str(folder), timeout_s).report


def test_it_gets_the_folder_and_where_to_write(tmp_path: Path) -> None:
    code = "import sys, os; open(sys.argv[2], 'w').write(sys.argv[1] + os.getcwd())"
    assert ran(python(code, "{target}", "{output}"), tmp_path).decode() == str(tmp_path) * 2


def test_without_a_place_to_write_its_standard_output_is_the_report(tmp_path: Path) -> None:
    assert ran(python("print('[]')"), tmp_path) == b"[]\n"


def test_words_are_arguments_and_never_a_shell(tmp_path: Path) -> None:
    assert ran(python("import sys; print(sys.argv[1])", "$(id); `id`"), tmp_path) == b"$(id); `id`\n"


def test_it_gets_no_variable_that_is_not_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_JOB_TOKEN", "s3cret")
    monkeypatch.setenv("WANTED", "yes")
    code = "import os; print(sorted(os.environ), os.environ['HOME'])"
    printed = ran(python(code, environment=("WANTED",)), tmp_path).decode()
    assert "WANTED" in printed
    assert "CI_JOB_TOKEN" not in printed
    assert os.environ["HOME"] not in printed.split("]")[1].split()


@pytest.mark.parametrize(
    ("tool", "error", "said"),
    [
        (python("import sys; print('[]'); sys.exit('no network')"), None, ""),
        (python("import sys; sys.exit('no network')", success=(0,)), GateError, "status 1: no network"),
        (ToolSettings(command=("no-such-program",), format="sarif"), GateError, "cannot be started"),
        (python("pass", "{output}"), UnreadableError, "left no report"),
        (python("import sys; sys.exit('no index')", "{output}"), UnreadableError, "left no report .*no index"),
        (python("pass"), UnreadableError, "wrote nothing"),
    ],
)
def test_what_goes_wrong_is_an_error(
    tmp_path: Path, tool: ToolSettings, error: type[Exception] | None, said: str
) -> None:
    if error is None:
        assert ran(tool, tmp_path)
        return
    with pytest.raises(error, match=said):
        ran(tool, tmp_path)


def test_a_status_is_a_success_as_its_format_has_it_or_as_the_settings_say(tmp_path: Path) -> None:
    ends_with_200 = python("import sys; print('[]'); sys.exit(200)")
    with pytest.raises(GateError, match="status 200"):
        ran(ends_with_200, tmp_path)
    assert ran(msgspec.structs.replace(ends_with_200, format="kingfisher"), tmp_path)
    assert ran(msgspec.structs.replace(ends_with_200, success=(200,)), tmp_path)


def test_too_much_output_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MAX_OUTPUT", 9)
    with pytest.raises(LimitError, match="more than 9 bytes"):
        ran(python("print('0123456789')"), tmp_path)


def test_a_program_that_writes_without_end_is_ended_before_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MAX_OUTPUT", 1 << 20)
    for stream in ("stdout", "stderr"):
        code = f"import sys, time\nwhile True: sys.{stream}.write('x' * 65536); sys.{stream}.flush(); time.sleep(0.005)"
        with pytest.raises(LimitError, match="wrote more than"):
            ran(python(code), tmp_path)


def test_when_its_time_is_over_nothing_of_it_is_left(tmp_path: Path) -> None:
    child = "import subprocess, sys, time; p = subprocess.Popen(['sleep', '60']); open('pid', 'w').write(str(p.pid))"
    with pytest.raises(LimitError, match="took more than"):
        ran(python(f"{child}; time.sleep(60)"), tmp_path, timeout_s=1)
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            return
        time.sleep(0.02)
    pytest.fail("a child of the tool is alive")


TOOL = {"lint": python('print(\'[{"code": "X1", "file": "a.txt", "level": "error", "message": "m"}]\')')}


def test_a_tools_findings_are_the_stages(make_tree, make_context) -> None:  # type: ignore[no-untyped-def]
    result = stage.run(make_tree({"a.txt": "x"}), make_context(tools=TOOL, allow_tools=True))
    assert [(one.rule, one.location.path) for one in result.findings] == [("lint:X1", "a.txt")]


SILENT = [
    ("", 0, ()),
    ("Found no problem, errors: 0\\nand none of the kind that is an ERROR", 0, ()),
    ("", 1, ("tool ended with status 1, and its report says nothing",)),
    ("2026-01-01T00:00:00Z ERROR scan: no such rule", 0, ("tool speaks of an error, and its report says nothing",)),
    (" INFO start\\n[FATAL] no rule", 0, ("tool speaks of an error, and its report says nothing",)),
    ("fatal: not a repository", 0, ("tool speaks of an error, and its report says nothing",)),
    ("Traceback (most recent call last):", 0, ("tool speaks of an error, and its report says nothing",)),
    ("level=error msg=x", 0, ("tool speaks of an error, and its report says nothing",)),
    ("level=errors severity: none", 0, ()),
]


@pytest.mark.parametrize(("words", "status", "titles"), SILENT)
def test_a_report_without_a_problem_is_believed_only_if_the_end_agrees(
    make_tree,  # type: ignore[no-untyped-def]
    make_context,  # type: ignore[no-untyped-def]
    words: str,
    status: int,
    titles: tuple[str, ...],
) -> None:
    code = f"import sys; print('[]'); print('{words}', file=sys.stderr); sys.exit({status})"
    result = stage.run(make_tree({"a.txt": "x"}), make_context(tools={"tool": python(code)}, allow_tools=True))
    assert tuple(error.title for error in result.errors) == titles


def test_what_a_tool_says_beside_its_report_is_not_told(make_tree, make_context) -> None:  # type: ignore[no-untyped-def]
    code = "import sys; print('[]'); print('ERROR in ' + sys.argv[1], file=sys.stderr)"
    tools = {"tool": python(code, "correct-horse-battery")}
    (error,) = stage.run(make_tree({"a.txt": "x"}), make_context(tools=tools, allow_tools=True)).errors
    assert "correct-horse" not in str(error)


def test_a_secret_that_a_tool_quotes_as_it_fails_is_hidden(make_tree, make_context) -> None:  # type: ignore[no-untyped-def]
    token = "ghp_" + "Zq7LmX2cVb9KtR4sWn8YpD3f" * 2
    for before in ("", "x" * 600 + " ", "x " * 240):
        code = f"import sys; sys.exit({before!r} + 'cannot check ' + sys.argv[1] + ' of a.txt')"
        tools = {"tool": python(code, token[:40], success=(0,))}
        (error,) = stage.run(make_tree({"a.txt": "x"}), make_context(tools=tools, allow_tools=True)).errors
        assert error.title.startswith("tool ended with status 1: ")
        assert error.title.endswith("of a.txt")
        assert token[8:40] not in str(error)


def test_half_a_token_is_not_quoted(tmp_path: Path) -> None:
    code = "import sys; sys.exit('ghp_' + 'a' * 600 + ' done')"
    with pytest.raises(GateError, match=r"status 1: done\. "):
        ran(python(code, success=(0,)), tmp_path)


def test_a_report_on_the_standard_output_that_is_opened_again_is_whole(tmp_path: Path) -> None:
    code = "with open('/dev/stdout', 'w') as file: file.write('[' * 20)\nprint('done')"
    assert ran(python(code), tmp_path) == b"[" * 20 + b"done\n"


def test_a_tool_does_not_run_before_it_is_allowed(make_tree, make_context) -> None:  # type: ignore[no-untyped-def]
    trap = {"trap": python("open('ran', 'w')")}
    target = make_tree({"a.txt": "x"})
    result = stage.run(target, make_context(tools=trap))
    assert "may not run: trap" in result.errors[0].title
    assert not Path(target.root, "ran").exists()


def test_the_file_that_names_tools_cannot_allow_them(make_tree) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigError, match="allow_tools"):
        open_project(make_tree({"gate.yaml": "allow_tools: true\n"}).root, flags={})


def test_paths_that_the_stage_leaves_out_are_left_out(make_tree, make_context) -> None:  # type: ignore[no-untyped-def]
    context = make_context(tools=TOOL, allow_tools=True, stages=Stages(tools=StageSettings(ignore=("*.txt",))))
    assert stage.run(make_tree({"a.txt": "x"}), context).findings == ()


BANDIT = "import json; print(json.dumps({'results': [], 'errors': [{'filename': '%s'}]}))"
SEMGREP = "import json; print(json.dumps({'results': [], 'errors': [{'level': 'warn', 'path': 'big.py'}]}))"


def test_what_a_tool_could_not_read_is_an_error_and_what_it_leaves_out_a_fact(make_tree, make_context) -> None:  # type: ignore[no-untyped-def]
    tools = {
        "bandit": msgspec.structs.replace(python(BANDIT % "./broken.py"), format="bandit"),
        "semgrep": msgspec.structs.replace(python(SEMGREP), format="semgrep"),
    }
    result = stage.run(make_tree({"a.txt": "x"}), make_context(tools=tools, allow_tools=True))
    assert [(one.title, one.path) for one in result.errors] == [("bandit could not look at it", "broken.py")]
    assert result.facts["partly_read"] == ["semgrep: big.py"]
    section = Stages(tools=StageSettings(ignore=("broken.py",)))
    assert (
        stage.run(make_tree({"a.txt": "x"}), make_context(tools=tools, allow_tools=True, stages=section)).errors == ()
    )


def test_errors_of_one_tool_are_bounded() -> None:
    unread = [NotLookedAt(path=f"{number}.py") for number in range(MOST_ERRORS + 5)] * 2
    *_, last = errors_of("t", unread, "/work")
    assert last.title == "t could not look at 5 more"


def test_a_file_as_a_whole_has_no_line() -> None:
    (finding,) = findings_of("t", [Reported(rule="r", title="x", path="a", line=0)], "t", "/work")
    assert finding.location.line is None


def test_one_tool_that_fails_leaves_the_others_findings(make_tree, make_context) -> None:  # type: ignore[no-untyped-def]
    tools = {**TOOL, "broken": python("print('{broken')")}
    result = stage.run(make_tree({"a.txt": "x"}), make_context(tools=tools, allow_tools=True))
    assert [one.rule for one in result.findings] == ["lint:X1"]
    assert [one.title for one in result.errors] == ["broken wrote no hadolint"]


def test_a_revision_is_looked_at_as_it_was(make_repository, make_context) -> None:  # type: ignore[no-untyped-def]
    repository = make_repository()
    commit = repository.commit({"a.txt": "then"})
    repository.commit({"a.txt": "now"})
    code = 'print(\'[{"code": "\' + open(\'a.txt\').read() + \'", "file": "a", "level": "", "message": "m"}]\')'
    then = msgspec.structs.replace(repository.tree, revision=commit)
    result = stage.run(then, make_context(tools={"cat": python(code)}, allow_tools=True))
    assert [one.rule for one in result.findings] == ["cat:then"]


@pytest.mark.parametrize(
    ("path", "told"),
    [("a/b.py", "a/b.py"), ("./b.py", "b.py"), ("/work/b.py", "b.py"), ("../../etc/passwd", None), ("/etc/x", None)],
)
def test_a_path_is_the_folders_or_left_out(path: str, told: str | None) -> None:
    (finding,) = findings_of("t", [Reported(rule="R", title="x", path=path, line=3)], "target", "/work")
    assert finding.location.path == told


def test_a_fingerprint_does_not_depend_on_the_line() -> None:
    first, second = (
        next(findings_of("t", [Reported(rule="R", title="x", path="a", line=line)], "target", "/work"))
        for line in (1, 9)
    )
    assert first.fingerprint == second.fingerprint


PLACE = Location(target="shop", path="a.env", line=2)


def own(rule: str, **parts: object) -> Finding:
    kept = {"location": PLACE, **parts}
    return Finding(
        stage="own",
        rule=rule,
        severity=Severity.HIGH,
        title="t",
        message="m",
        fingerprint="f",
        **kept,  # type: ignore[arg-type]
    )


FLASK = Package(name="Flask", version="1", ecosystem="PyPI", purl="pkg:pypi/flask@1")


@pytest.mark.parametrize(
    ("known", "reported", "is_twin"),
    [
        (own("DL3006"), Reported(rule="DL3006", title="x", path="a.env", line=2), True),
        (own("DL3006"), Reported(rule="DL3006", title="x", path="a.env", line=3), False),
        (own("DL3006"), Reported(rule="DL3007", title="x", path="a.env", line=2), False),
        (
            own("SECRET-X", secret=Secret(type="t", hash="h", redacted="r")),
            Reported(rule="aws", title="x", path="a.env", line=2, is_secret=True),
            True,
        ),
        (
            own("CVE-1", package=FLASK, vulnerability=Vulnerability(id="GHSA-1", aliases=("CVE-1",))),
            Reported(rule="CVE-1", title="x", affected=Affected(name="flask", version="1", ids=("CVE-1",))),
            True,
        ),
        (
            own("CVE-1", package=FLASK, vulnerability=Vulnerability(id="CVE-1")),
            Reported(rule="CVE-1", title="x", affected=Affected(name="django", version="1", ids=("CVE-1",))),
            False,
        ),
    ],
)
def test_the_same_kind_at_the_same_place_is_told_once(known: Finding, reported: Reported, is_twin: bool) -> None:
    theirs = tuple(findings_of("tool", [reported], "shop", "/work"))
    results = [
        StageResult(stage="own", target="shop", findings=(known,)),
        StageResult(stage="tools", target="shop", findings=theirs),
    ]
    first, second = without_duplicates(results)
    assert first.findings == (known,)
    assert (second.findings == ()) is is_twin
    assert second.facts["found_by_other_stages"] == int(is_twin)


OWN = own("SECRET-X", secret=Secret(type="t", hash="h", redacted="r"))


def asked(is_valid: bool | None, line: int = 2) -> Reported:
    return Reported(rule="r", title="x", path="a.env", line=line, is_secret=True, is_valid=is_valid)


def told(known: tuple[Finding, ...], reported: list[Reported]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    theirs = tuple(findings_of("asker", reported, "shop", "/work"))
    first, second = without_duplicates(
        [
            StageResult(stage="own", target="shop", findings=known),
            StageResult(stage="tools", target="shop", findings=theirs),
        ]
    )
    return first.findings, second.findings


@pytest.mark.parametrize(
    ("answers", "verified", "severity", "message"),
    [
        ([True], True, Severity.CRITICAL, "m; its service, asked by asker, accepts it"),
        ([False], False, Severity.HIGH, "m; its service, asked by asker, refuses it"),
        ([None], None, Severity.HIGH, "m"),
        ([None, True], True, Severity.CRITICAL, "m; its service, asked by asker, accepts it"),
    ],
)
def test_what_a_service_said_to_a_tool_goes_over_to_our_own_finding(
    answers: list[bool | None], verified: bool | None, severity: Severity, message: str
) -> None:
    (finding,), theirs = told((OWN,), [asked(one) for one in answers])
    assert theirs == ()
    assert finding.secret is not None
    assert (finding.secret.verified, finding.severity, finding.message) == (verified, severity, message)
    assert finding.fingerprint == OWN.fingerprint


@pytest.mark.parametrize(
    ("known", "answers"), [((OWN, OWN), [True]), ((OWN,), [True, False])], ids=["two of ours", "two answers"]
)
def test_where_it_is_in_doubt_which_secret_is_meant_the_tools_finding_stays(
    known: tuple[Finding, ...], answers: list[bool]
) -> None:
    ours, theirs = told(known, [asked(one) for one in answers])
    assert ours == known
    assert [one.secret.verified for one in theirs if one.secret] == answers


@pytest.mark.parametrize(
    ("ours", "theirs", "confidence", "message"),
    [
        (Confidence.LOW, Confidence.HIGH, Confidence.HIGH, "m; asker reports it as well"),
        (Confidence.HIGH, Confidence.LOW, Confidence.HIGH, "m"),
    ],
)
def test_a_second_opinion_makes_us_surer_and_never_less_sure(
    ours: Confidence, theirs: Confidence, confidence: Confidence, message: str
) -> None:
    known = msgspec.structs.replace(OWN, confidence=ours)
    (finding,), left = told((known,), [msgspec.structs.replace(asked(None), confidence=theirs)])
    assert (finding.confidence, finding.message, left) == (confidence, message, ())


def test_who_is_surer_than_several_of_ours_stays_beside_them() -> None:
    known = (msgspec.structs.replace(OWN, confidence=Confidence.LOW),) * 2
    ours, (left,) = told(known, [asked(None)])
    assert ours == known
    assert left.confidence is Confidence.HIGH


def test_a_secret_that_only_a_tool_sees_says_what_its_service_said() -> None:
    _, (finding,) = told((), [asked(True)])
    assert finding.message == "asker reports it; its service, asked by asker, accepts it"
    assert finding.secret == Secret(type="x", hash="", redacted="…", verified=True)
