"""Whether vulnerable methods of Java packages are reached, by the names in class files.

Goes through `gate/reachability/functions/java/`.
"""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.model import Image
from gate.model.container import Runtime
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.image_start import VulnerablePackage, configured, reach_of
from gate.reachability.functions.java import archives as java_archives
from gate.reachability.functions.java.archives import JavaArchives, is_library_archive
from gate.reachability.functions.java.class_file import parse_class
from gate.reachability.functions.java.image import JavaImage
from gate.reachability.functions.java.search import JavaProgram
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.functions.class_files import archive, class_file
from tests.reachability.runtimes.conftest import SmallTree, explore

Entries = dict[str, bytes | str]
NAMING_OVEN = class_file("a/B", annotation="La/C;", strings=["org.toast.Oven"])
NAMING_MODULE = class_file("module-info", strings=["org.toast.Oven"])
NAMING_GRILL = class_file("x/Y", strings=["org.toast.grill.GrillImpl"])
TOAST: Entries = {
    "META-INF/MANIFEST.MF": "Manifest-Version: 1.0\nExport-Package: org.toast\n",
    "org/toast/Oven.class": class_file(
        "org/toast/Oven", methods=("burn", "bake", "setHeat", "toString", "hear"), calls=[("org/toast/Heat", "up")]
    ),
    "org/toast/Heat.class": class_file("org/toast/Heat", methods=("up", "down"), static=("up", "down")),
    "org/toast/Timer.class": class_file("org/toast/Timer", parents=("java/lang/Thread",), methods=("run", "ring")),
    "org/toast/Crumb.class": class_file("org/toast/Crumb", parents=("java/lang/Object", "java/io/Serializable")),
    "org/toast/Bean.class": class_file("org/toast/Bean", annotation="Lorg/example/Component;", methods=("go",)),
    "org/toast/Old.class": class_file("org/toast/Old", annotation="Ljava/lang/Deprecated;"),
    "org/toast/grill/GrillImpl.class": class_file("org/toast/grill/GrillImpl"),
}
BURN = "org.toast.Oven:burn"


def own(**settings: object) -> bytes:
    return class_file("shop/App", **settings)  # type: ignore[arg-type]


def ask(symbol: str, app: bytes, **more: bytes | str) -> ReachAnswer:
    """Return the answer for an application with the archive of toast beside it."""
    files = {"app/classes/shop/App.class": app, "app/lib/toast-1.0.jar": archive(TOAST), **more}
    return JavaProgram(JavaArchives(SmallTree(files), files)).reaches([symbol])


def test_a_call_of_the_own_code_is_found() -> None:
    found = ask(BURN, own(calls=[("org/toast/Oven", "burn")]))
    assert found.state.value == "yes"
    assert found.evidence == ("app/classes/shop/App.class calls org.toast.Oven.burn",)


@pytest.mark.parametrize(
    ("symbol", "app"),
    [
        (BURN, own()),
        ("org.toast.Oven:", own()),
        (BURN, own(calls=[("org/toast/Oven", "bake")])),
        ("org.toast.Heat:down", own(calls=[("org/toast/Oven", "bake")])),
        ("org.toast.Crumb:", own()),
        ("org.toast.Old:", own()),
        ("org.toast.grill.GrillImpl:", own(strings=["org.toast.Oven", "Impl"])),
    ],
)
def test_what_nothing_names_is_not_reached(symbol: str, app: bytes) -> None:
    found = ask(symbol, app)
    assert found.state.value == "no", found.evidence


