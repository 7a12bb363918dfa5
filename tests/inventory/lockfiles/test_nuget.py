"""The lists of .NET projects: packages.lock.json, packages.config, deps.json, project files."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.discovery import find_lockfiles
from gate.inventory.lockfile import Locked
from gate.model import Tree
from gate.trees import open_tree

Read = Callable[[dict[str, str | bytes]], Locked]

LOCK = """{
  "version": 1,
  "dependencies": {
    "net8.0": {
      "Serilog": {
        "type": "Direct", "requested": "[3.0.0, )", "resolved": "3.0.1",
        "dependencies": {"system.text.json": "8.0.0"}
      },
      "System.Text.Json": {"type": "Transitive", "resolved": "8.0.0"},
      "shop.core": {"type": "Project", "dependencies": {"Polly": "7.0.0"}},
      "Polly": {"type": "CentralTransitive", "resolved": "7.0.0"}
    },
    "net8.0/linux-x64": {
      "Serilog": {"type": "Direct", "resolved": "3.0.1"}
    }
  }
}"""

DEPS = """{
  "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0"},
  "targets": {
    ".NETCoreApp,Version=v8.0": {
      "Shop/1.0.0": {"dependencies": {"Serilog": "3.0.1"}},
      "Serilog/3.0.1": {"dependencies": {"Deep": "1.0.0"}, "runtime": {"lib/Serilog.dll": {}}},
      "Deep/1.0.0": {}
    }
  },
  "libraries": {
    "Shop/1.0.0": {"type": "project", "serviceable": false, "sha512": ""},
    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "runtimepack"},
    "Serilog/3.0.1": {"type": "package", "serviceable": true, "sha512": "00"},
    "Deep/1.0.0": {"type": "package"},
    "Old/2.0.0.0": {"type": "reference"}
  }
}"""

PROJECT = """<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><SerilogVersion>3.0.1</SerilogVersion></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Serilog" Version="$(SerilogVersion)" />
    <PackageReference Include="Polly"><Version>[7.0.0]</Version></PackageReference>
    <PackageReference Include="Analyzer" Version="1.0"><PrivateAssets>all</PrivateAssets></PackageReference>
    <PackageReference Include="Central.One" />
    <PackageReference Include="Floating" Version="1.*" />
    <PackageReference Include="Range" Version="[1.0,2.0)" />
    <PackageReference Include="Nowhere" />
    <PackageReference Update="Serilog" Condition="'$(X)' == ''" />
  </ItemGroup>
</Project>"""

CENTRAL = """<Project>
  <PropertyGroup><One>5.0.0</One></PropertyGroup>
  <ItemGroup>
    <PackageVersion Include="central.one" Version="$(One)" />
    <PackageVersion Include="Unused" Version="9" />
    <GlobalPackageReference Include="Everywhere" Version="2.0" />
  </ItemGroup>
