"""Tcl: the indexes of packages that are read."""

import pytest

from gate.reachability.runtimes.languages import tcl
from gate.reachability.runtimes.walk.graph import Because, Opened

SHARED, COMPILED = "usr/share/tcltk/tcllib2.0/pkgIndex.tcl", "usr/lib/x86_64-linux-gnu/tcltk/tdom0.9/pkgIndex.tcl"
TREE = {SHARED: "", COMPILED: "", "usr/share/tcltk/tcllib2.0/json/pkgIndex.tcl": ""}


@pytest.mark.parametrize(
    ("text", "indexes"),
    [
        ("package require Tcl 8.6\npackage require json\n", {SHARED, COMPILED}),
        ("if {$x} { package require json }\n", {SHARED, COMPILED}),
        ("package require Tcl 8.6\nputs one\n", set()),
        ("# package require json\n", set()),
    ],
)
def test_each_index_is_read_where_a_package_is_asked_for(make_files, text, indexes):
    files = make_files({**TREE, "app/run.tcl": text})
    step = Opened(path="app/run.tcl", because=Because("", "runs"))
    assert tcl.takes(step, files)
    assert {found.path for found in tcl.reach(step, files)} == indexes
