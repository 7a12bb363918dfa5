"""Over-approximations of the detectors' patterns, in the common part of Hyperscan's and Python's syntax, on bytes.

Each row must match in every line in which its plugin can find something; matching more costs time, matching less
loses secrets. What to mind when a row is written:

* A class of Unicode characters (`\\d`, `\\w`, `\\s`) is any byte from 0x80 on besides its ASCII members, and what
  counts characters counts up to four bytes for each.
* A pattern that ignores case also matches the four letters of FOLDED; a line with one goes to every plugin.
* Only PRIVATE KEY may cross a line's end: it is what YAML folds into one line.
"""

import re

import msgspec

EVERY_PLUGIN = "*"
_HEX_DIGITS = frozenset(b"0123456789abcdefABCDEF")


class Pattern(msgspec.Struct, frozen=True):
    """Lines in which `expression` matches go to `plugin`."""

    plugin: str
    expression: bytes
    ignores_case: bool = False
    files: str = ""
    """A pattern of the paths in which the plugin looks; none: in every file."""


_ASSIGNED = rb"""['"]?\]?[ :=>]+['"]?"""
"""What `RegexBasedDetector.build_assignment_regex` puts between a name and its value."""
_USERINFO = rb"[^:/?#\[\]@!$&'()*+,;=\s]+"
_BASE64 = rb"[A-Za-z0-9+/\\\-_=]"
_HEX = rb"[0-9A-Fa-f]"
_KEYWORDS = (
    rb"(?:api_?key|auth_?key|service_?key|account_?key|db_?key|database_?key|priv_?key|private_?key|client_?key"
    rb"|db_?pass|database_?pass|key_?pass|password|passwd|pwd|secret|contrase\xc3[\xb1\x91]a|contrasena)"
)
FOLDED = rb"(?:\xc5\xbf|\xe2\x84\xaa|\xc4[\xb0\xb1])"
"""ſ, the Kelvin sign, İ and ı in UTF-8: not ASCII, but equal to s, k and i where case is ignored."""

BASE64_LENGTH = 23
"""Characters: as many different ones as an entropy over 4.5 bits takes."""
HEX_LENGTH = 9
"""The same for 3 bits."""