@pytest.mark.parametrize(
    ("symbol", "app"),
    [
        pytest.param("org.toast.Oven:", own(calls=[("org/toast/Oven", "bake")]), id="all of a class"),
        pytest.param("org.toast.Heat:up", own(calls=[("org/toast/Oven", "bake")]), id="called by a loaded class"),
        pytest.param("org.toast.Oven:", own(strings=["org.toast.Oven"]), id="named in a string"),
        pytest.param("org.toast.Oven:", own(methods=["x"], calls=[("a/B", "(ILorg/toast/Oven;)V")]), id="a descriptor"),
        pytest.param(BURN, own(strings=["org.toast.Oven", "burn"]), id="a method named in a string"),
        pytest.param(BURN, own(calls=[("a/Toaster", "burn"), ("org/toast/Oven", "bake")]), id="through an interface"),
        pytest.param("org.toast.Oven:setHeat", own(strings=["org.toast.Oven"]), id="a property"),
        pytest.param("org.toast.Oven:toString", own(strings=["org.toast.Oven"]), id="a method that all classes have"),
        pytest.param("org.toast.Timer:run", own(strings=["org.toast.Timer"]), id="a method of a class of Java's own"),
        pytest.param("org.toast.Bean:", own(), id="found by an annotation"),
        pytest.param("org.toast.grill.GrillImpl:", own(strings=["org.toast.grill."]), id="a package's name and a dot"),
        pytest.param(
            "org.toast.grill.GrillImpl:",
            own(strings=["Impl"], calls=[("java/lang/Class", "forName")]),
            id="a name that is put together",
        ),
        pytest.param("org.toast.Crumb:", own(calls=[("java/io/ObjectInputStream", "readObject")]), id="deserialized"),
        pytest.param("org.toast.Gone:", own(), id="not in the archives"),
        pytest.param("org.toast.Oven:gone", own(strings=["org.toast.Oven"]), id="no such method"),
    ],
)
def test_what_may_reach_it_is_unknown(symbol: str, app: bytes) -> None:
    found = ask(symbol, app)
    assert found.state.value == "unknown", found.evidence


@pytest.mark.parametrize(
    "more",
    [
        {"app/settings.xml": "<bean class='org.toast.Oven'/>"},
        {"app/lib/other-1.0.jar": archive({"module-info.class": NAMING_MODULE})},
        {"app/lib/other-1.0.jar": archive({"plugins.dat": b"\0\x36org.toast.Oven\0"})},
        {"app/page.jsp": "<%@ page import='org.toast.*' %>"},
        {"app/lib/other-1.0.jar": archive({"META-INF/services/org.example.Cook": "org.toast.Oven\n"})},
        {"app/lib/other-1.0.jar": archive({"a/B.class": NAMING_OVEN})},
        {"app/shop.jar": archive({"shop/Main.class": class_file("shop/Main", calls=[("org/toast/Oven", "burn")])})},
        {"app/lib/wide-1.0.jar": archive({"x.jar": archive({"a/B.class": NAMING_OVEN})})},
    ],
)  # fmt: skip
def test_what_names_it_elsewhere_counts(more: Entries) -> None:
    assert ask("org.toast.Oven:", own(), **more).state.value == "unknown"


@pytest.mark.parametrize(
    "more",
    [
        {"app/lib/other-1.0.jar": archive({"a/B.class": class_file("a/B", strings=["org.toast.Oven"])})},
        {"app/lib/other-1.0.jar": archive({"META-INF/maven/x/pom.xml": "org.toast.Oven"})},
    ],
)
def test_a_library_that_nothing_loads_names_nothing(more: Entries) -> None:
    assert ask("org.toast.Oven:", own(), **more).state.value == "no"


def test_without_classes_of_its_own_nothing_is_known() -> None:
    files = {"app/lib/toast-1.0.jar": archive(TOAST)}
    assert JavaProgram(JavaArchives(SmallTree(files), files)).reaches([BURN]).state.value == "unknown"


def test_a_class_that_cannot_be_read_is_said() -> None:
    found = ask(BURN, own()[:-3])
    assert (found.state.value, "no sound class file" in found.evidence[0]) == ("unknown", True)


def test_too_many_classes_are_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(java_archives, "MAX_CLASSES", 2)
    files = {"app/lib/toast-1.0.jar": archive(TOAST)}
    with pytest.raises(java_archives.LimitError, match="more than 2 classes"):
        JavaArchives(SmallTree(files), files)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app/lib/toast-1.0.jar", True),
        ("app.jar!BOOT-INF/lib/toast.jar", True),
        ("app/shop.jar", False),
        ("app/shop-server.jar", False),
    ],
)
def test_libraries_are_known_by_their_names(path: str, expected: bool) -> None:
    assert is_library_archive(path) is expected


