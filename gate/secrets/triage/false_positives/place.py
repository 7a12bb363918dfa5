"""Why a value is no secret, by what stands around it: the code, its name, the file."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.core.word_lists import word_lists
from gate.secrets.triage.candidate_in_line import CandidateInLine
from gate.secrets.triage.evidence import (
    looks_generated,
    names_a_digest,
    names_a_secret,
    names_what_is_public,
    naming,
)
from gate.secrets.triage.lookalikes import is_compound_name
from gate.secrets.triage.weak_values import is_default_key
from gate.secrets.triage.wordlikeness import is_noise, reads_as_words

_LISTS = word_lists(__file__)
_READERS = frozenset(_LISTS["readers"])
_READS = lazy_regex(r"(?:get|read|fetch|load|find|lookup|resolve|describe|delete|remove|list|has)(?:_|(?=[A-Z]))")
"""`getCredentials("smtpApi")`"""
_CALL = r"(?:await\s+|new\s+|!|&|\*|\()*(?:[A-Za-z_$][\w$]*(?:\.|->|::))*[A-Za-z_$][\w$]*(?:[(\[]|\.[A-Za-z_]|->|::)"
_TYPE = (
    r"(?:str|string|String|bool|boolean|bytes|int|Any|any|char|SecretStr|Optional|Union|None|null|nil|self|this|object)"
    r"(?:[][|;,)?\s]|\Z)"
)
_CMDLET = r"(?i:ConvertTo|ConvertFrom|Get|New|Read|Import|Set)-[A-Za-z]{3,}(?:[)\s]|\Z)"
_TYPED_ARGUMENT = r"[a-z_]{2,20}=(?:str|int|bool|None|True|False)\b"
_VARIABLE = (
    r"(?:[A-Za-z][a-z0-9]*_)+(?:password|passwd|pass|pwd|secret|token|key|credential|credentials|auth)\b[),;]?\Z"
)
_CODE = lazy_regex(f"{_CALL}|{_TYPE}|{_CMDLET}|{_TYPED_ARGUMENT}|{_VARIABLE}")
_IN_C = lazy_regex(r"\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|m|mm|java|cs|kt|scala|swift|go|rs|d)\Z")
_OF_PROGRAM = lazy_regex(r"[*&]*[a-z_]++(?:[A-Z_][A-Za-z_]++)*;?")
_IDENTIFIER = lazy_regex(r"[A-Za-z]++(?:[-_. /:][A-Za-z]++){0,8}")
_SAYS_SECRET = lazy_regex(
    r"passw|passwd|secret|token|api[-_ ]?key|credential|auth|(?:private|access)[-_ ]?key|[-_](?:key|pass|pwd)\Z",
    re.IGNORECASE,
)
_OF_A_LEXER = lazy_regex(r"[\"'],[ ]?(?:foreground|background|fontStyle|next|open|switchTo|bracket):")
_OF_A_PAGE = lazy_regex(
    r"(?:(?:shields\.io/|badge\.svg\?)[^\s\"'<>]{0,190}|data-cf-beacon=[^\s<>]{0,4}\s?[^\s<>]{1,20}\s?[\"'])\Z"
)
"""A badge's token, and that of a page's statistics: every reader of the page has them."""
_SIGNATURE = r"[\"'](?:signature|cert)[\"'][ ]?:[ ]?[\"'][0-9A-Fa-f]{64,200}[\"'],"
_SIGNED_OVER = lazy_regex(rf"{_SIGNATURE}[^{{}}]{{0,300}}[\"']\w{{1,20}}[kK]ey[\"'][ ]?:[ ]?[\"']\Z")
"""A key in one object with a signature, which it checks: the half that signs is not published with it."""
_PACKED = lazy_regex(r"[!-u]{40}\Z")
_URN = lazy_regex(r"urn:[A-Za-z0-9][A-Za-z0-9:_.-]{0,90}:\Z")
_OPENPGP_NAME = lazy_regex(r"(?:gpg|pgp)_?(?:[a-z]{2,12}_)?key(?:_?ids?)?\Z", re.IGNORECASE)
_OPENPGP_ID = lazy_regex(r"(?:0x)?(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{16}|[0-9A-Fa-f]{40})")
_SIGNING_NAME = lazy_regex(r"(?:sign(?:ing)?|release|archive|repo(?:sitory)?|apt)_?keys?\Z", re.IGNORECASE)
_FINGERPRINT = lazy_regex(r"(?:0x)?(?:[0-9A-F]{16}|[0-9A-F]{40})")
"""As OpenPGP's programs print it: in capitals, which keys in hexadecimal are hardly written in."""
_NAME_OF_SECRET = lazy_regex(r"(?=.*[-_])[a-z][a-z0-9_.-]{3,80}[-_](?:secrets?|credentials?|creds)")
_BOUND = lazy_regex(r"(?:\s(?::|v-bind:|x-bind:)[\w.-]{1,40}|\s\[[\w.-]{1,40}\])=[\"']\Z")
"""An attribute whose value is code, in the templates of Vue, Alpine and Angular."""
_CALLED = lazy_regex(r"[A-Za-z_$][\w$.]*\(")
_EXPANDED = lazy_regex(r"\$\{[A-Za-z_][A-Za-z0-9_]{0,100}:?[?+][^{}]*\Z")
"""`${PASSWORD:?PASSWORD is not set}`: what a shell says, and not what it uses, if a variable is empty."""
_CIPHERS = lazy_regex(r":![A-Za-z0-9]{2,12}:\Z")
_TYPE_NAME = lazy_regex(r"[A-Z][A-Za-z]{1,40}::[A-Za-z0-9:]{1,80}[\"']?[ \t]{0,8}[:=>]{1,2}[ \t]{0,8}[\"']?\Z")
_ENDS_LONG = lazy_regex(r"[A-Za-z0-9+/]{40}\Z")
_STARTS_LONG = lazy_regex(r"[A-Za-z0-9+/]{40}")
_GENERATED_ENDINGS = (
    r"[-.]min\.(?:js|css|mjs)|\.map|\.snap|\.lock|\.sum|\.svg|\.ipynb_checkpoints|\.cdx\.json|\.spdx(?:\.json)?"
    r"|\.cyclonedx\.json|\.po|\.pot|\.wasm|\.sig|\.asc|\.crt|\.cer"
)
_GENERATED_NAMES = r"package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|RECORD|CHECKSUMS?|SHA\d+SUMS?"
_GENERATED = lazy_regex(
    rf"(?:{_GENERATED_ENDINGS}|(?:^|/)(?:{_GENERATED_NAMES})|[-.]bundle\.js|[-.]chunk\.js)\Z", re.IGNORECASE
)
_LOCK_FILE = lazy_regex(r"(?:\.lock|\.sum|-lock\.(?:json|ya?ml)|-shrinkwrap\.json)\Z", re.IGNORECASE)
_HEX = lazy_regex(r"[0-9a-f]{32,128}")
_CHECKSUM_OF = lazy_regex(
    r"(?:checksum|digest|sha\d{1,3}|md5|hash|etag)/[\w.-]{1,60}[\"']?[ ]{0,4}[:=][ ]{0,4}[\"']?\Z", re.IGNORECASE
)
_DIGEST_OPENS = lazy_regex(r"sha(?P<bits>256|384|512)[-=:](?P<head>[A-Za-z0-9+/_-]{0,85})\Z")
_DIGEST_GOES_ON = lazy_regex(r"[A-Za-z0-9+/_-]{0,85}")
_DIGEST_LENGTHS = {"256": 43, "384": 64, "512": 86}
"""Characters of base64 by the algorithm's bits, without padding."""


