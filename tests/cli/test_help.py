"""What `gate --help`, `--help-all`, `-q` and `-v` do, and completions and the manual page (`gate/cli/described.py`)."""

import shutil
import subprocess
from pathlib import Path

import pytest

from gate.cli import COMMANDS, EXAMPLES, QUIET, VERBOSE, _take_common, main, module_of, parser_of
from gate.cli.described import commands
from tests.cli.conftest import Gate

pytestmark = pytest.mark.every_python


def test_the_help_shows_every_command_in_a_group_and_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for group in ("judge", "adopt", "explain", "advisories", "reports", "fleet", "evidence"):
        assert f"\n{group}:\n" in shown
    assert all(f"\n  {name} " in shown for name in COMMANDS)
    assert all(f"  {line}\n" in shown for line in EXAMPLES)


def helped(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*words])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_help_of_a_command_is_short_and_help_all_lists_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    short = helped(capsys, "run", "--help")
    assert "--since" in short
    assert "--help-all" in short
    assert "--secrets-mode" not in short
    assert len(short.splitlines()) < 40
    assert "--dockerfile-trusted-registries" in helped(capsys, "run", "--help-all")


@pytest.mark.parametrize(
    ("words", "heeded", "not_heeded"),
    [
        (("sbom",), "--dependencies-ignore", "--dockerfile-rules"),
        (("fix",), "--dockerfile-rules", "--secrets-ignore"),
        (("db", "status"), "--advisories-max-age", "--stage"),
        (("db", "export"), "--offline", "--image-platform"),
        (("db", "update"), "--image-platform", "--dockerfile-rules"),
    ],
)
def test_a_command_lists_no_option_that_it_does_not_heed(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], heeded: str, not_heeded: str
) -> None:
    shown = helped(capsys, *words, "--help-all")
    assert f"  {heeded} " in shown
    assert f"  {not_heeded} " not in shown


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_takes_q_and_v(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """As flags of its own, or taken out before its parser, which would refuse them."""
    monkeypatch.setattr("gate.cli.saying._IS_QUIET", False)
    monkeypatch.setattr("gate.core.debug.turn_on", lambda: None)
    parser = parser_of(command, module_of(command))
    words = [*QUIET, *VERBOSE, "--neither"]
    _take_common(parser, words)
    assert [word for word in words if not parser.knows(word)] == ["--neither"]


def test_quiet_prints_no_confirmation(gate: Gate, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert "Every push is judged now" in gate("hook", "install", cwd=str(tmp_path)).stdout
    assert gate("hook", "uninstall", "-q", cwd=str(tmp_path)).stdout == ""
    assert not (tmp_path / ".git/hooks/pre-push").exists()


def test_an_operand_that_looks_like_the_flag_stays_behind_two_hyphens(gate: Gate, tmp_path: Path) -> None:
    done = gate("observe", "--proc", "--", "echo", "-q", "-v", cwd=str(tmp_path))
    assert "-q -v" in done.stdout


def printed(capsys: pytest.CaptureFixture[str], kind: str) -> str:
    assert main(["completion", kind]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("gate ba", "baseline"),
        ("gate run --si", "--since"),
        ("gate db up", "update"),
        ("gate db status --js", "--json"),
        ("gate hook ins", "install"),
    ],
)
def test_bash_completes_commands_actions_and_options(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: str, offered: str
) -> None:
    script = tmp_path / "gate.bash"
    script.write_text(printed(capsys, "bash"))
    ask = f'. {script}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _gate; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [offered]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_read_theirs(capsys: pytest.CaptureFixture[str], tmp_path: Path, shell: str) -> None:
    script = tmp_path / shell
    script.write_text(printed(capsys, shell))
    assert "--since" in script.read_text() or "-l since" in script.read_text()
    if shutil.which(shell):
        subprocess.run([shell, "--no-execute", str(script)], check=True)


def test_the_manual_page_has_every_command_and_option(capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(capsys, "man")
    for command in commands():
        for one in (command, *command.actions):
            title = " ".join(one.words).replace("-", r"\-")
            assert f".SS gate {title}" in page
            assert all(flag.replace("-", r"\-") in page for option in one.options for flag in option.flags)
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-ww", "-z", "-Kutf8"], input=page, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
