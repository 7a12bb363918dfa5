"""Values that people write where a secret will go, or when they explain one: `changeme`, `<token>`, `AKIA…EXAMPLE`."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists
from gate.secrets.triage.wordlikeness import is_noise

_TABLE = Path(__file__).with_name("placeholders.txt")
MAX_LENGTH = 200
"""Characters; what is longer was not typed by hand."""
_SHELL = r"[\"']{0,2}\$\{?[0-9]\}?[\"']{0,2}|'\"?\$\{?[A-Za-z_]\w*\}?\"?'"
"""`'$2'`, `'"$password"'`: a shell puts the value there."""
_FIELDS = rf"<.*>|\$\{{.*\}}|\{{\{{.*\}}\}}|%\(?\w+\)?s?%?|{_SHELL}|\$[a-z]\w*\$"
_HELD_WORDS = (
    r"change[-_ ]?(?:me|it|this)|example|placeholder|dummy|xxxx|\*\*\*\*|your[-_ ]|replace[-_ ]?(?:me|this|with)"
    r"|redacted|insert[-_ ]|todo|fixme|not[-_ ]?(?:a[-_ ])?(?:real|secret)"
)
_WHOLE_WORDS = "none|null|nil|true|false|undefined|test|secret|password|passwd|pass|foo|bar|foobar|string|empty|n/a"
_PLACEHOLDER = lazy_regex(rf"{_FIELDS}|(.)\1*|.*(?:{_HELD_WORDS}).*|{_WHOLE_WORDS}|default", re.IGNORECASE | re.DOTALL)
"""Whole values that people write where a secret will go."""
_MAX_PLACEHOLDER = 100
"""Characters; what is longer was not typed by hand."""
_SAME = lazy_regex(r"([0-9A-Za-z])\1{5}\Z")
"""The end of `https://hooks.slack.com/services/T00/B00/XXXXXX`."""
_TAIL = 16
_FEW = 4
"""Different characters among the last 16 that chance does not make."""
_PART = 7
"""Letters that chance does not write three times into one key."""


def words(text: str) -> frozenset[str]:
    """Return the words of a table that is easier to read as a text."""
    return frozenset(text.split())


@cache
def _whole_values() -> frozenset[str]:
    rows = _TABLE.read_text(encoding="utf-8").splitlines()
    return words(" ".join(row for row in rows if not row.startswith("#")))


_VARIABLE = r"\$\w+(?:->\w+|\[[^\[\]]{1,40}\])*"
_VARIABLES = r"\$\{?[A-Za-z_][\w.:-]*\}?"
_MARKED = (
    r"[$#%@]?\{+[^{}]*\}+|<[^<>]*>|\[[\w .-]+\]|%{1,2}[\w ]+%{1,2}|\$\([^()]*\)|`[^`]*`|__\w+__|@@?\w+@@?|«[^«»]*»"
    r"|:[A-Z][A-Z0-9_]*:|env\([A-Z][A-Z0-9_]*\)"
)
_TAGS = r"\{%.*%\}|\[%.*%\]|&lt;.*&gt;?|<%.*%>|\$\(\(.*\)\)|!(?:Ref|Sub|GetAtt|ImportValue|secret|env)\b.*"
_TEMPLATES = lazy_regex(rf"{_VARIABLES}|{_MARKED}|{_VARIABLE}(?:[:@, ]+{_VARIABLE})+|{_TAGS}", re.DOTALL)
_SHELL_VARIABLES = r"\$[A-Z]{2,}(?:_[A-Z]{2,})+|\s\$[0-9@*](?:\s|\Z)"
_HELD_MARKS = (
    r"\\\([A-Za-z][\w.]*\)|\$\{\{?[^{}]*\}|\{\{[^{}]*\}\}|<[A-Za-z][\w -]{2,40}>|\$\([A-Za-z][^()]*\)|%\([\w.]+\)s"
)
_NUMBERED = r"(?<![0-9A-Za-z])%\d(?![0-9A-Za-z])"
_BRACES = r"\{[A-Za-z_][\w.]{0,60}\([^{}]*\}|\{(?!noop\}|plain\})(?:\d|[A-Za-z_][\w.]*(?:\[\w+\])?)?\}"
_HELD_TEMPLATE = lazy_regex(f"{_SHELL_VARIABLES}|{_HELD_MARKS}|{_NUMBERED}|{_BRACES}")
_TO_DO = (
    r"example|sample|placeholder|dummy|change[-_ ]?(?:me|it|this)|replace[-_ ]?(?:me|this|with)|your[-_ ]?\w"
    r"|redacted|insert[-_ ]|todo|fixme|not[-_ ]?(?:a[-_ ])?(?:real|secret)|x{4}|\*{3}|\.{3}|…|put[-_ ]?your"
    r"|random[-_ ]?(?:chars|string|characters)|a1b2c3d4|1a2b3c4d"
)
_NONE_GIVEN = r"not[-_ ](?:needed|required|used|applicable|available|provided|specified|configured)"
_MINE = (
    r"my[-_ ](?:\w{1,12}[-_])?(?:api|token|secret)|my[-_ ]?(?:pass|pwd|secret|token|key|api)|fake"
    r"|(?:pass(?:word|wd)?|secret|token|key)[-_ ]?here|(?:super|top|very)[-_ ]?secret|enter[-_ ]?(?:your|the)"
)
_TESTED = (
    r"for[-_ ]?test|test[-_ ]?(?:pass|secret|token|key)|deadbeef"
    r"|(?:wr[o0]ng|invalid|incorrect|bad)[-_ .]?(?:p[a4@]ss|pwd|secret|token|key|cred|auth|code)"
)
_FOREIGN = "密码|密碼|パスワード|비밀번호|пароль"
_INSECURE = (
    r"hard[-_ ]?coded|not[-_ ]?secure|(?:bad|dead)cafe|not[-_ ]?(?:the|my|your|a)[-_ ]?(?:p[a4@]ss|secret|token|key)"
)
_WORDS = lazy_regex(f"{_TO_DO}|{_NONE_GIVEN}|{_MINE}|{_TESTED}|{_FOREIGN}|{_INSECURE}", re.IGNORECASE)
_WRONG = lazy_regex(r"(?:wrong|invalid|incorrect|nope|bad|(?:not|in)[-_ ]?correct)[\W\d_]{0,4}", re.IGNORECASE)
"""What a test logs in with to be turned away."""
_TRIED = lazy_regex(
    r"(?:[a-z]{1,12}_){0,2}test_\d{1,9}|(?:test(?:ing)?|demo)\d{0,4}|\d{1,4}(?:test|demo)", re.IGNORECASE
)
_LISTS = word_lists(__file__)
_DEFAULTS = frozenset(_LISTS["defaults"])
_DOCUMENTED = frozenset(
    (
        "AKIAI" + "OSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/" + "K7MDENG/bPxRfiCYEXAMPLEKEY",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
        "2YotnFZFEjr1" + "zCsicMWpAA",
        "tGzv3JOkF0XG5" + "Qx2TlKWIA",
        "SplxlOBeZQQY" + "bYS6WxSbIA",
        "czZCaGRSa3F0Mzpn" + "WDFmQmF0M2JW",
        "QWxhZGRpbjpvcGVu" + "IHNlc2FtZQ==",
        *words("kkk9d7dh3k39sjv7 nnch734d00sl2jdk hh5s93j4hdidpola pfkkdhi9sl3r4s00 hdhd0244k9j7ao03 9djdj82h48djs9d2"),
        "mF_9.B5f-4.1JqM",
        *words("A3ddj3w 7d8f3e4a"),
        "JBSWY3DPEHPK" + "3PXP",
        "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
    )
)
"""Credentials that providers print in their own documentation: AWS, the emulators of Azure; and
those of RFC 5849 and RFC 6749 (OAuth), RFC 6750 (Bearer), RFC 7617 (Basic), and of Google's one-time passwords."""


