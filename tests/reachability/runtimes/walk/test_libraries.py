"""Where the loader looks for libraries.

Goes through `gate/reachability/runtimes/walk/system_files.py`.
"""

import pytest

from gate.reachability.runtimes.walk.libraries import WantedLibrary, folders_of_all

X86, ARM = 62, 183


def test_folders_are_those_of_the_configuration_then_the_usual_ones(make_files):
    files = make_files(
        {
            "etc/ld.so.conf": "include ld.so.conf.d/*.conf\n/opt/first\n# /opt/never\n",
            "etc/ld.so.conf.d/a.conf": "/opt/included:/opt/beside # as well\n",
            "usr/lib/x86_64-linux-gnu/libc.so.6": "",
        }
    )
    assert folders_of_all(files)[:3] == ("opt/first", "opt/included", "opt/beside")
    assert "usr/lib/x86_64-linux-gnu" in folders_of_all(files)


def test_a_configuration_that_includes_itself_ends(make_files):
    files = make_files({"etc/ld.so.conf": "include ld.so.conf\n/opt/a\n"})
    assert folders_of_all(files)[0] == "opt/a"


def test_musl_has_a_file_of_its_own(make_files):
    assert folders_of_all(make_files({"etc/ld-musl-x86_64.path": "/a:/b\n"}))[:2] == ("/a", "/b")


@pytest.mark.parametrize("folder", ["$ORIGIN/../lib", "${ORIGIN}/../lib", "/opt/app/$LIB", "/opt/app/${LIB}"])
def test_a_program_may_name_folders_relative_to_itself(make_files, folder):
    files = make_files({"opt/app/bin/run": "", "opt/app/lib/libx.so": "", "usr/lib/libx.so": ""})
    found = WantedLibrary("opt/app/bin/run", X86, (folder,)).find("libx.so", files)
    assert found is not None
    assert files.find(found).path == "opt/app/lib/libx.so"


@pytest.mark.parametrize(("machine", "name"), [(X86, "x86_64-linux-gnu"), (ARM, "aarch64-linux-gnu")])
def test_the_folder_of_the_programs_own_processor_comes_first(make_files, machine, name):
    files = make_files({f"usr/lib/{one}/libx.so": "" for one in ("aarch64-linux-gnu", "x86_64-linux-gnu")})
    assert WantedLibrary("bin/run", machine, ()).find("libx.so", files) == f"usr/lib/{name}/libx.so"


def test_what_is_nowhere_is_not_found(make_files):
    assert WantedLibrary("bin/run", X86, ()).find("libx.so", make_files({"srv/libx.so": ""})) is None
    assert WantedLibrary("bin/run", X86, ()).find("/srv/libx.so", make_files({"srv/libx.so": ""})) == "/srv/libx.so"
