"""What an ELF file is linked with and takes from others is known without its strings."""

import struct

import pytest

from gate.reachability.runtimes.compiled import elf, elf_links
from gate.reachability.runtimes.compiled.elf_links import links_of
from gate.reachability.runtimes.compiled.string_ends import ends_in
from tests.reachability.runtimes.conftest import make_elf


def test_what_the_tables_say(make_files):
    content = make_elf(needed=("libc.so.6",), interpreter="/lib/ld.so", runpath="/opt/lib:/srv/lib", calls="execvp")
    links = links_of("x", make_files({"x": content}))
    assert (links.needed, links.interpreter, links.folders) == (("libc.so.6",), "/lib/ld.so", ("/opt/lib", "/srv/lib"))
    assert links.starts_programs
    assert not links.loads_libraries
    assert links_of("x", make_files({"x": make_elf(needed=("libc.so.6",), calls="dlopen")})).loads_libraries


def test_functions_that_read_journals_count_also_as_strings(make_files):
    for strings, reads in (["sd_journal_open"], True), (["sd_journal_send"], False), (["x_sd_journal_open"], False):
        content = make_elf(needed=("libc.so.6",), strings=strings)
        assert links_of("x", make_files({"x": content})).reads_journals == reads


def test_strings_are_not_read_for_what_a_program_is_linked_with(make_files, monkeypatch):
    read = []
    for module in (elf, elf_links):
        monkeypatch.setattr(module, "ends_in", lambda path, files: read.append(path) or ())
    files = make_files({"usr/bin/x": make_elf(needed=("libx.so",), strings=("date",)), "usr/lib/libx.so": make_elf()})
    assert elf.linked_with("usr/bin/x", files) == ("usr/lib/libx.so",)
    assert elf.may_start_programs("usr/bin/x", files)
    assert elf.imported_by("usr/bin/x", files) == frozenset()
    assert read == []
    elf.named_in_paths("usr/bin/x", files)
    assert read == ["usr/bin/x"]


def test_a_program_that_links_lead_to_is_read_once(make_files):
    files = make_files({"opt/venv/bin/x": "-> /usr/bin/x", "usr/bin/x": make_elf(strings=("only a digit",))})
    assert links_of("opt/venv/bin/x", files) is links_of("usr/bin/x", files)
    ends_in("opt/venv/bin/x", files)
    assert files.is_cached((ends_in, "usr/bin/x"))


@pytest.mark.parametrize("tag", [0x6FFFFEFB, 0x6FFFFEFC, 0x7FFFFFFD, 0x7FFFFFFF])
def test_libraries_that_stand_in_for_others_and_auditors_are_loaded_as_those_that_are_needed(make_files, tag):
    content = make_elf(needed=("libc.so.6", "libx.so"))
    second = struct.pack("<qQ", 1, 1 + len("libc.so.6\0"))
    links = links_of("x", make_files({"x": content.replace(second, struct.pack("<q", tag) + second[8:])}))
    assert links.needed == ("libc.so.6", "libx.so")
