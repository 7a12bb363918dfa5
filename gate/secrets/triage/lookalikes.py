"""What looks random, or stands where a secret would, and is none: by the value's own shape."""

import re
from collections.abc import Iterable, Iterator

from gate.core.lazy_regex import lazy_regex

MAX_TYPED = 512
"""Characters of the longest value that is compared with shapes; what is longer is a blob."""

_VERSION = r"[<>=~^!]{0,2}[ ]?v?\d++(?:\.(?:\d++|[xX*]))*+(?:[-+.@]?(?:dev|alpha|beta|rc|stable|pre)[.-]?\d*+)?"
_VERSION_RANGE = rf"(?=.*[<>=~^|*xX]){_VERSION}(?:[ ]?(?:\|{{1,2}}|,| - )?[ ]?{_VERSION})*"
"""`<2.0.5|>=3,<3.0.3`, `1.x.x`: what a package asks of another."""
_VALIDATION = (
    r"bail|required|nullable|sometimes|present|filled|string|confirmed|prohibited|exclude|accepted|min:\d+|max:\d+"
)
_DISTINGUISHED_NAME = r"(?:[A-Za-z]{1,16}=[^,=\s][^,=]*,[ ]?)+[A-Za-z]{1,16}=[^,=]+"
_DIRECTORY_FILTER = r"\([&|!]?\(?[A-Za-z][\w;.-]*[ ]?[~<>]?=.*\)"
_RELEASE = r"[~^]?v?\d{1,5}\.\d{1,5}\.\d{1,6}(?:-[0-9A-Za-z._-]{1,60})?(?:\+[0-9A-Za-z.-]{1,40})?"
"""A version of semver.org with what may stand behind it."""
_ASKED_OF = r"(?:npm|workspace|catalog|link|portal|patch|github|gitlab|bitbucket|git\+ssh|git\+https?):\S+"
_PACKAGE = r"@?[a-z0-9][a-z0-9._/-]{0,60}@[~^=v]?\d{1,5}\.\d{1,5}\S*"
"""What a package's manifest asks for in place of a version."""
_REQUIRED_VERSION = r"(?:={1,3}|~=|!=|[<>]=?)[ ]?v?\d{1,5}\.[\w*][\w*+!.-]{0,60}"
_REQUIRED_VERSIONS = rf"{_REQUIRED_VERSION}(?:[ ]?,[ ]?{_REQUIRED_VERSION})*"
_REQUIREMENT = rf"[A-Za-z][\w.-]{{0,80}}(?:\[[\w, .-]{{1,80}}\])?[ ]?{_REQUIRED_VERSIONS}(?:[ ]?;.*)?"
"""A package with the versions of it that are asked for: `regex==2026.7.19`, `attrs>=23.1,<26.0`, `libssl3=3.0.2-0`."""
_SCHEMA_TYPE = r"(?i:n?(?:var)?char2?|(?:tiny|small|big|medium)?int|decimal|numeric|varbinary|binary)\s?\(\d[^)]*\).*"

_BASE64 = r"[A-Za-z0-9+/]"
_ENCRYPTED = (
    rf"EJ\[\d:{_BASE64}{{43}}=:{_BASE64}{{32}}:{_BASE64}{{22,}}={{0,2}}\]"
    rf"|\{{cipher\}}(?:[0-9a-f]{{64,}}|{_BASE64}{{42,}}={{0,2}})"
)
"""EJSON's boxes (key, nonce, text) and the values of Spring Cloud Config."""
_BUILD = r"\d{1,4}(?:\.\d{1,6}){2,}[-+]\d[\w.+-]*"
"""A package's version with its build: `6.1.158-1.182.el9.x86_64`."""

_IMAGE = r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d{2,5})?/[a-z0-9._/-]+:[\w.-]+"
"""A container image with its registry and tag."""

_CODE_POINT = r"(?:1F[0-9A-F]{3}|2[0-9A-F]{3}|3[02][0-9A-F]{2}|00[23A][0-9A-F]|FE0F|E00[0-9A-F]{2})"
"""Of an emoji or of what joins several: `1F5DD-FE0F`."""

