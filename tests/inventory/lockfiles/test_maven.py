"""pom.xml: what its properties, parents and management within the repository say."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]


def dependency(name: str, version: str = "", more: str = "") -> str:
    group, _, artifact = name.partition(":")
    stated = f"<version>{version}</version>" if version else ""
    return f"<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>{stated}{more}</dependency>"


def pom(*dependencies: str, head: str = "", properties: str = "", managed: str = "") -> str:
    return (
        '<project xmlns="https://maven.example/POM/4.0.0">'
        f"<modelVersion>4.0.0</modelVersion>{head}<properties>{properties}</properties>"
        f"<dependencyManagement><dependencies>{managed}</dependencies></dependencyManagement>"
        "<dependencies>\n" + "\n".join(dependencies) + "\n</dependencies></project>"
    )


OWN = "<groupId>shop</groupId><artifactId>parent</artifactId><version>1.2</version>"
PARENT = f"<parent>{OWN}</parent><artifactId>api</artifactId>"


def test_versions_scopes_and_lines(locked: Read) -> None:
    text = pom(
        dependency("a:plain", "1.0"),
        dependency("a:pinned", "[2.0]"),
        dependency("a:test", "3", "<scope>test</scope>"),
        dependency("a:perhaps", "4", "<optional>true</optional>"),
        dependency("a:given", "5", "<scope>provided</scope>"),
    )
    assert [(p.name, p.version, p.line, p.scope.value, p.direct) for p in locked({"pom.xml": text}).packages] == [
        ("a:plain", "1.0", 2, "runtime", True),
        ("a:pinned", "2.0", 3, "runtime", True),
        ("a:test", "3", 4, "development", True),
        ("a:perhaps", "4", 5, "optional", True),
        ("a:given", "5", 6, "runtime", True),
    ]


@pytest.mark.parametrize("version", ["", "[1,2)", "(,1]", "[1],[2]", "LATEST", "RELEASE", "${nowhere}", "1.${nowhere}"])
def test_what_nobody_here_can_resolve_is_imprecise(locked: Read, version: str) -> None:
    found = locked({"pom.xml": pom(dependency("a:b", version))})
    assert (found.packages, found.imprecise) == ((), ("pom.xml:2: a:b",))


def test_properties_are_put_in(locked: Read) -> None:
    text = pom(
        dependency("${project.groupId}:core", "${project.version}"),
        dependency("a:b", "${b.version}"),
        head="<groupId>shop</groupId><artifactId>x</artifactId><version>1.2</version>",
        properties="<b.version>${base}.7</b.version><base>3</base>",
    )
    assert [(p.name, p.version) for p in locked({"pom.xml": text}).packages] == [("shop:core", "1.2"), ("a:b", "3.7")]


def test_a_circle_of_properties_ends(locked: Read) -> None:
    text = pom(dependency("a:b", "${x}"), properties="<x>${y}</x><y>${x}</y>")
    assert locked({"pom.xml": text}).imprecise == ("pom.xml:2: a:b",)


def test_properties_that_grow_are_bounded(locked: Read) -> None:
    doubled = "".join(f"<p{n}>${{p{n + 1}}}${{p{n + 1}}}</p{n}>" for n in range(60))
    assert locked({"pom.xml": pom(dependency("a:b", "${p0}"), properties=doubled)}).imprecise == ("pom.xml:2: a:b",)


def test_parents_manage_versions_and_scopes(locked: Read) -> None:
    parent = pom(
        dependency("a:inherited", "9"),
        head=OWN,
        properties="<b>2.0</b>",
        managed=dependency("a:b", "${b}") + dependency("a:c", "3", "<scope>test</scope>"),
    )
    child = pom(dependency("a:b"), dependency("a:c"), dependency("a:d", "${project.version}"), head=PARENT)
    found = locked({"api/pom.xml": child, "pom.xml": parent})
    assert [(p.name, p.version, p.scope.value, p.path) for p in found.packages] == [
        ("a:b", "2.0", "runtime", "api/pom.xml"),
        ("a:c", "3", "development", "api/pom.xml"),
        ("a:d", "1.2", "runtime", "api/pom.xml"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        PARENT.replace("</parent>", "<relativePath/></parent>"),
        PARENT.replace("</parent>", "<relativePath>../../../pom.xml</relativePath></parent>"),
        PARENT.replace("</parent>", "<relativePath>../gone</relativePath></parent>"),
        PARENT.replace("parent</artifactId>", "other</artifactId>"),
    ],
)
def test_a_parent_from_elsewhere_is_not_guessed(locked: Read, head: str) -> None:
    parent = pom(head=OWN, managed=dependency("a:b", "1"))
    found = locked({"api/pom.xml": pom(dependency("a:b"), head=head), "pom.xml": parent})
    assert (found.packages, found.imprecise) == ((), ("api/pom.xml:2: a:b",))


def test_a_parent_may_be_named_by_its_folder(locked: Read) -> None:
    head = PARENT.replace("</parent>", "<relativePath>../base</relativePath></parent>")
    files = {
        "api/pom.xml": pom(dependency("a:b"), head=head),
        "base/pom.xml": pom(head=OWN, managed=dependency("a:b", "1")),
    }
    assert [(p.name, p.version) for p in locked(files).packages] == [("a:b", "1")]


def test_a_bill_of_materials_of_the_repository_is_imported(locked: Read) -> None:
    head = "<groupId>shop</groupId><artifactId>bom</artifactId><version>1</version>"
    bom = pom(head=head, properties="<b>2.0</b>", managed=dependency("a:b", "${b}") + dependency("a:c", "3"))
    imports = dependency("shop:bom", "1", "<type>pom</type><scope>import</scope>")
    elsewhere = dependency("other:bom-of-others", "1", "<type>pom</type><scope>import</scope>")
    text = pom(
        dependency("a:b"), dependency("a:c"), dependency("a:d"), managed=imports + elsewhere + dependency("a:c", "4")
    )
    found = locked({"api/pom.xml": text, "bom/pom.xml": bom, "broken/pom.xml": "<"})
    assert [(p.name, p.version) for p in found.packages] == [("a:b", "2.0"), ("a:c", "4")]
    assert found.imprecise == ("api/pom.xml:4: a:d",)


def test_bills_that_import_one_another_end(locked: Read) -> None:
    def bill(own: str, other: str) -> str:
        imports = dependency(f"shop:{other}", "1", "<type>pom</type><scope>import</scope>")
        return pom(dependency("a:b"), head=f"<artifactId>{own}</artifactId>", managed=imports + dependency("a:b", own))

    found = locked({"x/pom.xml": bill("1", "2"), "y/pom.xml": bill("2", "1")})
    assert [(p.name, p.version) for p in found.packages] == [("a:b", "1")]


def test_bills_without_end_are_refused(locked: Read) -> None:
    def bill(number: int) -> str:
        imports = [dependency(f"shop:b{number + step}", "1", "<scope>import</scope>") for step in (1, 2)]
        return pom(head=f"<artifactId>b{number}</artifactId>", managed="".join(imports))

    with pytest.raises(UnreadableError, match="imports more than 50 bills of materials"):
        locked({f"{number}/pom.xml": bill(number) for number in range(80)})


def test_dependencies_of_profiles_count(locked: Read) -> None:
    profile = f"<profiles><profile><dependencies>{dependency('a:b', '1')}</dependencies></profile></profiles>"
    assert [p.name for p in locked({"pom.xml": pom(head=profile)}).packages] == ["a:b"]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"pom.xml": "<html/>"}, "its root element is 'html', not 'project'"),
        ({"pom.xml": pom("<dependency><groupId>a</groupId></dependency>")}, "a dependency has no groupId or no artif"),
        ({"pom.xml": pom(dependency("a:b", "1 2"))}, ""),
        (
            {"a/pom.xml": pom(head=f"<parent>{OWN}<relativePath>../a</relativePath></parent>")},
            "its parents form a circle",
        ),
        (
            {f"{'d/' * (30 - n)}pom.xml": pom(head=f"<parent>{OWN}</parent>") for n in range(25)},
            "more than 20 parents in a chain",
        ),
        ({"pom.xml": '<!DOCTYPE p [<!ENTITY a "b">]><project>&a;</project>'}, "it declares an entity"),
    ],
)
def test_a_broken_pom_says_why(locked: Read, files: dict[str, str | bytes], why: str) -> None:
    if not why:
        assert locked(files).imprecise
        return
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked(files)
