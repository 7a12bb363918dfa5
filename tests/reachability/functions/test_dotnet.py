"""Whether vulnerable methods of packages of NuGet are reached, by the names in assemblies.

Goes through `gate/reachability/functions/dotnet/`. The assemblies are what a compiler made of the sources beside them
(`dotnet_apps/build.sh`): the package Parts, and applications that use it.
"""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import GateError, UnreadableError
from gate.model import Image
from gate.model.container import Runtime
from gate.reachability.assemblies import metadata
from gate.reachability.assemblies.assembly import Assembly
from gate.reachability.assemblies.instructions import tokens
from gate.reachability.assemblies.metadata import NoAssemblyError
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.dotnet import assemblies as dotnet_assemblies
from gate.reachability.functions.dotnet import reached
from gate.reachability.functions.dotnet.assemblies import Assemblies
from gate.reachability.functions.dotnet.image import DotnetImage
from gate.reachability.functions.dotnet.outside import outside_calls
from gate.reachability.functions.dotnet.search import DotnetProgram
from gate.reachability.functions.image_start import VulnerablePackage, configured, reach_of
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore

Contents = dict[str, bytes | str]
APPS = Path(__file__).with_name("dotnet_apps")
PARTS = (APPS / "Parts.dll").read_bytes()
DEPS = {
    "libraries": {"App/1.0.0": {"type": "project"}, "Parts/1.2.0": {"type": "package"}},
    "targets": {
        ".NETCoreApp,Version=v8.0": {
            "App/1.0.0": {"runtime": {"App.dll": {}}},
            "Parts/1.2.0": {"runtime": {"lib/net8.0/Parts.dll": {}}},
        }
    },
}


def published(app: str, **more: bytes | str) -> Contents:
    """Return the files of a published application."""
    assembly = (APPS / f"{app}.exe").read_bytes()
    return {"app/App.dll": assembly, "app/Parts.dll": PARTS, "app/App.deps.json": json.dumps(DEPS), **more}


def ask(app: str, symbol: str, **more: bytes | str) -> ReachAnswer:
    """Return the answer for an application with the package beside it."""
    files = published(app, **more)
    return DotnetProgram(Assemblies(SmallTree(files), files)).reaches([symbol])


def state(app: str, symbol: str, **more: bytes | str) -> str:
    return ask(app, symbol, **more).state.value


def test_a_call_of_the_own_code_is_found() -> None:
    found = ask("direct", "Parts.Text:Shout")
    assert found.state.value == "yes"
    assert found.evidence == ("app/App.dll!Shop.App.Main calls Parts.Text.Shout",)


def test_what_a_called_method_calls_may_run() -> None:
    found = ask("direct", "Parts.Text:Loud")
    assert found.state.value == "unknown"
    assert found.evidence == (
        "Shop.App is the application's own",
        "Shop.App names Parts.Text",
        "Parts.Text names Loud",
    )


@pytest.mark.parametrize(
    ("app", "symbol"),
    [
        ("direct", "Parts.Text:Whisper"),
        ("direct", "Parts.Text:Quiet"),
        ("direct", "Parts.Square:Area"),
        ("shapes", "Parts.Square:Edge"),
        ("shapes", "Parts.Sums:Round"),
        ("shapes", "Parts.Circle:Area"),
        ("idle", "Parts.Text:Shout"),
        ("idle", "Parts.Outer+Inner`1:Twice"),
        ("order", "Parts.Order:Ship"),
        ("counting", "Parts.Circle:Area"),
        ("nested", "Parts.Text:Loud"),
        ("watch", "Parts.Watch:Silent"),
        ("stated", "Parts.Circle:Around"),
        ("idle", "Parts.FirstPlugin:OnStart"),
        ("idle", "Parts.Framed:Handle"),
        ("listed", "Parts.Listed:Other"),
        ("idle", "Parts.Kept:Use"),
    ],
)
def test_what_nothing_names_is_not_reached(app: str, symbol: str) -> None:
    found = ask(app, symbol)
    assert found.state.value == "no"
    assert found.evidence[0].endswith(f"names {symbol}")


@pytest.mark.parametrize(
    ("app", "symbol"),
    [
        ("shapes", "Parts.Sums:Times"),  # an interface's method leads to it
        ("order", "Parts.Order:CompareTo"),  # .NET sorts
        ("order", "Parts.Order:Ranked"),
        ("nested", "Parts.Outer+Inner`1:.ctor"),
        ("watch", "Parts.Watch:Ringing"),  # a delegate
        ("later", "Parts.Later:Loaded"),  # from the state machines of `async` and `yield`
        ("loose", "Parts.Square:Edge"),  # by its name, with `dynamic`
        ("plugins", "Parts.FirstPlugin:.ctor"),  # by a name that is put together
        ("methods", "Parts.FirstPlugin:OnStart"),
        ("counting", "Parts.Circle:.ctor"),  # all types are listed
        ("stored", "Parts.Kept:Use"),  # an object of it may be read
        ("idle", "Parts.Marked:Found"),  # an attribute
        ("idle", "Parts.Marked:Deep"),
        ("idle", "Parts.Marked:Unmarked"),  # what finds the type may call its methods
        ("idle", "Parts.PlainController:Index"),  # ASP.NET finds it by its name
        ("idle", "Parts.PlainController:Hello"),
        ("framed", "Parts.Framed:Handle"),  # derived from a framework's type
        ("framed", "Parts.Framed:Handled"),
        ("listed", "Parts.Listed:Named"),  # a property
        ("listed", "Parts.Listed:ShouldSerializeName"),
        ("stated", "Parts.Circle:.ctor"),  # a string names the type
    ],
)
def test_what_may_run_by_other_ways_is_not_called_unreached(app: str, symbol: str) -> None:
    found = ask(app, symbol)
    assert found.state.value != "no", found.evidence