_SHAPES: tuple[tuple[str, str], ...] = (
    ("a UUID", r"\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?"),
    ("a digest with its algorithm's name", r"(?:sha\d{1,3}|md5|blake[23][bs]?|h1)[-:=].*"),
    ("an identifier of a vulnerability", r"(?:CVE-\d{4}-\d+|GHSA(?:-[0-9a-z]{4}){3}|CWE-\d+|PYSEC-\d{4}-\d+)"),
    ("code points of emoji", rf"{_CODE_POINT}(?:-{_CODE_POINT}){{1,9}}"),
    ("a colour", r"#[0-9a-fA-F]{3,8}|(?:rgb|hsl)a?\([\d.,%/ deg]{5,60}\)"),
    ("a version or a date", r"[v^~]?\d{1,4}(?:[.-]\d{1,6}){1,4}-?(?:[-+.][a-z]{1,8}\.?\d*)?(?:[T ][\d:.+Z-]*)?"),
    ("a version or a date", _VERSION_RANGE),
    ("a version or a date", _RELEASE),
    ("a version or a date", _BUILD),
    ("a version or a date", _ASKED_OF),
    ("a version or a date", _PACKAGE),
    ("a version or a date", _REQUIREMENT),
    ("a version or a date", r"dev-[\w./-]{1,60}#[0-9a-f]{7,40}"),
    ("a version or a date", r"[A-Za-z]{2,6}v\d{1,2}(?:[._]\d{1,2}){0,2}"),
    ("a container image", _IMAGE),
    ("a number", r"-?0x[0-9a-fA-F]{1,16}"),
    ("an account or a contract of a blockchain", r"0x[0-9a-fA-F]{40}"),
    ("a number", r"\d{1,6}(?::\d{1,6})+"),
    ("an object identifier", r"[012](?:\.\d{1,10}){5,}"),
    ("a language", r"[a-z]{2}[_-][A-Z]{2}(?:\.[A-Za-z0-9-]{4,8})?"),
    ("a label", r"[A-Z](?:\.[A-Z]){2,}"),
    ("a public key", r"(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d+|sk-ssh-ed25519@openssh\.com) .*"),
    ("a public key", r"(?:ssh-(?:rsa|ed25519|dss)|AAAA[BCE]3NzaC1|MFkwEwYH|MHYwEAYH|MCowBQYD|MII[BC]Ij?AN).*"),
    (
        "a public key",
        r"(?:-----BEGIN (?:[A-Z0-9]+ )*(?:CERTIFICATE|PUBLIC KEY)).*|age1[0-9a-z]{58}|[xyz]pub[A-Za-z0-9]{100,}",
    ),
    ("a public key", r"pk_(?:live|test)_[0-9A-Za-z]{10,}"),
    ("a public key", r"B[A-P][A-Za-z0-9+/_-]{85}=?"),
    (
        "a file's bytes",
        r"(?:data:|AGFzbQ|iVBORw0KGgo|R0lGOD|/9j/|d09G[MR]|AAEAAAA|PHN2Zy|UEsDB|H4sI|JVBERi|T2dnUw|SUkq).*",
    ),
    ("a web address", r"(?:https?|wss?|file|git|ssh|urn|arn|oci|docker|s3|gs)(?:://|:)[^@\s]*"),
    ("a file's path", r"(?:~|\.{1,2}|[A-Za-z]:|\$\w+)?(?:[/\\][\w.@+ -]+)+[/\\]?"),
    (
        "a file's path",
        r"(?:[\w.-]+/)*[\w-]+\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|txt|env|ini|toml|py|[jt]sx?|go|rb|sh|html?|css|png|svg|md|cfg|conf)",
    ),
    ("a file's path", r"(?:[A-Za-z][\w.-]*/){2,}[\w.-]+"),
    ("a file's path", r"id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:[-_]sk)?(?:\.pub)?"),
    ("an option of a command", r"--[a-z][a-z0-9-]+"),
    ("a name in code", r"@[a-z][\w.-]*/[a-z][\w.-]*(?:[:/.#][\w.-]+)*"),
    ("a folder", r"(?=[^/]*[-_])(?=.{20})[\w.-]+(?:/[\w.-]+)*/"),
    ("an identifier of a paper", r"[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7}(?:v\d{1,2})?"),
    ("a label", r"[a-z]+(?:\.[a-z@-]+)*\.\$[0-9Sx.]+"),
    ("a label", r"[a-z]{2}(?:-gov)?-(?:north|south|east|west|central)+-[0-9]{1,3}"),
    ("a label", r"(?i:bug|issue|ticket|gh)[#-]*[0-9]+"),
    (
        "the name of a type",
        r"(?i:list|dict|set|tuple|map|array|optional|union|sequence|promise|vec|option)[\[(<].{1,200}[\])>]",
    ),
    ("the name of a type", r"\\{0,2}[A-Z]\w*(?:\\{1,2}[A-Z]\w*)+"),
    ("a name in code", r"[a-z]+(?:\.(?:\$[0-9Sx.]*|[a-z$@-]+))+|\.[a-z][a-z.-]*"),
    ("a kind of hash", r"(?:unsalted_)?(?:md5|sha\d{1,3}|pbkdf2|bcrypt|argon2|scrypt|crypt)\w*\$+"),
    ("a kind of hash", r"\$(?:2[abxy]?|1|5|6|y|P|H|apr1|argon2[a-z]{0,2}|scrypt|pbkdf2[a-z-]*\d*)\$?(?:\d{1,2}\$?)?"),
    ("a label", r"(?:fk|pk|idx|ix|uk|uniq|index)_[0-9A-Za-z_]+|(?:FK|IDX|UNIQ)_[0-9A-F]{8,32}"),
    ("a label", _DISTINGUISHED_NAME),
    ("a label", _DIRECTORY_FILTER),
    ("the name of a type", _SCHEMA_TYPE),
    ("a text for people", r"<[A-Za-z/!][^<>]*[\s>].*"),
    ("a migration of a database", r"\d{4}_[a-z0-9_]+"),
    ("an identifier of a record", r"(?:fld|rec|tbl|viw|sel|usr|wsp)[A-Za-z0-9]{14}"),
    ("an identifier of a record", r"SMS_\d{6,12}"),
    ("an identifier of Windows", r"S-1-\d+(?:-\d+)*"),
    ("a label", r"[A-Za-z][\w.-]*(?::[\w.+-]+){2,}"),
    ("a duration", r"(?:\d{1,6}(?:ms|us|ns|[smhdw]))+"),
    ("a rate", r"\d+/(?:\d+/?)?(?:[smhd]|sec|second|min|minute|hour|day)s?(?:[/,].*)?"),
    ("a registry's or a device's path", r"(?:HKLM|HKCU|HKEY_[A-Z_]+|SOFTWARE)\\.*"),
    ("a name in code", r"[A-Za-z_]+[0-9]?(?:(?:\.|::|->|:|/)[A-Za-z_]+[0-9]?)+(?:\[\w*\])?;?"),
    (
        "an encrypted value",
        _ENCRYPTED,
    ),
    (
        "an encrypted value",
        r"(?:ENC\[|ENC\(|U2FsdGVkX1|\$ANSIBLE_VAULT|Ag[A-D][A-Za-z0-9+/]{80,}|vault:v\d+:|age-encryption\.org|!vault|![a-z]+/).*",
    ),
    ("a reference to a secret store", r"(?:op|vault|secret|ssm|aws-ssm|gcp-sm|akv|keyring|keychain|bws)://.*"),
    ("a reference to a secret store", r"(?:projects/[^/]+/secrets/|arn:aws:|@Microsoft\.KeyVault\(|ref\+).*"),
    (
        "a rule for a form's field",
        rf"(?:{_VALIDATION})(?:_[a-z_]+)?(?::[\w,.*-]+)?(?:\|[a-z_]*(?::[^|]*)?)*",
    ),
    ("a name in code", r"[A-Za-z_]+:[ ]?\{.*"),
    ("a format with fields", r".*%[-+0-9.]*[sdifxvqr](?:[^A-Za-z0-9].*)?"),
    (
        "a pattern, not a text",
        r"\.[*+].*|.*(?:\[\^[^\]]{1,30}\][+*{?]|\[[^\]]{0,30}[A-Za-z0-9]-[A-Za-z0-9][^\]]{0,30}\][+*{?]|\\[dwsb][+*{]|\(\?[:=!<P]).*",
    ),
)
_SEALED = lazy_regex(_ENCRYPTED)
_COMPILED = tuple((reason, lazy_regex(shape, re.DOTALL)) for reason, shape in _SHAPES)

