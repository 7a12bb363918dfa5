"""Our own reading of git's configuration files says what git's does."""

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.git.configuration import Setting, read_settings, read_with_includes

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=12)


def told_by_git(path: Path) -> list[tuple[str, str]]:
    done = subprocess.run(["git", "config", "-f", str(path), "-z", "--list"], capture_output=True, check=True)
    pairs = (line.partition(b"\n") for line in done.stdout.split(b"\0")[:-1])
    return [(key.decode(), value.decode()) for key, _, value in pairs]


def key_of(setting: Setting) -> str:
    return ".".join(filter(None, (setting.section, setting.name, setting.key)))


@pytest.mark.parametrize(
    "text",
    [
        '[a]\n\tb = c # d\n[a "B.c"]\n\tE = "x;y" z ; w\n',
        "[a]\nb\n[a.B]\nc=d\\\n e\n",
        '[x "q\\"r"]\n  k = a\\tb\\\\ \n\n[core]k=v\n',
        "# only a comment\n",
        "[a]\r\n\tb = c\r\n",
    ],
)
def test_it_reads_what_git_reads(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_bytes(text.encode())
    assert [(key_of(one), one.value) for one in read_settings(path)] == told_by_git(path)


@settings(max_examples=25, deadline=None)
@given(name=TEXTS.filter(bool), value=TEXTS)
def test_what_git_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, name: str, value: str) -> None:
    path = tmp_path_factory.mktemp("written") / "config"
    subprocess.run(["git", "config", "-f", str(path), f"filter.{name}.clean", value], check=True)
    assert read_settings(path) == (Setting("filter", name, "clean", value),)


@given(content=st.binary(max_size=80))
def test_any_bytes_are_settings_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "config"
    path.write_bytes(content)
    with suppress(UnreadableError):
        assert all(one.section and one.key for one in read_settings(path))


def test_what_a_file_includes_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("[include]\n\tpath = b\n[x]\n\ty = 1\n")
    (tmp_path / "b").write_text('[includeIf "onbranch:main"]\n\tpath = a\n[x]\n\ty = 2\n')
    found = [one.value for one in read_with_includes(tmp_path / "a") if one.key == "y"]
    assert found == ["1", "2"]