def test_generic_types_and_methods_are_found() -> None:
    assert state("nested", "Parts.Outer+Inner`1:Twice") == "yes"
    assert state("nested", "Parts.Outer+Inner`1:Once") == "yes"


@pytest.mark.parametrize(
    ("symbol", "why"),
    [
        ("Parts.Missing:Run", "there is no type Parts.Missing that can be read"),
        ("Parts.Text:Sing", "Parts.Text has no method Sing of its own"),
        ("Parts.Text:", "Parts.Text may be loaded"),
    ],
)
def test_what_cannot_be_said_is_unknown(symbol: str, why: str) -> None:
    assert ask("direct", symbol).evidence[-1] == why


def test_a_type_that_nothing_loads_is_not_reached() -> None:
    assert state("idle", "Parts.Text:") == "no"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("app/appsettings.json", '{"Use": "Parts.Circle, Parts"}'),
        ("app/App.dll.config", '<add type="Parts.Circle, Parts" method="Around"/>'),
        ("app/Views/Index.cshtml", "@using Parts\n@(new Parts.Circle().Around())"),
    ],
)
def test_a_text_names_types_and_methods(path: str, text: str) -> None:
    assert state("idle", "Parts.Circle:", **{path: text}) == "unknown"
    assert state("idle", "Parts.Circle:Around", **{path: text}) == ("no" if path.endswith(".json") else "unknown")


def test_documentation_and_lists_of_packages_name_nothing() -> None:
    documentation = '<?xml version="1.0"?>\n<doc><member name="M:Parts.Circle.Around"/></doc>'
    assert state("idle", "Parts.Circle:Around", **{"app/Parts.xml": documentation}) == "no"


def test_a_program_without_ending_names_nothing() -> None:
    assert state("idle", "Parts.Circle:Around", **{"app/App": b"\x7fELF Parts.Circle Around"}) == "no"


def test_what_dotnet_itself_has_is_not_said_to_be_unreached() -> None:
    found = ask("idle", "Parts.Text:Shout", **{"usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Parts.dll": b""})
    assert found.evidence == ("Parts is a part of .NET as well, which calls it itself",)


def test_an_application_without_an_assembly_of_its_own_has_no_answer() -> None:
    files = {"app/Parts.dll": PARTS, "app/App.deps.json": json.dumps(DEPS)}
    found = DotnetProgram(Assemblies(SmallTree(files), files)).reaches(["Parts.Text:Shout"])
    assert found.evidence == ("no assembly of the application itself was found",)


IMAGE: Contents = {
    "!usr/bin/dotnet": "",
    **published("direct"),
    "app/App.runtimeconfig.json": '{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App"}}}',
}


def in_image(symbol: str, command: str, files: Contents, version: str = "1.2.0") -> ReachAnswer:
    tree = SmallTree(files)
    runtime = Runtime(cmd=command.split(), working_dir="/app")
    walked = Files(tree)
    reach = reach_of(explore(starts_of(runtime, walked), walked), "NuGet")
    image = DotnetImage(tree, reach, configured(runtime, Image(source="archive", reference="a", name="a")))
    return image.answer(VulnerablePackage("app/App.deps.json", (symbol,), "NuGet", "Parts", version))


def test_the_chain_begins_at_the_start_of_the_container() -> None:
    found = in_image("Parts.Text:Shout", "dotnet App.dll", IMAGE)
    assert found.state.value == "yes"
    assert found.evidence[0] == "entrypoint"
    assert found.evidence[-1] == "app/App.dll!Shop.App.Main calls Parts.Text.Shout"


def test_a_call_in_an_assembly_that_is_not_started_is_possible() -> None:
    found = in_image("Parts.Text:Shout", "dotnet Other.dll", IMAGE)
    assert found.state.value == "unknown"


def test_what_is_not_reached_in_an_image() -> None:
    assert in_image("Parts.Circle:Around", "dotnet App.dll", IMAGE).state.value == "no"