_KEYBOARD = ("qwertyui", "asdfghjk")
"""Rows of keys that are typed where a secret is wanted."""
_COUNTED = 3
"""Characters in the alphabet's order, at least so many in a row, of which a key has few."""
_SEQUENCE = 8
"""Neighbours of an alphabet in a row that chance does not put into a key."""
_PARTS = lazy_regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LONG_RUN = 5


def lookalike(value: str) -> str | None:
    """Return what `value` is instead of a secret, or None. Takes time linear in its first MAX_TYPED characters."""
    text = value.strip()[:MAX_TYPED]
    named = next((reason for reason, shape in _COMPILED if shape.fullmatch(text)), None)
    return named or ("an alphabet" if is_alphabet(text) else None)


def is_sealed(value: str) -> bool:
    """True for a value that its program encrypted, known by all of its form and not by a mark in front alone."""
    return _SEALED.fullmatch(value.strip()[:MAX_TYPED]) is not None


def is_compound_name(text: str) -> bool:
    """True for words run together as code does, parted by capitals: `NFCReadMultipleBlocksConfiguration`."""
    parts = _PARTS.findall(text[:MAX_TYPED])
    letters = [part for part in parts if part.isalpha()]
    is_joined = sum(part[0].isupper() for part in letters) >= 2
    return is_joined and "".join(parts) == text and len(letters) >= 3 and min(map(len, letters)) >= 3


