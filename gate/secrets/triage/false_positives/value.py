"""Why a value is no secret, by the value itself."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.secrets.engine.hit import DetectorHit
from gate.secrets.kinds.values import decoded
from gate.secrets.triage.evidence import looks_generated
from gate.secrets.triage.example_values import MAX_LENGTH, placeholder, structural_placeholder, words
from gate.secrets.triage.lookalikes import MAX_TYPED, is_alphabet, is_compound_name, is_counted_up, lookalike
from gate.secrets.triage.wordlikeness import is_noise, is_scrambled, reads_as_words


def has_wrong_checksum(hit: DetectorHit) -> str | None:
    """A token with a prefix of its own that fails its checksum was altered, and still tells the most of it."""
    is_chance = hit.checksum_fits is False and not _PREFIXED.match(hit.value)
    return "a wrong checksum" if is_chance else None


_PREFIXED = lazy_regex(r"gh[pousr]_|npm_|glsa_|gl[a-z]{2,6}-|S[NCOUAX][A-Z2-7]{56}\Z|AGE-SECRET-KEY-1|suiprivkey1")


def stands_for_another(hit: DetectorHit) -> str | None:
    text = decoded(hit.value)
    if "EXAMPLE" in hit.value:
        return "a provider's documented example"
    bare = hit.value if hit.is_quoted else _BEHIND.sub("", hit.value)
    if bare.startswith("`"):
        return "code that reads a secret"
    if text is not None and is_alphabet(text):
        return "an alphabet"
    return placeholder(bare) or (placeholder(text) if text is not None else None)


_BEHIND = lazy_regex(r"(?:[\]),;]+|/[gim]{1,2})\Z")
"""What a program or sed's command goes on with."""


def is_made_up(hit: DetectorHit) -> str | None:
    if hit.after.startswith(("...", "…")):
        return "a placeholder"
    typed = placeholder(hit.value) if len(hit.value) <= _TYPED else None
    return typed or structural_placeholder(hit.value + _REST.match(hit.after).group())  # type: ignore[union-attr]


_TYPED = 20
"""Characters of the longest value that is a password rather than a token."""
_REST = lazy_regex(r"[A-Za-z0-9_]{0,100}")
"""What a detector leaves out that names a token by its first letters alone."""


def is_counted(hit: DetectorHit) -> str | None:
    """`xoxb-1234567890-abcdefghij`: a token's form, filled with letters in their order."""
    is_long = _TYPED < len(hit.value) <= MAX_LENGTH
    return "an alphabet" if is_long and is_counted_up(hit.value) else None


def has_another_meaning(hit: DetectorHit) -> str | None:
    reason = lookalike(hit.value)
    if reason == "a UUID" and (not hit.kind.is_known_by_name or _NAMES_A_KEY.search(hit.naming.nearest)):
        return "an alphabet" if is_alphabet(hit.value) else None
    is_by_chance = reason in _BY_CHANCE and not (reason == "a file's path" and "." in hit.value)
    is_mixed = looks_generated(hit.value) and _MIXED.search(hit.value) and not reads_as_words(hit.value)
    is_random = is_mixed or (reason == "a name in code" and is_scrambled(hit.value))
    is_noisy = reason in _BY_SIGNS and is_noise(hit.value)
    return None if is_noisy or (is_by_chance and is_random) else reason


_MIXED = lazy_regex(r"[0-9]|[a-z].*[A-Z]|[A-Z].*[a-z]")
"""Small letters alone, sixteen or more, are hardly chance: `keyword.tag-while`, `/auth/webauthn/login`."""
_NAMES_A_KEY = lazy_regex(
    r"secret\Z|(?:api|private|access|secret|signing|encryption|auth|app)[_-]?key\Z|password\Z|token\Z",
    re.IGNORECASE,
)
"""Names under which a service gives out UUIDs as credentials."""
_BY_CHANCE = ("a file's path", "a name in code", "a format with fields")
"""Shapes that random base64 can have: it may begin with a slash."""
_BY_SIGNS = (*_BY_CHANCE, "a pattern, not a text")
"""Shapes that letters and signs at random can have."""


