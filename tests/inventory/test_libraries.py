"""From which folders a library is published, as their manifests say, and what belongs to them."""

from collections.abc import Callable

import pytest

from gate.inventory.libraries import belongs_to_library, published_folders
from gate.model import Tree
from gate.trees import open_tree

MakeTree = Callable[[dict[str, str | bytes]], Tree]

LIBRARIES = [
    ("package.json", '{"name": "x", "main": "x.js"}'),
    ("package.json", '{"name": "x", "private": false, "exports": {".": "./x.js"}}'),
    ("package.json", '{"name": "x", "bin": "x.js"}'),
    ("composer.json", '{"name": "a/x"}'),
    ("composer.json", '{"name": "a/x", "type": "symfony-bundle"}'),
    ("pyproject.toml", '[build-system]\nrequires = []\n[project]\nname = "x"'),
    ("pyproject.toml", '[build-system]\nrequires = []\n[tool.poetry]\nname = "x"'),
    ("setup.py", "from setuptools import setup\nsetup()"),
    ("setup.cfg", "[metadata]\nname = x"),
    ("Cargo.toml", '[package]\nname = "x"\n[lib]\n'),
    ("pubspec.yaml", "name: x\nversion: 1.0.0"),
    ("x.gemspec", "Gem::Specification.new do |s|\nend"),
    ("x.opam", "depends: []"),
    ("x.cabal", "name: x\n\nlibrary\n  exposed-modules: X"),
    ("DESCRIPTION", "Package: x"),
    ("Project.toml", 'name = "X"\nuuid = "1"'),
    ("Package.swift", 'let package = Package(products: [.library(name: "X", targets: ["X"])])'),
    ("mix.exs", "def project, do: [app: :x, package: package()]"),
    ("build.gradle.kts", "plugins { `maven-publish` }"),
    ("build.sbt", "ThisBuild / publishTo := None"),
    ("conanfile.py", "class X(ConanFile):\n    def package_info(self): ..."),
]
APPLICATIONS = [
    ("package.json", '{"name": "x", "private": true, "main": "x.js"}'),
    ("package.json", '{"name": "x", "scripts": {"start": "node ."}}'),
    ("package.json", '{"main": "x.js"}'),
    ("package.json", "{"),
    ("composer.json", '{"name": "a/x", "type": "project"}'),
    ("composer.json", '{"require": {}}'),
    ("pyproject.toml", '[project]\nname = "x"'),
    ("pyproject.toml", '[build-system]\n[project]\nname = "x"\nclassifiers = ["Private :: Do Not Upload"]'),
    ("pyproject.toml", '[build-system]\n[tool.poetry]\nname = "x"\npackage-mode = false'),
    ("pyproject.toml", "[build-system]\n[project]\nname = 3"),
    ("setup.cfg", "[flake8]"),
    ("Cargo.toml", '[package]\nname = "x"'),
    ("Cargo.toml", '[package]\nname = "x"\npublish = false\n[lib]'),
    ("Cargo.toml", "[workspace]\nmembers = []"),
    ("pubspec.yaml", "name: x\nversion: 1.0.0\npublish_to: 'none'"),
    ("x.cabal", "name: x\nexecutable x"),
    ("Project.toml", "[deps]"),
    ("Package.swift", "let package = Package(targets: [.executableTarget()])"),
    ("mix.exs", "def project, do: [app: :x]"),
    ("build.gradle", "plugins { id 'application' }"),
    ("conanfile.py", "class X(ConanFile):\n    requires = 'a/1'"),
]


@pytest.mark.parametrize(("name", "text"), LIBRARIES)
def test_what_is_published_for_others(make_tree: MakeTree, name: str, text: str) -> None:
    assert published_folders(open_tree(make_tree({f"a/{name}": text})), [f"a/{name}"]) == {"a": True}


@pytest.mark.parametrize(("name", "text"), APPLICATIONS)
def test_what_is_not(make_tree: MakeTree, name: str, text: str) -> None:
    assert published_folders(open_tree(make_tree({name: text})), [name]) == {"": False}


def test_a_crate_is_a_library_by_its_source(make_tree: MakeTree) -> None:
    tree = open_tree(make_tree({"Cargo.toml": '[package]\nname = "x"', "src/lib.rs": ""}))
    assert published_folders(tree, ["Cargo.toml"]) == {"": True}


def test_a_list_of_requirements_says_nothing_and_one_manifest_is_enough(make_tree: MakeTree) -> None:
    files: dict[str, str | bytes] = {"requirements.txt": "a", "x.gemspec": "Gem::Specification", "package.json": "{}"}
    assert published_folders(open_tree(make_tree(files)), ["requirements.txt"]) == {}
    assert published_folders(open_tree(make_tree(files)), sorted(files)) == {"": True}


@pytest.mark.parametrize(
    ("path", "belongs"),
    [
        ("requirements-dev.txt", True),
        ("docs/requirements.txt", True),
        ("app/package.json", False),
        ("app/web/requirements.txt", False),
        ("app/lib/Gemfile", True),
        ("application/requirements.txt", True),
    ],
)
def test_the_nearest_folder_decides(path: str, belongs: bool) -> None:
    assert belongs_to_library(path, {"": True, "app": False, "app/lib": True}) is belongs


def test_where_no_manifest_says_so_it_is_an_application() -> None:
    assert not belongs_to_library("requirements.txt", {})
    assert not belongs_to_library("a/requirements.txt", {"b": True})
