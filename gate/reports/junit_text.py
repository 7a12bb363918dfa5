"""JUnit suites as XML by the Jenkins xUnit plugin's schema (junit-10.xsd), with the attributes `file` and `line` added.

GitLab and GitHub's test reporters read the location of a case from these two.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable

from junit_xml import TestSuite

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SUMMED = ("tests", "failures", "errors")


def junit_text(suites: Iterable[TestSuite]) -> str:
    """Return the document of the suites. Their texts must not contain characters that XML does not allow."""
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
    """Return a duration with three decimals, the most that the schema allows, and without an exponent."""
    return f"{duration:.3f}"
