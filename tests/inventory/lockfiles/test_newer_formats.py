"""Julia, opam, Gleam, Gradle's catalogues, Go's vendor list, Nix, Bazel, gemspecs, R, unpacked wheels and jars."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.discovery import find_lockfiles
from gate.inventory.lockfile import Locked
from gate.model import Tree
from gate.trees import open_tree

Files = dict[str, str | bytes]
Read = Callable[[Files], Locked]
ID = "0123456789" * 4
UUID = "6e696c72-6542-2067-7265-42206c75615"


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.name, p.version, p.line, p.scope.value, p.direct, p.via) for p in locked.packages]


def versions(locked: Locked) -> list[tuple[str, str]]:
    return [(p.name, p.version) for p in locked.packages]


JULIA = f"""julia_version = "1.10.0"
manifest_format = "2.0"

[[deps.HTTP]]
deps = ["Dates", "URIs"]
git-tree-sha1 = "9e2f"
uuid = "{UUID}0"
version = "1.10.1"

[[deps.URIs]]
git-tree-sha1 = "67db"
uuid = "{UUID}1"
version = "1.5.1"

[[deps.Dates]]
uuid = "{UUID}2"
version = "1.11.0"

[[deps.Mine]]
path = "lib/Mine"
git-tree-sha1 = "aaaa"
uuid = "{UUID}3"
version = "0.1.0"
"""


def test_julia(locked: Read) -> None:
    found = locked({"Manifest.toml": JULIA, "Project.toml": f'[deps]\nHTTP = "{UUID}0"\n'})
    assert rows(found) == [
        ("HTTP", "1.10.1", 4, "runtime", True, ()),
        ("URIs", "1.5.1", 10, "runtime", False, ("HTTP",)),
    ]
    assert found.packages[0].purl == "pkg:julia/HTTP@1.10.1"


def test_the_first_format_of_julia_has_no_table_for_all(locked: Read) -> None:
    text = JULIA.replace("deps.", "").replace('manifest_format = "2.0"\n', "").replace('julia_version = "1.10.0"\n', "")
    assert versions(locked({"JuliaManifest.toml": text})) == [("HTTP", "1.10.1"), ("URIs", "1.5.1")]


def test_a_project_of_julia_without_a_lock(locked: Read) -> None:
    found = locked({"Project.toml": f'name = "Shop"\n[deps]\nHTTP = "{UUID}0"\n[compat]\nHTTP = "1"\n'})
    assert found == Locked(imprecise=("Project.toml:3: HTTP",))


@pytest.mark.parametrize(
    ("name", "text"),
    [("Project.toml", '[deps]\nserde = "1"\n'), ("Manifest.toml", '[package]\nname = "x"\n'), ("Manifest.toml", "")],
)
def test_files_of_others_that_share_julias_names(locked: Read, name: str, text: str) -> None:
    assert locked({name: text}) == Locked()


def test_an_unknown_format_of_julia_is_an_error(locked: Read) -> None:
    with pytest.raises(UnreadableError, match="manifest_format '3' is not known"):
        locked({"Manifest.toml": 'manifest_format = "3.0"\n'})


GLEAM = f"""packages = [
  {{ name = "lustre", version = "4.6.3", build_tools = ["gleam"], requirements = ["gleam_json"], source = "hex" }},
  {{ name = "gleam_json", version = "2.0.0", build_tools = ["gleam"], requirements = [], source = "hex" }},
  {{ name = "gleeunit", version = "1.2.0", build_tools = ["gleam"], requirements = [], source = "hex" }},
  {{ name = "forked", version = "1.0.0", source = "git", repo = "https://e.example/o/f", commit = "{ID}" }},
  {{ name = "mine", version = "0.1.0", requirements = [], source = "local", path = "../mine" }},
]
[requirements]
lustre = {{ version = ">= 4.0.0" }}
"""
GLEAM_TOML = """name = "shop"
[dependencies]
lustre = ">= 4.0.0 and < 5.0.0"
pinned = "== 1.2.3"
[dev-dependencies]
gleeunit = "~> 1.0"
"""


def test_gleam(locked: Read) -> None:
    found = locked({"manifest.toml": GLEAM, "gleam.toml": GLEAM_TOML})
    assert rows(found) == [
        ("lustre", "4.6.3", 2, "runtime", True, ()),
        ("gleam_json", "2.0.0", 3, "runtime", False, ("lustre",)),
        ("gleeunit", "1.2.0", 4, "development", True, ()),
        ("e.example/o/f", ID, 5, "runtime", False, ()),
    ]
    assert {p.ecosystem for p in found.packages} == {"Hex", "GIT"}
    assert found.imprecise == ("manifest.toml:5: forked",)


def test_a_gleam_toml_without_a_lock(locked: Read) -> None:
    found = locked({"gleam.toml": GLEAM_TOML})
    assert rows(found) == [("pinned", "1.2.3", 4, "runtime", True, ())]
    assert found.imprecise == ("gleam.toml:3: lustre", "gleam.toml:6: gleeunit")


def test_a_manifest_without_a_gleam_toml_is_of_another_program(locked: Read) -> None:
    assert locked({"manifest.toml": "what = is this"}) == Locked()


CATALOGUE = """[versions]
kotlin = "1.9.0"
okhttp = { strictly = "4.10.0" }
range = "[1.0, 2.0)"
[libraries]
okhttp = { module = "com.squareup.okhttp3:okhttp", version.ref = "okhttp" }
gson = "com.google.code.gson:gson:2.8.5"
junit = { group = "junit", name = "junit", version = "4.12" }
bom-managed = { module = "org.x:managed" }
moving = "a:b:1.+"
snapshot = "a:c:1.0-SNAPSHOT"
ranged = { module = "a:d", version.ref = "range" }
lost = { module = "a:e", version.ref = "nowhere" }
[bundles]
web = ["okhttp"]
[plugins]
kotlin = { id = "org.jetbrains.kotlin.jvm", version.ref = "kotlin" }
short = "org.shadow:8.1.1"
"""


def test_a_catalogue_of_gradle(locked: Read) -> None:
    found = locked({"gradle/libs.versions.toml": CATALOGUE})
    assert [(p.name, p.version, p.scope.value) for p in found.packages] == [
        ("com.squareup.okhttp3:okhttp", "4.10.0", "runtime"),
        ("com.google.code.gson:gson", "2.8.5", "runtime"),
        ("junit:junit", "4.12", "runtime"),
        ("org.jetbrains.kotlin.jvm:org.jetbrains.kotlin.jvm.gradle.plugin", "1.9.0", "development"),
        ("org.shadow:org.shadow.gradle.plugin", "8.1.1", "development"),
    ]
    assert found.packages[1].line == 7
    assert [note.rpartition(" ")[2] for note in found.imprecise] == ["org.x:managed", "a:b", "a:c", "a:d", "a:e"]
    assert found.imprecise[0] == "gradle/libs.versions.toml:9: org.x:managed"


def test_what_go_copied_in(locked: Read) -> None:
    text = (
        "# github.com/a/b v1.2.3\n## explicit; go 1.18\ngithub.com/a/b\n"
        "# github.com/o/d v1.0.0 => github.com/n/d v1.1.0\n"
        "github.com/o/d\n# github.com/l/m v1.0.0 => ../m\ngithub.com/l/m\n# github.com/unused => ../unused\n"
    )
    found = locked({"x/vendor/modules.txt": text})
    assert [(p.name, p.version, p.line) for p in found.packages] == [
        ("github.com/a/b", "v1.2.3", 1),
        ("github.com/n/d", "v1.1.0", 4),
    ]
    assert found.imprecise == ("x/vendor/modules.txt:6: github.com/l/m",)


def test_a_go_mod_makes_the_list_of_its_own_vendor_needless(make_tree: Callable[[Files], Tree]) -> None:
    files: Files = {"go.mod": "module m", "vendor/modules.txt": "", "sub/vendor/modules.txt": ""}
    assert find_lockfiles(open_tree(make_tree(files))).paths == ("go.mod", "sub/vendor/modules.txt")


FLAKE = {
    "version": 7,
    "root": "root",
    "nodes": {
        "root": {"inputs": {"nixpkgs": "nixpkgs", "archive": "archive", "follows": ["nixpkgs"]}},
        "nixpkgs": {"locked": {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": ID}},
        "utils": {"locked": {"type": "git", "url": "https://e.example/o/u?ref=main", "rev": ID}},
        "archive": {"locked": {"type": "tarball", "url": "https://e.example/x.tar.gz"}},
        "mine": {"locked": {"type": "path", "path": "./mine"}},
    },
}


def test_inputs_of_a_flake(locked: Read) -> None:
    found = locked({"flake.lock": json.dumps(FLAKE, indent=1)})
    assert [(p.ecosystem, p.name, p.version, p.direct) for p in found.packages] == [
        ("GIT", "github.com/nixos/nixpkgs", ID, True),
        ("GIT", "e.example/o/u", ID, False),
    ]
    assert [note.rpartition(" ")[2] for note in found.imprecise] == ["archive"]


OPAM = """opam-version: "2.0"
depends: [
  "dune" {>= "3.0"} # the builder
  "cohttp" {= "5.0.0"}
  "alcotest" {with-test & = "1.7.0"}
  "lwt"
]
depopts: "ssl"
"""


@pytest.mark.parametrize("name", ["shop.opam", "shop.opam.locked"])
def test_opam(locked: Read, name: str) -> None:
    found = locked({name: OPAM})
    assert [(p.name, p.version, p.line, p.scope.value) for p in found.packages] == [
        ("cohttp", "5.0.0", 4, "runtime"),
        ("alcotest", "1.7.0", 5, "development"),
    ]
    assert found.imprecise == (f"{name}:3: dune", f"{name}:6: lwt", f"{name}:8: ssl")
    assert found.packages[0].purl == "pkg:opam/cohttp@5.0.0"


def test_a_locked_description_of_opam_is_not_read_twice(locked: Read) -> None:
    assert locked({"shop.opam": OPAM, "shop.opam.locked": OPAM}) == Locked()


MODULES = {
    "lockFileVersion": 11,
    "registryFileHashes": {
        "https://bcr.example/modules/abseil-cpp/1.0/MODULE.bazel": "00",
        "https://bcr.example/modules/abseil-cpp/2.0/MODULE.bazel": "00",
        "https://bcr.example/modules/abseil-cpp/2.0/source.json": "00",
    },
}
OLD_MODULES = {
    "lockFileVersion": 3,
    "moduleDepGraph": {"<root>": {"name": "", "version": ""}, "zlib@1.3": {"name": "zlib", "version": "1.3"}},
}


@pytest.mark.parametrize(("lock", "package"), [(MODULES, ("abseil-cpp", "2.0")), (OLD_MODULES, ("zlib", "1.3"))])
def test_modules_of_bazel(locked: Read, lock: dict[str, Any], package: tuple[str, str]) -> None:
    found = locked({"MODULE.bazel.lock": json.dumps(lock)})
    assert [(p.ecosystem, p.name, p.version) for p in found.packages] == [("Bazel", *package)]


@pytest.mark.parametrize("version", [2, "2", "3"])
def test_artifacts_that_bazel_pins(locked: Read, version: int | str) -> None:
    pinned = {
        "version": version,
        "artifacts": {
            "com.google.guava:guava": {"version": "31.0-jre", "shasums": {"jar": "00"}},
            "com.google.guava:guava:jar:sources": {"version": "31.0-jre"},
            "a:b": {"version": "1.0"},
        },
        "dependencies": {"a:b": ["com.google.guava:guava"]},
    }
    found = locked({"third_party/maven_install.json": json.dumps(pinned, indent=1)})
    assert [(p.name, p.version, p.line) for p in found.packages] == [
        ("com.google.guava:guava", "31.0-jre", 4),
        ("a:b", "1.0", 13),
    ]


def test_the_first_form_of_what_bazel_pins(locked: Read) -> None:
    nodes = [
        {"coord": "a:b:1.0", "directDependencies": ["c:d:jar:x:2.0"]},
        {"coord": "c:d:jar:x:2.0", "directDependencies": []},
        {"coord": "c:d:jar:sources:2.0"},
    ]
    found = locked({"maven_install.json": json.dumps({"dependency_tree": {"dependencies": nodes, "version": "0.1.0"}})})
    assert versions(found) == [("a:b", "1.0"), ("c:d", "2.0")]


def test_a_gemspec(locked: Read) -> None:
    text = """Gem::Specification.new do |s|
  s.add_dependency 'rack', '= 2.0.1'
  s.add_runtime_dependency("rake", '>= 12')
  s.add_development_dependency 'rspec', '3.12.0' # tests
  s.add_dependency 'both', '1.0', '< 2'
  # s.add_dependency 'no'
