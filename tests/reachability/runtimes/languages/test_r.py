"""R: scripts, expressions, and the packages that they load."""

import pytest

from gate.model import Doubt
from gate.model.container import Runtime
from gate.reachability.runtimes.walk.graph import EVERYTHING
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.strings.test_r_strings import objects, text
from tests.reachability.runtimes.test_states import TREE, states

HOME = "usr/lib/R"
SCRIPT = """#!/bin/sh
R_HOME_DIR=/usr/lib/R
args=$(date)
[ -z "$debugger" ] || exec $debugger
exec "$R_HOME_DIR/bin/exec/R" ${args} "$@"
"""


def package(name, library=f"{HOME}/library", imports="", description="", libraries=()):
    folder = f"{library}/{name}"
    tree = {f"{folder}/DESCRIPTION": f"Package: {name}\n{description}", f"{folder}/R/{name}.rdb": ""}
    return {**tree, f"{folder}/NAMESPACE": imports, **{f"{folder}/libs/{one}": "" for one in libraries}}


ALWAYS = ("base", "compiler", "tools", "datasets", "utils", "grDevices", "graphics", "stats", "methods")
SITE = f"{HOME}/site-library"
R = {
    "!bin/sh": "",
    "!usr/bin/Rscript": make_elf(),
    f"!{HOME}/bin/R": SCRIPT,
    "!usr/bin/R": SCRIPT,
    f"!{HOME}/bin/exec/R": make_elf(),
    **{path: content for name in ALWAYS for path, content in package(name).items()},
    **package("DBI", SITE),
    **package(
        "RSQLite", SITE, "import(DBI,\n  rlang)\nimportFrom(bit64,integer64)\n", libraries=["RSQLite.so", "cairo.so"]
    ),
    **package("rlang", SITE, description="Depends: R (>= 4.0), idle.one\nImports: late (>= 1.0),\n    other\n"),
    **{
        path: content
        for name in ("bit64", "idle.one", "late", "other", "unused")
        for path, content in package(name, SITE).items()
    },
    **package("data.table", "usr/local/lib/R/site-library", libraries=["data_table.so"]),
}
LOADED = {"RSQLite", "DBI", "rlang", "bit64", "idle.one"}


def loaded(found):
    names = {path.split("/")[-3] for path in found if path.endswith(".rdb")}
    return names - set(ALWAYS)


@pytest.mark.parametrize(
    ("command", "script"),
    [
        ("Rscript --vanilla /app/run.R --out x", "con <- DBI::dbConnect(RSQLite::SQLite())\n"),
        ("Rscript /app/run.R", "suppressMessages({\n  library(RSQLite)\n})\n"),
        ("Rscript -e library(RSQLite)", ""),
        ("R -f /app/run.R", 'requireNamespace("RSQLite", quietly = TRUE)\n'),
        ("R --no-save --file=/app/run.R", "require('RSQLite')\n"),
        ("R -e RSQLite::SQLite()", ""),
        ("R -e 'x <- RSQLite::SQLite(); y(x)'", ""),
        ("Rscript run.R", 'source("lib/store.R")\n'),
        ("Rscript /app/run.R", "shiny::runApp('/app/lib')\n"),
        ("/app/run.R --now", "library(package = RSQLite)\n"),
    ],
)
def test_packages_are_loaded_with_what_they_import_and_depend_on(run, command, script):
    tree = R | {
        "!app/run.R": "#!/usr/bin/env Rscript\n" + script,
        "!usr/bin/env": "",
        "app/lib/store.R": "library(RSQLite)\n",
    }
    if "store" not in script and "lib" not in script:
        del tree["app/lib/store.R"]
    found = run(tree, command)
    assert loaded(found.certain) == LOADED
    assert {f"{SITE}/RSQLite/libs/RSQLite.so", f"{HOME}/library/stats/R/stats.rdb"} <= found.certain.keys()
    assert not [gap for gap in found.gaps if gap.kind == EVERYTHING]


def test_any_package_and_part_may_be_loaded(run):
    found = run(R | {"app/run.R": "# library(unused)\nlibrary(data.table)\n"}, "Rscript /app/run.R")
    assert loaded(found.certain) == {"data.table"}
    assert loaded(found.possible) >= LOADED | {"late", "other", "unused"}
    assert "usr/local/lib/R/site-library/data.table/libs/data_table.so" in found.certain
    assert f"{SITE}/RSQLite/libs/cairo.so" in found.possible


def test_variables_name_default_packages_and_libraries(run):
    tree = {**R, **package("own", "srv/library")}
    found = run(tree, "Rscript /app/run.R", R_DEFAULT_PACKAGES="own,RSQLite", R_LIBS="/srv/none:/srv/library")
    assert loaded(found.certain) == LOADED | {"own"}


@pytest.mark.parametrize(
    ("command", "script", "reason"),
    [
        ("Rscript /app/run.R", "x <- 1\nsystem(paste('git', x))\n", "starts a program that is known only at run time"),
        ("Rscript /app/run.R", "library(processx)\nrun(tool)\n", "starts a program that is known only at run time"),
        ("Rscript -e system(x)", "", "starts a program that is known only at run time"),
        ("sh -c 'R -e \"$(date)\"'", "", "runs code of R that is known only at run time"),
        ("sh -c 'R --file=$(date)'", "", "runs code of R that is known only at run time"),
    ],
)
def test_what_is_known_only_at_run_time_is_a_gap(run, command, script, reason):
    found = run({**R, "app/run.R": script}, command)
    assert reason in [gap.reason for gap in found.gaps if gap.kind == EVERYTHING]


@pytest.mark.parametrize("script", ["system('git status')\n", "fit$run(model)\n", "run(app)\n", 'system2("git", x)\n'])
def test_a_start_that_is_stated_is_none(run, script):
    assert not run({**R, "app/run.R": script}, "Rscript /app/run.R").gaps


@pytest.mark.parametrize("command", ["R CMD BATCH x", "R -d gdb"])
def test_the_script_that_starts_others_is_followed_as_all_are(run, command):
    assert EVERYTHING in [gap.kind for gap in run(R, command).gaps]


def test_rscript_without_r_is_a_gap(run):
    assert [gap.reason for gap in run({"!usr/bin/Rscript": make_elf()}, "Rscript x").gaps] == [
        "starts R, which is not where it is looked for"
    ]


@pytest.mark.parametrize(("content", "doubt"), [(objects(text("named-tool -q")), Doubt.NAMED), (objects(), None)])
def test_code_of_any_package_names_programs(content, doubt):
    tree = {**TREE, **R, f"{SITE}/unused/R/unused.rdb": content, "app/run.R": ""}
    runtime = Runtime(cmd=["Rscript", "/app/run.R"], env=["PATH=/usr/bin:/usr/sbin"])
    assert states(tree, runtime)["named"].doubt is doubt
