"""A file's lines as they may be shown: without any value that a detector takes, or could take, for a secret.

It hides what may be a secret, and shows the rest: names of databases and users, and prose that only speaks of secrets,
are what a doubtful finding is judged by. In doubt it hides. What filters and comments (`pragma: allowlist secret`) let
pass is hidden all the same, and so are the values of names that sound secret, keys in PEM armour, and what looks like
random base64.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from itertools import chain, islice

import msgspec

from gate.core.errors import LimitError
from gate.core.word_lists import word_lists
from gate.dockerfile.secret_words import is_secret_name
from gate.model import Confidence
from gate.secrets.decoders import MAX_PARTS
from gate.secrets.engine.candidates import Candidate
from gate.secrets.engine.configuration import Configuration
from gate.secrets.engine.gate_mode import all_parts, candidates_of
from gate.secrets.engine.scan import scanner
from gate.secrets.engine.text import Text, decode_unmarked, looks_binary
from gate.secrets.kinds.catalogue import kind_of
from gate.secrets.results.detected import redact
from gate.secrets.sources.files import limited_time

HIDDEN = "…"
_UNFILTERED = Configuration(own=True, filters=())
_LEAST_PIECE = 8
"""Characters of a value, or a piece of one, that is hidden wherever it stands."""
_TOKEN = re.compile(r"""[^\s"'`,;:=<>(){}\[\]]+""")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{32,}={0,2}")
_ASSIGNED = re.compile(
    r"""(?P<name>[A-Za-z_][\w.-]{0,199})["']?(?:\s*(?::=|=>|[:=])\s*|\s+)"""
    r"""(?P<value>"[^"]*"|'[^']*'|[^\s"',;]+)"""
)
_JOINING = "|".join(word_lists(__file__)["joining"])
_THINGS = (
    r"authenti\w+|authori\w+|based|buckets?|checks?|columns?|confirmation|creation|endpoints?|encryption|expir\w+|fields?"
    r"|files?|formats?|generat\w+|grants?|handling|hash(?:es|ing)?|headers?|input|keys?|length|lifetime|limits?|lists?"
    r"|lookup|manage\w+|names?|parameters?|parsing|policy|policies|prompts?|protection|providers?|refresh|requests?"
    r"|requirements?|reset|responses?|rotation|scann\w+|storage|stores?|strength|types?|updates?|usage|validation|values?"
    r"|verification"
)
_OF_A_SENTENCE = re.compile(rf"(?:{_JOINING}|{_THINGS})(?=[ ,.:;)'’-]|$)", re.IGNORECASE | re.ASCII)
"""What follows `password`, `secret` or `token` in a sentence: a word that joins, or what such things have. No value is
one of these words but by a joke."""
_NAMING = re.compile(
    r"(?:.*[_.-])?(?:account|bucket|database|db|dbname|host|hostname|image|login|name|namespace|organi[sz]ation|project"
    r"|region|role|schema|service|user|username)",
    re.IGNORECASE,
)
"""A name whose value names something: a database, a user."""
_SWITCHES = frozenset({"true", "false"})
"""Values that hide nothing, whatever their name: `automountServiceAccountToken: false`."""
_QUOTES_AND_BRACKETS = "\"'{}[]()"
_PLAIN = re.compile(r"[a-z]+(?:[_-][a-z]+){0,3}")
_LOGIN = re.compile(r"(?P<before>://[^/\s:@]*:)(?P<value>[^/\s@]+)(?=@)")
_LOGIN_ALONE = re.compile(r"(?<=://)[^/\s:@]{16,}(?=@)")
"""A token in the place of a name; names are shorter."""
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY")


def masked_lines(
    content: bytes,
    path: str,
    wanted: Collection[int],
    cache_folder: str | None = None,
    kinds: tuple[str, ...] = (),
) -> dict[int, str]:
    """Return the `wanted` lines (from 1) of a file as far as it has them, without their ends, every secret hidden.

    None of what is no text. `path` is relative, as for `find_secrets`; `kinds` are packages that know further kinds of
    secrets. Raises LimitError if it takes too long.
    """
    text = None if looks_binary(content) else decode_unmarked(content)
    if text is None:
        return {}
    with limited_time(path):
        candidates = list(_candidates_in(text, path, cache_folder, kinds))
    values_on: dict[int, list[set[str]]] = {}
    for candidate in candidates:
        values_on.setdefault(candidate.line, []).append(_values(candidate))
    everywhere = "\0".join(chain.from_iterable(map(_values, candidates)))
    until_last = islice(text.lines, max(wanted, default=0))
    lines = enumerate(_without_keys(line.rstrip("\n") for line in until_last), 1)
    return {number: _masked(line, values_on.get(number, ()), everywhere) for number, line in lines if number in wanted}


