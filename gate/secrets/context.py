"""What the surroundings of a detector's hit say: how sure it is, or why it is no secret."""

import re
from collections.abc import Callable, Iterator

import msgspec

from gate.model import Confidence
from gate.patterns import is_test_path
from gate.secrets.checksums import fits_checksum
from gate.secrets.evidence import (
    Naming,
    looks_generated,
    names_a_digest,
    names_a_secret,
    names_what_is_public,
    naming,
    randomness,
)
from gate.secrets.kinds import kind_of
from gate.secrets.lookalikes import MAX_TYPED, is_alphabet, is_compound_name, lookalike
from gate.secrets.plugins.code import UNNAMED
from gate.secrets.plugins.databases import TOKENS as DATABASES
from gate.secrets.plugins.logins import BYTES
from gate.secrets.plugins.logins import UNNAMED as UNNAMED_LOGINS
from gate.secrets.plugins.usage import PLACED
from gate.secrets.plugins.values import decoded
from gate.secrets.plugins.wording import is_noise, is_scrambled, reads_as_words
from gate.secrets.standins import is_default_password, placeholder, structural_placeholder, words

PRIVATE_KEY = "Private Key"
HEADER_ALONE = "the header of a key alone"
BEFORE, AFTER = 200, 120
"""Characters of the line that are looked at on either side of a value."""


class Verdict(msgspec.Struct, frozen=True):
    """What became of a hit. The reason is one of a few fixed texts, so that they can be counted."""

    confidence: Confidence | None
    """None: it is dropped."""
    reason: str


class Hit(msgspec.Struct, frozen=True):
    """A detector's hit within its line."""

    type: str
    value: str
    before: str
    after: str
    path: str

    @property
    def naming(self) -> Naming:
        """The names in front of the value."""
        return naming(self.before)

    @property
    def is_quoted(self) -> bool:
        """True if a quote opens right before the value."""
        return self.before.rstrip().endswith(("'", '"', "`"))


def judge(type: str, value: str, line: str, path: str) -> Verdict:
    """Judge the hit of the detector of `type`: `value` in `line` of the file at `path` (relative).

    Takes time linear in `value` and the line, of which it looks at BEFORE and AFTER characters.
    """
    hit = _located(type, value, line, path)
    dropped = next((reason for check in (*_checks(type), _has_wrong_checksum) if (reason := check(hit))), None)
    return Verdict(None, dropped) if dropped else _weighed(hit)


def _located(secret_type: str, value: str, line: str, path: str) -> Hit:
    """Find a value in its line; of a private key, which goes on below, its header."""
    header = _HEADER.search(line) if secret_type == PRIVATE_KEY else None
    shown = header.group() if header else value
    start = max(line.find(shown), 0)
    end = start + len(shown)
    return Hit(secret_type, shown, line[max(start - BEFORE, 0) : start], line[end : end + AFTER], path)


_HEADER = re.compile(r"BEGIN(?: [A-Z0-9]{1,12}){0,3} PRIVATE KEY(?: BLOCK)?")


Check = Callable[[Hit], str | None]
"""Returns why a hit is no secret, or None."""


def _has_wrong_checksum(hit: Hit) -> str | None:
    """A token with a prefix of its own that fails its checksum was altered, and still tells the most of it."""
    is_chance = _checksum_fits(hit) is False and not _PREFIXED.match(hit.value)
    return "a wrong checksum" if is_chance else None


_PREFIXED = re.compile(r"gh[pousr]_|npm_|glsa_|gl[a-z]{2,6}-|S[NCOUAX][A-Z2-7]{56}\Z|AGE-SECRET-KEY-1|suiprivkey1")


def _checksum_fits(hit: Hit) -> bool | None:
    whole = hit.value + _TOKEN_REST.match(hit.after).group()  # type: ignore[union-attr]
    return fits_checksum(whole) if len(whole) <= MAX_TYPED else None


_TOKEN_REST = re.compile(r"(?:[.-]?[0-9A-Za-z_]++)*+")
"""What a detector leaves out of a token, up to the end of a sentence."""


def _checks(secret_type: str) -> tuple[Check, ...]:
    if secret_type in _SPECIAL:
        return _SPECIAL[secret_type]
    return _STRUCTURED if _base(secret_type) is Confidence.HIGH else _NAMED