IMAGE: Entries = {
    "!usr/bin/java": "",
    "app/shop.jar": archive(
        {
            "META-INF/MANIFEST.MF": "Main-Class: shop.App\n",
            "BOOT-INF/classes/shop/App.class": own(calls=[("org/toast/Oven", "burn")]),
            "BOOT-INF/lib/toast-1.0.jar": archive(TOAST),
        }
    ),
}


def in_image(symbol: str, command: str, files: Entries) -> ReachAnswer:
    tree = SmallTree(files)
    runtime = Runtime(cmd=command.split(), working_dir="/app")
    walked = Files(tree)
    reach = reach_of(explore(starts_of(runtime, walked), walked), "Maven")
    image = JavaImage(tree, reach, configured(runtime, Image(source="archive", reference="a", name="a")))
    return image.answer(VulnerablePackage("app/shop.jar", (symbol,), "Maven", "org.toast:toast", "1.0"))


def test_the_chain_begins_at_the_start_of_the_container() -> None:
    found = in_image(BURN, "java -jar shop.jar", IMAGE)
    assert found.state.value == "yes"
    assert found.evidence[0] == "entrypoint"
    assert found.evidence[-1] == "app/shop.jar!BOOT-INF/classes/shop/App.class calls org.toast.Oven.burn"


@pytest.mark.parametrize("path", ["app/shop-1.0.jar", "app/shop-1.0.war"])
def test_the_archive_that_is_started_is_the_application(path: str) -> None:
    plain = archive({"shop/App.class": own(calls=[("org/toast/Oven", "burn")]), "toast-1.0.jar": archive(TOAST)})
    files = {"!usr/bin/java": "", path: plain}
    assert in_image(BURN, f"java -jar /{path}", files).state.value == "yes"


def test_an_application_may_have_a_version_in_its_name() -> None:
    files = {"!usr/bin/java": "", "!app/run.sh": "#!/bin/sh\nexec java -jar /app/shop-1.0.jar\n"}
    files["app/shop-1.0.jar"] = IMAGE["app/shop.jar"]
    assert in_image(BURN, "sh /app/run.sh", files).state.value in ("yes", "unknown")
    assert in_image("org.toast.Heat:down", "java -jar shop-1.0.jar", files).state.value == "no"


def test_an_image_in_which_nothing_names_it_does_not_reach_it() -> None:
    assert in_image("org.toast.Heat:down", "java -jar shop.jar", IMAGE).state.value == "no"
    assert in_image("org.toast.Heat:down", "java -jar shop.jar", IMAGE | {"app/x.yaml": "down: org.toast.Heat.down"})


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("java -Doven=org.toast.grill.GrillImpl -jar shop.jar", {}),
        ("java -jar shop.jar", {"app/settings.yaml": "oven: org.toast.grill.GrillImpl"}),
        ("java -jar shop.jar", {"opt/other.jar": archive({"x/Y.class": NAMING_GRILL})}),
    ],
)  # fmt: skip
def test_what_an_image_may_name_is_never_a_no(command: str, more: Entries) -> None:
    assert in_image("org.toast.grill.GrillImpl:", command, IMAGE | more).state.value == "unknown"


def test_a_damaged_archive_makes_the_answer_unknown() -> None:
    assert in_image(BURN, "java -jar shop.jar", IMAGE | {"app/broken.jar": b"PK"}).state.value == "unknown"


def test_a_class_says_what_it_names() -> None:
    known = parse_class(TOAST["org/toast/Oven.class"], "x")  # type: ignore[arg-type]
    assert (known.name, known.parents) == (b"org/toast/Oven", (b"java/lang/Object",))
    assert known.called == {(b"org/toast/Heat", b"up")}
    assert set(known.methods) == {b"burn", b"bake", b"setHeat", b"toString", b"hear"}


@given(st.integers(0, 400), st.binary(max_size=9))
def test_any_damage_is_read_or_refused(place: int, noise: bytes) -> None:
    content = own(calls=[("org/toast/Oven", "burn")], strings=["x"], methods=["a"], annotation="La/B;")
    damaged = content[:place] + noise + content[place + len(noise) :]
    with contextlib.suppress(UnreadableError):
        parse_class(damaged, "x")
