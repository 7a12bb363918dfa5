"""Why a value is no secret, by the value itself."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists
from gate.secrets.kinds.values import decoded, is_nkey_seed
from gate.secrets.triage.candidate_in_line import CandidateInLine
from gate.secrets.triage.evidence import looks_generated
from gate.secrets.triage.lookalikes import MAX_TYPED, is_alphabet, is_compound_name, is_counted_up, is_sealed, lookalike
from gate.secrets.triage.placeholders import MAX_LENGTH, placeholder, structural_placeholder
from gate.secrets.triage.translations import ESCAPED_LETTER
from gate.secrets.triage.web_tokens import is_signed_claim
from gate.secrets.triage.wordlikeness import is_noise, is_scrambled, reads_as_words

_PREFIXED = lazy_regex(r"gh[pousr]_|npm_|glsa_|gl[a-z]{2,6}-|S[NCOUAX][A-Z2-7]{56}\Z|AGE-SECRET-KEY-1|suiprivkey1")
_BEHIND = lazy_regex(r"(?:[\]),;]+|/[gim]{1,2})\Z")
"""What a program or sed's command goes on with."""
_TYPED = 20
"""Characters of the longest value that is a password rather than a token."""
_REVERSE_DOMAIN = lazy_regex(r"(?:com|org|net|io|dev|app)(?:\.[a-z][a-z0-9]{0,15}(?:-[a-z0-9]{1,15}){0,3}){2,6}")
"""Names of services and bundles: `com.example.shop.keychain`."""
_ACTION = lazy_regex(r"[a-z][a-z0-9_/]{0,80}#[a-z][a-z0-9_]{0,80}[?!]?")
"""A controller and what it does, as routes of Rails name it."""
_ROUTED = lazy_regex(r"(?:[\"'][^\"']{0,100}/[^\"']{0,100}[\"'][ ]{0,4}=>|\bto(?::|[ ]?=>))[ ]{0,4}[\"']\Z")
"""`post "/login/reset_password" => "`, `to: "`"""
_REST = lazy_regex(r"[A-Za-z0-9_]{0,100}")
"""What a detector leaves out that names a token by its first letters alone."""
_MIXED = lazy_regex(r"[0-9]|[a-z].*[A-Z]|[A-Z].*[a-z]")
"""Small letters alone, sixteen or more, are hardly chance: `keyword.tag-while`, `/auth/webauthn/login`."""
_PUBLIC_NKEY = lazy_regex(r"[ACNOUX][A-Z2-7]{55}")
"""Of an account, cluster, server, operator, user or curve; a seed has an S in front."""
_GROUPS = frozenset(("nogroup", "nobody", "root", "daemon", "users", "wheel", "staff", "www-data"))
_NAMES_A_KEY = lazy_regex(
    r"secret\Z|(?:api|private|access|secret|signing|encryption|auth|app)[_-]?key\Z|password\Z|token\Z",
    re.IGNORECASE,
)
"""Names under which a service gives out UUIDs as credentials."""
_BY_CHANCE = ("a file's path", "a name in code", "a format with fields")
"""Shapes that random base64 can have: it may begin with a slash."""
_BY_SIGNS = (*_BY_CHANCE, "a pattern, not a text")
"""Shapes that letters and signs at random can have."""
_APP_PASSWORD = lazy_regex(r"[a-z]{4}(?: [a-z]{4}){3}")
"""As Google gives them out."""
_PROMPT = lazy_regex(r"[A-Za-z]{2,20}:")
_MESSAGE = lazy_regex(r"--[a-z][a-z-]{0,40}:[ ]\Z")
"""`--passwd: missing required argument`"""
_NEEDED = lazy_regex(r"[a-z]=[ ]\Z")
_GOES_ON = lazy_regex(r"[a-z]+[ ][a-z]")
"""`user= and password= result tags`"""
_WORD = lazy_regex(r"[(\"']?(?:[^\W\d_](?:[^\W\d]|['/-])*|\d{1,4}|[-–&:|])[.,:;!?)\"']{0,3}")
_COMMAND = lazy_regex(r"(?:[a-z][\w./-]{1,40}|/[\w./-]{1,80})[ ](?=.*[-/$|<])")
"""A shell's command between backticks: `head -1 /run/secrets/password`."""
_RUNS = lazy_regex(r"\$\([a-z][\w./-]*[ ]")
"""The output of a shell's command, of which quotes inside leave the beginning."""
_GOES_BEHIND = lazy_regex(r"[\"'`][ ]?(?:\+|\.(?!\w)|\|\|)")
_STOP_WORDS = lazy_regex(
    r"\b(?:the|a|an|of|your|you|is|are|to|for|this|that|with|please|enter|must|should|can|will|der|die|das|el|la|los|de"
    r"|le|les|votre|une?|il|per|con|para|ein|eine|und)\b",
    re.IGNORECASE,
)
_SENTENCE_ENDS = lazy_regex(r"[a-z][.!?:]\Z|[a-z]{2}[,:;] ")
_LISTS = word_lists(__file__)
_GRAMMAR = frozenset(_LISTS["grammar"])
_PRINTED = ("eyJzb21lIjoicGF5bG9hZCJ9", "eyJpc3MiOiJzdXBhYmFzZS1kZW1vIi")
"""In the explanations of PyJWT, and of everybody's local Supabase."""
_SHORTEST = 4