def _base(secret_type: str) -> Confidence:
    return kind_of(secret_type).confidence


# -- the value -------------------------------------------------------------------------------------------------------


def _stands_for_another(hit: Hit) -> str | None:
    text = decoded(hit.value)
    if "EXAMPLE" in hit.value:
        return "a provider's documented example"
    bare = hit.value if hit.is_quoted else _BEHIND.sub("", hit.value)
    if text is not None and is_alphabet(text):
        return "an alphabet"
    return placeholder(bare) or (placeholder(text) if text is not None else None)


_BEHIND = re.compile(r"(?:[\]),;]+|/[gim]{1,2})\Z")
"""What a program or sed's command goes on with."""


def _is_made_up(hit: Hit) -> str | None:
    typed = placeholder(hit.value) if len(hit.value) <= _TYPED else None
    return typed or structural_placeholder(hit.value + _REST.match(hit.after).group())  # type: ignore[union-attr]


_TYPED = 20
"""Characters of the longest value that is a password rather than a token."""
_REST = re.compile(r"[A-Za-z0-9_]{0,100}")
"""What a detector leaves out that names a token by its first letters alone."""


def _has_another_meaning(hit: Hit) -> str | None:
    reason = lookalike(hit.value)
    if reason == "a UUID" and (hit.type not in _BY_NAME_ALONE or _NAMES_A_KEY.search(hit.naming.nearest)):
        return "an alphabet" if is_alphabet(hit.value) else None
    is_by_chance = reason in _BY_CHANCE and not (reason == "a file's path" and "." in hit.value)
    is_random = (looks_generated(hit.value) and not reads_as_words(hit.value)) or (
        reason == "a name in code" and is_scrambled(hit.value)
    )
    is_noisy = reason in _BY_SIGNS and is_noise(hit.value)
    return None if is_noisy or (is_by_chance and is_random) else reason


_NAMES_A_KEY = re.compile(
    r"secret\Z|(?:api|private|access)[_-]?key\Z|password\Z|token\Z",
    re.IGNORECASE,
)
"""Names under which a service gives out UUIDs as credentials."""


_BY_NAME_ALONE = ("Secret Keyword", "API key or token in the code", "Password in an environment file")
"""Kinds of which any value may be; others know that theirs is a UUID."""
_BY_CHANCE = ("a file's path", "a name in code", "a format with fields")
"""Shapes that random base64 can have: it may begin with a slash."""
_BY_SIGNS = (*_BY_CHANCE, "a pattern, not a text")
"""Shapes that letters and signs at random can have."""


def _is_compound(hit: Hit) -> str | None:
    return "a name in code" if is_compound_name(hit.value) else None


def _is_prose(hit: Hit) -> str | None:
    is_phrase = "phrase" in hit.before.lower() or "mnemonic" in hit.before.lower()
    if _APP_PASSWORD.fullmatch(hit.value) and is_scrambled(hit.value.replace(" ", "")):
        return None
    inside = decoded(hit.value) or ""
    is_text = _reads_as_text(hit.value) or (inside.isascii() and _reads_as_text(inside))
    return "a text for people" if is_text and not is_phrase else None


def _is_pieced(hit: Hit) -> str | None:
    """`" --username=" + user`, `read('Again:')`: a text that others are put beside, or typed behind."""
    is_pieced = hit.value != hit.value.strip() or _PROMPT.fullmatch(hit.value)
    return "a text for people" if hit.is_quoted and is_pieced else None


_APP_PASSWORD = re.compile(r"[a-z]{4}(?: [a-z]{4}){3}")
"""As Google gives them out."""
_PROMPT = re.compile(r"[A-Za-z]{2,20}:")


def _reads_as_text(text: str) -> bool:
    words = _ESCAPED_LETTER.sub("é", text).replace("\\n", " ").split()
    return 1 < len(words) <= MAX_TYPED and all(_WORD.fullmatch(word) for word in words)


_ESCAPED_LETTER = re.compile(r"\\u[0-9a-fA-F]{4}")
_WORD = re.compile(r"[(\"']?(?:[^\W\d_](?:[^\W\d]|['/-])*|\d{1,4}|[-–&:|])[.,:;!?)\"']{0,3}")


def _is_grammar(hit: Hit) -> str | None:
    return "a text for people" if hit.value.strip().lower() in _GRAMMAR else None


