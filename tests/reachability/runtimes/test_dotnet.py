""".NET: what a program's deps.json and runtimeconfig.json say that it loads."""

import json

import pytest

from gate.reachability.runtimes.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import explore

START = Because("", "starts")
DEPS = json.dumps(
    {"targets": {"net8": {"Json/13.0.1": {"runtime": {"lib/net6.0/Json.dll": {}}, "native": {"runtimes/x/n.so": {}}}}}}
)
IMAGE = {
    "!usr/share/dotnet/dotnet": "",
    "usr/share/dotnet/host/fxr/8.0.1/libhostfxr.so": "",
    "usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Microsoft.NETCore.App.deps.json": "",
    "usr/share/dotnet/shared/Microsoft.AspNetCore.App/8.0.1/Microsoft.AspNetCore.App.deps.json": "",
    "usr/share/dotnet/shared/Microsoft.Windows.App/8.0.1/Microsoft.Windows.App.deps.json": "",
    "!app/shop": "",
    "app/shop.dll": "",
    "app/shop.deps.json": DEPS,
    "app/shop.runtimeconfig.json": '{"runtimeOptions": {"framework": {"name": "Microsoft.AspNetCore.App"}}}',
    "app/Json.dll": "",
    "app/runtimes/x/n.so": "",
    "app/Other.dll": "",
    "app/plugins/p.deps.json": "{}",
    "elsewhere/q.deps.json": "{}",
}


def explored(files, *arguments, program="usr/share/dotnet/dotnet"):
    return explore([StartedProgram(program=program, arguments=arguments, folder="/app", because=START)], files)


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        ("usr/share/dotnet/dotnet", ("shop.dll",)),
        ("usr/share/dotnet/dotnet", ("exec", "--fx-version", "8.0.1", "/app/shop.dll", "--urls", "x")),
        ("app/shop", ()),
    ],
)
def test_what_the_program_lists_is_loaded(make_files, program, arguments):
    found = explored(make_files(IMAGE), *arguments, program=program)
    assert set(found.certain) - {program} == {
        "app/shop.dll",
        "app/shop.deps.json",
        "app/shop.runtimeconfig.json",
        "app/Json.dll",
        "usr/share/dotnet/host/fxr/8.0.1/libhostfxr.so",
        "usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Microsoft.NETCore.App.deps.json",
        "usr/share/dotnet/shared/Microsoft.AspNetCore.App/8.0.1/Microsoft.AspNetCore.App.deps.json",
    }
    assert set(found.possible) == {"app/runtimes/x/n.so", "app/plugins/p.deps.json"}
    assert found.gaps == ()


@pytest.mark.parametrize("arguments", [(), ("\0",), ("gone.dll",), ("--info",)])
def test_an_unknown_program_is_a_gap(make_files, arguments):
    assert [gap.kind for gap in explored(make_files(IMAGE), *arguments).gaps] == ["NuGet"]


@pytest.mark.parametrize("content", ["{", "[]", '{"targets": 1}', "\x00"])
def test_a_broken_list_is_a_gap(make_files, content):
    (gap,) = explored(make_files(IMAGE | {"app/shop.deps.json": content}), "shop.dll").gaps
    assert (gap.kind, gap.path) == ("NuGet", "/app/shop.deps.json")
