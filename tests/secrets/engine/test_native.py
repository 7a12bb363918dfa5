"""The compiled pre-filter in the cache: used if nothing speaks against it, made again otherwise."""

import os
import sys
from pathlib import Path

import pytest

from gate.secrets.engine import native
from gate.secrets.engine.configuration import GATE
from gate.secrets.engine.prefilter import PythonSieve, load_sieve
from gate.secrets.engine.prefilter_patterns import Pattern
from gate.secrets.engine.scan import compiled_patterns, scanner

hyperscan = pytest.importorskip("hyperscan")
TEXT = b"x\nkey AKIA" + b"Z7VRSQ5TJN2XMPLQ\n"


def cached(folder: Path) -> Path:
    """Fill the cache and return its one file."""
    assert native.load(str(folder)) is not None
    (file,) = (folder / "secrets").iterdir()
    return file


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Grows by one for each time that the patterns are compiled."""
    made: list[None] = []
    compile_patterns = native._compile

    def counted(module: object, patterns: tuple[Pattern, ...]) -> object:
        made.append(None)
        return compile_patterns(module, patterns)

    monkeypatch.setattr(native, "_compile", counted)
    return made


def hits(folder: Path) -> list[tuple[int, int]]:
    sieve = native.load(str(folder))
    assert sieve is not None
    return sieve.hits(TEXT)


def test_compiled_once_and_then_loaded(tmp_path: Path, compilations: list[None]) -> None:
    first = hits(tmp_path)
    assert first
    assert hits(tmp_path) == first
    assert len(compilations) == 1


def damage_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def sign_rubbish(file: Path) -> None:
    import hashlib

    file.write_bytes(hashlib.sha256(b"rubbish").digest() + b"rubbish")


@pytest.mark.parametrize(
    "spoil",
    [
        damage_a_byte,
        sign_rubbish,
        lambda file: file.write_bytes(b""),
        lambda file: os.truncate(file, 1000),
        lambda file: file.chmod(0o666),
        lambda file: file.rename(file.with_name("elsewhere")) and file.symlink_to("elsewhere"),
    ],
    ids=["damaged", "rubbish", "empty", "truncated", "writable by others", "a link"],
)
def test_a_doubtful_file_is_made_again(tmp_path: Path, compilations: list[None], spoil: object) -> None:
    spoil(cached(tmp_path))  # type: ignore[operator]
    expected = PythonSieve().hits(TEXT)
    assert set(expected) <= set(hits(tmp_path))
    assert len(compilations) == 2
    hits(tmp_path)
    assert len(compilations) == 2, "and the good one is in its place"


def test_other_patterns_are_another_file(tmp_path: Path) -> None:
    cached(tmp_path)
    native.load(str(tmp_path), native.PATTERNS[:5])
    assert len(list((tmp_path / "secrets").iterdir())) == 2


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("a file where the folder should be")
    assert hits(tmp_path)


def test_python_does_it_where_hyperscan_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    sieve = load_sieve(str(tmp_path / "no such cache"))
    assert sieve.name == "python"


def test_hyperscan_takes_every_pattern_of_gate_mode(tmp_path: Path) -> None:
    assert scanner(GATE, str(tmp_path)).engine.startswith("hyperscan")


def test_no_text_has_no_hits(tmp_path: Path) -> None:
    sieve = native.load(None)
    assert sieve is not None
    assert sieve.hits(b"") == []


@pytest.mark.parametrize(
    ("expression", "loose"),
    [
        (rb"curl[^\n]{0,300}-u[ =]{0,2}x", rb"curl[^\n]{0,}-u[ =]{0,2}x"),
        (rb"a{3,32}b{40}", rb"a{3,}b{40}"),
        (rb"a{3,31}", rb"a{3,31}"),
    ],
)
def test_long_repeats_have_no_end_for_hyperscan(expression: bytes, loose: bytes) -> None:
    assert native.loosened(expression) == loose


def test_a_process_that_can_keep_nothing_finds_all_that_a_scanner_loads(
    tmp_path: Path, compilations: list[None]
) -> None:
    for _ in compiled_patterns(str(tmp_path), ()):
        pass
    made = len(compilations)
    load_sieve.cache_clear()
    scanner.cache_clear()
    scanner(GATE, str(tmp_path)).load()
    assert made > 0
    assert len(compilations) == made