def is_read(candidate: CandidateInLine) -> str | None:
    """`os.environ["DB_PASSWORD"]`, `getpass("Password: ")`, `password = settings.password`, `token: string`."""
    nearest = candidate.naming.names[0].rpartition(".")[2] if candidate.naming.names else ""
    if candidate.naming.is_argument and (nearest.lower() in _READERS or _READS.match(nearest)):
        return "code that reads a secret"
    is_code = _CODE.match(candidate.value.strip()) or is_compound_name(candidate.value.strip())
    is_code = is_code and not (is_noise(candidate.value) or _is_random_key(candidate.value))
    is_code = is_code and not is_default_key(candidate.naming.nearest, candidate.value)
    is_code = is_code or _is_statement(candidate)
    is_bound = _BOUND.search(candidate.before) is not None and _CALLED.match(candidate.value) is not None
    return "code that reads a secret" if is_bound or (is_code and not candidate.is_quoted) else None


def is_statement(candidate: CandidateInLine) -> str | None:
    return "code that reads a secret" if _is_statement(candidate) else None


def _is_statement(candidate: CandidateInLine) -> bool:
    """True for `struct passwd* buffer;` and `psk = psk_cstr;`: in C a text is quoted, and all else is the program's."""
    is_whole = candidate.value.endswith(";") or candidate.after.lstrip().startswith(";")
    is_name = _OF_PROGRAM.fullmatch(candidate.value.strip()) is not None
    return is_whole and is_name and _IN_C.search(candidate.path) is not None


def _is_random_key(value: str) -> bool:
    """True for `kyJkeMubCrDLSbQ3.bhBreJNeRdSjRVF1`: a token in parts, as no program's names are."""
    return looks_generated(value) and any(one.isdigit() for one in value) and not reads_as_words(value)