def is_placeholder(value: str) -> bool:
    """True, in every mode, for what obviously stands for a secret: `changeme`, `<token>`, `${TOKEN}`, `xxxx`."""
    text = value.strip()
    return len(text) <= _MAX_PLACEHOLDER and _PLACEHOLDER.fullmatch(text) is not None


def is_default_password(value: str) -> bool:
    """True for what services are installed with, and what people choose most: known to everybody."""
    return value.strip().lower() in _DEFAULTS


def _is_repeated(text: str) -> bool:
    folded = text.lower().removeprefix("0x").replace("-", "").replace("_", "")
    if len(folded) >= _TAIL and Counter(folded).most_common(1)[0][1] * 4 >= len(folded) * 3:
        return True
    return len(text) >= 3 and (len(set(folded)) <= 2 or any(_repeats(folded, size) for size in range(1, 11)))


def _repeats(text: str, size: int) -> bool:
    times, rest = divmod(len(text), size)
    return times >= 3 and (text[:size] * (times + 1))[: len(text)] == text and rest < size


def _recurs(text: str) -> bool:
    """True if the same letters stand in `text` three times, whatever is between: `1bcdefghij2bcdefghij3bcdefghij`."""
    parts = Counter(text[start : start + _PART] for start in range(len(text) - _PART + 1))
    return any(count >= 3 and part.isalpha() and part.islower() for part, count in parts.items())


_CHECKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("nothing", lambda text: not text),
    ("a template's field", lambda text: _TEMPLATES.fullmatch(text) is not None),
    ("a template's field", lambda text: _HELD_TEMPLATE.search(text) is not None and not is_noise(text)),
    ("a placeholder", lambda text: text.lower() in _whole_values() or is_placeholder(text)),
    ("a placeholder", lambda text: _WORDS.search(text) is not None),
    ("a placeholder", lambda text: _WRONG.fullmatch(text) is not None or _TRIED.fullmatch(text) is not None),
    ("repeated characters", _is_repeated),
    ("repeated characters", _recurs),
)


_EXPLAINED = "eyJzdWIiOiIxMjM0NTY3ODkw"
"""The payload with which jwt.io explains what a token is: `{"sub":"1234567890`."""


def placeholder(value: str) -> str | None:
    """Return why `value` stands for a secret that is filled in elsewhere, or None."""
    text = value.strip().strip("\"'`,;")
    if text in _DOCUMENTED or _EXPLAINED in text or any(one in text for one in _DOCUMENTED if len(one) > 50):
        return "a provider's documented example"
    if len(text) > MAX_LENGTH:
        return None
    return next((reason for reason, fits in _CHECKS if fits(text)), None)


def asks_to_be_replaced(value: str) -> bool:
    """True for `your-password`, `changeme`, `<…>`: words with which a template asks for a value."""
    return len(value) <= MAX_LENGTH and _WORDS.search(value) is not None


def structural_placeholder(value: str) -> str | None:
    """Return why a value in a provider's own format is made up: `AKIA…EXAMPLE`, `ghp_xxxx`; or None."""
    body = value[-_TAIL:]
    if "REDACTED" in value.upper():
        return "a placeholder"
    if "EXAMPLE" in value.upper() or placeholder(value) == "a provider's documented example":
        return "a provider's documented example"
    if "\n" in value or len(value) > MAX_LENGTH or len(value) < _TAIL:
        return None
    if _SAME.search(value):
        return "repeated characters"
    return "repeated characters" if len(set(body.lower())) <= _FEW else None
