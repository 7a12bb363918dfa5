"""conan.lock of both Conans, and conanfile.txt."""

import json
from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

SECOND = """{
    "version": "0.5",
    "requires": [
        "zlib/1.2.13#97d5%1675278126.055",
        "openssl/3.0.7@user/channel#abc%1.0"
    ],
    "build_requires": ["cmake/3.25.0#00"],
    "python_requires": ["tools/[>=1.0]"]
}"""

FIRST = {
    "version": "0.4",
    "graph_lock": {
        "nodes": {
            "0": {"path": "conanfile.txt", "requires": ["1"], "build_requires": ["3"], "context": "host"},
            "1": {"ref": "poco/1.9.4#0", "requires": ["2"], "context": "host"},
            "2": {"ref": "zlib/1.2.11", "context": "host"},
            "3": {"ref": "cmake/3.20@a/b", "context": "build"},
        },
        "revisions_enabled": False,
    },
}

MANIFEST = """# what we need
[requires]
zlib/1.2.13   # pinned
poco/[>1.0 <1.9]
[tool_requires]
cmake/3.25.0
[options]
zlib/*:shared=True
[generators]
CMakeDeps
"""


def test_conan_2(locked: Read) -> None:
    found = locked({"conan.lock": SECOND})
    assert sorted((p.name, p.version, p.line, p.scope.value) for p in found.packages) == [
        ("cmake", "3.25.0", 7, "development"),
        ("openssl", "3.0.7", 5, "runtime"),
        ("zlib", "1.2.13", 4, "runtime"),
    ]
    assert found.imprecise == ("conan.lock:8: tools",)
    assert "pkg:conan/zlib@1.2.13" in {package.purl for package in found.packages}


def test_conan_1(locked: Read) -> None:
    found = locked({"conan.lock": json.dumps(FIRST, indent=1)})
    assert [(p.name, p.version, p.direct, p.via, p.scope.value) for p in found.packages] == [
        ("poco", "1.9.4", True, (), "runtime"),
        ("zlib", "1.2.11", False, ("poco",), "runtime"),
        ("cmake", "3.20", True, (), "development"),
    ]


@pytest.mark.parametrize("version", [{}, {"version": "0.1"}, {"version": "0.2"}, {"version": "0.3"}])
def test_the_oldest_locks_name_a_package_with_its_binary(locked: Read, version: dict[str, str]) -> None:
    nodes = {
        "0": {"pref": None, "options": "", "requires": {"poco/1.9.4#0": "1"}, "path": "/src/conanfile.txt"},
        "1": {"pref": "poco/1.9.4#0:6af9cc#4c5a", "requires": {"zlib/1.2.11@a/b#0": "2"}},
        "2": {"pref": "zlib/1.2.11@a/b#0:6af9cc#4c5a"},
    }
    found = locked({"conan.lock": json.dumps({"graph_lock": {"nodes": nodes}, **version}, indent=1)})
    assert [(p.name, p.version, p.line, p.direct, p.via) for p in found.packages] == [
        ("poco", "1.9.4", 13, True, ()),
        ("zlib", "1.2.11", 19, False, ("poco",)),
    ]


def test_a_manifest_without_a_lock(locked: Read) -> None:
    found = locked({"conanfile.txt": MANIFEST})
    assert [(p.name, p.version, p.line, p.scope.value) for p in found.packages] == [
        ("zlib", "1.2.13", 3, "runtime"),
        ("cmake", "3.25.0", 6, "development"),
    ]
    assert found.imprecise == ("conanfile.txt:4: poco",)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("conan.lock", "{}", "its version '' is not known"),
        ("conan.lock", '{"version": "0.2"}', "its version '0.2' is not known"),
        ("conan.lock", '{"version": "0.6"}', "its version '0.6' is not known"),
        ("conan.lock", '{"version": "0.5", "requires": ["zlib"]}', r"a reference is name/version \(line 1\)"),
        ("conan.lock", '{"version": "0.4", "graph_lock": {"nodes": {"1": {"ref": "x"}}}}', "a reference is name/ver"),
        ("conanfile.txt", "[requires]\nzlib", r"a reference is name/version \(line 2\)"),
    ],
)
def test_a_broken_file_says_why(locked: Read, name: str, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({name: text})
