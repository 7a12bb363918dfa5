"""Whether an application switches on the feature of its framework that a vulnerability is in.

Next.js, Django, Starlette and aiohttp name the feature in the summary of most of their advisories. An application that
has no file of the name that the feature asks for, and no word of it in any source, does not have it. What a summary
does not name is left as it is.
"""

import posixpath
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gate.core.errors import LimitError
from gate.model import NOT_SWITCHED_ON, Finding, InUse, Tree
from gate.reachability.django_features import DJANGO_FEATURES, is_of_django
from gate.reachability.feature import Feature
from gate.reachability.functions.javascript.files import NodeFiles
from gate.reachability.next_features import NEXT_FEATURES
from gate.reachability.python_web_features import (
    AIOHTTP_FEATURES,
    MULTIPART_FEATURES,
    STARLETTE_FEATURES,
    WERKZEUG_FEATURES,
)
from gate.trees import open_tree
from gate.trees.base import file_paths

_NEXT = ("npm", "next")
_MULTIPART = ("PyPI", "python-multipart")
_STARLETTE, _FASTAPI, _WERKZEUG = ("PyPI", "starlette"), ("PyPI", "fastapi"), ("PyPI", "werkzeug")
_FEATURES: Mapping[tuple[str, str], Sequence[Feature]] = {
    _NEXT: NEXT_FEATURES,
    ("PyPI", "django"): DJANGO_FEATURES,
    _MULTIPART: MULTIPART_FEATURES,
    _STARLETTE: STARLETTE_FEATURES,
    _FASTAPI: STARLETTE_FEATURES,
    _WERKZEUG: WERKZEUG_FEATURES,
    ("PyPI", "aiohttp"): AIOHTTP_FEATURES,
}
"""By ecosystem and name of the framework."""
_LOADED_BY_OTHERS = frozenset({_MULTIPART, _STARLETTE, _FASTAPI, _WERKZEUG})
"""What a framework loads, and no source imports; FastAPI in one service of several that share their sources."""


def with_features(findings: Sequence[Finding], target: Tree) -> Iterator[Finding]:
    """Yield the findings; those in a feature that the repository does not switch on say so in their evidence of use.

    Asked of packages that a source imports: without the application's sources nothing is known of its configuration.
    """
    if not any(map(_features_of, findings)):
        yield from findings
        return
    applications = _Applications(target)
    for finding in findings:
        features = _features_of(finding)
        absent = applications.of(finding).first_absent(features) if features else None
        yield _said_of(finding, absent) if absent else finding


def _features_of(finding: Finding) -> list[Feature]:
    framework = _framework_of(finding)
    is_loaded = finding.in_use is InUse.YES or (finding.in_use is InUse.UNKNOWN and framework in _LOADED_BY_OTHERS)
    if finding.vulnerability is None or not is_loaded:
        return []
    return [one for one in _FEATURES.get(framework, ()) if one.in_summary.search(finding.title)]


def _framework_of(finding: Finding) -> tuple[str, str]:
    package = finding.package
    return (package.ecosystem, package.name.lower()) if package else ("", "")


def _said_of(finding: Finding, feature: Feature) -> Finding:
    said = f"it is in {feature.name}, {NOT_SWITCHED_ON}"
    return msgspec.structs.replace(finding, in_use_evidence=(*finding.in_use_evidence, said))


class _Applications:
    """What of a repository belongs to an application, by the framework and where its packages are listed."""

    def __init__(self, target: Tree) -> None:
        self._tree = open_tree(msgspec.structs.replace(target, only=None))
        self._paths = file_paths(self._tree)
        self._files: dict[tuple[str, str], NodeFiles] = {}
        self._known: dict[tuple[tuple[str, str], str], _Application] = {}

    def of(self, finding: Finding) -> "_Application":
        """Return the application of a finding in a framework.

        Of Next.js it is what is below the folder that lists the packages; of Django, whose requirements may stand in a
        folder of their own, the whole repository.
        """
        framework = _framework_of(finding)
        folder = posixpath.dirname(finding.location.path or "") if framework == _NEXT else ""
        if framework not in self._files:
            is_own = None if framework == _NEXT else is_of_django
            self._files[framework] = NodeFiles(self._tree, self._paths, is_own=is_own)
        files = self._files[framework]
        paths = files.own if framework == _NEXT else [*files.own, *files.texts]
        return self._known.setdefault((framework, folder), _Application(files, paths, folder))


class _Application:
    """The own sources of an application, each feature looked for once."""

    def __init__(self, files: NodeFiles, paths: Sequence[str], folder: str) -> None:
        self._files = files
        self._paths = [path for path in paths if not folder or path.startswith(f"{folder}/")]
        self._lacks: dict[str, bool] = {}

    def first_absent(self, features: Sequence[Feature]) -> Feature | None:
        return next((one for one in features if self.lacks(one)), None)

    def lacks(self, feature: Feature) -> bool:
        """True if nothing in the sources, all of which were read, switches the feature on."""
        if feature.name not in self._lacks:
            try:
                self._lacks[feature.name] = self._is_known(feature) and not self._has(feature)
            except LimitError:
                self._lacks[feature.name] = False
        return self._lacks[feature.name]

    def _is_known(self, feature: Feature) -> bool:
        paths = [path for path in self._paths if feature.known_by is None or feature.known_by.search(path)]
        if feature.known_in is None:
            return bool(paths) or feature.known_by is None
        return any(feature.known_in.search(self._files.content(path)) for path in paths)

    def _has(self, feature: Feature) -> bool:
        if feature.files and any(feature.files.search(path) for path in self._paths):
            return True
        if feature.words is None:
            return False
        paths = [path for path in self._paths if feature.where is None or feature.where.search(path)]
        has_words = any(feature.words.search(self._files.content(path)) for path in paths)
        return has_words or not self._files.unread.keys().isdisjoint(paths)