def has_wrong_checksum(candidate: CandidateInLine) -> str | None:
    """A token with a prefix of its own that fails its checksum was altered, and still tells the most of it."""
    is_chance = candidate.checksum_fits is False and not _PREFIXED.match(candidate.value)
    return "a wrong checksum" if is_chance else None


def stands_for_another(candidate: CandidateInLine) -> str | None:
    text = decoded(candidate.value)
    if "EXAMPLE" in candidate.value:
        return "a provider's documented example"
    bare = candidate.value if candidate.is_quoted else _BEHIND.sub("", candidate.value)
    if bare.startswith("`") or _RUNS.match(bare) or (candidate.before.endswith("`") and _COMMAND.match(bare)):
        return "code that reads a secret"
    if bare.endswith("$") and candidate.after.startswith(("{", "(")):
        return "a template's field"
    if text is not None and is_alphabet(text):
        return "an alphabet"
    return placeholder(bare) or (placeholder(text) if text is not None else None)


def is_left_open(candidate: CandidateInLine) -> str | None:
    """A template's field or `xxxxxxxx`; a word such as `secret` is a password where a format asks for one."""
    reason = placeholder(candidate.value)
    return None if reason == "a placeholder" else reason


def is_made_up(candidate: CandidateInLine) -> str | None:
    if candidate.after.startswith(("...", "…")):
        return "a placeholder"
    typed = placeholder(candidate.value) if len(candidate.value) <= _TYPED else None
    return typed or structural_placeholder(candidate.value + _REST.match(candidate.after).group())  # type: ignore[union-attr]


def is_counted(candidate: CandidateInLine) -> str | None:
    """`xoxb-1234567890-abcdefghij`: a token's form, filled with letters in their order."""
    is_long = _TYPED < len(candidate.value) <= MAX_LENGTH
    return "an alphabet" if is_long and is_counted_up(candidate.value) else None


def has_another_meaning(candidate: CandidateInLine) -> str | None:
    reason = lookalike(candidate.value)
    if reason == "a UUID" and (not candidate.kind.is_known_by_name or _NAMES_A_KEY.search(candidate.naming.nearest)):
        return "an alphabet" if is_alphabet(candidate.value) else None
    is_by_chance = reason in _BY_CHANCE and not (reason == "a file's path" and "." in candidate.value)
    is_mixed = (
        looks_generated(candidate.value) and _MIXED.search(candidate.value) and not reads_as_words(candidate.value)
    )
    is_random = is_mixed or (reason == "a name in code" and is_scrambled(candidate.value))
    is_noisy = reason in _BY_SIGNS and is_noise(candidate.value)
    return None if is_noisy or (is_by_chance and is_random) else reason


def is_reverse_domain(candidate: CandidateInLine) -> str | None:
    return "a name in code" if _REVERSE_DOMAIN.fullmatch(candidate.value) else None


def is_route(candidate: CandidateInLine) -> str | None:
    is_action = _ACTION.fullmatch(candidate.value) and _ROUTED.search(candidate.before)
    return "a name in code" if is_action else None


def is_compound(candidate: CandidateInLine) -> str | None:
    return "a name in code" if is_compound_name(candidate.value) else None


