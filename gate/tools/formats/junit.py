"""JUnit's XML: failed cases and errors. Entities and DTDs are refused."""

from collections.abc import Iterator
from xml.parsers import expat

from gate.model import Severity
from gate.tools.report import NotLookedAt, Reported

_RED = {"failure": Severity.HIGH, "error": Severity.HIGH}


def read(content: bytes) -> Iterator[Reported | NotLookedAt]:
    """Yield one problem for each failure or error of a case, and NotLookedAt for everything if the report is not whole.

    That is so if it holds neither a problem nor a case that was not skipped, or if a suite counts more problems than
    the report lists.
    """
    found: list[Reported] = []
    case: dict[str, str] = {}
    cases = counted = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal cases, counted
        if name == "testsuite":
            counted = max(counted, sum(_count(attributes, count) for count in ("failures", "errors")))
        elif name == "testcase":
            cases += 1
            case.clear()
            case.update(attributes)
        elif name == "skipped":
            cases -= 1
        elif name in _RED:
            found.append(_reported(case, attributes, _RED[name]))

    def refuse(*_: object) -> None:
        raise ValueError("a document type is not read")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    if (cases <= 0 and not found) or counted > len(found):
        yield NotLookedAt()
    yield from found


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _reported(case: dict[str, str], failure: dict[str, str], severity: Severity) -> Reported:
    line = case.get("line", "")
    return Reported(
        rule=failure.get("type") or case.get("classname") or "failure",
        title=f"{case.get('name', '')}: {failure.get('message', '')}".strip(": "),
        severity=severity,
        path=case.get("file"),
        line=int(line) if line.isdecimal() and len(line) < 9 else None,
    )