def is_alphabet(text: str) -> bool:
    """True if a good part of `text` is letters or digits in their order: `abcdefgh…`, `0123456789`, backwards too."""
    lowered = text.lower()
    if not lowered or len(lowered) > MAX_TYPED:
        return False
    forward, backward = list(map(len, _runs(lowered))), list(map(len, _runs(lowered[::-1])))
    longest = max(*forward, *backward)
    counted = max(_counted(forward), _counted(backward))
    if len(lowered) >= _SEQUENCE and (counted * 4 >= len(lowered) * 3 or _is_in_order(lowered)):
        return True
    is_mostly_run = longest >= _SEQUENCE and longest * 2 >= min(len(lowered), 20)
    return is_mostly_run or (len(lowered) <= 24 and any(keys in lowered for keys in _KEYBOARD))


def _is_in_order(text: str) -> bool:
    """True for `00112233aabb`: no character stands before a smaller one, which chance does not make."""
    return len(text) >= _SEQUENCE * 2 and list(text) == sorted(text)


def _counted(runs: Iterable[int]) -> int:
    """Return how many characters stand in runs of _COUNTED or more."""
    return sum(run for run in runs if run >= _COUNTED)


def is_counted_up(text: str) -> bool:
    """True if half of `text` or more is five letters or digits in their order, or longer such runs."""
    runs = map(len, _runs(text.lower()))
    return sum(run for run in runs if run >= _LONG_RUN) * 2 >= len(text)


def _runs(text: str) -> Iterator[str]:
    """Part `text` where the next character is not the next of the alphabet: `abc`, `1234` of `abc1234`."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or ord(text[at]) - ord(text[at - 1]) != 1:
            yield text[start:at]
            start = at