def is_a_name(candidate: CandidateInLine) -> str | None:
    """`challengePassword`, `my_secret_token`, `x-api-key`: a value that says only what it would be."""
    text = candidate.value.strip().rstrip(" :.?!").lstrip("@$.")
    if is_default_key(candidate.naming.nearest, text):
        return None
    if len(text) > 60 or any(letter.isdigit() for letter in text) or not _IDENTIFIER.fullmatch(text):
        return None
    return "the name of a secret" if _SAYS_SECRET.search(text) else None


def refers_to_a_secret(candidate: CandidateInLine) -> str | None:
    """`feeds-v3_static-secrets`: under a name that is no password's, what is kept in a cluster under that name."""
    is_name = _NAME_OF_SECRET.fullmatch(candidate.value) is not None and "pass" not in candidate.naming.nearest.lower()
    return "the name of a secret" if is_name else None


def is_named_otherwise(candidate: CandidateInLine) -> str | None:
    nearest = candidate.naming.nearest
    if _SIGNED_OVER.search(candidate.before):
        return "a public key"
    if _OF_A_LEXER.match(candidate.after):
        return "a label"
    if names_what_is_public(nearest) or _OF_A_PAGE.search(candidate.before):
        return "a name of something public"
    is_key_id = _OPENPGP_NAME.search(nearest) is not None and _OPENPGP_ID.fullmatch(candidate.value) is not None
    is_fingerprint = _SIGNING_NAME.search(nearest) is not None and _FINGERPRINT.fullmatch(candidate.value) is not None
    if is_key_id or is_fingerprint:
        return "a digest or an identifier, by its name"
    return "a digest or an identifier, by its name" if names_a_digest(nearest) else None


def is_of_urn(candidate: CandidateInLine) -> str | None:
    """The last part of `urn:ietf:params:oauth:request_uri:…` names what the others say."""
    return "a digest or an identifier, by its name" if _URN.search(candidate.before) else None


def is_in_lock_file(candidate: CandidateInLine) -> str | None:
    """Hexadecimal behind any name of a lock file, and behind `checksum/NAME` of a Kubernetes annotation: a digest."""
    is_listed = _LOCK_FILE.search(candidate.path) is not None and _HEX.fullmatch(candidate.value) is not None
    is_digest = is_listed or _CHECKSUM_OF.search(candidate.before) is not None
    return "a digest or an identifier, by its name" if is_digest else None


def is_of_an_expansion(candidate: CandidateInLine) -> str | None:
    """The text of `${NAME:?text}` is for people, that of `${NAME:+text}` is used in place of a value that is set."""
    begun = candidate.before + candidate.value[:2]
    return "a text for people" if _EXPANDED.search(begun) else None


def is_among_ciphers(candidate: CandidateInLine) -> str | None:
    """`ALL:!SRP:!PSK:!RC4` lists what a server talks."""
    return "a label" if _CIPHERS.search(candidate.before) else None


def is_public_in_bytes(candidate: CandidateInLine) -> str | None:
    """`public_key[32] = {0x12, 0x9a, …}`: the name stands before what opens a list."""
    nearest = naming(candidate.before.rstrip(" \t{[(=:")).nearest
    is_other = names_what_is_public(nearest) or names_a_digest(nearest)
    return "a name of something public" if is_other else None


def names_a_type(candidate: CandidateInLine) -> str | None:
    """`"AWS::ApiGateway::ApiKey": "…"` tells which of a type there are."""
    return "a digest or an identifier, by its name" if _TYPE_NAME.search(candidate.before) else None


def is_in_blob(candidate: CandidateInLine) -> str | None:
    """A token's form by chance within a long run of base64: bytes of a program or a picture."""
    return "a file's bytes" if _ENDS_LONG.search(candidate.before) and _STARTS_LONG.match(candidate.after) else None


def is_in_pdf(candidate: CandidateInLine) -> str | None:
    """A page's packed content in letters (ASCII85), which has no blanks; the text of a plain page has parentheses."""
    is_packed = _PACKED.search(candidate.before) is not None and candidate.path.lower().endswith(".pdf")
    return "a file's bytes" if is_packed else None


def is_in_digest(candidate: CandidateInLine) -> str | None:
    """`sha256=l7-YC8C…` of a wheel's RECORD has a key's form by chance: all of it is as long as such a digest is."""
    opens = _DIGEST_OPENS.search(candidate.before)
    if opens is None:
        return None
    rest = _DIGEST_GOES_ON.match(candidate.after)
    length = len(opens["head"]) + len(candidate.value) + (rest.end() if rest else 0)
    return "a digest or an identifier, by its name" if length == _DIGEST_LENGTHS[opens["bits"]] else None


def is_embedded(candidate: CandidateInLine) -> str | None:
    return "a file's bytes" if "base64," in candidate.before or _GENERATED.search(candidate.path) else None


def has_no_evidence(candidate: CandidateInLine) -> str | None:
    names = candidate.naming
    if names_a_secret(names.nearest) and looks_generated(candidate.value):
        return None
    return "no evidence"
