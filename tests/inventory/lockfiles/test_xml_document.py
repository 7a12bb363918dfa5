"""XML lockfiles as elements with lines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfiles.xml_document import parse_xml

POM = """<?xml version="1.0" encoding="UTF-8"?>
<!-- who -->
<p:project xmlns:p="https://poms.example/4" p:a="1">
  <p:list><i n="x"> one </i><i>two<![CDATA[ & ]]>half</i></p:list>
  <list>
    <i>three</i>
  </list>
</p:project>"""


def test_names_lose_their_namespace_and_keep_their_line() -> None:
    root = parse_xml(POM.encode(), "pom.xml", "project")
    assert root.attributes == {"a": "1"}
    assert [(one.text, one.line) for one in root.all("list", "i")] == [("one", 4), ("two & half", 4), ("three", 6)]
    assert (root.said("list", "i"), root.said("nothing", "i"), root.first("i")) == ("one", "", None)


def test_other_encodings() -> None:
    assert parse_xml('<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16"), "a.xml").text == "é"
    assert parse_xml('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"), "a.xml").text == "é"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is not XML: no element found"),
        ("<a>\n<b></a>", r"it is not XML: mismatched tag \(line 2\)"),
        ("<a x='1' x='2'/>", "it is not XML: duplicate attribute"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "it declares an entity"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "it declares an entity"),
        ('<!DOCTYPE a [<!ENTITY % x "y">%x;]><a/>', "it declares an entity"),
        ("<a>&x;</a>", "it is not XML: undefined entity"),
        ("<a>" * 200, "more than 100 elements in one another"),
        ("<b/>", "its root element is 'b', not 'a'"),
        ('<?xml version="1.0" encoding="nonsense"?><a/>', "it is not XML: "),
        ("<a>\x00</a>", "it is not XML"),
    ],
)
def test_a_broken_file_says_why(text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}") as caught:
        parse_xml(text.encode(), "a.xml", "a")
    assert caught.value.path == "a.xml"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/ab='\"!-[]?&;% \n", max_size=40).map(str.encode) | st.binary(max_size=30))
def test_any_bytes_are_read_or_a_clear_error(content: bytes) -> None:
    try:
        parse_xml(content, "a.xml")
    except UnreadableError as error:
        assert "cannot be parsed" in error.message  # noqa: PT017
