"""Settings in INI files, as Python's `configparser` reads them, which supervisord and Circus do by it."""

import configparser
from collections.abc import Mapping, Sequence


def sections_of(
    text: str, *, inline_comments: Sequence[str] | None = None, keeps_case: bool = False
) -> Mapping[str, Mapping[str, str]]:
    """Return the values of each section, that of a key without `=` empty; nothing of a text that is none.

    `keeps_case`: keys stay as they are written, else they are in small letters.
    """
    parser = configparser.RawConfigParser(strict=False, inline_comment_prefixes=inline_comments, allow_no_value=True)
    if keeps_case:
        parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {title: _values(parser[title]) for title in parser.sections()}


def _values(section: Mapping[str, str | None]) -> dict[str, str]:
    return {key: value or "" for key, value in section.items()}