def _is_worded(hit: Hit) -> str | None:
    """`027400017018:labeling-job-algorithm-specification` has a token's form, not its letters."""
    return "a name in code" if reads_as_words(hit.value) else None


def _is_printed_token(hit: Hit) -> str | None:
    """The payloads with which jwt.io and PyJWT explain what a token is."""
    return "a provider's documented example" if any(one in hit.value for one in _PRINTED) else None


_PRINTED = ("eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l", "eyJzb21lIjoicGF5bG9hZCJ9")


def _is_no_bot(hit: Hit) -> str | None:
    """A bot's token goes on with `AA` behind its colon; digits and a colon stand in many dumps."""
    return None if hit.value.partition(":")[2].startswith("A") else "no token's form"


def _is_bare_word(hit: Hit) -> str | None:
    """`identified by depth.` is a sentence; `IDENTIFIED BY tiger1` is SQL."""
    text = hit.value.strip()
    is_word = text.endswith((".", ",")) or not (any(letter.isdigit() for letter in text) or is_scrambled(text))
    return "a text for people" if is_word and not hit.is_quoted else None


_GRAMMAR = words(
    "from and for the of in is to or with must was has have are be by on at as if then else not can will should may"
    " field reset hash strength policy length prompt protected changed expired manager hashing based authentication"
)


def _is_too_short(hit: Hit) -> str | None:
    return "too short to be a secret" if len(hit.value.strip()) < _SHORTEST else None


_SHORTEST = 4


def _is_blob(hit: Hit) -> str | None:
    return "a file's bytes" if len(hit.value) > MAX_TYPED else None


# -- what stands around it -------------------------------------------------------------------------------------------


def _is_read(hit: Hit) -> str | None:
    """`os.environ["DB_PASSWORD"]`, `getpass("Password: ")`, `password = settings.password`, `token: string`."""
    nearest = hit.naming.names[0].rpartition(".")[2].lower() if hit.naming.names else ""
    if hit.naming.is_argument and nearest in _READERS:
        return "code that reads a secret"
    is_code = _CODE.match(hit.value.strip()) or is_compound_name(hit.value.strip())
    is_code = is_code and not is_noise(hit.value)
    return "code that reads a secret" if is_code and not hit.is_quoted else None


_READERS = words(
    "getenv environ env get getpass prompt input read_secret get_secret getsecret secret_get lookup fetch"
    " find require config getstring getproperty system.getenv fromenv from_env ask question queryselector"
    " getelementbyid find_element gettext ngettext _ t tr trans translate i18n print printf println log debug info"
    " warn warning error format sprintf describe it test has contains includes startswith endswith match search replace"
    " split pop setdefault getattr hasattr secrets params headers cookies args form session request"
    " localstorage getitem removeitem column field charfield textfield label raise throw"
    " panic add_argument option flag regexp compile import import_module"
)
_CODE = re.compile(
    r"(?:await\s+|new\s+|!|&|\*|\()*"
    r"(?:[A-Za-z_$][\w$]*(?:\.|->|::))*[A-Za-z_$][\w$]*(?:[(\[]|\.[A-Za-z_]|->|::)"
    r"|(?:str|string|String|bool|boolean|bytes|int|Any|any|char|SecretStr|Optional|Union|None|null|nil|self|this|object)"
    r"(?:[][|;,)?\s]|\Z)"
    r"|[a-z_]{2,20}=(?:str|int|bool|None|True|False)\b"
    r"|(?:[A-Za-z][a-z0-9]*_)+(?:password|passwd|pass|pwd|secret|token|key|credential|credentials|auth)\b[),;]?\Z"
)


def _is_a_name(hit: Hit) -> str | None:
    """`challengePassword`, `my_secret_token`, `x-api-key`: a value that says only what it would be."""
    text = hit.value.strip().rstrip(" :.?!")
    if len(text) > 60 or any(letter.isdigit() for letter in text) or not _IDENTIFIER.fullmatch(text):
        return None
    return "the name of a secret" if _SAYS_SECRET.search(text) else None


_IDENTIFIER = re.compile(r"[A-Za-z]++(?:[-_. /:][A-Za-z]++){0,8}")
_SAYS_SECRET = re.compile(
    r"passw|passwd|secret|token|api[-_ ]?key|credential|auth|(?:private|access)[-_ ]?key", re.IGNORECASE
)


