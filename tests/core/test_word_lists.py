"""Data files of words: their form, and that every list in one is read by its module."""

from pathlib import Path

import pytest

from gate.core.word_lists import word_lists, word_table

ROOT = Path(__file__).parent.parent.parent / "gate"
FILES = sorted(ROOT.rglob("*.words.txt"))


def lists_of(tmp_path: Path, text: str) -> dict[str, tuple[str, ...]]:
    (tmp_path / "shop.words.txt").write_text(text)
    return word_lists(str(tmp_path / "shop.py"))


def test_lists_have_names_and_keep_their_order(tmp_path: Path) -> None:
    text = "# what a shop sells\n[fruit]\npear apple\n\nfig\n[tools]\n# by hand\n[ [[ saw\n"
    assert lists_of(tmp_path, text) == {"fruit": ("pear", "apple", "fig"), "tools": ("[", "[[", "saw")}


def test_a_table_is_a_list_of_pairs() -> None:
    assert word_table(("pear", "green", "fig", "blue")) == {"pear": "green", "fig": "blue"}
    with pytest.raises(ValueError, match="shorter"):
        word_table(("pear", "green", "fig"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_data_file_has_its_module_which_reads_all_its_lists(file: Path) -> None:
    """No word stands twice, but in a table: one of pairs, or of rows with a colon in each."""
    module = file.with_name(file.name.removesuffix(".words.txt") + ".py")
    text = module.read_text()
    lists = word_lists(str(module))
    is_read_whole = "return word_lists(__file__)\n" in text
    assert [name for name in lists if f'["{name}"]' not in text and not is_read_whole] == []
    plain = {name: words for name, words in lists.items() if "word_table" not in text and ":" not in words}
    assert [name for name, words in plain.items() if len(words) != len(set(words))] == []


def test_there_are_such_files() -> None:
    assert len(FILES) >= 20
