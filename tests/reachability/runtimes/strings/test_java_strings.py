"""Programs and libraries that Java classes name."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Doubt
from gate.model.container import Runtime
from gate.reachability.runtimes.strings.java_strings import read_strings
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_states import TREE, states

LONG = b"\5" + bytes(8)


def java_class(names=(), strings=()):
    """A class with names of classes and methods, and with strings."""
    texts = [*names, *strings]
    pool = b"".join(b"\1" + len(text).to_bytes(2, "big") + text.encode() for text in texts)
    pool += LONG + b"".join(b"\x08" + (texts.index(text) + 1).to_bytes(2, "big") for text in strings)
    return b"\xca\xfe\xba\xbe\0\0\0\x34" + (len(texts) + len(strings) + 3).to_bytes(2, "big") + pool


def archive(entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return file.getvalue()


STARTING = ["java/lang/ProcessBuilder", "start"]
JAVA = {**TREE, "!usr/bin/java": make_elf()}


@pytest.mark.parametrize(
    ("entries", "doubt"),
    [
        ({"a.class": java_class(STARTING, ["named-tool"])}, Doubt.NAMED),
        ({"a.class": java_class(STARTING, ["\1 | /usr/sbin/named-tool -q"])}, Doubt.NAMED),
        ({"a.class": java_class(STARTING), "b/C.class": java_class(strings=["named-tool -x"])}, Doubt.NAMED),
        ({"a.class": java_class(STARTING), "a.properties": "tool=named-tool\n"}, Doubt.NAMED),
        ({"a.class": java_class(STARTING), "b.jar": archive({"b.class": java_class([], ["named-tool"])})}, Doubt.NAMED),
        ({"a.class": java_class([*STARTING, "named-tool"])}, None),
        ({"a.class": java_class([], ["named-tool"])}, None),
        ({"a.class": java_class(STARTING, ["there is no named-tool here"])}, None),
        ({"a.class": b"\xca\xfe\xba\xbe\0\0\0\x34\0\x09\x63"}, Doubt.UNREADABLE),
    ],
)  # fmt: skip
def test_a_string_of_a_class_names_a_program_if_any_class_starts_programs(entries, doubt):
    runtime = Runtime(cmd=["java", "-jar", "/srv/a.jar"], env=["PATH=/usr/bin:/usr/sbin"])
    assert states({**JAVA, "srv/a.jar": archive(entries)}, runtime)["named"].doubt is doubt


def test_classes_that_lie_in_a_folder_name_programs_as_well():
    tree = {"srv/classes/a.class": java_class(STARTING, ["named-tool"])}
    runtime = Runtime(cmd=["java", "-cp", "/srv/classes", "a"], env=["PATH=/usr/bin:/usr/sbin"])
    assert states({**JAVA, **tree}, runtime)["named"].doubt is Doubt.NAMED


@pytest.mark.parametrize(("name", "doubt"), [("loadLibrary", Doubt.NAMED), ("toString", None)])
def test_a_string_of_a_class_names_a_library_without_its_ending(name, doubt):
    tree = {
        "srv/a.jar": archive({"a.class": java_class([name], ["own"])}),
        "usr/lib/jni/libown.so": make_elf(),
        "var/lib/dpkg/info/idle.list": "/usr/lib/jni/libown.so\n",
    }
    found = states({**JAVA, **tree}, Runtime(cmd=["java", "-jar", "/srv/a.jar"], env=["PATH=/usr/bin"]))
    assert found["idle"].doubt is doubt


@given(st.integers(0, 60), st.binary(max_size=8))
def test_a_damaged_class_ends_nothing(place, more):
    content = java_class(STARTING, ["a", "b"])
    assert read_strings(content[:place] + more + content[place:]) is not None
