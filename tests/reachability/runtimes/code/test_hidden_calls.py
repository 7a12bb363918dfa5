"""Calls that start programs, or run code, by a name that is no call's own."""

import pytest

from gate.reachability.runtimes.code.hidden_calls import hidden_call, made_library

HIDDEN = [
    ("ruby", "Kernel.send(:system, name)"),
    ("ruby", "m = method(:system)"),
    ("ruby", "send('sys' + 'tem', name)"),
    ("ruby", "Object.const_get('Ker' + 'nel').system(name)"),
    ("ruby", "eval 'aWQ='.unpack1('m')"),
    ("ruby", "attach_function :system, [:string], :int"),
    ("ruby", "Fiddle::Handle::DEFAULT['system']"),
    ("php", "call_user_func('system', $x);"),
    ("php", "call_user_func('sys' . 'tem', $x);"),
    ("php", "array_map('exec', $commands);"),
    ("php", "$f = 'system';\n$f($x);"),
    ("php", "eval(base64_decode($x));"),
    ("lua", "os['exe' .. 'cute'](name)"),
    ("lua", "local o = os\no.execute(name)"),
    ("lua", "ffi.C.system(name)"),
    ("lua", "ffi.cdef'int system(const char*);'"),
    ("lua", "posix.spawn({name, '1'})"),
    ("perl", "eval decode_base64($x);"),
]


@pytest.mark.parametrize(("language", "text"), HIDDEN)
def test_a_function_that_is_taken_by_its_name_is_found(language, text):
    assert hidden_call(language, f"\n{text}\n") == 2


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ruby", "user.send(:name)"),
        ("ruby", "# send(:system)"),
        ("ruby", "messages << { role: 'system' }"),
        ("php", "$role = 'system'; f($role);"),
        ("php", "in_array('system', $names);"),
        ("lua", "local io = io"),
        ("lua", "os['time']()"),
        ("lua", "ngx.thread.spawn(f)"),
        ("perl", "eval { decode_json($x) };"),
        ("python", "call_user_func('system')"),
    ],
)
def test_what_is_called_alike_is_no_such_call(language, text):
    assert hidden_call(language, text) is None


@pytest.mark.parametrize(
    ("language", "text", "line"),
    [
        ("ruby", "Fiddle.dlopen('lib' + name)", 1),
        ("ruby", 'ffi_lib "lib#{name}.so"', 1),
        ("ruby", "ffi_lib 'libx.so.1'", None),
        ("ruby", "ffi_lib FFI::Library::LIBC", None),
        ("lua", "package.loadlib(path .. '.so', '*')", 1),
        ("lua", "ffi.load(name)", 1),
        ("lua", "ffi.load('x')", None),
        ("perl", "DynaLoader::dl_load_file($file)", 1),
        ("python", "ctypes.CDLL(name)", None),
    ],
)
def test_a_library_of_which_the_name_is_made_is_found(language, text, line):
    assert made_library(language, text) == line
