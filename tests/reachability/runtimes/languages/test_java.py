"""Java: which archives a machine loads."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.languages.java import command_of
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import explore

START = Because("", "starts")
JAVA = {"!jdk/bin/java": "", "jdk/lib/server/libjvm.so": "", "jdk/lib/libawt.so": ""}


def archive(class_path: str = "") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("META-INF/MANIFEST.MF", f"Manifest-Version: 1.0\r\nClass-Path: {class_path}\r\n\r\n")
    return content.getvalue()


def explored(files, *arguments, program="jdk/bin/java", **parts):
    parts = {"folder": "/app"} | parts
    return explore([StartedProgram(program=program, arguments=arguments, because=START, **parts)], files)


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("-jar", "a.jar"), {}),
        (("-Xmx1g", "-jar", "/app/a.jar", "-jar", "b.jar"), {}),
        (("-cp", "x:a.jar", "Main"), {}),
        (("-classpath", "/app/*", "Main"), {}),
        (("--class-path=a.jar", "Main"), {}),
        (("-p", "a.jar", "-m", "m/Main"), {}),
        (("-javaagent:a.jar=option", "-jar", "c.jar"), {}),
        (("Main",), {"environment": (("CLASSPATH", "a.jar"),)}),
        (("-jar", "c.jar"), {"environment": (("JAVA_TOOL_OPTIONS", "-javaagent:/app/a.jar"),)}),
        (("@options",), {}),
    ],
)
def test_archives_on_the_class_path_are_opened(make_files, arguments, parts):
    contents = JAVA | {"app/a.jar": archive(), "app/c.jar": archive(), "app/options": "-cp 'a.jar'\nMain"}
    assert "app/a.jar" in explored(make_files(contents), *arguments, **parts).certain


def test_a_manifest_names_further_archives(make_files):
    contents = {"app/a.jar": archive("lib/b.jar ../c.jar"), "app/lib/b.jar": archive("d.jar"), "c.jar": archive()}
    found = explored(make_files(JAVA | contents | {"app/lib/d.jar": archive("b.jar")}), "-jar", "a.jar")
    assert {"app/a.jar", "app/lib/b.jar", "c.jar", "app/lib/d.jar"} <= set(found.certain)


def test_an_unpacked_application_is_known_by_its_folders(make_files):
    contents = JAVA | {"app/BOOT-INF/lib/a.jar": archive(), "app/x.txt": ""}
    found = explored(make_files(contents), "org.springframework.boot.loader.launch.JarLauncher")
    assert "app/BOOT-INF/lib/a.jar" in found.certain


@pytest.mark.parametrize("program", ["tomcat/bin/catalina.sh", "jdk/bin/java"])
def test_tomcat_runs_every_web_application(make_files, program):
    contents = JAVA | {
        "!tomcat/bin/catalina.sh": "#!/bin/sh",
        "tomcat/lib/catalina.jar": archive(),
        "tomcat/webapps/shop/WEB-INF/lib/a.jar": archive(),
        "tomcat/webapps/other.war": archive(),
        "elsewhere/b.jar": archive(),
    }
    arguments = () if program.endswith(".sh") else ("-Dcatalina.home=/tomcat", "org.apache.catalina.startup.Bootstrap")
    found = explored(make_files(contents), *arguments, program=program, environment=(("JAVA_HOME", "/jdk"),))
    assert {path for path in found.certain if not path.startswith("jdk/lib")} == {
        program,
        "jdk/bin/java",
        "tomcat/lib/catalina.jar",
        "tomcat/webapps/shop/WEB-INF/lib/a.jar",
        "tomcat/webapps/other.war",
    }
    assert "elsewhere/b.jar" not in found.possible


def test_the_machine_loads_its_core_and_perhaps_the_rest(make_files):
    found = explored(make_files(JAVA | {"app/a.jar": archive()}), "-jar", "a.jar")
    assert "jdk/lib/server/libjvm.so" in found.certain
    assert set(found.possible) == {"jdk/lib/libawt.so"}


def test_archives_beside_the_class_path_may_be_loaded(make_files):
    contents = JAVA | {"app/a.jar": archive(), "app/plugins/p.jar": archive(), "data/q.jar": archive()}
    found = explored(make_files(contents), "-jar", "/app/a.jar", "--plugins", "/data")
    assert {"app/plugins/p.jar", "data/q.jar"} <= set(found.possible)


@pytest.mark.parametrize("arguments", [(), ("-cp", "\0", "Main"), ("-jar", "\0")])
def test_an_unknown_class_path_is_a_gap(make_files, arguments):
    assert [gap.kind for gap in explored(make_files(JAVA), *arguments).gaps] == ["Maven"]


@pytest.mark.parametrize("content", [b"", b"no archive", archive()[:-30]])
def test_a_broken_archive_is_opened_and_leaves_a_gap(make_files, content):
    found = explored(make_files(JAVA | {"app/a.jar": content}), "-jar", "a.jar")
    assert "app/a.jar" in found.certain
    assert [gap.kind for gap in found.gaps] == ["Maven"]


WORDS = st.sampled_from(
    ["-cp", "-jar", "a.jar:b", "Main", "-m", "-Dx=y", "--class-path=c.jar", "@f", "", "-Xbootclasspath/a:d"]
)


@given(st.lists(WORDS, max_size=8), st.none() | st.just("e.jar"))
def test_any_command_line_is_taken_apart(words, class_path):
    command = command_of(tuple(words), class_path)
    assert all(command.paths)


@pytest.mark.parametrize("option", ["-agentpath:/opt/libown.so=a=b", "-agentpath:libown.so", "-agentlib:own=a"])
def test_a_native_agent_is_loaded(run, option):
    tree = {"!usr/bin/java": "", "opt/libown.so": "", "opt/a.jar": archive()}
    assert "opt/libown.so" in run(tree, f"java {option} -jar a.jar", folder="/opt", PATH="/usr/bin").certain
