"""Values that are weak, or made up for a trial: of low confidence, unless they stand in a credential file."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.secrets.kinds.values import decoded
from gate.secrets.triage.wordlikeness import is_made_of_words, without_leet

_COUNTED = r"(?:0{0,2}1|12|123|1234|12345|123456|321|007|0{1,4}|9{1,4}|2)"
"""Digits that people put behind a word: they count, or they are the same."""
_WORDS = lazy_regex(rf"([A-Za-z]+(?:[-_./ =]{{1,2}}[A-Za-z]+)?)[-_@#.]?{_COUNTED}?[-_!.?@#]*")
_OBVIOUS = lazy_regex(r"passwor|passwd|secret|changeme|letmein|welcome|qwerty", re.IGNORECASE)
_REST = lazy_regex(rf"[A-Za-z]*[-_@#!. ]*[A-Za-z]*{_COUNTED}?[-_@#!.?]*")
_LITTLE_MORE = 8
"""Characters around an obvious word, of which an attacker tries all that are usual."""
_LONGEST = 40
_MADE_FOR = (
    r"dummy|sample|stub(?:bed)?|mock(?:ed)?|fake|demo|example|tests?|testing|trial|build|buildtime|ci|local|localhost"
    r"|dev|devel|development|temp|temporary|tmp"
)
_WITHOUT_USE = (
    r"unused|notused|ignored?|deprecated|legacy|placeholder|insecure|unsafe|random|whatever|anything|something|nothing"
)
_TRIAL = lazy_regex(rf"(?<![a-z])(?:{_MADE_FOR}|{_WITHOUT_USE})(?![a-z])", re.IGNORECASE)
_SIGNS_TOKENS = lazy_regex(r"jwt\w*(?:key|secret)|sign(?:ing)?_?key|token_?(?:key|secret)", re.IGNORECASE)
_PART = lazy_regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SPEAKS = frozenset(("of", "that", "must", "this", "is", "for", "default", "very", "should"))
"""Words that names do without, and sentences do not."""
_SPOKEN = 24
_MAIL_ADDRESS = lazy_regex(r"[A-Za-z0-9_.+-]{1,40}@[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,20}){0,3}\.[A-Za-z]{2,10}")


def is_weak(value: str) -> bool:
    """True for a word or two, with a digit or two that count and a sign: `airflow`, `rootpass123`, `Welcome1!`."""
    text = password_in(value)
    if len(text) > _LONGEST:
        return False
    worded = _WORDS.fullmatch(text)
    if worded is not None and is_made_of_words(worded[1]):
        return True
    obvious = _OBVIOUS.search(without_leet(text))
    rest = text[: obvious.start()] + text[obvious.end() :] if obvious else text
    return obvious is not None and len(rest) <= _LITTLE_MORE and _REST.fullmatch(rest) is not None


def password_in(value: str) -> str:
    """Return the password in base64 of `user:password`, the text in base64, or the value itself."""
    inside = decoded(value)
    if inside is None or not inside.isascii():
        return value.strip()
    return inside.strip().partition(":")[2] or inside.strip()


def is_for_a_trial(value: str) -> bool:
    """True for words of which one says what the value is for: `build-key`, `dummy`, `not-used-in-ci`, `DEPRECATED`."""
    text = password_in(value)
    is_short = len(text) <= _LONGEST and _TRIAL.search(text) is not None
    return is_short and (len(text) < _LITTLE_MORE or is_made_of_words(_TRIAL.sub("", text), at_least=0))


def is_default_key(name: str, value: str) -> bool:
    """True for a sentence that signs tokens, `JWT_KEY = "SecretKeyThatMustBeLong"`: it works, and everybody has it."""
    said = _PART.findall(value)
    is_sentence = (
        len(value) >= _SPOKEN and "".join(said) == value and _SPEAKS.intersection(part.lower() for part in said)
    )
    return bool(is_sentence) and _SIGNS_TOKENS.search(name.replace("-", "_")) is not None


def is_mail_address(value: str) -> bool:
    """True for an address of mail, which anonymous logins take for a password."""
    return _MAIL_ADDRESS.fullmatch(value.strip()) is not None
