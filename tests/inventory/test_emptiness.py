"""A lockfile that locks nothing is no pass where the project asks for something: it was cut, or never written."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Files = dict[str, str | bytes]
Read = Callable[[Files], Locked]

NPM = '{"dependencies": {"lodash": "^4"}}'
PEP621 = '[project]\nname = "x"\ndependencies = ["requests>=2"]\n'
POETRY_LOCK = 'package = []\n\n[metadata]\nlock-version = "2.0"\ncontent-hash = "x"\n'
OWN_CRATE = '[[package]]\nname = "x"\nversion = "0.1.0"\n'
NO_GEM = "GEM\n  remote: https://packages.example/\n  specs:\n\nDEPENDENCIES\n"


@pytest.mark.parametrize(
    ("lock", "content", "manifest", "asking", "name"),
    [
        ("package-lock.json", '{"lockfileVersion": 3, "packages": {}}', "package.json", NPM, "lodash"),
        (
            "package-lock.json",
            f'{{"lockfileVersion": 3, "packages": {{"": {NPM}}}}}',
            "package.json",
            NPM,
            "lodash",
        ),
        ("yarn.lock", "", "package.json", NPM, "lodash"),
        ("yarn.lock", "# yarn lockfile v1\n", "package.json", NPM, "lodash"),
        ("yarn.lock", "__metadata:\n  version: 8\n", "package.json", NPM, "lodash"),
        ("pnpm-lock.yaml", "lockfileVersion: '9.0'\n", "package.json", NPM, "lodash"),
        ("bun.lock", '{"lockfileVersion": 1, "workspaces": {"": {}}, "packages": {}}', "package.json", NPM, "lodash"),
        ("poetry.lock", POETRY_LOCK, "pyproject.toml", PEP621, "requests"),
        ("uv.lock", "version = 1\n", "pyproject.toml", PEP621, "requests"),
        ("Pipfile.lock", '{"_meta": {"pipfile-spec": 6}}', "Pipfile", '[packages]\nrequests = "*"\n', "requests"),
        ("Cargo.lock", f"version = 4\n\n{OWN_CRATE}", "Cargo.toml", '[dependencies]\nserde = "1"\n', "serde"),
        ("Gemfile.lock", NO_GEM, "Gemfile", 'gem "rails"\n', "rails"),
        ("composer.lock", '{"packages": []}', "composer.json", '{"require": {"a/b": "^1", "php": ">=8"}}', "a/b"),
        ("pubspec.lock", "packages: {}\n", "pubspec.yaml", "name: x\ndependencies:\n  http: ^1.0.0\n", "http"),
        ("mix.lock", "%{\n}\n", "mix.exs", 'defp deps do\n  [{:jason, "~> 1.0"}]\nend\n', "jason"),
        ("mix.lock", "%{}", "mix.exs", 'defp deps, do: [{:fork, github: "a/b"}]\n', "fork"),
        ("rebar.lock", "[].\n", "rebar.config", "{erl_opts, [debug_info]}.\n{deps, [jsx]}.\n", "jsx"),
        ("rebar.lock", "[].\n", "rebar.config", '{deps, [{jsx, "3.1.0"}]}.\n', "jsx"),
        ("rebar.lock", "[].\n", "rebar.config", '{deps, [{a, {git, "https://a.example", {tag, "1"}}}]}.\n', "a"),
        ("Podfile.lock", "COCOAPODS: 1.11\n", "Podfile", "target 'x' do\n  pod 'AFNetworking', '~> 4'\nend\n", "AFN"),
        (
            "Package.resolved",
            '{"pins": [], "version": 2}',
            "Package.swift",
            '    .package(url: "https://packages.example/a", from: "1.0.0"),\n',
            "https://packages.example/a",
        ),
    ],
)
def test_nothing_is_locked_and_something_is_asked_for(
    locked: Read, lock: str, content: str, manifest: str, asking: str, name: str
) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: it locks nothing, and {manifest} asks for {name}"):
        locked({lock: content, manifest: asking})


@pytest.mark.parametrize(
    "files",
    [
        {"yarn.lock": ""},
        {"yarn.lock": "", "package.json": '{"name": "a", "peerDependencies": {"react": ">=16"}}'},
        {
            "yarn.lock": "# yarn lockfile v1\n",
            "package.json": '{"workspaces": ["p/*"]}',
            "p/a/package.json": '{"name": "a", "dependencies": {"b": "1.0.0"}}',
            "p/b/package.json": '{"name": "b"}',
        },
        {
            "yarn.lock": "",
            "package.json": NPM,
            "package-lock.json": '{"lockfileVersion": 3, "packages": {"node_modules/lodash": {"version": "4.17.21"}}}',
        },
        {"yarn.lock": "", "examples/package.json": NPM},
        {"poetry.lock": POETRY_LOCK, "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.11"\n'},
        {
            "uv.lock": f'version = 1\n{OWN_CRATE}source = {{ editable = "x" }}\n',
            "pyproject.toml": '[project]\nname = "r"\ndependencies = ["x"]\n',
        },
        {
            "Pipfile.lock": '{"_meta": {"pipfile-spec": 6}, "default": {"x": {"editable": true, "path": "."}}}',
            "Pipfile": '[packages]\nx = {path = ".", editable = true}\n',
        },
        {"Gemfile.lock": f"PATH\n  remote: .\n  specs:\n    x (0.1)\n\n{NO_GEM}", "Gemfile": "gemspec\n"},
        {"composer.lock": '{"packages": []}', "composer.json": '{"require": {"php": ">=8", "ext-json": "*"}}'},
        {
            "mix.lock": "%{}",
            "mix.exs": '# {:jason, "~> 1"}\n[{:m, path: "m"}, {:no_warn, "priv/a"}, {:u, in_umbrella: true}]',
        },
        {"mix.lock": "%{}"},
        {
            "Podfile.lock": "PODS:\n  - Flutter (1.0.0)\n\nEXTERNAL SOURCES:\n  Flutter:\n    :path: Flutter\n",
            "Podfile": "pod 'Flutter', :path => 'Flutter'\npod 'shop', path: '../shop'\n",
        },
        {"rebar.lock": "[].", "rebar.config": "{deps, []}.\n{profiles, [{test, [{deps, [meck]}]}]}.\n"},
    ],
)
def test_a_project_that_asks_for_nothing_locks_nothing(locked: Read, files: Files) -> None:
    assert locked(files) == Locked()
