"""Pins that are raised where they are written."""

from collections.abc import Callable

import pytest

from gate.inventory.discovery import find_lockfiles, read_lockfile
from gate.inventory.pins import pin_edits
from gate.model import Tree
from gate.trees import open_tree

Make = Callable[[dict[str, str]], Tree]
COMMIT = "0123456789" * 4
NEW = "9.9.9"


def raised(make_tree: Make, path: str, text: str) -> str:
    """Return the file with all its packages raised to NEW."""
    open_tree.cache_clear()
    target = make_tree({path: text})
    tree = open_tree(target)
    assert find_lockfiles(tree).paths == (path,)
    packages = [one for one in read_lockfile(path, target).packages if one.ecosystem != "GIT"]
    assert packages
    rows = text.split("\n")
    for package in packages:
        for edit in pin_edits(tree, package, NEW):
            (line, start), (_, end) = edit.start, edit.end
            rows[line - 1] = rows[line - 1][: start - 1] + edit.text + rows[line - 1][end - 1 :]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "a==OLD"),
        ("requirements.txt", "# x\n  a == OLD; python_version > '3'  # not ==1.0.0"),
        ("package.json", '{"dependencies": {\n"@o/a": "OLD",\n"b": "=vOLD",\n"x": "npm:c@OLD"}}'),
        ("Cargo.toml", '[dependencies]\na = "=OLD"\nb = { version = "=OLD" }'),
        ("pyproject.toml", '[project]\nname = "x"\ndependencies = [\n  "Foo_Bar==OLD",\n]'),
        ("Gemfile", 'gem "a", "OLD" # since 1.0.0'),
        ("composer.json", '{"require": {\n"o/a": "OLD"}}'),
        ("pubspec.yaml", "name: x\ndependencies:\n  a: OLD\n"),
        (
            "x.csproj",
            '<Project><ItemGroup>\n<PackageReference Include="A.B" Version="OLD" />\n</ItemGroup></Project>',
        ),
        (
            "pom.xml",
            "<project><dependencies>\n<dependency>\n<groupId>g</groupId>\n<artifactId>a</artifactId>\n"
            "<version>OLD</version>\n</dependency>\n</dependencies></project>",
        ),
        ("action.yml", "runs:\n  steps:\n  - uses: a/b/c@vOLD # @v1.0.0"),
    ],
)
def test_a_pin_is_raised_and_nothing_else_changes(make_tree: Make, path: str, text: str) -> None:
    assert raised(make_tree, path, text.replace("OLD", "1.0.0")) == text.replace("OLD", NEW)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("requirements.txt", "a==1.0 --hash=sha256:00"),
        ("requirements.txt", "a==1.0 \\\n --hash=sha256:00"),
        ("package-lock.json", '{"lockfileVersion": 3, "packages": {\n"node_modules/a": {"version": "1.0.0"}}}'),
        ("package.json", '{"dependencies": {"a": "1.0.0", "b": "1.0.0"}}'),
        ("go.mod", "module x\ngo 1.24\nrequire packages.example/a v1.0.0"),
        ("action.yml", f"runs:\n  steps:\n  - uses: a/b@{COMMIT} # ratchet:a/b@v1.0.0"),
        (
            "gradle/verification-metadata.xml",
            '<verification-metadata><components>\n<component group="g" name="a" version="1.0"/>\n'
            "</components></verification-metadata>",
        ),
        (
            "pom.xml",
            "<project><properties><v>1.0</v></properties><dependencies>\n<dependency>\n<groupId>g</groupId>\n"
            "<artifactId>a</artifactId>\n<version>${v}</version>\n</dependency>\n"
            "<dependency><groupId>g</groupId><artifactId>b</artifactId><version>2.0</version><!-- c --></dependency>"
            "<dependency><groupId>g</groupId><artifactId>c</artifactId><version>2.0</version></dependency>\n"
            "</dependencies></project>",
        ),
    ],
)
def test_what_needs_hashes_resolution_or_a_guess_is_left_alone(make_tree: Make, path: str, text: str) -> None:
    assert raised(make_tree, path, text) == text
