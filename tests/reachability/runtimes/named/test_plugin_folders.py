"""Plug-ins of packages that nothing links with: they are not in use only if nothing that is reached may load them."""

import pytest

from gate.model.container import Runtime
from gate.reachability.runtimes.named.plugin_folders import PluginFolders
from gate.reachability.runtimes.packages.owners import Owned
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore, make_elf

LIB = "usr/lib/x86_64-linux-gnu"
KEY = ("var/lib/dpkg/status", "Debian:13", "plugin", "1")


def reason(tree, plugin):
    files = Files(SmallTree({"!usr/bin/server": tree.pop("server"), plugin: make_elf(), **tree}))
    explored = explore(starts_of(Runtime(entrypoint=["server"]), files), files)
    folders = PluginFolders({KEY: Owned(files=[plugin])}, files)
    loaded = folders.add([*explored.certain, *explored.possible])
    assert loaded == ([plugin] if folders.of(KEY) else [])
    return folders.of(KEY)


SCANS = make_elf(needed=["libgst.so.0"])
LOADER = make_elf(calls="g_module_open", strings=["gstreamer-1.0"])


@pytest.mark.parametrize(
    ("tree", "plugin"),
    [
        ({"server": make_elf()}, "opt/server/plugins/a.so"),
        ({"server": SCANS, f"{LIB}/libgst.so.0": LOADER}, f"{LIB}/gstreamer-1.0/libgstaac.so"),
        ({"server": make_elf(calls="dlopen", strings=["/usr/lib/odd/plugins"])}, "usr/lib/odd/drivers/a.so.1.2"),
        ({"server": make_elf(calls="dlopen", strings=["/usr/lib/odd/mo\xff"])}, "usr/lib/odd/modules/a.so"),
        ({"server": make_elf(needed=["libR.so"], runpath="/usr/lib/R/lib"), "usr/lib/R/lib/libR.so": make_elf()},
         "usr/lib/R/library/jsonlite/libs/jsonlite.so"),
    ],
    ids=["its name", "a library loads by name", "a path", "a path whose end is in code", "beside a file"],
)  # fmt: skip
def test_a_plugin_may_be_loaded_by_what_knows_its_folder(tree, plugin):
    assert reason(tree, plugin) is not None


@pytest.mark.parametrize(
    ("tree", "plugin"),
    [
        ({"server": make_elf(calls="dlopen", strings=["other"])}, f"{LIB}/gstreamer-1.0/libgstaac.so"),
        ({"server": make_elf(strings=["gstreamer-1.0"])}, f"{LIB}/gstreamer-1.0/libgstaac.so"),
        ({"server": make_elf(calls="dlopen", strings=["python3"])}, "usr/lib/python3/dist-packages/yaml/_yaml.so"),
        ({"server": make_elf(calls="dlopen", strings=["x86_64-linux-gnu"])}, f"{LIB}/libz.so.1"),
        ({"server": make_elf(), "opt/venv/bin/python": "-> /usr/bin/server"},
         "opt/venv/lib/python3.13/site-packages/yaml/_yaml.so"),
    ],
    ids=["another folder", "it loads no library", "a language that is followed", "a library of the loader's folders",
         "a virtual environment"],
)  # fmt: skip
def test_a_plugin_of_which_nothing_knows_the_folder_is_not_loaded(tree, plugin):
    assert reason(tree, plugin) is None
