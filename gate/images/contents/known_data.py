"""Files of data that every system has, and that no package's record covers: many are made when a package is installed.

The databases of file types and of terminals, time zones and locales are full of what looks like keys and passwords to a
detector. Lists of certificates hold no secret either, unless a private key is among them.
"""

import re

_FOLDERS = (
    r"share/(?:mime|zoneinfo(?:-[a-z]+)?|locale|i18n|terminfo|tabset|misc|hwdata|unicode|X11/locale|file)/"
    r"|(?:lib|etc)/terminfo/|lib/locale/|lib/file/magic|zoneinfo/(?:[A-Z]|tzdata\.zi)|etc/udev/hwdb|lib/udev/hwdb"
    r"|var/cache/(?:fontconfig|man|ldconfig)/"
)
_NAMES = r"mime\.types|mime\.cache|mimeinfo\.cache|gschemas\.compiled|templates\.dat(?:-old)?|ld\.so\.cache"
_DATA = re.compile(rf"(?:^|.*/)(?:(?:{_FOLDERS}).*|(?:{_NAMES}))")
_CERTIFICATES = re.compile(
    r"(?:^|.*/)(?:etc/pki/ca-trust/extracted/.*|share/ca-certificates/.*|(?:ca-certificates|ca-bundle[^/]*|tls-ca-bundle)"
    r"\.(?:crt|pem)|cacert\.pem|(?:etc|lib|libexec)/ssl/cert\.pem|cacerts)"
)


def is_known_data(path: str) -> bool:
    """True for a file of such a database, in which nothing is a secret."""
    return _DATA.fullmatch(path) is not None


def is_list_of_certificates(path: str) -> bool:
    """True for a list of authorities' certificates."""
    return _CERTIFICATES.fullmatch(path) is not None