def masked_texts(
    texts: Collection[str], cache_folder: str | None = None, kinds: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return those of the gate's own sentences that quote a secret, without it.

    Sentences are meant to be read: hidden is what a secret's own format gives away, and who logs in in a URL. Whatever
    cannot be decided in time is hidden as a whole.
    """
    content = "\n".join(texts)
    try:
        with limited_time("texts"):
            candidates = list(
                _candidates_in(Text(content, content.encode("utf-8", "replace"), "utf-8"), "texts", cache_folder, kinds)
            )
    except LimitError:
        return dict.fromkeys(texts, HIDDEN)
    values = set().union(
        *(
            _values(candidate)
            for candidate in candidates
            if kind_of(candidate.secret.type).confidence is Confidence.HIGH
        )
    )
    masked = {text: _LOGIN_ALONE.sub(HIDDEN, _login_hidden(_without(text, values))) for text in texts}
    return {text: shown for text, shown in masked.items() if shown != text}


def _login_hidden(line: str) -> str:
    return _LOGIN.sub(lambda found: found["before"] + HIDDEN, line)


def _values(candidate: Candidate) -> set[str]:
    """Return the ways to write the secret."""
    return {candidate.value, candidate.plain, candidate.secret.secret_value or ""} - {""}


def _candidates_in(text: Text, path: str, cache_folder: str | None, kinds: tuple[str, ...]) -> Iterator[Candidate]:
    chosen = scanner(msgspec.structs.replace(_UNFILTERED, kinds=kinds), cache_folder)
    parts = islice(all_parts(text, path, chosen), MAX_PARTS)
    return chain.from_iterable(map(partial(candidates_of, find=chosen.find), parts))


def _without_keys(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, each of a private key in PEM armour hidden as a whole; one without an end goes to the end."""
    is_key = False
    for line in lines:
        starts = _PEM.search(line) is not None
        yield HIDDEN if is_key or starts else line
        is_key = (is_key or starts) and "-----END" not in line


def _masked(line: str, secrets: Collection[set[str]], everywhere: str) -> str:
    """Return a line without the secrets that stand in it, and without pieces of those that stand `everywhere`.

    It is hidden as a whole if one of its secrets is written there in yet another way.
    """
    for values in secrets:
        if not any(value in line for value in values):
            return HIDDEN
    masked = _without(line, set().union(*secrets))
    named = _named_in(masked)
    masked = _TOKEN.sub(
        lambda found: HIDDEN if _is_piece(found[0], everywhere) and found[0] not in named else found[0], masked
    )
    return _BASE64.sub(_without_random, _without_values(_login_hidden(masked)))


def _without(line: str, values: Iterable[str]) -> str:
    """Return a line without these values; of those that overlap, as of one, the first letters may stay."""
    shown, place = "", 0
    for start, end in _joined(sorted(chain.from_iterable(_spans(line, value) for value in values))):
        shown += line[place:start] + redact(line[start:end])
        place = end
    return shown + line[place:]


def _spans(line: str, value: str) -> Iterator[tuple[int, int]]:
    """Yield where a value stands in a line, those that overlap too."""
    start = line.find(value)
    while start >= 0:
        yield start, start + len(value)
        start = line.find(value, start + 1)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted spans, those that touch or overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _named_in(line: str) -> set[str]:
    """Return the plain words of a line that name a database, a user or the like, though a password may be the same."""
    pairs = ((found["name"], found["value"].strip("\"'")) for found in _ASSIGNED.finditer(line))
    return {value for name, value in pairs if _NAMING.fullmatch(name) and _PLAIN.fullmatch(value)}


def _is_piece(token: str, values: str) -> bool:
    """True for a piece of a value, which may go on over several lines."""
    return len(token) >= _LEAST_PIECE and token in values


def _without_values(line: str) -> str:
    """Hide what stands behind the names that sound secret; a value may itself be such a name (`ENV TOKEN abc`)."""
    shown, place = "", 0
    while found := _ASSIGNED.search(line, place):
        is_secret = (
            is_secret_name(found["name"].replace(".", "_"))
            and found["value"].strip(_QUOTES_AND_BRACKETS) not in _SWITCHES
            and not _is_prose(line, found)
        )
        place_of_value = found.start("value") if is_secret else found.end("name")
        shown += line[place:place_of_value] + (HIDDEN if is_secret else "")
        place = found.end("value") if is_secret else place_of_value
    return shown + line[place:]


def _is_prose(line: str, found: re.Match[str]) -> bool:
    """True if a name and what follows it are words of a sentence: `the password policy of`, `the token is`."""
    is_apart = line[found.end("name") : found.start("value")].isspace()  # by no colon or equals sign
    return is_apart and _OF_A_SENTENCE.match(line, found.start("value")) is not None


def _without_random(found: re.Match[str]) -> str:
    """Hide what has capitals, small letters and digits: digests in hexadecimal stay."""
    token = found[0]
    is_random = any(map(str.isupper, token)) and any(map(str.islower, token)) and any(map(str.isdigit, token))
    return redact(token) if is_random else token
