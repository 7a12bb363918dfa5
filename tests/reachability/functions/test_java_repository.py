"""Whether a repository's own code reaches vulnerable methods of its Java packages, by its sources and archives.

Goes through `gate/reachability/functions/java/repository.py` and `sources.py`.
"""

from collections.abc import Callable

import pytest

from gate.model import Finding, Location, Package, Severity, Tree, Vulnerability
from gate.reachability.functions.findings import with_reachable_functions
from gate.reachability.functions.java import repository
from tests.reachability.functions.class_files import archive, class_file

pytest.importorskip("tree_sitter_java")

Files = dict[str, str | bytes]
Ask = Callable[..., tuple[str, str]]
TOAST = archive(
    {
        "org/toast/Oven.class": class_file("org/toast/Oven", methods=("burn", "bake", "<init>"), static=("burn",)),
        "org/toast/Grill.class": class_file(
            "org/toast/Grill", methods=("heat",), static=("heat",), calls=[("org/toast/Oven", "burn")]
        ),
    }
)
LIB = {"lib/toast-1.0.jar": TOAST}
POM = "<project><dependencies><dependency><artifactId>toast</artifactId></dependency>{}</dependencies></project>"
APP = "src/main/java/shop/App.java"
BURN = "org.toast.Oven:burn"


@pytest.fixture
def ask(make_tree: Callable[[Files], Tree]) -> Ask:
    """Return a function that asks whether a method of `org.toast:toast` is reached in a tree."""

    def ask(files: Files | str, symbol: str = BURN) -> tuple[str, str]:
        tree = make_tree({APP: f"package shop;\n{files}"} if isinstance(files, str) else files)
        finding = Finding(
            stage="dependencies",
            rule="CVE-2026-1",
            severity=Severity.HIGH,
            title="toast",
            message="",
            fingerprint="f",
            location=Location(target=tree.name, path="pom.xml"),
            package=Package(name="org.toast:toast", version="1.0", ecosystem="Maven", purl="", path="pom.xml"),
            vulnerability=Vulnerability(id="CVE-2026-1", symbols=(symbol,)),
        )
        (answered,) = with_reachable_functions([finding], tree)
        assert answered.reachable_function is not None
        return answered.reachable_function.value, "\n".join(answered.reachable_function_evidence)

    return ask


CALLING = {
    "a class by its name": "import org.toast.Oven;\nclass App { void go() { Oven.burn(); } }",
    "by its whole name": "class App { void go() { org.toast.Oven.burn(); } }",
    "all of a package": "import org.toast.*;\nclass App { void go() { Oven.burn(); } }",
    "a method that is imported": "import static org.toast.Oven.burn;\nclass App { void go() { burn(); } }",
    "all methods of a class": "import static org.toast.Oven.*;\nclass App { void go() { burn(); } }",
    "a new object": "import org.toast.Oven;\nclass App { void go() { new Oven().burn(); } }",
    "a variable": "import org.toast.Oven;\nclass App { void go() { Oven o = make(); o.burn(); } }",
    "a variable without a type": "import org.toast.Oven;\nclass App { void go() { var o = new Oven(); o.burn(); } }",
    "a field": "import org.toast.Oven;\nclass App { Oven<String> o; void go() { this.o.burn(); } }",
    "a parameter": "import org.toast.Oven;\nclass App { void go(Oven o) { o.burn(); } }",
}


@pytest.mark.parametrize("source", CALLING.values(), ids=CALLING)
def test_a_call_that_is_resolved_reaches(ask: Ask, source: str) -> None:
    state, evidence = ask(source)
    assert (state, evidence.partition(" ")[2]) == ("yes", "calls org.toast.Oven.burn")
    assert evidence.startswith(f"{APP}:")


OTHER = {
    "another class of this name": "import org.pan.Oven;\nclass App { void go() { Oven.burn(); } }",
    "a class of its own package": "class App { void go() { Oven.burn(); } }",
    "a variable of two classes": (
        "import org.toast.Oven;\nclass App { void a(Oven o) {} void b(Pan o) { o.burn(); } Oven c; }"
    ),
    "a comment": "import org.toast.Oven;\nclass App { /* Oven.burn() */ }",
}


@pytest.mark.parametrize("source", OTHER.values(), ids=OTHER)
def test_what_is_not_resolved_is_unknown(ask: Ask, source: str) -> None:
    assert ask(source)[0] == "unknown"


def test_a_new_object_reaches_its_constructor(ask: Ask) -> None:
    assert ask("import org.toast.Oven;\nclass App { Oven o = new Oven(); }", "org.toast.Oven:<init>")[0] == "yes"


HARMLESS = "package shop;\nimport org.toast.Oven;\nclass App { void go() { new Oven().bake(); } }"


def test_what_nothing_names_is_not_reached(ask: Ask) -> None:
    state, evidence = ask({APP: HARMLESS, **LIB, "pom.xml": POM.format("")})
    assert (state, evidence) == ("no", "of 2 classes none that is loaded names org.toast.Oven:burn")


@pytest.mark.parametrize(
    "files",
    [
        {APP: "package shop;\nimport org.toast.Grill;\nclass App { Runnable r = Grill::heat; }"},
        {APP: "package org.toast;\nclass App { Object o = Grill.heat(); }"},
        {"src/main/kotlin/App.kt": "import org.toast.Grill\nfun main() = Grill.heat()"},
        {"src/main/resources/beans.xml": '<bean class="org.toast.Oven" init-method="burn"/>'},
    ],
    ids=["through another class", "a class of the same package", "Kotlin", "settings"],
)
def test_what_may_lead_to_it_is_unknown(ask: Ask, files: Files) -> None:
    assert ask({APP: HARMLESS, **LIB, **files})[0] == "unknown"


@pytest.mark.parametrize(
    ("files", "doubt"),
    [
        ({"pom.xml": POM.format("<dependency><artifactId>pan</artifactId></dependency>")}, "the archive of pan"),
        ({"build.gradle": "dependencies { implementation 'org.pan:pan:1.0' }"}, "the archive of pan"),
        ({"gradle/libs.versions.toml": "[libraries]"}, "what it lists"),
        ({"src/main/scala/App.scala": "object App"}, "is in a language that is not followed"),
        ({"src/main/java/B.java": "import lombok.Data;"}, "generated"),
    ],
    ids=["an archive that is not there", "of Gradle", "a catalogue", "Scala", "code that is generated"],
)
def test_no_needs_all_that_may_call(ask: Ask, files: Files, doubt: str) -> None:
    state, evidence = ask({APP: HARMLESS, **LIB, **files})
    assert state == "unknown"
    assert doubt in evidence


def test_what_is_for_tests_need_not_be_there(ask: Ask) -> None:
    tests = "<dependency><artifactId>pan</artifactId><scope>test</scope></dependency>"
    gradle = "dependencies {\n  implementation 'org.toast:toast:1.0'\n  testImplementation 'org.pan:pan:1.0'\n}"
    files = {APP: HARMLESS, **LIB, "pom.xml": POM.format(tests), "build.gradle": gradle}
    assert (
        ask({**files, "src/test/java/AppTest.java": "import org.toast.Oven; class T { { Oven.burn(); } }"})[0] == "no"
    )


def test_another_version_is_unknown(ask: Ask) -> None:
    assert ask({APP: HARMLESS, "lib/toast-2.0.jar": TOAST})[0] == "unknown"


def test_too_much_to_read_is_unknown(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MAX_JAVA_SOURCES", 10)
    assert ask({APP: HARMLESS, **LIB})[0] == "unknown"
