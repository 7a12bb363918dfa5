"""Shared libraries that Ruby opens by name."""

import pytest

from gate.reachability.runtimes.languages.ruby_libraries import opened_libraries

LIBRARIES = {
    "usr/lib/x86_64-linux-gnu/libsass.so.1.0.0": "",
    "usr/lib/x86_64-linux-gnu/libsassy.so.1": "",
    "usr/lib/libcurl.so.4": "",
}
SASS = "usr/lib/x86_64-linux-gnu/libsass.so.1.0.0"


def opened(make_files, text):
    return {(step.path, step.because.line) for step in opened_libraries("app/a.rb", text, make_files(LIBRARIES))}


@pytest.mark.parametrize(
    "text",
    [
        'ffi_lib "/usr/lib/#{Gem.arch}/libsass.#{dl_ext}"',
        "ffi_lib 'sass'",
        "ffi_lib ['none', 'libsass.so.1']",
        "ffi_lib %w[other sass]",
        'Fiddle.dlopen("libsass.so.1")',
        'Fiddle::Handle.new("libsass.so.1")',
        "extend Fiddle::Importer; dlload 'libsass.so'",
    ],
)
def test_a_named_library_may_be_opened(make_files, text):
    assert opened(make_files, text) == {(SASS, 1)}


def test_names_go_on_below_a_comma_and_lines_are_counted(make_files):
    text = "x\nffi_lib 'none',\n  'sass',\n  'curl'\n"
    assert opened(make_files, text) == {(SASS, 2), ("usr/lib/libcurl.so.4", 2)}


@pytest.mark.parametrize(
    "text", ["'libsass.so'", "def ffi_lib(*names)", "ffi_lib name", 'ffi_lib "#{name}"', "my.ffi_lib"]
)
def test_what_opens_nothing_or_states_no_name(make_files, text):
    assert opened(make_files, text) == set()