PATTERNS = (
    Pattern(EVERY_PLUGIN, FOLDED),
    Pattern("ArtifactoryDetector", rb"AKC[a-zA-Z0-9]{10}"),
    Pattern("ArtifactoryDetector", rb"AP(?:[0-9A-F]|[\x80-\xff]{1,4})[a-zA-Z0-9]{8}"),
    Pattern("AWSKeyDetector", rb"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}"),
    Pattern(
        "AWSKeyDetector",
        rb"""aws[^\n]{0,80}(?:key|pw|pass|token)[^\n]{0,80}['"][0-9a-zA-Z/+]{40}['"]""",
        True,
    ),
    Pattern("AzureStorageKeyDetector", rb"AccountKey=[a-zA-Z0-9+/=]{88}"),
    Pattern("BasicAuthDetector", rb"://" + _USERINFO + rb":" + _USERINFO + rb"@"),
    Pattern("CloudantDetector", rb"(?:cloudant|clou|cl)[_-]?(?:api)?(?:key|pw|pass|token)", True),
    Pattern("CloudantDetector", rb"\.cloudant\.com", True),
    Pattern(
        "DiscordBotTokenDetector",
        rb"[MNO][a-zA-Z0-9_\x80-\xff-]{23,100}\.[a-zA-Z0-9_\x80-\xff-]{6,24}\.[a-zA-Z0-9_\x80-\xff-]{27}",
    ),
    Pattern("GitHubTokenDetector", rb"gh[pousr]_[A-Za-z0-9_]{36}"),
    Pattern(
        "GitLabTokenDetector", rb"(?:glpat|gldt|glft|glsoat|glrt|glcbt|glimt|glptt|glagent|gloas)-[A-Za-z0-9_-]{20}"
    ),
    Pattern("GitLabTokenDetector", rb"GR1348941[A-Za-z0-9_-]{20}"),
    Pattern("IbmCloudIamDetector", rb"(?:key|pwd|pass|password|token)" + _ASSIGNED + rb"[a-zA-Z0-9_-]{44}", True),
    Pattern("IbmCosHmacDetector", rb"secret[-_]?(?:access)?[-_]?key" + _ASSIGNED + rb"[a-f0-9]{48}", True),
    Pattern("IPPublicDetector", rb"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"),
    Pattern("JwtTokenDetector", rb"eyJ[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]"),
    Pattern("MailchimpDetector", rb"[0-9a-z]{32}-us[0-9]"),
    Pattern("NpmDetector", rb"/:_authToken="),
    Pattern("OpenAIDetector", rb"T3BlbkFJ[A-Za-z0-9]{20}"),
    Pattern("PrivateKeyDetector", rb"PRIVATE\s+KEY"),
    Pattern("PrivateKeyDetector", rb"PuTTY-User-Key-File-2"),  # pragma: allowlist secret
    Pattern("PypiTokenDetector", rb"pypi-AgE[IN]"),
    Pattern("SendGridDetector", rb"SG\.[a-zA-Z0-9_-]{22}\.[a-zA-Z0-9_-]{43}"),
    Pattern("SlackDetector", rb"xox[aboprs]-[0-9\x80-\xff]", True),
    Pattern("SlackDetector", rb"hooks\.slack\.com/services/T", True),
    Pattern(
        "SoftlayerDetector",
        rb"(?:softlayer|sl)[_-]?(?:api)?[_-]?(?:key|pwd|pass|password|token)" + _ASSIGNED + rb"[a-z0-9]{64}",
        True,
    ),
    Pattern("SoftlayerDetector", rb"://api.softlayer.com/soap/v3", True),
    Pattern("SquareOAuthDetector", rb"sq0csp-"),
    Pattern("StripeDetector", rb"[rs]k_live_[0-9a-zA-Z]{24}"),
    Pattern("TelegramBotTokenDetector", rb"[0-9\x80-\xff]{8}:[0-9A-Za-z_-]{35}"),
    Pattern("TwilioKeyDetector", rb"(?:AC|SK)[a-z0-9]{32}"),
    Pattern("KeywordDetector", _KEYWORDS, True),
    Pattern("Base64HighEntropyString", rb'"' + _BASE64 + rb'{23,}"'),
    Pattern("Base64HighEntropyString", rb"'" + _BASE64 + rb"{23,}'"),
    Pattern("HexHighEntropyString", rb'"' + _HEX + rb'{9,}"'),
    Pattern("HexHighEntropyString", rb"'" + _HEX + rb"{9,}'"),
)

SUPERSEDED = frozenset({"KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector"})
"""Plugins that gate mode does without: a name in front of a value, and what is random, are judged together there
(`gate.secrets.kinds.assignments`), and an address is no credential."""
ASSIGNMENTS = "AssignmentGateDetector"
"""The plugin of gate mode that takes the keyword detector's place."""
COVERED = frozenset(pattern.plugin for pattern in PATTERNS)

_RUN = re.compile(_BASE64 + rb"{22,}|" + _HEX + rb"{9,}")
_SHORT_BASE64 = 40
"""Characters of the shortest value, 24 letters of Cloudant aside, that a pattern with a name before it wants."""


def has_unquoted_value(utf8: bytes) -> bool:
    """True if a value that a transformer puts in quotes, or after a name, could be found then.

    A string needs 23 different characters for its entropy (one may be a backslash that a transformer adds), a
    hexadecimal one 9. The values that follow a name (`ibm_key: …`) have at least 40 characters.
    """
    return any(_could_be_found(run.group()) for run in _RUN.finditer(utf8))


def _could_be_found(run: bytes) -> bool:
    if len(run) >= _SHORT_BASE64:
        return True
    return len(set(run)) >= BASE64_LENGTH - 1 or len(set(run) & _HEX_DIGITS) >= HEX_LENGTH
