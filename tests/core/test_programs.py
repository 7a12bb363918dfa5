"""What another program may cost: time, processor time, memory, output; and nothing of it is left running."""

import subprocess
import sys
from pathlib import Path

import pytest

from gate.core.errors import LimitError, UnreadableError
from gate.core.programs import Bounds, answer_of, limits_for, wait
from tests.processes import left_of


def run(code: str, folder: Path, hint: str = "less", **bounds: float) -> int:
    limits = Bounds(**{"seconds": 30, "output": 1000, **bounds})  # type: ignore[arg-type]
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=folder,
            stdout=out,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=limits_for(limits),
        )
    return wait("it", process, limits, [folder / "out"], hint)


def test_a_status_is_returned(tmp_path: Path) -> None:
    assert run("raise SystemExit(7)", tmp_path) == 7
    assert run("print('x' * 999)", tmp_path) == 0


def test_the_clocks_time_is_limited(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match=r"it took more than 0\.3 seconds") as caught:
        run("import time; time.sleep(60)", tmp_path, seconds=0.3)
    assert caught.value.hint == "less"


def test_processor_time_is_limited(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="1 seconds of processor time"):
        run("while True: pass", tmp_path, processor_s=1)


def test_output_is_limited(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="wrote more than 1,000 bytes"):
        run("import sys; sys.stdout.write('x' * 5000)", tmp_path)


def test_memory_is_limited(tmp_path: Path) -> None:
    assert run("b = bytearray(1 << 29)", tmp_path, memory=256 << 20) == 1
    assert run("b = bytearray(1 << 29)", tmp_path) == 0


def test_what_it_has_started_ends_with_it(tmp_path: Path) -> None:
    child = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    assert run(child, tmp_path) == 0
    assert left_of([int((tmp_path / "out").read_text())]) == []


def test_an_answer_has_status_output_and_reason_and_the_given_environment_alone(tmp_path: Path) -> None:
    script = "pwd; echo $WORD; set | grep -c ^HOME= >&2; exit 3"
    answer = answer_of("it", ["/bin/sh", "-c", script], Bounds(seconds=30, output=1000), {"WORD": "x"}, str(tmp_path))
    assert (answer.status, answer.output, answer.reason) == (3, f"{tmp_path}\nx\n".encode(), b"0\n")


def test_a_program_that_does_not_start_is_said() -> None:
    with pytest.raises(UnreadableError, match=r"^it does not start \(No such file"):
        answer_of("it", ["/nowhere"], Bounds(seconds=30, output=1000), {})