def _is_named_otherwise(hit: Hit) -> str | None:
    nearest = hit.naming.nearest
    if names_what_is_public(nearest):
        return "a name of something public"
    return "a digest or an identifier, by its name" if names_a_digest(nearest) else None


def _is_public_in_bytes(hit: Hit) -> str | None:
    """`public_key[32] = {0x12, 0x9a, …}`: the name stands before what opens a list."""
    nearest = naming(hit.before.rstrip(" \t{[(=:")).nearest
    is_other = names_what_is_public(nearest) or names_a_digest(nearest)
    return "a name of something public" if is_other else None


def _names_a_type(hit: Hit) -> str | None:
    """`"AWS::ApiGateway::ApiKey": "…"` tells which of a type there are."""
    return "a digest or an identifier, by its name" if _TYPE_NAME.search(hit.before) else None


_TYPE_NAME = re.compile(r"[A-Z][A-Za-z]{1,40}::[A-Za-z0-9:]{1,80}[\"']?[ \t]{0,8}[:=>]{1,2}[ \t]{0,8}[\"']?\Z")


def _is_in_blob(hit: Hit) -> str | None:
    """A token's form by chance within a long run of base64: bytes of a program or a picture."""
    return "a file's bytes" if _ENDS_LONG.search(hit.before) and _STARTS_LONG.match(hit.after) else None


_ENDS_LONG = re.compile(r"[A-Za-z0-9+/]{40}\Z")
_STARTS_LONG = re.compile(r"[A-Za-z0-9+/]{40}")


def _is_embedded(hit: Hit) -> str | None:
    return "a file's bytes" if "base64," in hit.before or _GENERATED.search(hit.path) else None


_GENERATED = re.compile(
    r"(?:[-.]min\.(?:js|css|mjs)|\.map|\.snap|\.lock|\.sum|\.svg|\.ipynb_checkpoints|\.cdx\.json|\.spdx(?:\.json)?"
    r"|\.cyclonedx\.json|\.po|\.pot|\.wasm|\.sig|\.asc|\.crt|\.cer"
    r"|(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|RECORD|CHECKSUMS?|SHA\d+SUMS?)"
    r"|[-.]bundle\.js|[-.]chunk\.js)\Z",
    re.IGNORECASE,
)


def _has_no_evidence(hit: Hit) -> str | None:
    names = hit.naming
    if names_a_secret(names.nearest) and looks_generated(hit.value):
        return None
    return "no evidence"


# -- private keys ----------------------------------------------------------------------------------------------------


def _is_header_alone(hit: Hit) -> str | None:
    if hit.value.startswith("PuTTY") and not hit.after.startswith((": ssh", ": ecdsa")):
        return "names the header of a key, holds none"
    if "PRIVATE" not in hit.value[:80] or "-----BEGIN" in hit.value[:80]:
        return None
    if not hit.before.endswith("--") and "---- " not in hit.before:
        return "names the header of a key, holds none"
    return None


def _has_no_body(hit: Hit) -> str | None:
    if _CUT_SHORT.match(hit.after):
        return "a placeholder"
    body = hit.after.lstrip("-").replace("\\n", "\n").replace("\\r", "").strip(" \t\"'\\[]rsn\n")
    return "a placeholder" if _ELIDED.match(body) else None


_CUT_SHORT = re.compile(r"-{4,5}[ \\nr]{0,8}MII[A-Za-z0-9+/=]{0,70}[ \\nr.]{0,8}-{4,5}END RSA")
"""A key of RSA on one line, of which the documentation shows the beginning."""
_ELIDED = re.compile(r"(?:x{4}|X{4}|\.{3}|…|<|\$\{|\{\{|\*{3}|(?:your|insert|paste)\b|PRIVATE)", re.IGNORECASE)


