"""Lua: which modules a source and nginx's settings load."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reachability.runtimes.languages import lua
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened
from tests.reachability.runtimes.conftest import SmallTree

SHARE, LIBRARIES = "usr/share/lua", "usr/lib/x86_64-linux-gnu/lua"
TREE = {
    f"{SHARE}/5.1/cjson/safe.lua": "",
    f"{SHARE}/5.4/cjson/safe.lua": "",
    f"{SHARE}/5.1/resty/core.lua": "",
    f"{LIBRARIES}/5.1/lpeg.so": "",
    "app/lua/store.lua": "",
    "app/lua/shop/init.lua": "",
}


def loaded(make_files, path, text):
    files = make_files({**TREE, path: text})
    step = Opened(path=path, because=Because("", "runs"))
    return {found.path.strip("/") for found in lua.reach(step, files)} if lua.takes(step, files) else set()


@pytest.mark.parametrize(
    ("path", "text", "modules"),
    [
        ("app/lua/a.lua", 'local c = require "cjson.safe"\n', {f"{SHARE}/5.1/cjson/safe.lua"}),
        (f"{SHARE}/5.4/x.lua", "return require('cjson.safe')\n", {f"{SHARE}/5.4/cjson/safe.lua"}),
        ("app/lua/a.lua", "local ok, l = pcall(require, 'lpeg')\n", {f"{LIBRARIES}/5.1/lpeg.so"}),
        ("app/lua/a.lua", "require 'lpeg.re'\n", {f"{LIBRARIES}/5.1/lpeg.so"}),
        ("app/lua/a.lua", 'require("store")\n  require("shop")', {"app/lua/store.lua", "app/lua/shop/init.lua"}),
        ("app/lua/shop/b.lua", "require 'store'\n", {"app/lua/store.lua"}),
        (f"{SHARE}/5.1/x.lua", "function f()\n  require 'lpeg'\nend\n", set()),
        ("app/lua/a.lua", "-- require 'lpeg'\nrequire(name)\nrequire 'none'\n", set()),
        ("app/a.conf", "require 'lpeg'\n# content_by_lua_file x.lua;\n", set()),
        (
            "srv/nginx.conf",
            'lua_package_path "/app/lua/?.lua;;"; init_by_lua_block { s = require "store" }',
            {"app/lua/store.lua", f"{SHARE}/5.1/resty/core.lua"},
        ),
        (
            "app/conf/nginx.conf",
            "content_by_lua_file lua/store.lua;",
            {"app/lua/store.lua", f"{SHARE}/5.1/resty/core.lua"},
        ),
    ],
)
def test_modules_whose_names_are_stated_are_loaded(make_files, path, text, modules):
    assert loaded(make_files, path, text) == modules


@given(st.text(alphabet="require(\"'._ab-,)\n ", max_size=60))
def test_any_source_is_read(text):
    loaded(lambda contents: Files(SmallTree(contents)), "app/lua/a.lua", text)
