"""JUnit suites as XML: the elements of the Jenkins xUnit plugin's schema (junit-10.xsd), `file` and `line` beside them.

GitLab, and GitHub's test reporters, read the place of a case from those two.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable

from junit_xml import TestSuite

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SUMMED = ("tests", "failures", "errors")


def junit_text(suites: Iterable[TestSuite]) -> str:
    """Return the document of the suites. Their texts must hold no character that XML cannot."""
    root = ElementTree.Element("testsuites", name="gate")
    root.extend(_element(suite) for suite in suites)
    for count in _SUMMED:
        root.set(count, str(sum(int(suite.get(count, 0)) for suite in root)))
    root.set("time", _seconds(sum(float(suite.get("time", 0)) for suite in root)))
    ElementTree.indent(root)
    return f"{_DECLARATION}{ElementTree.tostring(root, encoding='unicode')}\n"


def _element(suite: TestSuite) -> ElementTree.Element:
    element: ElementTree.Element = suite.build_xml_doc()
    del element.attrib["disabled"]  # the schema has no such attribute
    element.set("time", _seconds(float(element.get("time", 0))))
    for case in element.iter("testcase"):
        case.set("time", _seconds(float(case.get("time", 0))))
    return element


def _seconds(duration: float) -> str:
    """The schema takes at most three decimals, and no exponent."""
    return f"{duration:.3f}"
