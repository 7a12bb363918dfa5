"""Settings in INI files: what a key without a value, a comment behind a value, and a text that is none come to."""

from gate.reachability.runtimes.launchers.ini_settings import sections_of

TEXT = "[program:Web]\nCommand = web  ; the shop\nalone\n"


def test_a_key_without_a_value_has_an_empty_one_and_comments_end_values_where_they_are_asked_for() -> None:
    assert sections_of(TEXT) == {"program:Web": {"command": "web  ; the shop", "alone": ""}}
    assert sections_of(TEXT, inline_comments=(" ;",)) == {"program:Web": {"command": "web", "alone": ""}}


def test_keys_stay_as_they_are_written_if_asked() -> None:
    assert sections_of(TEXT, keeps_case=True)["program:Web"].keys() == {"Command", "alone"}


def test_what_is_no_such_text_has_no_sections() -> None:
    assert sections_of("command = web\n") == {}
