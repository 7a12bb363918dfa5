"""Which names and values look like secrets."""

import re

from gate.dockerfile.throw_away import has_throw_away_login, is_throw_away
from gate.model import Severity

_SECRET_NAME = re.compile(
    r"(?:.*[_-])?(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|"
    r"AUTH_?KEY|CREDENTIALS?|PWD|PASS)(?:[_-]?\d+)?",
    re.IGNORECASE,
)
_NOT_SECRET_NAME = frozenset({"PWD", "OLDPWD", "PASS"})
_PUBLIC_NAME = re.compile(r"(?:^|[_-])(?:PUBLIC|PUBLISHABLE)(?:[_-]|$)", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACEHOLDER = re.compile(
    r"<.*>|\[.*\]|\{.*\}|\*+|x+|\.+|_+|-+|\d{1,2}|"
    r"none|null|nil|undefined|true|false|yes|no|on|off|dummy|placeholder|todo|unset|empty|"
    r"enabled|disabled|required|optional|prompt|file|env|vault|keychain|basic|bearer",
    re.IGNORECASE | re.DOTALL,
)
_FILE = re.compile(
    r"[\w.-]{1,100}\.(?:bash|cfg|conf|crt|env|go|ini|jar|js|json|key|p12|pem|php|pl|properties|ps1|py|rb|sh|sql|toml|ts|txt|"
    r"xml|ya?ml)",
    re.ASCII | re.IGNORECASE,
)
"""The name of a file: a script that sets passwords, a file that holds one."""
_PATH = re.compile(r"\.{0,2}/")
_MAX_NAME = 200
"""Characters; nothing longer is a variable's name."""
_LOGIN_IN_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:(?P<password>[^/\s@]+)@", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """True for `DB_PASSWORD`, `apiKey`, `NPM_TOKEN`; not for `PASSWORD_FILE` and the like."""
    if len(name) > _MAX_NAME or name.upper() in _NOT_SECRET_NAME:
        return False
    if _PUBLIC_NAME.search(_CAMEL.sub("_", name)):
        return False
    return bool(_SECRET_NAME.fullmatch(_CAMEL.sub("_", name)) or _SECRET_NAME.fullmatch(name))


def is_literal(value: str) -> bool:
    """True if the value is there to be read: no placeholder, path, file's name or variable."""
    if not value or "$" in value:
        return False
    return not (_PLACEHOLDER.fullmatch(value) or _PATH.match(value) or _FILE.fullmatch(value))


def holds_password(value: str) -> bool:
    """True for an address with a login in it: `https://user:password@host`."""
    found = _LOGIN_IN_ADDRESS.match(value) if "@" in value else None
    return bool(found and is_literal(found["password"]))


def severity_of(value: str) -> Severity | None:
    """Return how bad it is that everybody can read a value, if it is milder than the rule says: it opens nothing.

    A filler or a weak default is reported all the same: it may have been forgotten.
    """
    address = has_throw_away_login(value) if "://" in value else False
    return Severity.LOW if address or is_throw_away(value) else None