end
"""
    found = locked({"shop.gemspec": text})
    assert rows(found) == [
        ("rack", "2.0.1", 2, "runtime", True, ()),
        ("rspec", "3.12.0", 4, "development", True, ()),
    ]
    assert found.imprecise == ("shop.gemspec:3: rake", "shop.gemspec:5: both")


def test_a_description_of_r(locked: Read) -> None:
    text = (
        "Package: shop\nDepends: R (>= 4.0), methods\nImports:\n    cli (>= 3.0),\n    rlang (== 1.1.0)\n"
        "Suggests: knitr\nURL: a, b\n"
    )
    found = locked({"DESCRIPTION": text})
    assert rows(found) == [("rlang", "1.1.0", 5, "runtime", True, ())]
    assert found.imprecise == ("DESCRIPTION:4: cli", "DESCRIPTION:6: knitr")
    assert locked({"DESCRIPTION": "Imports: a\n"}) == Locked(), "no package of R"


def test_an_unpacked_wheel(locked: Read) -> None:
    text = "Metadata-Version: 2.1\nName: Flask_Login\nVersion: 0.6.3\nLicense: MIT\n\nLong text\nName: other\n"
    found = locked({"lambda/flask_login-0.6.3.dist-info/METADATA": text})
    assert [(p.ecosystem, p.name, p.version, p.license) for p in found.packages] == [
        ("PyPI", "flask-login", "0.6.3", "MIT")
    ]


def jar(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return held.getvalue()


def test_a_jar_that_is_kept(locked: Read) -> None:
    properties = "groupId=org.apache.logging.log4j\nartifactId=log4j-core\nversion=2.14.0\n"
    content = jar(**{"META-INF__maven__org.apache.logging.log4j__log4j-core__pom.properties": properties})
    found = locked({"lib/log4j-core-2.14.0.jar": content})
    assert versions(found) == [("org.apache.logging.log4j:log4j-core", "2.14.0")]


@pytest.mark.parametrize("content", [jar(a="x"), b"PK\x03\x04 cut", b"no archive"])
def test_a_jar_that_says_nothing_is_imprecise(locked: Read, content: bytes) -> None:
    found = locked({"gradle/wrapper/gradle-wrapper.jar": content})
    assert (found.packages, len(found.imprecise)) == ((), 1)


@pytest.mark.parametrize(
    ("name", "text", "asks"),
    [
        (
            "Package.swift",
            'let package = Package(dependencies: [.package(url: "https://e.example/a", from: "1.0.0")])',
            True,
        ),
        ("Package.swift", "let package = Package(name: 1)", False),
        ("mix.exs", 'defp deps, do: [{:plug, "~> 1.0"}]', True),
        ("MODULE.bazel", 'module(name = "x")\n', False),
        ("MODULE.bazel", 'bazel_dep(name = "x", version = "1")\n', True),
        ("cpanfile", "requires 'Plack';", True),
    ],
)
def test_programs_that_state_no_version_are_said(locked: Read, name: str, text: str, asks: bool) -> None:
    assert bool(locked({name: text}).imprecise) == asks


def test_what_is_passed_over_is_counted(make_tree: Callable[[Files], Tree]) -> None:
    files: Files = dict.fromkeys(
        ("lib/a.dll", "b/c.dll", "vcpkg.json", "wp-content/plugins/x/readme.txt", "readme.txt", "node_modules/d.dll"),
        "",
    )
    assert dict(find_lockfiles(open_tree(make_tree(files))).passed_over) == {
        "assemblies of .NET": 2,
        "plug-ins of WordPress": 1,
        "lists of vcpkg's ports": 1,
    }