@pytest.mark.parametrize(
    ("command", "missing", "version", "why"),
    [
        ("dotnet App.dll", "app/Parts.dll", "1.2.0", "there is no type Parts.Circle that can be read"),
        ("dotnet App.dll", "", "1.3.0", "nothing was found that reaches it, and no program lists Parts 1.3.0"),
        ("dotnet $X", "", "1.2.0", "nothing was found that reaches it, and"),
    ],
)
def test_what_is_not_here_is_unknown(command: str, missing: str, version: str, why: str) -> None:
    files = {path: content for path, content in IMAGE.items() if path != missing}
    found = in_image("Parts.Circle:Around", command, files, version)
    assert found.state.value == "unknown"
    assert found.evidence[0].startswith(why)


def test_an_assembly_of_another_package_that_is_missing_leaves_a_doubt() -> None:
    deps = json.loads(json.dumps(DEPS))
    deps["targets"][".NETCoreApp,Version=v8.0"]["More/1.0.0"] = {"runtime": {"lib/net8.0/More.dll": {}}}
    found = in_image("Parts.Circle:Around", "dotnet App.dll", {**IMAGE, "app/App.deps.json": json.dumps(deps)})
    assert "app/More.dll, which More/1.0.0 brought, is not here" in found.evidence[0]


def test_too_many_assemblies_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dotnet_assemblies, "MAX_ASSEMBLIES", 4000)
    found = in_image("Parts.Circle:Around", "dotnet App.dll", IMAGE)
    assert found.evidence[0].startswith("the search was not complete: more than 4,000 bytes of assemblies")


def test_the_names_of_an_assembly() -> None:
    parts = Assembly(PARTS, "Parts.dll")
    assert parts.name == "Parts"
    assert "mscorlib" in parts.references
    square = parts.types["Parts.Square"]
    assert square.parents == ("System.Object", "Parts.IShape")
    edge = next(method for method in square.methods if method.name == "Edge")
    assert ("Parts.Sums", "Times") in parts.names_in(edge).members
    assert parts.types["Parts.IShape"].is_interface
    assert parts.types["Parts.Kept"].is_serializable
    assert parts.types["Parts.Marked"].attributes == ("Parts.MarkAttribute",)


def test_a_library_of_windows_is_no_assembly() -> None:
    with pytest.raises(NoAssemblyError):
        Assembly(b"MZ" + bytes(58) + b"\x40\0\0\0" + b"PE\0\0" + bytes(300), "a.dll")
    assert state("idle", "Parts.Circle:Around", **{"app/native.dll": b"MZ" + bytes(100)}) == "no"


def _read_all(content: bytes) -> None:
    assembly = Assembly(content, "a.dll")
    for known in assembly.types.values():
        for method in known.methods:
            assembly.names_in(method)
    assert assembly.attributes
    assert assembly.resources is not None


@pytest.mark.parametrize("end", range(0, len(PARTS), 97))
def test_an_assembly_that_ends_early_is_no_reason_to_fail(end: int) -> None:
    with contextlib.suppress(GateError, NoAssemblyError):
        _read_all(PARTS[:end])


@given(place=st.integers(0, len(PARTS) - 1), value=st.integers(0, 255))
def test_a_changed_assembly_is_no_reason_to_fail(place: int, value: int) -> None:
    changed = bytearray(PARTS)
    changed[place] = value
    with contextlib.suppress(GateError, NoAssemblyError):
        _read_all(bytes(changed))


def test_instructions_with_tokens_are_found_among_others() -> None:
    code = b"\x02\x1f\x28\x20\x28\x01\x00\x0a\x28\x05\x00\x00\x06\x45\x01\0\0\0\x28\x00\x00\x0a\x72\x07\0\0\x70\x2a"
    assert list(tokens(code, "a.dll")) == [(0x06, 5), (0x70, 7)]


def test_unknown_instructions_are_an_error() -> None:
    with pytest.raises(UnreadableError, match="instructions are not known"):
        list(tokens(b"\x02\xf0\x2a", "a.dll"))


@pytest.mark.parametrize(
    ("parent", "method", "expected"),
    [
        ("System.IDisposable", "Dispose", True),
        ("System.IDisposable", "Run", False),
        ("System.Collections.Generic.IList`1", "CopyTo", True),
        ("System.IO.Stream", "Run", True),
        ("System.Object", "Run", False),
    ],
)
def test_what_dotnet_calls(parent: str, method: str, expected: bool) -> None:
    assert outside_calls(parent, (method,)) is expected


def test_methods_that_overlap_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "_MOST_READ", 0)
    found = in_image("Parts.Circle:Around", "dotnet App.dll", IMAGE)
    assert found.evidence[0].endswith("has methods or values that overlap")


def test_too_many_methods_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dotnet_assemblies, "MAX_METHODS", 10)
    found = in_image("Parts.Circle:Around", "dotnet App.dll", IMAGE)
    assert found.evidence == ("the search was not complete: more than 10 methods",)


def test_a_type_below_too_many_others_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reached, "_MOST_ABOVE", 1)
    assert "types above it" in ask("shapes", "Parts.Circle:Around").evidence[0]
