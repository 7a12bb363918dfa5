"""SBOMs as input: CycloneDX 1.2 to 1.7 (JSON, XML), SPDX 2.2 and 2.3 (JSON, tag-value) and 3 (JSON), known by content.

A component is identified by its package URL; one without, or of a type without advisories, is imprecise.
"""

from typing import Any

import msgspec

from gate.ecosystems import by_package_url_type
from gate.ecosystems.ecosystem import Ecosystem
from gate.inventory.graph import paths_of
from gate.inventory.lockfile import MAX_JSON, Locked, LockfilePlace, parse_json, read_text, unparsable
from gate.inventory.lockfiles import sbom_cyclonedx, sbom_spdx, sbom_spdx3
from gate.inventory.lockfiles.sbom_bill import Bill, Component
from gate.inventory.lockfiles.xml_document import read_xml
from gate.model import Package
from gate.trees import FileTree

_PLAIN_NAMES = frozenset({"bom.json", "bom.xml", "sbom.json", "sbom.xml"})
_SYSTEMS = frozenset({"deb", "rpm", "apk"})
_SOURCES = frozenset({"source", "src"})
"""Architectures in package URLs by which a source package is meant."""
_DISTRIBUTIONS = {"redhat": "rhel", "opensuse": "opensuse-leap"}
"""Namespace of a package URL to os-release's ID, where they differ."""


def read(tree: FileTree, path: str) -> Locked:
    """Read an SBOM.

    A bill of materials of another trade, which shares the plain names, is imprecise; a file whose name says SPDX or
    CycloneDX has to be one.
    """
    bill = _bill(tree, path)
    if bill is not None:
        return _locked(bill, path)
    if path.rpartition("/")[2] in _PLAIN_NAMES:
        return Locked(imprecise=(f"{path}:1: no SBOM of CycloneDX or SPDX",))
    raise unparsable(path, "it is no SBOM of CycloneDX or SPDX")


def _bill(tree: FileTree, path: str) -> Bill | None:
    if path.endswith(".xml"):
        root = read_xml(tree, path, limit=MAX_JSON)
        return sbom_cyclonedx.bill_of_xml(root, path) if sbom_cyclonedx.NAMESPACE in root.namespace else None
    text = read_text(tree, path, MAX_JSON)
    if path.endswith(".spdx") and not text.lstrip().startswith("{"):
        return sbom_spdx.parse_tags(text, path)
    document = parse_json(text, path, Any)
    if not isinstance(document, dict):
        return None
    if document.get("bomFormat") == "CycloneDX":
        return sbom_cyclonedx.bill_of(document, text, path)
    if sbom_spdx3.is_document(document):
        return sbom_spdx3.bill_of(document, text, path)
    return sbom_spdx.bill_of(document, text, path) if "spdxVersion" in document else None


def _locked(bill: Bill, path: str) -> Locked:
    listed = [component for component in bill.components if not component.is_group or component.url]
    names = {component.id: component.name for component in listed}
    direct = _direct(bill, frozenset(names))
    ways = paths_of(sorted(direct or ()), bill.needs)
    packages, imprecise = [], []
    for component in listed:
        package = _package(component, path)
        if package is None:
            imprecise.append(f"{path}:{component.line or 1}: {component.name[:100]}")
            continue
        packages.append(
            msgspec.structs.replace(
                package,
                direct=None if direct is None else component.id in direct,
                via=tuple(names[id] for id in ways.get(component.id, ()) if id in names),
            )
        )
    return Locked(packages=tuple(packages), imprecise=tuple(imprecise))


def _direct(bill: Bill, listed: frozenset[str]) -> frozenset[str] | None:
    """Return the ids of listed components that the software needs itself, or that a group in it holds."""
    if bill.direct is None:
        return None
    groups = {component.id for component in bill.components} - listed
    found, todo = set(bill.direct), [id for id in bill.direct if id in groups]
    while todo:
        new = set(bill.needs.get(todo.pop(), ())) - found
        found |= new
        todo += new & groups
    return frozenset(found & listed)


def _package(component: Component, path: str) -> Package | None:
    """Return the package that a component's package URL names; None if it cannot be matched with advisories."""
    from packageurl import PackageURL

    if not component.url:
        return None
    try:
        url = PackageURL.from_string(component.url)
    except ValueError as error:
        raise unparsable(path, "a package URL is none", component.line) from error
    version = url.version or component.version
    if not version:
        return None
    if url.type in _SYSTEMS:
        return _system_package(url, version, component, path)
    known = by_package_url_type(url.type)
    if known is None:
        return None
    place = LockfilePlace(known.name, path)
    return place.package(_name(url, known), version, component.line, scope=component.scope, license=component.license)


def _name(url: Any, known: Ecosystem) -> str:
    """Return a package's name as advisories spell it."""
    urls = known.package_urls
    if urls is None or not urls.names_namespace or not url.namespace:
        return known.written_name(url.name)
    return known.written_name(f"{url.namespace}{urls.namespace_end}{url.name}")


def _system_package(url: Any, version: str, component: Component, path: str) -> Package | None:
    """Return a distribution's package by its source, if the package URL says of which release it is."""
    from gate.inventory.installed.distribution import release
    from gate.inventory.installed.packages import BuiltPackage, rpm_name, system_package

    id, _, number = url.qualifiers.get("distro", "").rpartition("-")
    distribution = release(id or _DISTRIBUTIONS.get(url.namespace or "", url.namespace or ""), number)
    if distribution.ecosystem is None:
        return None
    if "epoch" in url.qualifiers and ":" not in version:
        version = f"{url.qualifiers['epoch']}:{version}"
    upstream, architecture = url.qualifiers.get("upstream", ""), url.qualifiers.get("arch", "")
    source, _, source_version = upstream.partition("@")
    if url.type == "rpm":
        source, source_version = rpm_name(url.name, version, source, distribution)
    built = BuiltPackage(
        type=url.type,
        source=(source or url.name, source_version or version),
        binary=(url.name, version),
        architecture=architecture,
        upstream=upstream,
        license=component.license,
    )
    package = system_package(built, path, distribution)
    is_source = architecture in _SOURCES
    return msgspec.structs.replace(
        package, line=component.line, scope=component.scope, binaries=() if is_source else package.binaries
    )
