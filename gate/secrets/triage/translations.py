"""Files of a translation, and what texts of one are: `"Password": "Passwort"`."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists
from gate.secrets.triage.candidate_in_line import CandidateInLine

ESCAPED_LETTER = lazy_regex(r"\\u[0-9a-fA-F]{4}")
_LANGUAGES = "|".join(word_lists(__file__)["languages"])
_FOLDERS = r"_?locales?|locali[sz]ations?|i18n|l10n|translations?|lang(?:uage)?s?|messages"
_ENDINGS = r"json|ya?ml|php|properties|js|ts|arb|po|xlf|resx|strings"
_NAMED_BY_LANGUAGE = rf"(?:^|/|[._-])(?:{_LANGUAGES})(?:[-_][A-Za-z0-9]{{2,8}})?\.(?:{_ENDINGS})\Z"
"""`es.json` and `messages_de.properties`: a language's letters behind a sign, or alone."""
_OF_ONE_LANGUAGE = lazy_regex(_NAMED_BY_LANGUAGE, re.IGNORECASE)
_TRANSLATION = lazy_regex(
    rf"(?:^|/)(?:{_FOLDERS})/|(?:^|/)(?:strings|messages|labels|translations?)[^/]*\.[a-z]+\Z"
    rf"|{_NAMED_BY_LANGUAGE}|\.(?:po|pot|arb|xlf|xliff|resx|strings)\Z",
    re.IGNORECASE,
)
_DIGIT = lazy_regex(r"[0-9]")
_BETWEEN = lazy_regex(r"[ _-]+")
_GOES_ON = lazy_regex(r"[ ][^\s#]")
"""Behind the first word of a text without quotes."""
_FIELD = lazy_regex(r"%(?:\[[0-9]\]|[0-9]\$)?[sd]|\{[0-9a-z_]{1,20}\}|</?[a-z]")
"""What a translation fills in, and its marks."""
_SIGNS = ".,:;!?…"
_WORD = lazy_regex(rf"[^\W\d_]{{1,40}}(?:['’][^\W\d_]{{1,40}})?[{_SIGNS}]?")
_CONSONANTS = lazy_regex(r"[bcdfghjklmnpqrstvwxz]{6}", re.IGNORECASE)
"""More in a row than words of any language have but a few of German."""
_MOST_CAPITALS = 6
"""Letters of an abbreviation: `API-Schlüssel`."""


def is_text_in_translation(candidate: CandidateInLine) -> bool:
    """True for what is more likely a text for people than a secret: words, or without a digit of its own."""
    text = _own_words(candidate)
    goes_on = not candidate.is_quoted and _GOES_ON.match(candidate.after) is not None
    is_text = goes_on or " " in text.strip() or _DIGIT.search(text) is None or _FIELD.search(text) is not None
    return is_text and _TRANSLATION.search(candidate.path) is not None


def is_translated(candidate: CandidateInLine) -> str | None:
    """Nothing but words as people write them, in the file of one language."""
    is_so = _OF_ONE_LANGUAGE.search(candidate.path) is not None and all(
        map(_is_word, _BETWEEN.split(_own_words(candidate).strip()))
    )
    return "a text in a translation" if is_so else None


def _is_word(text: str) -> bool:
    is_as_written = text[1:].islower() or len(text) <= _MOST_CAPITALS
    return is_as_written and _WORD.fullmatch(text) is not None and _CONSONANTS.search(text) is None


def _own_words(candidate: CandidateInLine) -> str:
    """Return the text without the words that its name has too: a text that repeats its name says what the name says."""
    text, names = ESCAPED_LETTER.sub("é", candidate.value), " ".join(candidate.naming.names).lower()
    return " ".join(word for word in _BETWEEN.split(text) if word.lower().rstrip(_SIGNS) not in names) or text
