"""Java archives: stated, shaded, nested, nameless, hostile."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.inventory.installed import archives, java
from gate.model import Package

Archive = Callable[[dict[str, str | bytes]], bytes]


def properties(group: str, artifact: str, version: str) -> dict[str, str | bytes]:
    text = f"#Created by Maven\nversion={version}\ngroupId={group}\nartifactId={artifact}\n"
    return {f"META-INF/maven/{group}/{artifact}/pom.properties": text}


def told(content: bytes, path: str = "app.jar") -> list[tuple[str, str, tuple[str, ...]] | str]:
    return [
        (one.name, one.version, one.via) if isinstance(one, Package) else one.kind
        for one in java.read(content, path, None)
    ]


def test_an_archive_states_what_it_is(installed, archive: Archive) -> None:
    files = properties("org.slf4j", "slf4j-api", "2.0") | {
        "META-INF/MANIFEST.MF": "Manifest-Version: 1.0\r\nBundle-License: https://licenses.example/\r\n mit\r\n\r\n"
    }
    (package,) = installed({"app/lib/slf4j.JAR": archive(files)}, os_release=None).packages
    assert (package.ecosystem, package.name, package.version) == ("Maven", "org.slf4j:slf4j-api", "2.0")
    assert (package.purl, package.license) == ("pkg:maven/org.slf4j/slf4j-api@2.0", "https://licenses.example/mit")


def test_a_shaded_archive_is_all_that_it_holds(archive: Archive) -> None:
    assert told(archive(properties("a", "one", "1") | properties("b", "two", "2"))) == [
        ("a:one", "1", ()),
        ("b:two", "2", ()),
    ]


def test_archives_in_archives(archive: Archive) -> None:
    inner = archive(properties("org.apache", "log4j-core", "2.14.1"))
    war = archive({"WEB-INF/lib/log4j-core-2.14.1.jar": inner, **properties("shop", "web", "1")})
    assert told(archive({"web.war": war, "META-INF/MANIFEST.MF": ""}), "shop.ear") == [
        "Java archives that do not say what they are",
        ("shop:web", "1", ("shop.ear",)),
        ("org.apache:log4j-core", "2.14.1", ("shop.ear", "web.war")),
    ]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("log4j-1.2.17.jar", "log4j:log4j"),
        ("commons-collections-3.2.1.jar", "commons-collections:commons-collections"),
        ("commons-collections4-4.0.jar", "org.apache.commons:commons-collections4"),
        ("jackson-databind-2.9.8.jar", "com.fasterxml.jackson.core:jackson-databind"),
        ("gson-2.8.5.jar", "com.google.code.gson:gson"),
        ("xstream-1.4.6.jar", "com.thoughtworks.xstream:xstream"),
        ("netty-codec-http2-4.1.100.jar", "io.netty:netty-codec-http2"),
        ("netty-all-4.1.100.jar", "io.netty:netty-all"),
        ("netty-nio-client-2.20.0.jar", None),  # of the AWS SDK
        ("netty-mqtt-3.6.0.jar", None),  # of ThingsBoard
        ("shop-1.0.jar", None),
        ("log4j.jar", None),
    ],
)
def test_a_well_known_archive_without_any_statement_is_known_by_its_file_name(
    archive: Archive, file: str, name: str | None
) -> None:
    content = archive({"a/B.class": b"\xca\xfe"})
    version = file.removesuffix(".jar").rpartition("-")[2]
    unknown = ["Java archives that do not say what they are"]
    known = ["Java archives known by file name and manifest alone", (name, version, ())]
    assert told(content, f"lib/{file}") == (known if name else unknown)


def test_an_inner_archive_without_any_statement_is_counted(archive: Archive) -> None:
    inner = archive({"a/B.class": b"\xca\xfe"})
    found = told(archive({"lib/own.jar": inner, "lib/log4j-1.2.17.jar": inner, **properties("a", "b", "1")}), "a.war")
    assert "Java archives that do not say what they are" in found
    assert ("log4j:log4j", "1.2.17", ("a.war",)) in found


@pytest.mark.parametrize(
    ("file", "manifest", "name"),
    [
        (
            "commons-lang3-3.12.0.jar",
            "Bundle-SymbolicName: org.apache.commons.lang3",
            "org.apache.commons:commons-lang3",
        ),
        ("guava-31.0-jre.jar", "Implementation-Vendor-Id: com.google.guava", "com.google.guava:guava"),
        ("asm-9.1.jar", "Automatic-Module-Name: org.objectweb.asm", "org.objectweb:asm"),
        ("a-tool-2.0.jar", "Bundle-SymbolicName: org.example.tool;singleton:=true", "org.example:a-tool"),
        ("spring-core-5.3.1.jar", "Automatic-Module-Name: spring.core", "org.springframework:spring-core"),
        ("spring-boot-2.6.0.jar", "Automatic-Module-Name: spring.boot", "org.springframework.boot:spring-boot"),
    ],
)
def test_the_manifest_gives_the_group_where_it_has_one(archive: Archive, file: str, manifest: str, name: str) -> None:
    doubt, package = told(archive({"META-INF/MANIFEST.MF": f"{manifest}\n"}), f"lib/{file}")
    assert (doubt, package[0]) == ("Java archives known by file name and manifest alone", name)


@pytest.mark.parametrize(
    ("file", "files"),
    [
        ("app.jar", {"META-INF/MANIFEST.MF": "Bundle-SymbolicName: org.a.b\n"}),
        ("app-1.0.jar", {"META-INF/MANIFEST.MF": "Main-Class: a.B\n"}),
        ("app-1.0.jar", {"META-INF/MANIFEST.MF": "Automatic-Module-Name: shop.app\n"}),
        ("app-1.0.jar", {}),
        ("app.jar", properties("a", "b", "${project.version}")),
        ("app.jar", {"META-INF/maven/a/b/pom.properties": "version=1\n"}),
    ],
)
def test_what_says_too_little_is_counted(archive: Archive, file: str, files: dict[str, str | bytes]) -> None:
    assert told(archive(files), file) == ["Java archives that do not say what they are"]


@pytest.mark.parametrize("content", [b"", b"PK", b"\x7fELF rubbish"])
def test_what_is_no_archive_is_an_error(installed, content) -> None:
    (error,) = installed({"a.jar": content}, os_release=None).errors
    assert "cannot be parsed: a.jar is no sound archive" in error.message


def test_a_damaged_inner_archive_is_named(archive: Archive) -> None:
    with pytest.raises(UnreadableError, match=r"app\.jar!lib\.jar is no sound archive"):
        told(archive({"lib.jar": b"rubbish"}))


def test_archives_in_one_another_end(archive: Archive) -> None:
    content = archive({})
    for _ in range(5):
        content = archive({"a.jar": content})
    with pytest.raises(LimitError, match="more than 4 archives in one another"):
        told(content)


def test_a_bomb_is_refused(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 1 << 20)
    with pytest.raises(LimitError, match="more than 1,048,576 bytes"):
        told(archive({"META-INF/MANIFEST.MF": b"\0" * (2 << 20)}))


def test_too_many_entries_are_refused(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    with pytest.raises(LimitError, match="more than 3 entries"):
        told(archive({"a.jar": archive({"x": ""}), "y": "", "z": ""}))


def test_a_hostile_name_is_an_error(archive: Archive) -> None:
    with pytest.raises(UnreadableError, match="empty, too long or not printable"):
        told(archive({"META-INF/maven/a/b/pom.properties": "version=1\ngroupId=a\x1b[0m\nartifactId=b\n"}))


@settings(max_examples=80, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), noise=st.binary(min_size=1, max_size=6))
def test_any_damage_is_packages_or_an_error(place: float, noise: bytes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("META-INF/maven/a/b/pom.properties", "version=1\ngroupId=a\nartifactId=b\n")
        opened.writestr("META-INF/MANIFEST.MF", "Bundle-SymbolicName: a.b\n")
    content = buffer.getvalue()
    start = int(place * len(content))
    try:
        list(java.read(content[:start] + noise + content[start + len(noise) :], "b-1.jar", None))
    except GateError:
        return
