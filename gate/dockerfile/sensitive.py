"""Files that should not be in an image, by their names."""

import posixpath
import re

from gate.core.folder_names import (
    DOCUMENTATION,
    EXAMPLES,
    FOREIGN,
    MORE_EXAMPLES,
    MORE_TESTS,
    MORE_WHOLE_TESTS,
    TESTS,
    WHOLE_TESTS,
)
from gate.core.path_patterns import is_test_path
from gate.core.word_lists import word_lists
from gate.trees import NameHint

_LISTS = word_lists(__file__)
_KEY_NAMES = frozenset(_LISTS["key_names"])
_KEY_PATHS = (
    "/.aws/credentials",
    "/.docker/config.json",
    "/.kube/config",
    "/.config/gh/hosts.yml",
    "/.config/gcloud",
    "/.azure/accesstokens.json",
    "/.azure/msal_token_cache.json",
    "/.gnupg",
    "/.ssh",
    "/.cargo/credentials",
    "/.cargo/credentials.toml",
    "/.gem/credentials",
    "/.m2/settings-security.xml",
)
"""Ends of paths, with the slash before them or at the root of the tree."""
_KEY_ENDING = re.compile(r"\.(?:key|p12|pfx|jks|keystore|kdbx?|ppk|pkcs12|asc\.key|tfstate|ovpn)", re.IGNORECASE)
_PEM = re.compile(r".*\.pem", re.IGNORECASE)
_PUBLIC = re.compile(
    r"(?:.*[._-])?(?:pub|public|ca|cas|cacert|cacerts|ca-?bundle|ca-?certificates?|root-?ca|chain|fullchain|cert|certs|"
    r"certificate|bundle|dhparams?|example|sample|template|dist|tmpl|defaults?|test|debug)(?:[._-].*)?",
    re.IGNORECASE,
)
_ENVIRONMENT = re.compile(r"\.env(?:\.[\w-]+)*|[\w-]+\.env", re.ASCII | re.IGNORECASE)
_TEST_FOLDERS = frozenset(
    {*TESTS, *WHOLE_TESTS, *MORE_TESTS, *MORE_WHOLE_TESTS, *EXAMPLES, *MORE_EXAMPLES, *DOCUMENTATION, *FOREIGN}
)
_HISTORY = frozenset({".git", ".hg", ".svn"})
_ENDINGS = (".key", ".p12", ".pfx", ".jks", ".keystore", ".kdb", ".ppk", ".pkcs12", ".tfstate", ".ovpn", ".pem", ".env")
SENSITIVE = NameHint(words=(*sorted(_KEY_NAMES), *(path[1:] for path in _KEY_PATHS), *_ENDINGS, *sorted(_HISTORY)))
"""What each path has of which `is_sensitive` is true."""
_MAX_PATH = 4096
"""Characters; nothing longer is the path of a file."""


def is_key_file(path: str) -> bool:
    """True for private keys, key stores and files that programs keep credentials in."""
    if len(path) > _MAX_PATH:
        return False
    name = _name(path).lower()
    if name in _KEY_NAMES or _ends_with_known_path(path.rstrip("/").lower()):
        return True
    stem, ending = posixpath.splitext(name)
    is_key = _KEY_ENDING.fullmatch(ending) or _PEM.fullmatch(name)
    return bool(is_key) and not _PUBLIC.fullmatch(stem)


def _name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _ends_with_known_path(path: str) -> bool:
    return f"/{path}".endswith(_KEY_PATHS)


def is_environment_file(path: str) -> bool:
    """True for `.env`, `.env.production`, `app.env`; not for `.env.example` and the like."""
    name = _name(path).rstrip("*?.")
    return (
        len(path) <= _MAX_PATH
        and bool(_ENVIRONMENT.fullmatch(name))
        and not _PUBLIC.fullmatch(name.removeprefix(".env").lstrip("."))
    )


def is_for_tests(path: str) -> bool:
    """True for what lies in a folder of tests, examples or foreign code: keys there are mostly made for it."""
    return not _TEST_FOLDERS.isdisjoint(path.lower().split("/")[:-1]) or is_test_path(path)


def is_history(path: str) -> bool:
    """True for the folder in which git, Mercurial or Subversion keep a repository's history."""
    return _name(path) in _HISTORY


def is_sensitive(path: str) -> bool:
    """True for what one of the other functions here is true for."""
    return is_key_file(path) or is_environment_file(path) or is_history(path)
