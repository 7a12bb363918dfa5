"""What is kept of the last run of a project: the text that it printed."""

from pathlib import Path

from gate.cli.last_report import text_of

KEY, OTHER = b"k" * 16, b"o" * 16


def fresh() -> str:
    return "fresh\n"


def test_the_text_of_the_last_run_is_kept_for_its_project_and_its_key(own_cache: Path) -> None:
    assert text_of("/shop", KEY, lambda: "PASS \udcff\n") == "PASS \udcff\n"
    assert text_of("/shop", KEY, fresh) == "PASS \udcff\n"
    assert text_of("/other", KEY, fresh) == "fresh\n"
    assert text_of("/shop", OTHER, fresh) == "fresh\n"
    assert text_of("/shop", KEY, fresh) == "fresh\n"


def test_a_text_that_someone_else_wrote_is_not_printed(own_cache: Path) -> None:
    text_of("/shop", KEY, lambda: "FAIL\n")
    (kept,) = own_cache.rglob("*.text")
    kept.write_bytes(kept.read_bytes().replace(b"FAIL", b"PASS"))
    assert text_of("/shop", KEY, fresh) == "fresh\n"
