""".NET: what a program's deps.json and runtimeconfig.json say that it loads."""

import json

import pytest

from gate.inventory.installed.inventory import read_installed
from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.analyse import analyse
from gate.reachability.runtimes.packages.state import key_of
from gate.reachability.runtimes.walk.graph import Because, StartedProgram
from tests.reachability.runtimes.conftest import SmallTree, explore

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


def in_use(targets, **more):
    """Return which packages of NuGet are in use in an image with a program of .NET that lists them."""
    names = {name for target in targets.values() for name in target}
    libraries = {name: {"type": "project" if name.startswith("shop/") else "package"} for name in names}
    files = {
        **IMAGE,
        "app/shop.deps.json": json.dumps({"libraries": libraries, "targets": targets}),
        "etc/os-release": 'ID=debian\nVERSION_ID="13"\n',
        **more,
    }
    tree = SmallTree(files)
    packages = read_installed(tree).packages
    runtime = Runtime(cmd=["/usr/share/dotnet/dotnet", "/app/shop.dll"], working_dir="/app")
    answer = analyse(tree, runtime, packages)
    return {one.name: answer.states[key_of(one)] for one in packages}


def test_a_package_of_which_a_list_states_no_file_is_not_in_use():
    found = in_use({"net8": {"Json/13.0.1": {"runtime": {"lib/Json.dll": {}}}, "System.Net.Http/4.3.0": {}}})
    assert found["Json"].in_use is InUse.YES
    assert found["System.Net.Http"].in_use is InUse.NO
    assert found["System.Net.Http"].evidence[0].startswith("app/shop.deps.json states no file of it")


@pytest.mark.parametrize(
    ("listed", "name", "state"),
    [
        ({"All/1.0.0": {"dependencies": {"Json": "13.0.1"}}}, "All", InUse.YES),  # it stands for what it needs
        ({"All/1.0.0": {"dependencies": {"More": "1.0.0"}}, "More/1.0.0": {}}, "All", InUse.NO),
        ({"A/1.0.0": {"dependencies": {"B": "1.0.0"}}, "B/1.0.0": {"dependencies": {"A": "1.0.0"}}}, "A", InUse.NO),
        ({"Microsoft.NETCore.App/2.1.0": {}}, "Microsoft.NETCore.App", InUse.YES),
        ({"Gone/1.0.0": {"runtime": {"lib/Gone.dll": {}}}}, "Gone", InUse.YES),  # a file that lies elsewhere
        ({"Native/1.0.0": {"runtimeTargets": {"runtimes/x/n.so": {}}}}, "Native", InUse.UNKNOWN),
    ],
)
def test_which_files_stand_for_a_package(listed, name, state):
    assert in_use({"net8": {"Json/13.0.1": {"runtime": {"lib/Json.dll": {}}}, **listed}})[name].in_use is state
