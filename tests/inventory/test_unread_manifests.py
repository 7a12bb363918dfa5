"""A manifest that is none by its text is said and passed over; a lockfile that is none is an error."""

from collections.abc import Callable

import pytest

from gate.core.errors import UnreadableError
from gate.inventory.discovery import read_lockfile, readers
from gate.inventory.lockfile import Locked
from gate.model import Tree
from gate.trees import open_tree

Files = dict[str, str | bytes]


@pytest.fixture
def read(make_tree: Callable[[Files], Tree]) -> Callable[[Files], Locked]:
    """Return a function that writes files and reads the first of them, as a run does."""

    def read(files: Files) -> Locked:
        open_tree.cache_clear()
        return read_lockfile(next(iter(files)), make_tree(files))

    return read


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "{{cookiecutter.name}}/package.json",
            '{"name": "x", {% if cookiecutter.web %}"dependencies": {"a": "1"}{% endif %}}',
        ),
        ("package.json", '// who reads this?\n{"dependencies": {"a": "1.0.0"}}'),
        ("package.json", ""),
        ("test/fixtures/web/bun.lock", "# Fixture lockfile.\n"),
        ("internal/testdata/package-lock.json", "{"),
        ("pyproject.toml", "[project]\nname = {{ name }}\n"),
        ("Cargo.toml", "[package]\nname = <%= name %>\n"),
        ("go.mod", ""),
        ("go.mod", "require (\n\ta v1.0.0\n{{ end }"),
        ("pom.xml", "<project><dependencies>{{#each}}<dependency/></dependencies></project>"),
        ("pom.xml", "#set($x = 1)\n<project/>"),
        ("shop.csproj", "<Project><ItemGroup>"),
        ("composer.json", "{{ composer }}"),
        ("pubspec.yaml", "name: {{name}}\n"),
        ("environment.yml", "{% set name = 'x' %}\nname: x\n"),
        ("conanfile.txt", "[requires]\n{{ zlib }}\n"),
        ("action.yml", "- one\n- two\n"),
        ("action.yml", "an essay on action\n"),
        (".github/workflows/test.yml", "{{#jobs}}\n"),
    ],
)
def test_a_manifest_that_is_none_is_a_note(read: Callable[[Files], Locked], path: str, text: str) -> None:
    found = read({path: text})
    (note,) = found.unread
    assert note.startswith(f"{path}: cannot be parsed: ")
    assert found == Locked(unread=(note,))


def test_a_file_of_another_program_with_the_name_of_one_of_dotnet_is_a_note(read: Callable[[Files], Locked]) -> None:
    (note,) = read({"knip.deps.json": '{"entry": ["src/main.ts"]}'}).unread
    assert note.startswith("knip.deps.json: it is no list of .NET")


@pytest.mark.parametrize("text", ['{"targets": {}}', '{"libraries": 1}', "{"])
def test_a_broken_one_of_dotnet_is_an_error(read: Callable[[Files], Locked], text: str) -> None:
    with pytest.raises(UnreadableError):
        read({"Shop.deps.json": text})


@pytest.mark.parametrize("name", ["package-lock.json", "yarn.lock", "Cargo.lock", "poetry.lock", "Podfile.lock"])
def test_a_lockfile_that_is_none_is_an_error(read: Callable[[Files], Locked], name: str) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        read({name: "{{ template }}"})


@pytest.mark.parametrize(
    ("path", "content", "why"),
    [
        ("package.json", '{"dependencies": {"a": "1.0.0"}, "dependencies": {}}', "stands twice"),
        ("requirements.txt", b"a==1.0  # caf\xe9\n", "not UTF-8"),
        ("requirements.txt", "a==1; " + "x" * 3000, "more than 2,000 characters"),
        ("package.json", "[" * 100_000, "nested too deeply"),
    ],
)
def test_what_its_own_tool_would_take_is_an_error(
    read: Callable[[Files], Locked], path: str, content: str | bytes, why: str
) -> None:
    with pytest.raises(UnreadableError, match=why):
        read({path: content})


def test_a_lockfile_that_a_manifest_leads_to_is_none_itself(read: Callable[[Files], Locked]) -> None:
    with pytest.raises(UnreadableError, match=r"go\.sum: cannot be parsed"):
        read({"go.mod": "module m\ngo 1.16\n", "go.sum": "a b\n"})


def test_a_lockfile_whose_manifest_is_needed_and_unreadable_is_an_error(read: Callable[[Files], Locked]) -> None:
    lock = '{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0"}}}'
    with pytest.raises(UnreadableError, match=r"package\.json: cannot be parsed"):
        read({"package-lock.json": lock, "package.json": "{{ x }}"})


def test_what_an_unreadable_manifest_asks_of_an_empty_lockfile_is_a_note(read: Callable[[Files], Locked]) -> None:
    found = read({"{{x}}/uv.lock": "version = 1\n", "{{x}}/pyproject.toml": "[project]\nname = {{ x }}\n"})
    (note,) = found.unread
    assert note.startswith("{{x}}/pyproject.toml: cannot be parsed: it is not TOML")


def test_which_files_are_manifests() -> None:
    known = readers()
    manifests = ["requirements.txt", "go.mod", "pom.xml", "a.csproj", "Pipfile", "conanfile.txt", "action.yml"]
    lockfiles = ["Pipfile.lock", "conan.lock", "uv.lock", "bom.json", "packages.lock.json", "gradle.lockfile"]
    assert [name for name in (*manifests, *lockfiles) if known.is_manifest(name)] == manifests
