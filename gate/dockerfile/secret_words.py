"""Which names and values look like secrets."""

import re

_SECRET_NAME = re.compile(
    r"(?:.*[_-])?(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|"
    r"AUTH_?KEY|CREDENTIALS?|PWD|PASS)(?:[_-]?\d+)?",
    re.IGNORECASE,
)
_NOT_SECRET_NAME = frozenset({"PWD", "OLDPWD", "PASS"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PLACEHOLDER = re.compile(
    r"<.*>|\*+|x+|\.+|(?:none|null|nil|undefined|true|false|yes|no|on|off|dummy|placeholder|todo|unset|empty)|\d{1,2}",
    re.IGNORECASE | re.DOTALL,
)
_PATH = re.compile(r"\.{0,2}/")
_MAX_NAME = 200
"""Characters; nothing longer is a variable's name."""
_LOGIN_IN_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:(?P<password>[^/\s@]+)@", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """True for `DB_PASSWORD`, `apiKey`, `NPM_TOKEN`; not for `PASSWORD_FILE` and the like."""
    if len(name) > _MAX_NAME or name.upper() in _NOT_SECRET_NAME:
        return False
    return bool(_SECRET_NAME.fullmatch(_CAMEL.sub("_", name)) or _SECRET_NAME.fullmatch(name))


def is_literal(value: str) -> bool:
    """True if the value is there to be read: no placeholder, path or variable."""
    return bool(value) and "$" not in value and not _PLACEHOLDER.fullmatch(value) and not _PATH.match(value)


def holds_password(value: str) -> bool:
    """True for an address with a login in it: `https://user:password@host`."""
    found = _LOGIN_IN_ADDRESS.match(value)
    return bool(found and is_literal(found["password"]))
