"""Features of a framework that a vulnerability is in, and whether a repository switches them on.

Next.js names the feature in the summary of most of its advisories. An application that has no file of the name that
the feature asks for, and no word of its configuration in any source, does not have it. What a summary does not name is
left as it is.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from gate.core.errors import LimitError
from gate.core.lazy_regex import lazy_regex
from gate.model import NOT_SWITCHED_ON, Finding, InUse, Tree
from gate.reachability.functions.javascript.files import NodeFiles
from gate.trees import EntryKind, open_tree

_NEXT = ("npm", "next")


class Feature(NamedTuple):
    """A part of a framework that does nothing unless an application asks for it."""

    name: str
    """As people know it."""
    in_summary: re.Pattern[str]
    """How an advisory's summary says that the vulnerability is in it."""
    files: re.Pattern[str] | None
    """Of a path: a file that switches it on."""
    words: re.Pattern[bytes] | None
    """In a source, but for its comments: what switches it on."""
    where: re.Pattern[str] | None = None
    """Of a path: the only sources in which the words do."""


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

_OF_NEXT = (
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
"""https://nextjs.org/docs. What React Server Components are open to needs no Server Action."""


def with_features(findings: Sequence[Finding], target: Tree) -> Iterator[Finding]:
    """Yield the findings; those in a feature that the repository does not switch on say so in their evidence of use.

    Asked of packages that a source imports: without the application's sources nothing is known of its configuration.
    """
    if not any(map(_features_of, findings)):
        yield from findings
        return
    tree = open_tree(msgspec.structs.replace(target, only=None))
    files = NodeFiles(tree, [one.path for one in tree.walk() if one.kind is EntryKind.FILE])
    applications: dict[str, _Application] = {}
    for finding in findings:
        folder = posixpath.dirname(finding.location.path or "")
        application = applications.setdefault(folder, _Application(files, folder))
        absent = next((one for one in _features_of(finding) if application.lacks(one)), None)
        yield _said_of(finding, absent) if absent else finding


def _features_of(finding: Finding) -> list[Feature]:
    package = finding.package
    is_asked = package is not None and finding.vulnerability is not None and finding.in_use is InUse.YES
    if not is_asked or package is None or (package.ecosystem, package.name) != _NEXT:
        return []
    return [one for one in _OF_NEXT if one.in_summary.search(finding.title)]


def _said_of(finding: Finding, feature: Feature) -> Finding:
    said = f"it is in {feature.name}, {NOT_SWITCHED_ON}"
    return msgspec.structs.replace(finding, in_use_evidence=(*finding.in_use_evidence, said))


class _Application:
    """The own sources of a repository below the folder that lists their packages, each feature looked for once."""

    def __init__(self, files: NodeFiles, folder: str) -> None:
        self._files = files
        self._own = [path for path in files.own if not folder or path.startswith(f"{folder}/")]
        self._lacks: dict[str, bool] = {}

    def lacks(self, feature: Feature) -> bool:
        """True if nothing in the sources, all of which were read, switches the feature on."""
        if feature.name not in self._lacks:
            try:
                self._lacks[feature.name] = not self._has(feature)
            except LimitError:
                self._lacks[feature.name] = False
        return self._lacks[feature.name]

    def _has(self, feature: Feature) -> bool:
        if feature.files and any(feature.files.search(path) for path in self._own):
            return True
        paths = [path for path in self._own if feature.where is None or feature.where.search(path)]
        return feature.words is not None and any(feature.words.search(self._files.content(path)) for path in paths)
