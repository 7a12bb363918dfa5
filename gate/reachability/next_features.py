"""The features of Next.js (https://nextjs.org/docs) that its advisories name, and what switches each on.

What React Server Components are open to needs no Server Action.
"""

import re

from gate.core.lazy_regex import lazy_regex
from gate.reachability.feature import Feature

_CODE = rb"^(?![ \t]*(?://|/?\*)).*"
"""The start of a line that is no comment."""
_CONFIGURATION = lazy_regex(r"(?:^|/)next(?:-i18next)?\.config\.[cm]?[jt]s\Z")
_LANGUAGES = lazy_regex(_CODE + rb"\bi18n[\"']?[ \t]*(?:[:=,}]|\r?$)", re.MULTILINE)
"""As a key, or as a constant by that name; not the path of a library's file: `./src/i18n/request.ts`."""
_MIDDLEWARE = lazy_regex(r"(?:^|/)_?(?:middleware|proxy)\.[cm]?[jt]sx?\Z")
_GUARDS = lazy_regex(
    rb"auth|log_?in|sign_?in|session|token|jwt|role|admin|permission|clerk|40[13]|\bexport\b[^;\n]*\bfrom\b",
    re.IGNORECASE,
)
"""In middleware: what it looks at to decide who comes in, or another file that has it. One that chooses a language or
counts visits has none."""
_OF_AUTHORIZATION = (
    r"\b[Mm]iddleware\b.*(?:\b[Aa]uthorization\b|\bProxy bypass\b)|\bAuthorization Bypass in Next\.js Middleware"
    r"|\bNext\.js authorization bypass vulnerability\Z"
)
_OF_APP_ROUTER = lazy_regex(r"(?:^|/)app/(?:.*/)?(?:page|layout|route|default|template)\.[cm]?[jt]sx?\Z")
_OF_PAGES_ROUTER = lazy_regex(r"(?:^|/)pages/.*\.[cm]?[jt]sx?\Z")

NEXT_FEATURES = (
    Feature(
        "middleware",
        lazy_regex(r"\b[Mm]iddleware\b"),
        _MIDDLEWARE,
        None,
    ),
    Feature(
        "middleware that decides who comes in",
        lazy_regex(_OF_AUTHORIZATION),
        None,
        _GUARDS,
        _MIDDLEWARE,
    ),
    Feature("the App Router", lazy_regex(r"\bApp Router\b"), _OF_APP_ROUTER, None),
    Feature("the Pages Router", lazy_regex(r"\bPages Router\b"), _OF_PAGES_ROUTER, None),
    Feature(
        "pages of the Pages Router that the server renders",
        lazy_regex(r"\bNext\.js Cache Poisoning\Z"),
        None,
        lazy_regex(rb"\bget(?:ServerSide|Initial)Props\b"),
    ),
    Feature(
        "rewrites",
        lazy_regex(r"\brewrites\b|\bNext\.js Vulnerable to HTTP Request Smuggling\Z"),
        None,
        lazy_regex(_CODE + rb"(?:\brewrites\b|\.rewrite\()", re.MULTILINE),
    ),
    Feature(
        "rewrites to a host that the request names",
        lazy_regex(r"\brewrites via attacker-controlled destination hostname\b"),
        None,
        lazy_regex(rb"\bdestination\b[^\n]{0,80}://[^/\"'`\s]*:[A-Za-z]|\.rewrite\("),
    ),
    Feature(
        "languages of the Pages Router",
        lazy_regex(r"\bPages Router applications with i18n\b"),
        None,
        _LANGUAGES,
        _CONFIGURATION,
    ),
    Feature("the setting of a single locale", lazy_regex(r"\bsingle locale\b"), None, _LANGUAGES, _CONFIGURATION),
    Feature(
        "custom servers",
        lazy_regex(r"\bcustom servers?\b"),
        None,
        lazy_regex(_CODE + rb"\bgetRequestHandler\b", re.MULTILINE),
    ),
    Feature(
        "Partial Prerendering",
        lazy_regex(r"\bPartial Prerendering\b"),
        None,
        lazy_regex(rb"\b(?:ppr|cacheComponents|dynamicIO|experimental_ppr)\b"),
    ),
    Feature(
        "Server Actions",
        lazy_regex(r"\A(?!.*React Server Components).*\bServer Actions?\b"),
        None,
        lazy_regex(rb"[\"'`]use server[\"'`]"),
    ),
    Feature(
        "images of other hosts",
        lazy_regex(r"\bremotePatterns configured\b"),
        None,
        lazy_regex(rb"\b(?:remotePatterns|domains)\b"),
    ),
    Feature(
        "scripts that run before a page is interactive",
        lazy_regex(r"\bbeforeInteractive\b"),
        None,
        lazy_regex(rb"\bbeforeInteractive\b"),
    ),
)
