"""Tells words from random letters: by how often letters follow one another in English and in programs, and for what
is too short for that, by a table of words."""

from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

from gate.core.lazy_regex import lazy_regex

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_STEPS = 2.5
_ZERO = 5.0
_WORDS = -0.2
"""Mean score, in bits over chance, from which letters are words: 19 of 20 words of six letters or more, and one of 20
random strings of that length, are above it."""
_SHARE = 0.5
"""Of a value's characters: with as many in words it is made of words."""
_FOLLOWS = """
onqonnmlohgnollpforomjkedea inpocglcmairnqamcrpskjeikdm qiliqhebqkgsiiqgeppiobbemep
rekjqgcpnaooiesgankqmeaaiap oghmtjfbreclfhnfelmilcdchav mgoqkljdhacnmqglgrqocjgmfas
odhiqqfbtbfnjjqibmlmnbfbjbs meidsejopaalinmeapmimdddaev sfbitbgbqbfkgfrebmjokeeelbs
mkpnmmnaaadnnupldlpqblaialj slmlqiiimiiilirmiinlrinilip mjjltglgpeekelkkgipkkekejeu
qgglsffbrbfpdhqjaemlmhabnbs slfhtacaragkmeprcenhmcacgaq oeoqplrgndihejngcfprkkaafas
jkongjkbkdjootmnbsnnokmhcbn rdihsfbmnagqgeqnarmoldfdkaq hhhhhnhhhhhqlkhhhlmhwnhhhho
qglltgjbqaijmkpiclonkgdalas lenfrfdnpagkihmngdornefbjau pejfsgensabkgeohapnllbedmcs
nonjnilanaaqpsjoarpqccahccj sjdhvhhfrdddhhoddfhjddddidq reekrggpregjeqogeqnkgeieger
mipjpiekqeejllmrejhqihejiet jghglfhfkfflmnkrchomcgfchiw phhhvhjjqhhjlhohhjjhhhhhjjp
""".split()  # noqa: SIM905  (27 literals are no easier to read)
"""For a word's start and each letter: how much more often than by chance each letter, or the word's end, follows;
`a` to `z` are -5.0 to 5.0 bits. Counted over the 9,000 most common words in the documentation and the sources of
Python packages; a letter's number is the logarithm alone, no text is kept."""
_SCORES = {
    (before, after): (ord(code) - ord("a")) / _STEPS - _ZERO
    for before, row in zip("^" + _LETTERS, _FOLLOWS, strict=True)
    for after, code in zip(_LETTERS + "$", row, strict=True)
}
_PLAIN = str.maketrans("@013457$", "aoieasts")
_RUN = lazy_regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SIGN_IN_WORD = lazy_regex(r"(?<=[A-Za-z])[@013457$](?=[a-z])")
SHORTEST = 3
"""Letters of the shortest word."""
_NOISY, _KEY, _LONGEST = 8, 32, 200
"""Characters of the shortest such value, of one that is too long for a template, and of the longest."""
_SIGNS, _TELLING = 2, 4
"""Different signs, and signs of which most are a program's if it is one."""
_CODE_SIGNS = frozenset("(),.=:;[]{}")
_SYNTAX = lazy_regex(
    r"\s|\$[{(]|\{\{|\}\}|#\{|<%|%[({]|\(\)|\)\.|->|::|&&|\|\||0-9|a-z|A-Z|\{\d|[=!]=|\A[$%<\[{(].*[%>\]})]\Z"
)
"""What hardly stands in a password by chance, and often in programs and templates."""
_RANGE = lazy_regex(r"0-9|a-z|A-Z")
_SOME = 0.4
"""Of a value's characters: with as many in words it is made of words, more or less."""
_FEWEST = 4
_LETTERS_ALONE = lazy_regex(r"[A-Za-z]+")


@lru_cache(maxsize=1_000)
def reads_as_words(value: str) -> bool:
    """True if most of `value` is words, run together or not: `swordfish`, `client-key`, `V1SecretProjection`.

    Signs that stand for letters count as these: `s3cr3t`, `p@ssword`. Linear in the length of `value`.
    """
    plain = _SIGN_IN_WORD.sub(lambda sign: sign.group().translate(_PLAIN), value)
    runs = [run for run in _RUN.findall(plain) if len(run) >= SHORTEST]
    worded = sum(len(run) for run in runs if likeness(run) >= _WORDS)
    return worded >= _SHARE * max(len(value), 1)


def likeness(letters: str) -> float:
    """Return how much more like a word than like chance a run of ASCII letters is, in bits a letter pair."""
    lowered = letters.lower()
    pairs = list(pairwise(lowered))
    return sum(_SCORES[pair] for pair in pairs) / max(len(pairs), 1)


TABLE = Path(__file__).with_name("words.bloom")
"""A Bloom filter of the words of SHORTEST to LONGEST_LISTED letters that packages of Python, npm and Debian have in
several files; `benchmarks/secrets_words.py` writes it."""
LONGEST_LISTED = 8
TABLE_SIZE = 1 << 18
"""Bits."""
_PLACES = 5