_STRUCTURED: tuple[Check, ...] = (_is_in_blob, _is_grammar, _is_made_up)
_NAMED: tuple[Check, ...] = (
    _is_too_short,
    _is_grammar,
    _stands_for_another,
    _is_in_blob,
    _is_read,
    _is_a_name,
    _has_another_meaning,
    _is_pieced,
    _is_prose,
    _is_named_otherwise,
    _names_a_type,
)
_RANDOM: tuple[Check, ...] = (_is_blob, _is_embedded, _is_compound, *_NAMED, _has_no_evidence)
_SHAPED: tuple[Check, ...] = tuple(one for one in _NAMED if one not in (_is_named_otherwise, _is_read))
"""For kinds that know a value by its place or its form: no name need fit, and `$6$…` is no variable of a program."""
_SPECIAL: dict[str, tuple[Check, ...]] = {
    "Base64 High Entropy String": _RANDOM,
    "Hex High Entropy String": _RANDOM,
    "Password in SQL (IDENTIFIED BY)": (*_NAMED, _is_bare_word),
    "Public IP (ipv4)": (),
    PRIVATE_KEY: (_is_header_alone, _has_no_body),
    "Basic Auth Credentials": (_stands_for_another,),
    "JSON Web Token": (_is_made_up, _is_printed_token),
    "Artifactory Credentials": (*_STRUCTURED, _is_worded),
    "IBM Cloud IAM Key": (*_STRUCTURED, _is_worded),
    "Telegram Bot Token": (*_STRUCTURED, _is_worded, _is_no_bot),
    "Vault token (before 1.10)": _STRUCTURED,
    "Password hash": _SHAPED,
    "Secret that signs sessions": (_is_too_short, _stands_for_another, _is_read, _is_a_name, _has_another_meaning),
    "Password of a Tomcat user": _SHAPED,
    "Password in a router's configuration": _SHAPED,
    **dict.fromkeys((one.type for one in DATABASES if one.type.endswith("URL with password")), _SHAPED),
    **dict.fromkeys(BYTES, (_is_public_in_bytes,)),
    **dict.fromkeys((*UNNAMED, *UNNAMED_LOGINS, *PLACED), _SHAPED),
}


# -- how sure it is --------------------------------------------------------------------------------------------------


def _weighed(hit: Hit) -> Verdict:
    """Take the most sceptical of the reasons that apply."""
    return min(_evidence(hit), key=lambda verdict: (verdict.confidence or Confidence.LOW).rank)


def _evidence(hit: Hit) -> Iterator[Verdict]:
    if _checksum_fits(hit):
        yield Verdict(Confidence.HIGH, "its checksum fits")
        return
    base = _base(hit.type)
    if _checksum_fits(hit) is False:
        yield Verdict(Confidence.MEDIUM, "its checksum does not fit")
    if base is Confidence.HIGH:
        yield Verdict(base, "a format of its own")
    elif hit.type in _SPECIAL and _SPECIAL[hit.type] is _RANDOM:
        yield Verdict(Confidence.MEDIUM, "random, and named as a secret")
    elif looks_generated(hit.value) and names_a_secret(hit.naming.nearest):
        yield Verdict(max(base, Confidence.HIGH), "random, and named as a secret")
    else:
        yield Verdict(base, "named as a secret")
    yield from _doubts(hit, base)


def _doubts(hit: Hit, base: Confidence) -> Iterator[Verdict]:
    if (
        _TRANSLATION.search(hit.path)
        and base is not Confidence.HIGH
        and not _DIGIT.search(_ESCAPED_LETTER.sub("é", hit.value))
    ):
        yield Verdict(Confidence.LOW, "a text in a translation")
    if is_default_password(hit.value) or _is_its_users_name(hit):
        yield Verdict(Confidence.LOW, "a default that everybody knows")
    is_joined = _CONSTANT.fullmatch(hit.value) or (_JOINED.fullmatch(hit.value) and reads_as_words(hit.value))
    if is_joined and base is not Confidence.HIGH:
        yield Verdict(Confidence.LOW, "words joined as a program joins them")
    if _NO_HOST.match(hit.after):
        yield Verdict(Confidence.LOW, "a login to no machine")
    if _FAKE.search(hit.naming.nearest):
        yield Verdict(Confidence.LOW, "named as made up")
    if _repeats_its_name(hit):
        yield Verdict(Confidence.LOW, "its name with a number")
    if hit.type == PRIVATE_KEY and _HEADER_CLOSED.match(hit.after):
        yield Verdict(Confidence.LOW, HEADER_ALONE)
    if is_test_path(hit.path) or is_documentation_path(hit.path):
        is_mixed = _is_generated(hit.value) or is_scrambled(hit.value) or _is_pin(hit)
        is_no_example = is_mixed and not hit.value.startswith(_HASHES)
        is_told = base is Confidence.HIGH or (is_no_example and not _EXAMPLE_FILE.search(hit.path))
        is_told = is_told and hit.type not in _HASHED
        yield Verdict(Confidence.MEDIUM if is_told else Confidence.LOW, "in a test, an example or documentation")


