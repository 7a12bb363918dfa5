"""From VEX documents to statements: OpenVEX up to 0.2 and the vulnerabilities of CycloneDX from 1.4 on, in JSON."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import unquote

import msgspec

from gate.advisories.vex import CLEARING, Product, Statement, package_url
from gate.core.errors import GateError, UnreadableError

MAX_SIZE = 16 << 20
"""Bytes of a document."""
_STATUSES = frozenset({*CLEARING, "affected", "under_investigation"})
_STATES = {
    "exploitable": "affected",
    "false_positive": "not_affected",
    "in_triage": "under_investigation",
    "not_affected": "not_affected",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
}
"""CycloneDX's states in OpenVEX's words."""

Shape = TypeVar("Shape")


class _Named(msgspec.Struct, frozen=True):
    name: str = ""
    id: str = msgspec.field(default="", name="@id")
    aliases: tuple[str, ...] = ()


class _Identifiers(msgspec.Struct, frozen=True):
    purl: str = ""


class _Part(msgspec.Struct, frozen=True):
    id: str = msgspec.field(default="", name="@id")
    identifiers: _Identifiers = _Identifiers()


class _Product(_Part, frozen=True):
    subcomponents: tuple[_Part | str, ...] = ()


class _OpenStatement(msgspec.Struct, frozen=True):
    vulnerability: _Named | str
    status: str
    products: tuple[_Product | str, ...] = ()
    justification: str = ""
    impact_statement: str = ""
    timestamp: str = ""


class _OpenVex(msgspec.Struct, frozen=True):
    context: str = msgspec.field(name="@context")
    statements: tuple[_OpenStatement, ...]
    timestamp: str = ""


class _Analysis(msgspec.Struct, frozen=True, rename="camel"):
    state: str = ""
    justification: str = ""
    detail: str = ""
    last_updated: str = ""


class _Reference(msgspec.Struct, frozen=True):
    id: str = ""


class _Affects(msgspec.Struct, frozen=True):
    ref: str


class _Vulnerability(msgspec.Struct, frozen=True):
    id: str = ""
    references: tuple[_Reference, ...] = ()
    analysis: _Analysis = _Analysis()
    affects: tuple[_Affects, ...] = ()


class _Component(msgspec.Struct, frozen=True, rename={"ref": "bom-ref"}):
    ref: str = ""
    purl: str = ""


class _Metadata(msgspec.Struct, frozen=True):
    timestamp: str = ""


class _CycloneDx(msgspec.Struct, frozen=True):
    bom_format: str = msgspec.field(name="bomFormat")
    vulnerabilities: tuple[_Vulnerability, ...] = ()
    components: tuple[_Component, ...] = ()
    metadata: _Metadata = _Metadata()


class Documents(msgspec.Struct, frozen=True, kw_only=True):
    """What the documents that the settings name say."""

    statements: tuple[Statement, ...] = ()
    errors: tuple[GateError, ...] = ()
    """Errors of documents that cannot be read; what they would clear is unknown."""


def read_documents(paths: Iterable[str], read: Callable[[str], bytes]) -> Documents:
    """Read the documents at `paths` with `read`, which raises GateError for what it cannot read."""
    statements: list[Statement] = []
    errors: list[GateError] = []
    for path in paths:
        try:
            statements += statements_of(read(path), path)
        except GateError as error:
            errors.append(error)
    return Documents(statements=tuple(statements), errors=tuple(errors))


def statements_of(content: bytes, path: str) -> list[Statement]:
    """Return what the document at `path` states. Raises UnreadableError for what is neither of the two formats."""
    is_cyclonedx = b'"bomFormat"' in content
    read = _cyclonedx if is_cyclonedx else _openvex
    try:
        return list(read(content, path))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        kind = "CycloneDX" if is_cyclonedx else "OpenVEX"
        raise _unparsable(path, f"it is no {kind} document ({error})") from error


def _openvex(content: bytes, path: str) -> Iterator[Statement]:
    document = msgspec.json.decode(content, type=_OpenVex)
    if not document.context.startswith("https://openvex.dev/ns"):
        raise _unparsable(path, "its @context is not OpenVEX's")
    for number, each in enumerate(document.statements):
        if each.status not in _STATUSES:
            raise _unparsable(path, f"statements[{number}] has the unknown status {each.status[:60]!r}")
        reason = each.justification or each.impact_statement
        if each.status == "not_affected" and not reason:
            raise _unparsable(path, f"statements[{number}] says not_affected and gives no justification")
        named = each.vulnerability
        names = {named} if isinstance(named, str) else {named.name, named.id.rpartition("/")[2], *named.aliases}
        yield Statement(
            document=path,
            vulnerabilities=frozenset(names - {""}),
            products=tuple(_products(each.products)),
            status=each.status,
            reason=_words(reason),
            time=_utc(each.timestamp or document.timestamp),
        )


def _products(products: tuple[_Product | str, ...]) -> Iterator[Product]:
    """Yield what a statement is about: the subcomponents of each product, or the product itself if it has none."""
    for product in products:
        parts = () if isinstance(product, str) else product.subcomponents
        whole = package_url(_url_of(product))
        image = whole.name if parts and whole is not None and whole.type in ("docker", "oci") else None
        for part in parts or (product,):
            yield Product(_url_of(part), image)


def _url_of(part: _Part | str) -> str:
    return part if isinstance(part, str) else part.identifiers.purl or part.id


def _cyclonedx(content: bytes, path: str) -> Iterator[Statement]:
    document = msgspec.json.decode(content, type=_CycloneDx)
    urls = {component.ref: component.purl for component in document.components}
    for number, each in enumerate(document.vulnerabilities):
        if not each.analysis.state:
            continue  # without an analysis there is no statement
        status = _STATES.get(each.analysis.state)
        if status is None:
            raise _unparsable(path, f"vulnerabilities[{number}] has the unknown state {each.analysis.state[:60]!r}")
        yield Statement(
            document=path,
            vulnerabilities=frozenset({each.id, *(reference.id for reference in each.references)} - {""}),
            products=tuple(Product(urls.get(ref) or ref) for ref in map(_reference, each.affects)),
            status=status,
            reason=_words(each.analysis.justification or each.analysis.detail),
            time=_utc(each.analysis.last_updated or document.metadata.timestamp),
        )


def _reference(affected: _Affects) -> str:
    """Return a component's name in its bill of materials, without the link to that (`urn:cdx:SERIAL/VERSION#NAME`)."""
    return unquote(affected.ref.partition("#")[2]) if affected.ref.startswith("urn:cdx:") else affected.ref


def _words(reason: str) -> str:
    """Return a justification as people read it, in one line."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in reason).split())
    return line.replace("_", " ")[:200]


def _utc(time: str) -> str:
    try:
        moment = datetime.fromisoformat(time)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):  # no time, or one before the first year
        return ""  # it comes before all that say when they were written


def _unparsable(path: str, why: str) -> UnreadableError:
    return UnreadableError(
        f"cannot be parsed: {why}", path=path, hint="Fix the document, or take it out of `vex` in gate.yaml"
    )
