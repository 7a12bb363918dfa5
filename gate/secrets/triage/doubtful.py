"""What is doubtful of a candidate: its value, its name, the comment or the file that it stands in."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.secrets.kinds.traits import Checks
from gate.secrets.triage.candidate_in_line import BEFORE, CandidateInLine
from gate.secrets.triage.comment_lines import COMMENT_LINE
from gate.secrets.triage.evidence import folded, looks_generated, names_a_secret, names_what_is_sent_along, naming
from gate.secrets.triage.placeholders import is_default_password
from gate.secrets.triage.translations import ESCAPED_LETTER
from gate.secrets.triage.weak_values import is_default_key
from gate.secrets.triage.wordlikeness import is_made_of_words, is_scrambled, reads_as_words

_REGION = lazy_regex(r"[\"'](?:PW|[A-Z]{2}-[A-Z0-9]{1,3})[\"'][ ]?(?::|=>)[ ]?[\"']\Z")
_DIGIT = lazy_regex(r"[0-9]")
_LOGIN_PAIR = lazy_regex(r"(?<![\w.-])([\w.-]{3,60}):([\w.-]{3,60})(?![\w:-])")
_USERS_NAME = lazy_regex(
    r"(?<!mdp_)(?i:user(?:_?(?:name|id))?|login|name)[\"']?[ ]?[:=]{1,2}>?[ ]?u?[\"']([^\"'\n]{3,60})[\"']"
)
_NO_HOST = lazy_regex(r"@(?:(?:my|your|some)[-_][a-z]+|host(?:name)?)(?![\w-])", re.IGNORECASE)
_FAKE = lazy_regex(r"fake|dummy|bogus", re.IGNORECASE)
_PARTS = lazy_regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SLUG = lazy_regex(r"[a-z0-9]++(?:[-_.][a-z0-9]++)+")
_LETTERS = lazy_regex(r"[a-z]+")
_SIGN = lazy_regex(r"[-_.]")
_SHORTEST_WORD = 3
_NO_LETTER = lazy_regex(r"[^a-z]")
_NAME_OF_NONE = lazy_regex(r"(?:\A|_)(?:(?:local_|session_)?storage|cache|bytes)_key\Z|password_?less\Z")
"""What a page or a program keeps a value under, and a way to log in without a password."""
_KEY_OF_A_SECRET = lazy_regex(r"\A\s*-\s+secretKey:\s*[\"']?\Z")
"""What an `ExternalSecret` calls the keys of the Secret that it makes."""
_PUBLIC_CALL = lazy_regex(r"public_?key\w{0,10}\((?:[\w.]{1,30}\()?\s*[rb]?[\"'`]\Z", re.IGNORECASE)
_OF_AN_ERROR = lazy_regex(r"(?<![A-Za-z])(?:WRONG|INVALID|BAD)_[A-Z_]{2,30},\s*[\"'`]\Z")
"""`put(WRONG_CREDENTIALS, "`: the code of an error."""
_CAPITAL_HEX = lazy_regex(r"[0-9A-F]+")
_CAPITALS = lazy_regex(r"[0-9A-Z]+")
_NAME_IN_PARTS = lazy_regex(r"[a-z0-9]{1,12}(?:[-_.:][a-z0-9]{1,12}){2,6}")
"""`shop_2d_layout_v3`"""
_PASSWORD_MANAGER = lazy_regex(r"(?:\A|_)(?:one|1)_?password\Z")
_CONSTANT = lazy_regex(r"[A-Z]++[0-9]?(?:_(?:[A-Z]++|[A-Z][0-9][A-Z]?|[A-Z]{2,}+[0-9]))+(?:_[0-9]{1,4})?")
"""`DB_PASSWORD`, `S3_SECRET_KEY`, `RC_E2E_PRIVATE_KEY`"""
_JOINED = lazy_regex(
    r"[a-z]++(?:_[a-z]++)+|[A-Z][a-z]++(?:_[A-Z][a-z]++)+|(?:[a-z]++|[A-Z][a-z]++)(?:[A-Z][a-z]++)+"
    r"|[A-Z][a-z]++(?:[A-Z][a-z]++|[A-Z][0-9][A-Z](?=[A-Z]))+"
)
"""Also `AzureAdB2CClientSecret`, where a product's name has a digit."""
_REFERENCE = lazy_regex(r"[a-z]++(?:-(?:[a-z]++[0-9]?|[a-z][0-9]))+|[a-z]+(?:/[a-z-]+)+")
"""`my-cluster-backup-s3`, `upstreams/orders`: the name of a secret that is kept elsewhere, or of a route."""
_LISTED_WORDS = lazy_regex(r"[a-z]{2,12}+(?:-[a-z]{2,12}+){2,6}")
"""`rabbitmq-tls-direct`: words that no dictionary has make a name as well."""
_NAMES_A_TOKEN = lazy_regex(r"token|bearer", re.IGNORECASE)
_NAMES_A_KEY = lazy_regex(r"secret|key|pass|pwd", re.IGNORECASE)
_ONE_WORD = lazy_regex(r"[a-z]{1,12}|[A-Z]{1,12}")
_NAMES_A_PASSWORD = lazy_regex(r"pass|pwd|(?<![a-z])pw(?![a-z])|phrase|mnemonic|seed", re.IGNORECASE)
_STRONG_CRYPT = r"\$2[abxy]\$[0-9]{2}\$|\$?argon2(?:id|i|d)\$|\$?scrypt[$:]|\$y\$"
_STRONG_SCHEME = r"==SCRAM==|SCRAM-SHA-|\{(?:BLF-CRYPT|ARGON2I?D?|bcrypt|argon2|scrypt)\}"
_STRONG_HASH = lazy_regex(f"{_STRONG_CRYPT}|{_STRONG_SCHEME}")
"""Slow hashes with a salt: made so that who reads them has no password."""
_ACCOUNT = lazy_regex(r"[\w.@+-]{2,64}[: \t]\Z")
"""A user's name right before a hash: `anna:$2y$10$…`."""
_OF_A_CHART = lazy_regex(r"(?:^|/)values[\w.-]*\.ya?ml\Z")
"""Helm's values, whose comments document what can be set."""
_SAMPLE_SAID = lazy_regex(
    r"\b(?:e\.?g\.?|for example|for instance|such as|sample|looks? like|something like|format:)", re.IGNORECASE
)
_KEY_OF_RECORD = lazy_regex(
    r"(?:[\"'`]\w*key[\"'`]\]?|(?:\.|->)\w*key|[a-z]+_key|(?-i:[a-z]Key))[ \t]*(?:=>|:|=)[ \t]*[\"'`]?\Z",
    re.IGNORECASE,
)
"""A member or a column, not a variable: `'key' => '…'`, `gateway.key = "…"`, `contact_key: "…"`."""
_IDENTIFIER = lazy_regex(r"[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""As databases and digests give them out; a key of a cipher has 48 or 64 digits, or is base64."""
_USER = lazy_regex(r"user|login|client|account|mail", re.IGNORECASE)
_FRESH_NAME = r"(?i:c?nonce|(?<![a-z])iv|salt)[\"']?\]?"
_DECODED = lazy_regex(rf"{_FRESH_NAME}(?:,[ ]?(?:_|err))?[ \t]*(?:=>|:=|[:=])[ \t]*[\w.:!]{{2,40}}\(\s?[rb]?[\"'`]\Z")
"""`nonce, _ := hex.DecodeString("`"""
_SIGNATURE = lazy_regex(r"oauth_?signature\Z", re.IGNORECASE)
_JOINED_SECRETS = lazy_regex(r"&|%26")
"""OAuth's signature in plain text is two secrets with a sign between; one by HMAC tells nothing of them."""
_HEADER_CLOSED = lazy_regex(r"(?:-{4,5})?(?:\\{1,4}[rn]){0,2}\\{0,4}[\"'`)]")


def is_for_no_machine(candidate: CandidateInLine) -> bool:
    return _NO_HOST.match(candidate.after) is not None


def is_named_as_made_up(candidate: CandidateInLine) -> bool:
    return _FAKE.search(candidate.naming.nearest) is not None


def is_header_in_string(candidate: CandidateInLine) -> bool:
    return candidate.kind.is_private_key and _HEADER_CLOSED.match(candidate.after) is not None


def is_known_to_everybody(candidate: CandidateInLine) -> bool:
    return is_default_password(candidate.value) or _is_its_users_name(candidate)


def _is_its_users_name(candidate: CandidateInLine) -> bool:
    """True for `mysql://USER:USER@…` and `login='USER', password='USER'`: what a service is tried out with."""
    line = candidate.before + candidate.value[:BEFORE] + candidate.after
    is_pair = any(match[1] == match[2] == candidate.value for match in _LOGIN_PAIR.finditer(line))
    return is_pair or any(match[1] == candidate.value for match in _USERS_NAME.finditer(line))


def repeats_its_name(candidate: CandidateInLine) -> bool:
    """True for `"ExportToken": "export-token-cu4lg26o"`: what a program tells things apart by."""
    name = candidate.naming.nearest
    folded = "_".join(_PARTS.findall(name)).lower()
    value = candidate.value.replace("-", "_").lower()
    is_numbered = "_" in folded and value.startswith(folded + "_")
    is_constant = "_" in value and value in (one.lower() for one in candidate.naming.names)
    return is_numbered or is_constant or _is_slug_of(name.lower(), candidate.value)


def is_named_as_none(candidate: CandidateInLine) -> bool:
    """True for what holds no secret.

    That is what a page keeps in storage, a UUID under a password manager's name, what a Secret calls its keys, and what
    a call takes for a public key.
    """
    if any(one.search(candidate.before) for one in (_KEY_OF_A_SECRET, _PUBLIC_CALL, _OF_AN_ERROR)):
        return True
    name = folded(candidate.naming.nearest)
    if _PASSWORD_MANAGER.search(name):
        return _IDENTIFIER.fullmatch(candidate.value) is not None
    is_name = _NAME_IN_PARTS.fullmatch(candidate.value) is not None or not looks_generated(candidate.value)
    return _NAME_OF_NONE.search(name) is not None and is_name


def is_within_a_number(candidate: CandidateInLine) -> bool:
    """True for a part of a longer number or run of capitals, in which the letters of a format stand by chance."""
    around = (candidate.before[-1:], candidate.after[:1])
    if _CAPITALS.fullmatch(candidate.value) and all(_CAPITALS.fullmatch(one) for one in around):
        return True
    is_number = _CAPITAL_HEX.fullmatch(candidate.value) is not None
    neighbours = candidate.before[-1:] + candidate.after[:1]
    return is_number and neighbours.isascii() and any(one in "0123456789abcdefABCDEF" for one in neighbours)


def _is_slug_of(name: str, value: str) -> bool:
    """True for words with signs between, most of them the name's: `sh-27581-device-auth` for a device's.

    Also for a value that is a path, at whose end the name itself stands.
    """
    _, is_path, last = value.rpartition("/")
    if is_path and len(name) > _SHORTEST_WORD and _NO_LETTER.sub("", last.lower()) == _NO_LETTER.sub("", name):
        return True
    if _SLUG.fullmatch(value) is None:
        return False
    shared = [word for word in _LETTERS.findall(value) if len(word) >= _SHORTEST_WORD and word in name]
    return len(shared) >= 2 and sum(map(len, shared)) * 2 >= len(_SIGN.sub("", value))


def is_of_a_region(candidate: CandidateInLine) -> bool:
    """True for a country or a part of one, by its code (ISO 3166): `PW` for Palau, `RU-PSK` for Pskov."""
    text = ESCAPED_LETTER.sub("é", candidate.value)
    return _REGION.search(candidate.before) is not None and _DIGIT.search(text) is None


def is_joined(candidate: CandidateInLine) -> bool:
    if is_default_key(candidate.naming.nearest, candidate.value):
        return False
    is_small = _JOINED.fullmatch(candidate.value) is not None and not is_scrambled(candidate.value)
    return is_small or _CONSTANT.fullmatch(candidate.value) is not None or _refers_to_a_secret(candidate)


def _refers_to_a_secret(candidate: CandidateInLine) -> bool:
    """True for words with dashes under a secret's name that is no password's."""
    name = candidate.naming.nearest
    is_named = names_a_secret(name) and not _NAMES_A_PASSWORD.search(name)
    is_worded = reads_as_words(candidate.value) or is_made_of_words(candidate.value)
    is_reference = is_worded and _REFERENCE.fullmatch(candidate.value) is not None
    return is_named and (is_reference or _LISTED_WORDS.fullmatch(candidate.value) is not None)


def is_word_for_token(candidate: CandidateInLine) -> bool:
    """True for one word in quotes under a token's name in code: services issue tokens, and none is a word.

    What a setting without quotes gives to a token may be a password that its administrator chose.
    """
    name = candidate.naming.nearest
    is_issued = _NAMES_A_TOKEN.search(name) is not None and not _NAMES_A_KEY.search(name)
    return is_issued and candidate.is_quoted and _ONE_WORD.fullmatch(candidate.value.strip()) is not None


def is_sent_along(candidate: CandidateInLine) -> bool:
    is_list = candidate.kind.checks is Checks.BYTES
    names = naming(candidate.before.rstrip(" \t{[(=:")) if is_list else candidate.naming
    if _SIGNATURE.search(names.nearest):
        return _JOINED_SECRETS.search(candidate.value) is None
    return names_what_is_sent_along(names.nearest) or _DECODED.search(candidate.before) is not None


def is_an_identifier(candidate: CandidateInLine) -> bool:
    """True for what a database or a digest gives out, under a name that ends with `key` and says no more."""
    name = next(iter(candidate.naming.names), "")
    is_key = candidate.kind.is_known_by_little and not names_a_secret(name)
    is_member = is_key and _KEY_OF_RECORD.search(candidate.before) is not None
    return is_member and _IDENTIFIER.fullmatch(candidate.value) is not None and not _USER.search(candidate.before)


def is_strong_hash(candidate: CandidateInLine) -> bool:
    is_of_account = candidate.kind.is_of_accounts or _ACCOUNT.search(candidate.before) is not None
    return not is_of_account and _STRONG_HASH.match(candidate.value) is not None


def is_sample(candidate: CandidateInLine) -> bool:
    """True for what a comment shows by the way: no generated value, or one that the comment calls an example."""
    line = candidate.before + candidate.value[:BEFORE]
    is_comment = len(candidate.before) < BEFORE and COMMENT_LINE.match(line) is not None
    is_likely = looks_generated(candidate.value) or is_scrambled(candidate.value)
    is_shown = _SAMPLE_SAID.search(candidate.before) is not None or _OF_A_CHART.search(candidate.path) is not None
    return is_comment and (not is_likely or is_shown)