def _is_its_users_name(hit: Hit) -> bool:
    """True for `mysql://USER:USER@…` and `login='USER', password='USER'`: what a service is tried out with."""
    line = hit.before + hit.value[:BEFORE] + hit.after
    is_pair = any(match[1] == match[2] == hit.value for match in _LOGIN_PAIR.finditer(line))
    return is_pair or any(match[1] == hit.value for match in _USERS_NAME.finditer(line))


_LOGIN_PAIR = re.compile(r"(?<![\w.-])([\w.-]{3,60}):([\w.-]{3,60})(?![\w:-])")
_USERS_NAME = re.compile(r"(?i:user(?:_?(?:name|id))?|login|name)[\"']?[ ]?[:=]{1,2}>?[ ]?u?[\"']([^\"'\n]{3,60})[\"']")


def _repeats_its_name(hit: Hit) -> bool:
    """True for `"ExportToken": "export-token-cu4lg26o"`: what a program tells things apart by."""
    folded = "_".join(_PARTS.findall(hit.naming.nearest)).lower()
    return "_" in folded and hit.value.replace("-", "_").lower().startswith(folded + "_")


_NO_HOST = re.compile(r"@(?:(?:my|your|some)[-_][a-z]+|host(?:name)?)(?![\w-])", re.IGNORECASE)
_FAKE = re.compile(r"fake|dummy|bogus", re.IGNORECASE)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_CONSTANT = re.compile(r"[A-Z]++(?:_[A-Z]++)+")
_JOINED = re.compile(r"[a-z]++(?:_[a-z]++)+|[a-z]++(?:[A-Z][a-z]++)+")


def _is_generated(value: str) -> bool:
    """True for a value that nobody thinks up for an example: no words, not short, not a few characters repeated."""
    is_plain = value.isascii() and len(value) >= _TELLING
    return is_plain and randomness(value.replace("-", "")) >= _VARIED and not reads_as_words(value)


def _is_pin(hit: Hit) -> bool:
    """True for a password of six digits or more, several of them different; a sequence is a placeholder."""
    return hit.value.isdigit() and len(hit.value) >= _DIGITS and len(set(hit.value)) * 2 > _DIGITS


_DIGITS = 6
_TELLING = 8
_VARIED = 0.75
_HASHES = (
    "$1$",
    "$5$",
    "$6$",
    "$y$",
    "$apr1$",
    "pbkdf2",
    "bcrypt",
    "argon2",
    "sha1$",
    "md5$",
    "$2",
    "$argon2",
    "scrypt",
)
_HASHED = ("Password hash of a mail or directory user",)
"""Kinds whose scheme stands before the value."""
_DIGIT = re.compile(r"[0-9]")
_EXAMPLE_FILE = re.compile(r"[._-](?:examples?|samples?|template)(?:\.[A-Za-z0-9]{1,10})*\Z", re.IGNORECASE)
_TRANSLATION = re.compile(
    r"(?:^|/)(?:_?locales?|i18n|l10n|translations?|lang(?:uage)?s?)/|(?:^|/)(?:strings|messages)[^/]*\.[a-z]+\Z",
    re.IGNORECASE,
)
_HEADER_CLOSED = re.compile(r"(?:-{4,5})?(?:\\[rn]){0,2}[\"'`)]")
_DOCUMENTATION = re.compile(
    r"(?:^|/)(?:docs?|documentation|examples?|samples?|demos?|tutorials?|man\d?|changelogs?|licenses?)/"
    r"|\.(?:md|rst|adoc|txt\.gz|html?|pod|\d)\Z|(?:^|/)(?:readme|changelog|changes|news|history|contributing|METADATA"
    r"|PKG-INFO|copyright)[^/]*\Z|[.-](?:examples?|samples?|template|dist|tmpl)(?:\.[a-z0-9]{1,6})?\Z",
    re.IGNORECASE,
)


def is_documentation_path(path: str) -> bool:
    """True for documentation and examples, by the names that projects use."""
    return _DOCUMENTATION.search(path) is not None
