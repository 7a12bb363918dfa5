"""The features of Django (https://docs.djangoproject.com) that its advisories name, and what shows that each is used.

Advisories name the class, function, filter, database or server that is vulnerable. What another package does with
Django is not looked at, so that this says what the application itself does not use.
"""

import re

from gate.core.lazy_regex import lazy_regex
from gate.core.path_patterns import is_test_path
from gate.inventory.discovery import INSTALLED_FOLDERS, VENDORED_FOLDERS
from gate.reachability.feature import Feature

_OTHERS = INSTALLED_FOLDERS | VENDORED_FOLDERS
_READ = lazy_regex(
    r"(?:^|/)(?:[^/]*Dockerfile[^/]*|Procfile|Pipfile|web\.config|\.env[^/]*)\Z"
    r"|\.(?:py|html?|djhtml|jinja2?|j2|txt|xml|toml|cfg|ini|conf|ya?ml|sh)\Z"
)
_PYTHON = lazy_regex(r"\.py\Z")
_TEMPLATES = lazy_regex(r"\.(?:py|html?|djhtml|jinja2?|j2|txt|xml)\Z")
_DEPLOYS = lazy_regex(r"(?:^|/)(?:[^/]*Dockerfile[^/]*|Procfile)\Z")
_OF_WINDOWS = lazy_regex(r"(?:^|/)(?:web\.config|[^/]*\.windows[^/]*|[^/]*Dockerfile\.win[^/]*)\Z", re.IGNORECASE)
_EXPANDED = rb"\([\s\S]{0,500}?\*\*[A-Za-z_{(]"
"""A call that is given the keys of a dictionary as names, within some lines."""


def is_of_django(path: str) -> bool:
    """True for a file of the application that may use a feature or say how it is served."""
    return bool(_READ.search(path)) and _OTHERS.isdisjoint(path.split("/")[:-1]) and not is_test_path(path)


def _named(name: str, words: bytes, *, where: re.Pattern[str] = _PYTHON) -> Feature:
    """Return a feature that advisories and sources call by the same words."""
    return Feature(name, lazy_regex(words.decode()), None, lazy_regex(words), where)


DJANGO_FEATURES = (
    _named("FilteredRelation", rb"\bFilteredRelation\b"),
    _named("GDALRaster", rb"\bGDALRaster\b"),
    _named("get_signed_cookie()", rb"\bget_signed_cookie\b"),
    _named("list_editable of the admin", rb"\blist_editable\b"),
    _named("saving of the session with every request", rb"\bSESSION_SAVE_EVERY_REQUEST\b"),
    _named("the filter intcomma", rb"\bintcomma\b", where=_TEMPLATES),
    _named("the filter dictsort", rb"\bdictsort", where=_TEMPLATES),
    _named("the filter floatformat", rb"\bfloatformat\b", where=_TEMPLATES),
    Feature(
        "the filter urlize",
        lazy_regex(r"\burlize\b(?!.*\bAdminURL)"),
        None,
        lazy_regex(rb"\burlize(?:trunc)?\b"),
        _TEMPLATES,
    ),
    Feature(
        "truncation of HTML",
        lazy_regex(r"\bTruncator\b|\btruncatewords_html\b"),
        None,
        lazy_regex(rb"\bTruncator\b|\btruncate(?:chars|words)_html\b"),
        _TEMPLATES,
    ),
    Feature(
        "removal of tags",
        lazy_regex(r"\bstrip_?tags\b"),
        None,
        lazy_regex(rb"\bstrip_?tags\b"),
        _TEMPLATES,
    ),
    Feature("the tag debug", lazy_regex(r"\{% debug %\}"), None, lazy_regex(rb"\{%-?[ \t]*debug\b"), _TEMPLATES),
    Feature(
        "annotate(), alias(), aggregate() or extra() with names from a dictionary",
        lazy_regex(r"\bQuerySet\.annotate\(\)"),
        None,
        lazy_regex(rb"\b(?:annotate|alias|aggregate|extra)" + _EXPANDED),
        _PYTHON,
    ),
    Feature(
        "explain() with names from a dictionary",
        lazy_regex(r"\bQuerySet\.explain\(\)"),
        None,
        lazy_regex(rb"\bexplain\("),
        _PYTHON,
    ),
    Feature(
        "Trunc() and Extract()",
        lazy_regex(r"\bTrunc\(\) and Extract\(\)"),
        None,
        lazy_regex(rb"\b(?:Trunc|Extract)\("),
        _PYTHON,
    ),
    Feature(
        "the admin's inlines of generic relations",
        lazy_regex(r"\bGenericInlin"),
        None,
        lazy_regex(rb"\bGeneric(?:Stacked|Tabular)?Inline"),
        _PYTHON,
    ),
    Feature(
        "the deserializer of XML",
        lazy_regex(r"\bxml_serializer\b"),
        None,
        lazy_regex(rb"\bxml_serializer\b|\bcore\.serializers\b|\bcore import serializers\b|\bloaddata\b"),
    ),
    Feature(
        "the cache of whole responses",
        lazy_regex(r"\bUpdateCacheMiddleware\b|\bcache_page\(\)"),
        None,
        lazy_regex(rb"\b(?:UpdateCacheMiddleware|cache_page)\b"),
        _PYTHON,
    ),
    Feature("PostGIS", lazy_regex(r"\bPostGIS\b"), None, lazy_regex(rb"\bcontrib\.gis\b|postgis", re.IGNORECASE)),
    Feature("Oracle's database", lazy_regex(r"\bOracle database\b"), None, lazy_regex(rb"oracle", re.IGNORECASE)),
    Feature(
        "MySQL or MariaDB",
        lazy_regex(r"\bon (?:MySQL|MariaDB)\b"),
        None,
        lazy_regex(rb"mysql|mariadb|\bdj_database_url\b|\bDATABASE_URL\b|\benv\.db", re.IGNORECASE),
    ),
    Feature(
        "ASGI",
        lazy_regex(r"\bASGI(?:Request| requests)\b"),
        None,
        lazy_regex(rb"\b(?:uvicorn|daphne|hypercorn|granian|channels|ASGI_APPLICATION)\b", re.IGNORECASE),
    ),
    Feature("Apache's mod_wsgi", lazy_regex(r"\bmod_?wsgi\b"), None, lazy_regex(rb"\bmod_?wsgi\b", re.IGNORECASE)),
    Feature(
        "Python on Windows",
        lazy_regex(r"\bslow on Windows\b"),
        _OF_WINDOWS,
        lazy_regex(rb"\b(?:windowsservercore|nanoserver|win32service|wfastcgi)\b"),
        known_by=_DEPLOYS,
    ),
)
"""What an advisory says beyond the 200 characters of its summary that are kept is not known."""
