"""Whether a repository's own code reaches vulnerable methods of packages of NuGet.

Goes through `gate/reachability/functions/dotnet/repository.py` and `sources.py`.
"""

import pytest

from gate.model import InUse, Package
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.dotnet import repository as dotnet_repository
from gate.reachability.functions.dotnet import sources as dotnet_sources
from gate.reachability.functions.dotnet.repository import DotnetRepository
from gate.reachability.functions.dotnet.sources import CsharpSources
from tests.reachability.functions.test_dotnet import Contents, published
from tests.reachability.runtimes.conftest import SmallTree

PARTS = Package(name="Parts", version="1.2.0", ecosystem="NuGet", purl="", path="Shop/Shop.csproj")
PROJECT = {"Shop/App.csproj": '<Project><PackageReference Include="Parts" Version="1.2.0" /></Project>'}


def built(app: str, **more: bytes | str) -> Contents:
    """Return a repository in which a build left the application."""
    return {path.replace("app/", "Shop/bin/Release/net8.0/"): content for path, content in published(app).items()} | {
        **PROJECT,
        **more,
    }


def ask(files: Contents, *symbols: str) -> ReachAnswer:
    return DotnetRepository(SmallTree(files), sorted(files)).answer(PARTS, symbols)


def call_in(source: str, symbol: str) -> str:
    return CsharpSources({"a.cs": source.encode()}).call_of(symbol)


@pytest.mark.parametrize(
    "source",
    [
        "using Parts;\nclass A { void B() { Text.Shout(1); } }",
        "class A { void B() { Parts.Text.Shout(1); } }",
        "class A { void B() { global::Parts.Text.Shout(1); } }",
        "using static Parts.Text;\nclass A { void B() { Shout(1); } }",
        "using T = Parts.Text;\nclass A { void B() { T.Shout(1); } }",
        "global using Parts;\nclass A { void B() => Text.Shout(1); }",
        "namespace Parts.Inner;\nclass A { void B() { Text.Shout(1); } }",
        "namespace Parts { namespace Inner { class A { void B() { Text.Shout(1); } } } }",
        "using Parts;\nclass A { Text text; void B() { text.Shout(1); } }",
        "using Parts;\nclass A { void B(Text text) { text.Shout(1); } }",
        "using Parts;\nclass A { Text? Text1 { get; } void B() { this.Text1.Shout(1); } }",
        "using Parts;\nclass A { void B() { var text = new Text(); text.Shout<int>(1); } }",
        "using Parts;\nclass A { void B() { new Text(1).Shout(); } }",
    ],
)
def test_a_call_in_a_source_is_found(source: str) -> None:
    assert call_in(source, "Parts.Text:Shout").endswith("calls Parts.Text.Shout")


@pytest.mark.parametrize(
    "source",
    [
        "class A { void B() { Text.Shout(1); } }",
        "using Other;\nclass A { void B() { Text.Shout(1); } }",
        "using Parts;\nclass A { void B() { Text.Whisper(1); /* Shout */ } }",
        "using Parts;\nclass A { void B(Text text) { } void C(Other text) { text.Shout(1); } }",
    ],
)
def test_what_is_no_call_of_it_is_not_found(source: str) -> None:
    assert call_in(source, "Parts.Text:Shout") == ""


def test_types_in_types_and_generic_ones_are_found() -> None:
    source = "using Parts;\nclass A { void B() { new Outer.Inner<int>().Twice(1); } }"
    assert call_in(source, "Parts.Outer+Inner`1:Twice") == "a.cs:2 calls Parts.Outer.Inner.Twice"
    assert call_in(source, "Parts.Outer+Inner`1:.ctor") == "a.cs:2 calls Parts.Outer.Inner..ctor"
    assert call_in(source, "Parts.Outer+Inner`1:") != ""


def test_without_the_grammar_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dotnet_sources, "_MODULES", ("no_such_module",))
    assert call_in("class A { void B() { Parts.Text.Shout(1); } }", "Parts.Text:Shout") == ""


def test_a_source_that_calls_it_needs_no_build() -> None:
    found = ask({**PROJECT, "Shop/A.cs": "class A { void B() { Parts.Text.Shout(1); } }"}, "Parts.Text:Shout")
    assert found == ReachAnswer(InUse.YES, ("Shop/A.cs:1 calls Parts.Text.Shout",))


def test_without_a_build_nothing_else_is_known() -> None:
    found = ask({**PROJECT, "Shop/A.cs": "class A { }"}, "Parts.Text:Shout")
    assert found.evidence == ("the own code does not call it itself, and its assembly is not here",)


def test_a_call_in_an_assembly_that_was_built_is_found() -> None:
    assert ask(built("direct"), "Parts.Text:Shout").state is InUse.YES


def test_what_a_build_does_not_reach() -> None:
    assert ask(built("direct"), "Parts.Text:Whisper").state is InUse.NO


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"Other/Other.csproj": "<Project/>"}, "Other/Other.csproj was not built here"),
        ({"Shop/A.cs": "using Parts;\nclass A { Circle circle; void B(dynamic a) { a.Around(); } }"}, ""),
        ({"Shop/Pages/Index.cshtml": "@using Parts\n@(new Circle().Around())"}, ""),
    ],
)
def test_what_else_may_call_it_leaves_a_doubt(more: Contents, why: str) -> None:
    found = ask(built("direct", **more), "Parts.Circle:Around")
    assert found.state is InUse.UNKNOWN
    assert why in found.evidence[-1]


def test_a_loop_in_a_source_calls_what_it_does_not_name() -> None:
    files = built("later", **{"Shop/A.cs": "class A { void B(Parts.Rows rows) { foreach (var row in rows) { } } }"})
    assert ask(files, "Parts.Rows:GetEnumerator").state is InUse.UNKNOWN
    assert ask(built("later"), "Parts.Rows:GetEnumerator").state is InUse.NO


@pytest.mark.parametrize("path", ["tests/A.cs", "Shop/obj/A.cs", "docs/A.cs"])
def test_tests_and_what_a_build_made_are_no_sources(path: str) -> None:
    files = built("direct", **{path: "class A { void B() { Parts.Circle.Around(); } }"})
    assert ask(files, "Parts.Circle:Around").state is InUse.NO


def test_too_many_sources_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dotnet_repository, "MAX_CSHARP_SOURCES", 5)
    with pytest.raises(dotnet_repository.LimitError, match="more than 5 bytes of sources"):
        ask({**PROJECT, "Shop/A.cs": "class A { }"}, "Parts.Text:Shout")
