"""Comments that silence rules: `gate/rules/comments.py`."""

from gate.rules.comments import ignored_rules


def test_a_comment_counts_on_its_line_and_alone_for_the_next_that_says_something() -> None:
    text = "a: 1  # gate: ignore[GC001] known\n# gate: ignore[GC002, GW003]\n\n# another\nb: 2\n"
    found = ignored_rules(text)
    assert set(found[1]) == {"GC001"}
    assert found[1]["GC001"] == "# gate: ignore[GC001] known"
    assert set(found[5]) == {"GC002", "GW003"}
    assert set(found) == {1, 5}


def test_other_words_silence_nothing() -> None:
    assert ignored_rules("# gate ignore GC001\n# gate: ignore[]\nx: '# gate:'\n") == {}


def test_comments_of_json_count_too() -> None:
    assert set(ignored_rules('{\n  // gate: ignore[GW001]\n  "a": 1\n}\n')[3]) == {"GW001"}