def is_compound(hit: DetectorHit) -> str | None:
    return "a name in code" if is_compound_name(hit.value) else None


def is_prose(hit: DetectorHit) -> str | None:
    is_phrase = "phrase" in hit.before.lower() or "mnemonic" in hit.before.lower()
    if _APP_PASSWORD.fullmatch(hit.value) and is_scrambled(hit.value.replace(" ", "")):
        return None
    inside = decoded(hit.value) or ""
    is_text = _reads_as_text(hit.value) or (inside.isascii() and _reads_as_text(inside))
    return "a text for people" if is_text and not is_phrase else None


def is_pieced(hit: DetectorHit) -> str | None:
    """`" --username=" + user`, `read('Again:')`: a text that others are put beside, or typed behind."""
    is_pieced = hit.value != hit.value.strip() or _PROMPT.fullmatch(hit.value)
    is_message = _MESSAGE.search(hit.before) or (_NEEDED.search(hit.before) and _GOES_ON.match(hit.value + hit.after))
    return "a text for people" if (hit.is_quoted and is_pieced) or is_message else None


_APP_PASSWORD = lazy_regex(r"[a-z]{4}(?: [a-z]{4}){3}")
"""As Google gives them out."""
_PROMPT = lazy_regex(r"[A-Za-z]{2,20}:")
_MESSAGE = lazy_regex(r"--[a-z][a-z-]{0,40}:[ ]\Z")
"""`--passwd: missing required argument`"""
_NEEDED = lazy_regex(r"[a-z]=[ ]\Z")
_GOES_ON = lazy_regex(r"[a-z]+[ ][a-z]")
"""`user= and password= result tags`"""


def _reads_as_text(text: str) -> bool:
    words = ESCAPED_LETTER.sub("é", text).replace("\\n", " ").split()
    return 1 < len(words) <= MAX_TYPED and all(_WORD.fullmatch(word) for word in words)


ESCAPED_LETTER = lazy_regex(r"\\u[0-9a-fA-F]{4}")
_WORD = lazy_regex(r"[(\"']?(?:[^\W\d_](?:[^\W\d]|['/-])*|\d{1,4}|[-–&:|])[.,:;!?)\"']{0,3}")


def is_grammar(hit: DetectorHit) -> str | None:
    return "a text for people" if hit.value.strip().lower() in _GRAMMAR else None


_GRAMMAR = words(
    "from and for the of in is to or with must was has have are be by on at as if then else not can will should may"
    " field reset hash strength policy length prompt protected changed expired manager hashing based authentication"
)


def is_worded(hit: DetectorHit) -> str | None:
    """`027400017018:labeling-job-algorithm-specification` has a token's form, not its letters."""
    return "a name in code" if reads_as_words(hit.value) else None


def is_printed_token(hit: DetectorHit) -> str | None:
    """The payloads with which jwt.io and PyJWT explain what a token is."""
    return "a provider's documented example" if any(one in hit.value for one in _PRINTED) else None


_PRINTED = ("eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l", "eyJzb21lIjoicGF5bG9hZCJ9")


def is_account(hit: DetectorHit) -> str | None:
    """`AC…` of Twilio names an account, in every address of it; `SK…` is half of what logs in."""
    return "a digest or an identifier, by its name" if hit.value.startswith("AC") else None


def is_no_bot(hit: DetectorHit) -> str | None:
    """A bot's token goes on with `AA` behind its colon; digits and a colon stand in many dumps."""
    return None if hit.value.partition(":")[2].startswith("AA") else "no token's form"


def is_bare_word(hit: DetectorHit) -> str | None:
    """`identified by depth.` is a sentence; `IDENTIFIED BY tiger1` is SQL."""
    text = hit.value.strip()
    is_word = text.endswith((".", ",")) or not (any(letter.isdigit() for letter in text) or is_scrambled(text))
    return "a text for people" if is_word and not hit.is_quoted else None


def is_too_short(hit: DetectorHit) -> str | None:
    return "too short to be a secret" if len(hit.value.strip()) < _SHORTEST else None


_SHORTEST = 4


def is_blob(hit: DetectorHit) -> str | None:
    return "a file's bytes" if len(hit.value) > MAX_TYPED else None
