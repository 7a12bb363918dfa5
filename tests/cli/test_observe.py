"""`gate observe`, with real programs."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gate.cli import main
from tests.cli.test_sbom import write_shop

CAT = os.path.realpath(shutil.which("cat") or "/bin/cat")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def recordings(folder: Path, name: str = "observed.json") -> list[dict[str, object]]:
    return list(json.loads((folder / name).read_text())["recordings"])


def paths(recording: dict[str, object]) -> list[str]:
    return list(recording["paths"])  # type: ignore[call-overload]


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_a_command_is_recorded_with_every_file_that_it_opens(folder: Path) -> None:
    (folder / "read").write_text("x")
    assert main(["observe", "--image", "api:1", "--", "sh", "-c", "cat read; exit 0"]) == 0
    (made,) = recordings(folder)
    assert (made["image"], made["how"]) == ("api:1", "strace")
    assert {CAT[1:], str(folder / "read")[1:]} <= set(paths(made))


def test_without_strace_proc_tells_what_is_open_for_longer(folder: Path) -> None:
    code = "import time; file = open('held', 'w'); time.sleep(1)"
    assert main(["observe", "--proc", "--", sys.executable, "-c", code]) == 0
    (made,) = recordings(folder)
    assert made["how"] == "proc"
    assert {str(folder / "held")[1:], os.path.realpath(sys.executable)[1:]} <= set(paths(made))


def test_a_running_process_is_watched_for_some_seconds(folder: Path) -> None:
    with (folder / "held").open("w") as file, subprocess.Popen(["sleep", "30"], stdout=file) as process:
        time.sleep(0.2)
        assert main(["observe", "--proc", "--pid", str(process.pid), "--seconds", "0.3"]) == 0
        process.kill()
    assert str(folder / "held")[1:] in paths(recordings(folder)[0])


def test_recordings_are_added_to_the_profile_that_is_there(folder: Path) -> None:
    (folder / "log").write_text('openat(AT_FDCWD, "/etc/a", O_RDONLY) = 3\n')
    (folder / "events").write_text('{"comm": "cat", "fname": "/etc/b"}\n')
    assert main(["observe", "--import", "log"]) == 0
    assert main(["observe", "--import", "events", "--import", "log"]) == 0
    assert [(each["how"], paths(each)) for each in recordings(folder)] == [
        ("strace", ["etc/a"]),
        ("inspektor-gadget", ["etc/b"]),
    ]


def test_paths_below_the_root_of_the_image_are_those_of_the_image(folder: Path) -> None:
    (folder / "log").write_text(f'open("{folder}/image/etc/a", O_RDONLY) = 3\nopen("/etc/b", O_RDONLY) = 3\n')
    assert main(["observe", "--import", "log", "--root", "image", "--output", "out.json"]) == 0
    assert paths(recordings(folder, "out.json")[0]) == ["etc/a"]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ([], 2, "nothing to observe"),
        (["--pid", "1", "--", "true"], 2, "exclude each other"),
        (["--import", "gone"], 3, "cannot be read"),
        (["--proc", "--", "./gone"], 3, "cannot be started"),
        (["--proc", "--pid", "999999999"], 3, "cannot be looked at"),
        (["--output", "nowhere/out.json", "--proc", "--", "true"], 3, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, said: str
) -> None:
    assert main(["observe", *words]) == status
    assert said in capsys.readouterr().err


def test_a_command_that_fails_is_recorded_and_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["observe", "--proc", "--", "sh", "-c", "sleep 0.2; exit 7"]) == 3
    assert "ended with status 7" in capsys.readouterr().err
    assert len(recordings(folder)) == 1


def test_a_broken_profile_is_not_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "observed.json").write_text("{")
    (folder / "log").write_text('open("/a", O_RDONLY) = 3\n')
    assert main(["observe", "--import", "log"]) == 3
    assert (folder / "observed.json").read_text() == "{"
    assert "cannot be parsed" in capsys.readouterr().err


def compared(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    status = main(["observe", *words])
    return status, capsys.readouterr().out.splitlines()


@pytest.fixture
def shop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the image `app.tar`, which runs the package `shop` and has another, `idle`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    write_shop(folder / "app.tar", Entrypoint=["/start.sh"])
    return folder


def test_what_the_analysis_missed_is_listed_with_the_package_the_path_and_what_it_said(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = ("/usr/bin/shop", "/usr/bin/idle", "/etc/os-release")
    (shop / "log").write_text("".join(f'open("{path}", O_RDONLY) = 3\n' for path in opened))
    assert compared(capsys, "--import", "log", "--compare", "archive:app.tar") == (
        0,
        [
            "Used under test and not found by the analysis: 1 package",
            "  idle 1.0 (Debian:12), said no: usr/bin/idle",
            (
                "They count as in use if you pass the profile. If one was reported as `no`, that is a bug: please "
                "report it."
            ),
        ],
    )


def test_a_profile_that_is_there_is_compared_again_and_nothing_missed_is_said_too(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "log").write_text('open("/usr/bin/shop", O_RDONLY) = 3\n')
    assert main(["observe", "--import", "log"]) == 0
    said = ["All that was used under test (1 recording) is found without it."]
    assert compared(capsys, "--compare", "archive:app.tar") == (0, said)


def test_recordings_of_other_images_are_compared_with_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "log").write_text('open("/usr/bin/idle", O_RDONLY) = 3\n')
    status, said = compared(capsys, "--import", "log", "--image", "other:2", "--compare", "archive:app.tar")
    assert (status, said) == (0, ["observed.json has no recording of archive:app.tar, or all of them are too old."])


def test_a_folder_or_a_missing_archive_is_compared_with_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "log").write_text('open("/usr/bin/idle", O_RDONLY) = 3\n')
    for target, said in ((".", "is a folder"), ("archive:gone.tar", "no such file")):
        assert main(["observe", "--import", "log", "--compare", target]) == 2
        assert said in capsys.readouterr().err