</Project>"""


def test_every_framework_of_a_lock(locked: Read) -> None:
    found = locked({"packages.lock.json": LOCK})
    assert [(p.name, p.version, p.line, p.direct, p.via) for p in found.packages] == [
        ("Serilog", "3.0.1", 5, True, ()),
        ("System.Text.Json", "8.0.0", 9, False, ("Serilog",)),
        ("Polly", "7.0.0", 11, True, ()),
        ("Serilog", "3.0.1", 14, True, ()),
    ]
    assert found.packages[0].purl == "pkg:nuget/Serilog@3.0.1"


def test_the_flat_list(locked: Read) -> None:
    text = (
        '<?xml version="1.0"?>\n<packages>\n'
        '  <package id="jQuery" version="1.9" targetFramework="net48" />\n'
        '  <package id="Tool" version="1" developmentDependency="true" />\n</packages>'
    )
    assert [(p.name, p.version, p.line, p.scope.value) for p in locked({"packages.config": text}).packages] == [
        ("jQuery", "1.9", 3, "runtime"),
        ("Tool", "1", 4, "development"),
    ]


def test_what_a_program_loads(locked: Read) -> None:
    found = locked({"bin/Shop.deps.json": DEPS})
    assert [(p.name, p.version, p.line, p.direct, p.via) for p in found.packages] == [
        ("Microsoft.NETCore.App.Runtime.linux-x64", "8.0.1", 12, False, ()),
        ("Serilog", "3.0.1", 13, True, ()),
        ("Deep", "1.0.0", 14, False, ("Serilog",)),
    ]


def test_a_project_and_its_central_versions(locked: Read) -> None:
    found = locked({"src/Shop/Shop.csproj": PROJECT, "Directory.Packages.props": CENTRAL})
    assert [(p.name, p.version, p.path, p.line, p.scope.value) for p in found.packages] == [
        ("Serilog", "3.0.1", "src/Shop/Shop.csproj", 4, "runtime"),
        ("Polly", "7.0.0", "src/Shop/Shop.csproj", 5, "runtime"),
        ("Analyzer", "1.0", "src/Shop/Shop.csproj", 6, "development"),
        ("Central.One", "5.0.0", "Directory.Packages.props", 4, "runtime"),
    ]
    assert found.imprecise == tuple(
        f"src/Shop/Shop.csproj:{line}: {name}" for line, name in [(8, "Floating"), (9, "Range"), (10, "Nowhere")]
    )


def test_what_the_central_file_gives_to_all_projects(locked: Read) -> None:
    found = locked({"Directory.Packages.props": CENTRAL})
    assert [(p.name, p.version, p.line, p.scope.value, p.direct) for p in found.packages] == [
        ("Everywhere", "2.0", 6, "development", True),
        ("central.one", "5.0.0", 4, "runtime", None),
        ("Unused", "9", 5, "runtime", None),
    ]


def test_central_versions_that_are_none_are_said(locked: Read) -> None:
    text = (
        "<Project><ItemGroup>\n"
        '<PackageVersion Include="Floating" Version="1.*" />\n'
        '<PackageVersion Include="Unset" Version="$(Elsewhere)" />\n'
        '<PackageVersion Include="Twice" Version="1.0" Condition="a" />\n'
        '<PackageVersion Include="Twice" Version="2.0" Condition="b" />\n'
        "</ItemGroup></Project>"
    )
    found = locked({"Directory.Packages.props": text})
    assert [(p.name, p.version, p.line) for p in found.packages] == [("Twice", "1.0", 4), ("Twice", "2.0", 5)]
    assert found.imprecise == ("Directory.Packages.props:2: Floating", "Directory.Packages.props:3: Unset")


@pytest.mark.parametrize(
    "project",
    [
        "$(MSBuildThisFileDirectory)../../eng/Versions.props",
        "..\\..\\eng\\Versions.props",
        "$([MSBuild]::GetPathOfFileAbove(Above.props, $(MSBuildThisFileDirectory)..))",
        "$([MSBuild]::GetPathOfFileAbove('Above.props', '$(MSBuildThisFileDirectory)../'))",
    ],
)
def test_a_central_file_that_imports_another(locked: Read, project: str) -> None:
    versions = (
        "<Project><PropertyGroup><Web>8.0.1</Web></PropertyGroup>"
        '<ItemGroup><PackageVersion Include="Deep" Version="3" /></ItemGroup></Project>'
    )
    central = (
        f'<Project>\n<Import Project="{project}" />\n<Import Project="$(Unknown)/x.props" />\n'
        '<ItemGroup><PackageVersion Include="Web" Version="$(Web)" /></ItemGroup></Project>'
    )
    items = '<PackageReference Include="Web" />\n<PackageReference Include="Deep" />'
    reference = f"<Project><ItemGroup>\n{items}</ItemGroup></Project>"
    files = {"src/app/Directory.Packages.props": central, "eng/Versions.props": versions, "src/Above.props": versions}
    found = locked({"src/app/a/A.csproj": reference, **files})
    deep = "src/Above.props" if "Above" in project else "eng/Versions.props"
    assert [(p.name, p.version, p.path, p.line) for p in found.packages] == [
        ("Web", "8.0.1", "src/app/Directory.Packages.props", 4),
        ("Deep", "3", deep, 1),
    ]
    assert found.imprecise == ()


def test_central_files_that_import_one_another_end(locked: Read) -> None:
    text = '<Project><Import Project="b.props" /></Project>'
    assert locked({"Directory.Packages.props": text, "b.props": text.replace("b.", "Directory.Packages.")}) == Locked()


def test_lockfiles_of_projects_say_what_they_get_of_the_central_file(locked: Read) -> None:
    found = locked({"Directory.Packages.props": CENTRAL, "src/a/packages.lock.json": LOCK})
    assert [p.name for p in found.packages] == ["Everywhere"]


def test_a_locked_project_is_not_read(make_tree: Callable[[dict[str, str]], Tree]) -> None:
    files = {"a/A.csproj": PROJECT, "a/packages.lock.json": LOCK, "a/b/B.csproj": PROJECT}
    assert find_lockfiles(open_tree(make_tree(files))).paths == ("a/b/B.csproj", "a/packages.lock.json")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("packages.lock.json", '{"version": 3, "dependencies": {}}', "its version 3 is not known"),
        ("packages.lock.json", '{"version": 1}', "missing required field `dependencies`"),
        ("packages.config", "<packages>\n<package id='a'/></packages>", r"has no id or no version \(line 2\)"),
        ("packages.config", "<configuration/>", "its root element is 'configuration'"),
        ("a.deps.json", "{}", "missing required field `libraries`"),
        ("a.deps.json", '{"libraries": {"a": {"type": "package"}, "a": {"type": "package"}}}', "stands twice"),
        ("a.csproj", "<Project", "it is not XML"),
        ("a.csproj", "<Solution/>", "its root element is 'Solution'"),
    ],
)
def test_a_broken_file_says_why(locked: Read, name: str, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({name: text})
