"""What assemblies of .NET name: programs count if one of them starts any. The assemblies are those of `dotnet_apps`."""

from pathlib import Path

import pytest

from gate.model import InUse
from gate.model.container import Runtime
from gate.reachability.runtimes.strings.dotnet_strings import read_assembly
from gate.reachability.runtimes.strings.stated_names import numbers_of
from tests.reachability.functions import test_dotnet
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.test_launcher_forms import TREE
from tests.reachability.runtimes.test_states import states

APPS = Path(test_dotnet.__file__).with_name("dotnet_apps")
BUNDLE = bytes.fromhex("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae")


def app(name: str) -> bytes:
    return (APPS / f"{name}.exe").read_bytes()


def in_image(assembly: bytes, **more: bytes | str) -> dict[str, InUse]:
    """Return which packages are in use where .NET runs an assembly."""
    dotnet = make_elf(needed=["libc.so.6"], calls="execv", strings=["memcached"])
    files = {**TREE, "!usr/bin/dotnet": dotnet, "srv/shop.dll": assembly, **more}
    found = states(files, Runtime(cmd=["dotnet", "/srv/shop.dll"]))
    return {name: use.in_use for name, use in found.items()}


@pytest.mark.parametrize("name", ["starting", "forking"])
def test_a_program_that_an_assembly_names_may_be_started(name: str) -> None:
    found = in_image(app(name))
    assert found["memcached"] is InUse.UNKNOWN
    assert found["idle"] is InUse.NO


@pytest.mark.parametrize("name", ["naming", "idle"])
def test_a_program_is_not_started_if_no_assembly_starts_any(name: str) -> None:
    assert in_image(app(name))["memcached"] is InUse.NO


def test_another_assembly_may_start_what_one_names() -> None:
    assert in_image(app("naming"), **{"srv/other.dll": app("starting")})["memcached"] is InUse.UNKNOWN


def test_what_a_text_names_counts_if_an_assembly_starts_programs() -> None:
    text = {"srv/appsettings.json": '{"Tool": "idle"}'}
    assert in_image(app("naming"), **text)["idle"] is InUse.NO
    assert in_image(app("starting"), **text)["idle"] is not InUse.NO


def test_an_own_script_that_an_assembly_names_is_followed() -> None:
    script = {"!srv/tidy.sh": "#!/bin/sh\nexec idle\n"}
    assert in_image(app("scripted"), **script)["idle"] is InUse.UNKNOWN
    assert in_image(app("idle"), **script)["idle"] is InUse.NO


def test_the_libraries_of_which_functions_are_called_are_named() -> None:
    found = read_assembly(app("calling"))
    assert found.loads_libraries
    assert numbers_of([b"yaml"])[:4] in {found.numbers[place : place + 4] for place in range(0, len(found.numbers), 4)}


def test_an_assembly_that_cannot_be_read_leaves_everything_unknown() -> None:
    assert not read_assembly(app("idle")[:600]).is_read
    assert in_image(app("idle")[:600])["memcached"] is InUse.UNKNOWN


def test_a_library_of_windows_names_nothing() -> None:
    assert read_assembly(b"MZ" + bytes(58) + b"\x40\0\0\0" + b"PE\0\0" + bytes(300)).is_read


@pytest.mark.parametrize(
    ("mark", "is_known"),
    [(b"\x01" + bytes(7) + BUNDLE, False), (bytes(8) + BUNDLE, True), (b"__managedcode", False), (b"", True)],
)
def test_a_program_that_holds_its_assemblies_may_start_anything(mark: bytes, is_known: bool) -> None:
    program = make_elf(needed=["libc.so.6"]) + bytes(600 << 10) + mark
    found = states({**TREE, "!srv/shop": program}, Runtime(cmd=["/srv/shop"]))
    assert (found["memcached"].in_use is InUse.NO) is is_known