def places_of(word: str) -> Iterator[int]:
    """Yield the bits of the table that are set for a word in small letters."""
    digest = blake2b(word.encode(), digest_size=3 * _PLACES).digest()
    return (int.from_bytes(digest[at : at + 3]) % TABLE_SIZE for at in range(0, 3 * _PLACES, 3))


@cache
def _table() -> bytes:
    return TABLE.read_bytes()


@lru_cache(maxsize=10_000)
def is_listed(word: str) -> bool:
    """True if the table has a word, in small letters; of random ones it takes 1 of 30 for words."""
    table = _table()
    return all(table[place >> 3] >> (place & 7) & 1 for place in places_of(word))


@lru_cache(maxsize=1_000)
def is_scrambled(value: str) -> bool:
    """True if `value` has letters, four in a row or with digits among them, and few of them are words: `xkdwm`.

    Stricter than the opposite of `reads_as_words`: a short run counts as a word if a table lists it, or its two
    halves, and a long one if its letters follow each other as in words.
    """
    plain = _SIGN_IN_WORD.sub(lambda sign: sign.group().translate(_PLAIN), value)
    runs = _LETTERS_ALONE.findall(value)
    is_plain = value.isascii() and "\\" not in value
    has_enough = (
        is_plain and len(value) >= _FEWEST and any(len(run) >= _FEWEST or len(run) < len(value) for run in runs)
    )
    readings = (runs, _LETTERS_ALONE.findall(plain), _RUN.findall(value)) if has_enough else ()
    return has_enough and all(_worded(reading) < _SOME * len(value) for reading in readings)


_TWO_WORDS = 7
"""Letters of the shortest run that two words are looked for in."""
_UNLIKELY = -0.6
"""Mean score of letters, in bits, below which a listed word is chance: `airflow` has -0.3."""


def is_made_of_words(value: str, at_least: int = 1) -> bool:
    """True if every run of letters in `value` is a word or two joined, and these are most of it.

    `at_least`: how many runs have to be long enough for a word.
    """
    runs = _LETTERS_ALONE.findall(value)
    long = [run for run in runs if len(run) >= SHORTEST]
    is_most = sum(map(len, long)) >= _SHARE * len(value) or at_least == 0
    return len(long) >= at_least and is_most and all(_are_words(run) for run in runs)


def _are_words(run: str) -> bool:
    """True for a word, for two joined, and for words parted by capitals."""
    is_plain = run.islower() or run.isupper() or run.istitle()
    parts = [run] if is_plain else _RUN.findall(run)
    return (is_plain or min(map(len, parts)) >= SHORTEST) and all(map(_is_plausible, parts))


def _is_plausible(run: str) -> bool:
    """True for a word that a table lists, or two such, with letters that follow each other as in words."""
    lowered = run.lower()
    if len(run) < SHORTEST:
        return True
    if len(run) > LONGEST_LISTED:
        return likeness(lowered) >= _WORDS or _is_joined(lowered)
    is_word = is_listed(lowered) or (len(run) >= _TWO_WORDS and _is_joined(lowered))
    return is_word and likeness(lowered) >= _UNLIKELY


def without_leet(value: str) -> str:
    """Return `value` with the signs that stand for letters as these: `P@ssw0rd` is `Password`."""
    return value.translate(_PLAIN)


def is_noise(value: str) -> bool:
    """True if letters, digits and several signs are mixed as only a program mixes them: `Zk7=bPRV!Kn^Yz(`.

    It is no template and no code, though a part of it may look like that.
    """
    is_one_piece = _NOISY <= len(value) < _KEY and not _SYNTAX.search(value)
    is_long = _KEY <= len(value) <= _LONGEST and not _RANGE.search(value)
    return (is_one_piece or is_long) and _is_mixed(value)


def _is_mixed(value: str) -> bool:
    kinds = ["aA9"[one.isupper() + 2 * one.isdigit()] if one.isalnum() else one for one in value]
    changes = sum(before != after for before, after in pairwise(kinds))
    signs = [one for one in kinds if not one.isalnum()]
    is_code = len(signs) >= _TELLING and sum(map(_CODE_SIGNS.__contains__, signs)) * 3 >= len(signs) * 2
    is_mixed = len(set(signs)) >= _SIGNS and "9" in kinds and changes * 2 >= len(value)
    return is_mixed and not is_code and is_scrambled(value)


def _worded(runs: list[str]) -> int:
    """Return how many letters are in runs that are words."""
    return sum(len(run) for run in runs if len(run) >= SHORTEST and _is_word(run.lower()))


_LIKELY = 0.9
"""Mean score, in bits over chance, of a short run that is a word in some language, or a name."""


def _is_word(run: str) -> bool:
    if len(run) > LONGEST_LISTED:
        return likeness(run) >= _WORDS or _is_joined(run)
    return is_listed(run) or likeness(run) >= _LIKELY or _is_joined(run) or (run[:2] == "my" and is_listed(run[2:]))


def _is_joined(run: str) -> bool:
    """True for two listed words run together, `mysqlpass`."""
    middles = range(max(SHORTEST, len(run) - LONGEST_LISTED), min(len(run) - SHORTEST, LONGEST_LISTED) + 1)
    return any(is_listed(run[:at]) and is_listed(run[at:]) for at in middles)
