"""Features of Python's web frameworks that advisories name: forms, files, a server, a debugger.

FastAPI and Starlette load python-multipart and take forms apart with it by themselves, but only for an application that
reads a form; they answer with a part of a file only where it serves files. aiohttp is a client as well as a server.
"""

import re

from gate.core.lazy_regex import lazy_regex
from gate.reachability.feature import Feature

_PYTHON = lazy_regex(r"\.py\Z", re.IGNORECASE)
_OWN_SERVER = lazy_regex(rb"\b(?:fastapi|starlette)\b")
_UPLOADS = Feature(
    "keeping uploads under the names that they come with",
    lazy_regex(r"\bArbitrary File Write via Non-Default Configuration\b"),
    None,
    lazy_regex(rb"UPLOAD_KEEP_FILENAME|\bFormParser\b"),
    where=_PYTHON,
    known_by=_PYTHON,
)
_FORMS = Feature(
    "forms that a request brings",
    lazy_regex(r"\bmultipart\b|\bmultipart/|\bpart headers\b|\bContent-Type Header ReDoS\b|\bCVE-2024-24762\b"),
    None,
    lazy_regex(rb"\bUploadFile\b|\bForm\b|\bFile\b|\bOAuth2PasswordRequestForm|\.form\(|\bmultipart\b"),
    where=_PYTHON,
    known_by=_PYTHON,
    known_in=_OWN_SERVER,
)
_FILES = Feature(
    "files that are served",
    lazy_regex(r"\bFileResponse\b|\bStaticFiles\b"),
    None,
    lazy_regex(rb"\bFileResponse\b|\bStaticFiles\b"),
    where=_PYTHON,
    known_by=_PYTHON,
    known_in=_OWN_SERVER,
)
_SERVER = Feature(
    "aiohttp's server",
    lazy_regex(r"\bPOST requests\b|\bauto_decompress\b.*\bzip bomb\b|\bstatic file handling\b|\bCVE-2024-23334\b"),
    None,
    lazy_regex(rb"\baiohttp\.web\b|\bfrom aiohttp import [^\n]*\bweb\b|\bweb\.(?:Application|run_app)\b"),
    where=_PYTHON,
    known_by=_PYTHON,
)
_DEBUGGER = Feature(
    "the debugger in the browser",
    lazy_regex(r"\bWerkzeug debugger\b"),
    None,
    lazy_regex(rb"(?i:\bdebug\b|_DEBUG\b|use_debugger|DebuggedApplication)"),
    known_by=_PYTHON,
    known_in=lazy_regex(rb"\b(?:flask|werkzeug)\b"),
)
MULTIPART_FEATURES = (_UPLOADS, _FORMS)
STARLETTE_FEATURES = (_FORMS, _FILES)
"""Of FastAPI too."""
AIOHTTP_FEATURES = (_SERVER,)
WERKZEUG_FEATURES = (_DEBUGGER,)