def is_prose(candidate: CandidateInLine) -> str | None:
    is_phrase = _names_a_phrase(candidate) and not _is_sentence(candidate.value)
    if _APP_PASSWORD.fullmatch(candidate.value) and is_scrambled(candidate.value.replace(" ", "")):
        return None
    inside = decoded(candidate.value) or ""
    is_text = _reads_as_text(candidate.value) or (inside.isascii() and _reads_as_text(inside))
    return "a text for people" if is_text and not is_phrase else None


def _names_a_phrase(candidate: CandidateInLine) -> bool:
    before = candidate.before.lower()
    return "phrase" in before or "mnemonic" in before


def _is_sentence(text: str) -> bool:
    """True for words that only people's language joins: `Enter the passphrase of your wallet`; not for dice words."""
    return _SENTENCE_ENDS.search(text) is not None or len(_STOP_WORDS.findall(text)) >= 1 + (len(text) > _TYPED * 5)


def is_pieced(candidate: CandidateInLine) -> str | None:
    """`" --username=" + user`, `read('Again:')`: a text that is continued by others, or by typing."""
    is_begun = candidate.value.endswith(("-", "_", ":", "=", "/")) and _GOES_BEHIND.match(candidate.after)
    is_pieced = candidate.value != candidate.value.strip() or _PROMPT.fullmatch(candidate.value) or is_begun
    is_message = _MESSAGE.search(candidate.before) or (
        _NEEDED.search(candidate.before) and _GOES_ON.match(candidate.value + candidate.after)
    )
    return "a text for people" if (candidate.is_quoted and is_pieced) or is_message else None


def _reads_as_text(text: str) -> bool:
    words = ESCAPED_LETTER.sub("é", text).replace("\\n", " ").split()
    return 1 < len(words) <= MAX_TYPED and all(_WORD.fullmatch(word) for word in words)


def is_grammar(candidate: CandidateInLine) -> str | None:
    return "a text for people" if candidate.value.strip().lower() in _GRAMMAR else None


def is_worded(candidate: CandidateInLine) -> str | None:
    """`027400017018:labeling-job-algorithm-specification` has a token's form, not its letters."""
    return "a name in code" if reads_as_words(candidate.value) else None


def is_printed_token(candidate: CandidateInLine) -> str | None:
    """The payloads with which jwt.io and PyJWT explain what a token is, and that each local Supabase has."""
    is_printed = any(one in candidate.value for one in _PRINTED)
    return placeholder(candidate.value) or ("a provider's documented example" if is_printed else None)


def is_encrypted(candidate: CandidateInLine) -> str | None:
    goes_on = candidate.after.partition('"')[0].partition("'")[0]
    return "an encrypted value" if is_sealed(candidate.value) or is_sealed(candidate.value + goes_on) else None


def is_public_nkey(candidate: CandidateInLine) -> str | None:
    is_named = candidate.naming.nearest.lower().endswith("nkey")  # by its name one of them, whatever its checksum
    is_public = _PUBLIC_NKEY.fullmatch(candidate.value) is not None and (is_named or is_nkey_seed(candidate.value))
    return "a public key" if is_public else None


def is_claim(candidate: CandidateInLine) -> str | None:
    return "a public key" if is_signed_claim(candidate.value) else None


def is_group(candidate: CandidateInLine) -> str | None:
    """`user = "daemon:nogroup"`, as chown and systemd write an owner."""
    return "a label" if candidate.value in _GROUPS else None


def is_account(candidate: CandidateInLine) -> str | None:
    """`AC…` of Twilio names an account, in every address of it; `SK…` is half of what logs in."""
    return "a digest or an identifier, by its name" if candidate.value.startswith("AC") else None


def is_no_bot(candidate: CandidateInLine) -> str | None:
    """A bot's token goes on with `AA` behind its colon; digits and a colon stand in many dumps."""
    return None if candidate.value.partition(":")[2].startswith("AA") else "no token's form"


def is_bare_word(candidate: CandidateInLine) -> str | None:
    """`identified by depth.` is a sentence; `IDENTIFIED BY tiger1` is SQL."""
    text = candidate.value.strip()
    is_word = text.endswith((".", ",")) or not (any(letter.isdigit() for letter in text) or is_scrambled(text))
    return "a text for people" if is_word and not candidate.is_quoted else None


def is_too_short(candidate: CandidateInLine) -> str | None:
    return "too short to be a secret" if len(candidate.value.strip()) < _SHORTEST else None


def is_blob(candidate: CandidateInLine) -> str | None:
    return "a file's bytes" if len(candidate.value) > MAX_TYPED else None
