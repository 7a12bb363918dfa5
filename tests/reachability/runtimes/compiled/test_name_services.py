"""Modules of the name service switch."""

import pytest

from gate.reachability.runtimes.compiled.name_services import modules_of
from gate.reachability.runtimes.walk.graph import Because

SETTINGS = "passwd: files sss\nhosts: files mdns4 # dns\nservices: db\n"
MODULES = {f"usr/lib/x86_64-linux-gnu/libnss_{name}.so.2": "" for name in ("sss", "mdns4", "dns", "db")}


def names(function, files):
    found = modules_of(function, Because("usr/bin/x", "calls"), files, is_certain=True)
    return {step.path.rpartition("_")[2].removesuffix(".so.2") for step in found}


@pytest.mark.parametrize(
    ("function", "modules"),  # of those that ask for accounts, all lines on accounts count
    [
        ("getpwnam", {"sss"}),
        ("getgrnam_r", {"sss"}),
        ("initgroups", set()),
        ("getaddrinfo", {"mdns4", "db"}),
        ("gethostbyname", {"mdns4"}),
        ("getservbyname", {"db"}),
        ("setlocale", set()),
    ],
)
def test_a_function_loads_the_modules_of_its_own_line(make_files, function, modules):
    assert names(function, make_files({"etc/nsswitch.conf": SETTINGS, **MODULES})) == modules


def test_without_settings_no_module_is_loaded(make_files):
    assert names("getpwnam", make_files(MODULES)) == set()
