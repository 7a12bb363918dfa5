"""SPDX 2.3 (spdx.github.io/spdx-spec/v2.3), as JSON."""

import re
from collections.abc import Sequence
from typing import Any

from gate.model import Tool
from gate.reports.sbom.components import TargetComponent, TargetComponents
from gate.reports.sbom.cyclonedx import serial_number
from gate.reports.sbom.licenses import spdx_expression
from gate.reports.sbom.plain import statement_on

_DOCUMENT = "SPDXRef-DOCUMENT"
_UNKNOWN = "NOASSERTION"
_PURPOSES = {"image": "CONTAINER"}
"""Kind of target to purpose of package; the others are applications."""
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9.-]+")


def bill_of(parts: Sequence[TargetComponents], tool: Tool) -> dict[str, Any]:
    """Return the document, which is reproducible: its namespace is made of a hash of its content."""
    words = _Words()
    content = {
        "name": ", ".join(part.inventory.target for part in parts) or "nothing",
        "creationInfo": {
            "created": max((part.inventory.read_at for part in parts), default="1970-01-01T00:00:00Z"),
            "creators": [f"Tool: {tool.name}-{tool.version}"],
        },
        "packages": [one for part in parts for one in _packages(part, words, tool)],
        "relationships": [one for part in parts for one in _relationships(part)],
    }
    if words.texts:
        content["hasExtractedLicensingInfos"] = words.infos()
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": _DOCUMENT,
        "documentNamespace": f"urn:uuid:{serial_number(content)}",
        **content,
    }


class _Words:
    """Licences that are no SPDX expressions: each text gets an id in the document (LicenseRef)."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def name_of(self, text: str) -> str:
        return self.texts.setdefault(text, f"LicenseRef-{len(self.texts) + 1}")

    def infos(self) -> list[dict[str, str]]:
        return [{"licenseId": name, "extractedText": text, "name": text[:200]} for text, name in self.texts.items()]


def _id(ref: str) -> str:
    return f"SPDXRef-{_NOT_IN_IDS.sub('-', ref)}"


def _packages(part: TargetComponents, words: _Words, tool: Tool) -> list[dict[str, Any]]:
    target = {
        "SPDXID": _id(part.ref),
        "name": part.inventory.target,
        "downloadLocation": _UNKNOWN,
        "filesAnalyzed": False,
        "primaryPackagePurpose": _PURPOSES.get(part.inventory.kind, "APPLICATION"),
    }
    if not part.inventory.is_complete:
        target["comment"] = "Something could not be read: packages may be missing."
    annotator = {"annotationDate": part.inventory.read_at, "annotator": f"Tool: {tool.name}-{tool.version}"}
    return [target, *(_package(one, words) | _annotated(one, annotator) for one in part.components)]


def _annotated(component: TargetComponent, annotator: dict[str, str]) -> dict[str, Any]:
    """Return the annotation that says whether the package is in use; nothing if that was not asked."""
    if component.use is None:
        return {}
    return {"annotations": [{**annotator, "annotationType": "OTHER", "comment": statement_on(component.use)}]}


def _package(component: TargetComponent, words: _Words) -> dict[str, Any]:
    package = component.package
    parts = {
        "SPDXID": _id(component.ref),
        "name": package.name,
        "versionInfo": package.version,
        "downloadLocation": _UNKNOWN,
        "filesAnalyzed": False,
        "licenseConcluded": _UNKNOWN,
        "licenseDeclared": _license(package.license, words),
        "copyrightText": _UNKNOWN,
        "sourceInfo": _source(component),
        "comment": f"ecosystem: {package.ecosystem}; scope: {package.scope.value}",
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": package.purl}
        ],
    }
    return {name: value for name, value in parts.items() if value}


def _license(text: str | None, words: _Words) -> str:
    if not text:
        return _UNKNOWN
    expression = spdx_expression(text)
    return expression if expression and "LicenseRef-" not in expression else words.name_of(text)


def _source(component: TargetComponent) -> str:
    places = ", ".join(f"{path}:{line}" if line else path for path, line in component.places)
    built_of = f"built of {component.source}" if component.source else ""
    return "; ".join(filter(None, (built_of, f"stated by {places}" if places else "")))


def _relationships(part: TargetComponents) -> list[dict[str, str]]:
    contains = [("CONTAINS", part.ref, one.ref) for one in part.components]
    needs = [("DEPENDS_ON", who, what) for who, what in part.edges]
    return [_relationship("DESCRIBES", _DOCUMENT, _id(part.ref))] + [
        _relationship(kind, _id(one), _id(other)) for kind, one, other in (*contains, *needs)
    ]


def _relationship(kind: str, one: str, other: str) -> dict[str, str]:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
