"""What holds for every lockfile format: damage is said, hostile names are refused, the same file gives the same."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import LimitError, UnreadableError
from gate.inventory.discovery import read_lockfile
from gate.inventory.lockfile import Locked
from gate.inventory.lockfiles import LOCKFILES
from gate.model import Tree
from gate.trees import open_tree
from tests.fuzz import seeds

Files = dict[str, str | bytes]
Read = Callable[[Files], Locked]

EXAMPLES = {
    "Pipfile.lock": '{"_meta": {"pipfile-spec": 6}, "default": {"evil": {"version": "==1"}}}',
    "Pipfile": '[packages]\nevil = "==1"\n',
    "pdm.lock": '[metadata]\nlock_version = "4.5.0"\n[[package]]\nname = "evil"\nversion = "1"\n',
    "pylock.toml": 'lock-version = "1.0"\n[[packages]]\nname = "evil"\nversion = "1"\n',
    "pyproject.toml": '[tool.poetry.dependencies]\nevil = "1"\n',
    "setup.cfg": "[options]\ninstall_requires = evil==1\n",
    "gradle.lockfile": "g:evil:1=runtimeClasspath\n",
    "gradle/verification-metadata.xml": (
        "<verification-metadata><components>"
        '<component group="g" name="evil" version="1"/></components></verification-metadata>'
    ),
    "pom.xml": (
        "<project><dependencies><dependency><groupId>g</groupId><artifactId>evil</artifactId>"
        "<version>1</version></dependency></dependencies></project>"
    ),
    "build.sbt.lock": '{"lockVersion": 1, "dependencies": [{"org": "g", "name": "evil", "version": "1"}]}',
    "packages.lock.json": '{"version": 1, "dependencies": {"net8.0": {"evil": {"type": "Direct", "resolved": "1"}}}}',
    "packages.config": '<packages><package id="evil" version="1"/></packages>',
    "Shop.deps.json": '{"libraries": {"evil/1": {"type": "package"}}}',
    "Shop.csproj": '<Project><ItemGroup><PackageReference Include="evil" Version="1"/></ItemGroup></Project>',
    "conan.lock": '{"version": "0.5", "requires": ["evil/1"]}',
    "conanfile.txt": "[requires]\nevil/1\n",
    "cabal.project.freeze": "constraints: any.evil ==1\n",
    "stack.yaml.lock": "packages:\n- completed: {hackage: evil-1@sha256:00}\n",
    "renv.lock": '{"Packages": {"evil": {"Package": "evil", "Version": "1", "Source": "CRAN"}}}',
    "conda-lock.yml": "version: 1\npackage:\n- {name: evil, version: 1, manager: conda}\n",
    "environment.yml": "dependencies:\n- evil==1\n",
    "bom.json": (
        '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "x", "purl": "pkg:npm/evil@1"}]}'
    ),
    "bom.xml": (
        '<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component><name>x</name>'
        "<purl>pkg:npm/evil@1</purl></component></components></bom>"
    ),
    "shop.spdx.json": (
        '{"spdxVersion": "SPDX-2.3", "packages": [{"name": "x", "externalRefs": '
        '[{"referenceType": "purl", "referenceLocator": "pkg:npm/evil@1"}]}]}'
    ),
    "shop.spdx": "SPDXVersion: SPDX-2.3\nPackageName: x\nExternalRef: PACKAGE-MANAGER purl pkg:npm/evil@1\n",
    "go.mod": "require evil v1.0.0\n",
    "requirements.txt": "evil==1\n",
    "poetry.lock": '[metadata]\nlock-version = "2.1"\n[[package]]\nname = "evil"\nversion = "1"\n',
    "uv.lock": 'version = 1\n[[package]]\nname = "evil"\nversion = "1"\n',
}
"""File name to a small file with one package, `evil` of version 1."""

each_format = pytest.mark.parametrize("name", EXAMPLES)


@each_format
def test_the_example_is_one_package(locked: Read, name: str) -> None:
    (package,) = locked({name: EXAMPLES[name]}).packages
    assert package.name.rpartition(":")[2].rpartition("/")[2] == "evil"
    assert (package.version.removeprefix("v").removesuffix(".0.0"), package.path) == ("1", name)


@each_format
@pytest.mark.parametrize("hostile", ["evil\x07", "evil\u202e", "e" * 600])
def test_a_hostile_name_is_refused_or_said_never_passed_on(locked: Read, name: str, hostile: str) -> None:
    try:
        found = locked({name: EXAMPLES[name].replace("evil", hostile)})
    except UnreadableError as error:
        assert "cannot be parsed" in error.message  # noqa: PT017
    else:
        assert not [package for package in found.packages if hostile in package.name]


@each_format
def test_a_file_of_200_megabytes_is_refused(make_tree: Callable[[Files], Tree], tmp_path: Path, name: str) -> None:
    beside = {"gleam.toml": 'name = "shop"\n'} if name == "manifest.toml" else {}
    target = make_tree({name: "", **beside})
    os.truncate(tmp_path / "tree" / name, 200 << 20)
    open_tree.cache_clear()
    with pytest.raises(LimitError, match="are read"):
        read_lockfile(name, target)


@each_format
def test_what_is_no_text_is_refused(locked: Read, name: str) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        locked({name: EXAMPLES[name].encode() + b"\xff\xfe\xfa"})


@pytest.mark.parametrize("content", ["", " \n\r\n"])
@pytest.mark.parametrize(
    "name",
    [
        *("Cargo.lock", "Gemfile.lock", "go.mod", "gradle.lockfile", "cabal.project.freeze", "paket.lock"),
        *("package-lock.json", "poetry.lock", "pnpm-lock.yaml", "composer.lock", ".terraform.lock.hcl"),
        *("mix.lock", "rebar.lock"),
    ],
)
def test_an_empty_file_is_none_that_a_tool_wrote(locked: Read, name: str, content: str) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        locked({name: content})


def test_a_gemfile_lock_that_was_cut_is_said(locked: Read) -> None:
    with pytest.raises(UnreadableError, match="it has no DEPENDENCIES"):
        locked({"Gemfile.lock": "GEM\n  remote: https://packages.example/\n"})


@each_format
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 400),
    lost=st.integers(0, 6),
    noise=st.text(alphabet="[]{}<>()=\"'\n #:,-/.@&*1a\\", max_size=6),
)
def test_any_damage_is_read_or_a_clear_error(damaged: Read, name: str, cut: int, lost: int, noise: str) -> None:
    text = EXAMPLES[name]
    place = cut % (len(text) + 1)
    damaged({name: text[:place] + noise + text[place + lost :]})


FOLDER = Path(__file__).parent
TESTS = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("test_*.py") if path != Path(__file__))


@pytest.mark.parametrize("name", LOCKFILES)
def test_every_format_has_a_test_that_reads_one_of_its_files(name: str) -> None:
    endings = [pattern.rpartition("/")[2].rpartition("*")[2] for pattern in LOCKFILES[name]]
    assert any(f'{ending}"' in TESTS for ending in endings)


@pytest.mark.parametrize("name", seeds.LOCKFILES)
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(make_tree: Callable[[Files], Tree], name: str) -> None:
    def read(text: str) -> Locked | str:
        open_tree.cache_clear()
        try:
            return read_lockfile(name, make_tree({name: text}))
        except UnreadableError as error:
            return error.message

    plain = read(seeds.LOCKFILES[name])
    assert read(seeds.LOCKFILES[name].replace("\n", "\r\n")) == plain
    assert read("\N{BYTE ORDER MARK}" + seeds.LOCKFILES[name]) == plain


@pytest.mark.parametrize("name", sorted(seeds.LOCKFILES.keys() - LOCKFILES["build_programs"]))
def test_what_is_far_too_large_is_refused(make_tree: Callable[[Files], Tree], tmp_path: Path, name: str) -> None:
    beside = {"gleam.toml": 'name = "shop"\n'} if name == "manifest.toml" else {}
    target = make_tree({name: "", **beside})
    os.truncate(tmp_path / "tree" / name, 200 << 20)
    open_tree.cache_clear()
    with pytest.raises(LimitError, match=r"are read|at most"):
        read_lockfile(name, target)
