"""Makefiles: variables and functions, against what GNU make prints."""

import pytest

from gate.reachability.runtimes.launchers.makefiles import Makefile
from gate.reachability.runtimes.walk.graph import UNKNOWN


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A = one\nX = $(A)\nA = two\n", "two"),
        ("A = one\nX := $(A)\nA = two\n", "one"),
        ("X = one\nX += two\n", "one two"),
        ("X ?= one\nX ?= two\n", "one"),
        ("X = $(subst a,b,banana)\n", "bbnbnb"),
        ("X = $(patsubst %.c,out/%.o,a.c b.h)\n", "out/a.o b.h"),
        ("A = a.c b.c\nX = $(A:.c=.o)\n", "a.o b.o"),
        ("A = a.c b.c\nX = $(A:%.c=%/x)\n", "a/x b/x"),
        ("X = $(addsuffix .o,$(addprefix x/,a b))\n", "x/a.o x/b.o"),
        ("X = $(notdir x/a y/b) $(dir x/a b) $(basename a.c x/b.d)\n", "a b x/ ./ a x/b"),
        ("X = $(sort b a b)$(firstword c d)$(lastword c d)\n", "a bcd"),
        ("X = $(filter %.c,a.c b.h c.c) $(filter-out %.c,a.c b.h)\n", "a.c c.c b.h"),
        ("X = $(foreach n,a b,<$(n)>)\n", "<a> <b>"),
        ("X = $(wildcard src/*.c)\n", "src/a.c src/b.c"),
        ("two = $(2) $(1)\nX = $(call two,a,b)\n", "b a"),
        ("X = a$$b\n", "a$b"),
        ("X = ${A}$(strip  a   b )\nA = c\n", "ca b"),
        ("X = a # b\n", "a"),
        ("X = a \\\n  b\n", "a b"),
        ("define X\na\nb\nendef\n", "a\nb"),
        ("ifneq (a,b)\nX = one\nelse\nX = two\nendif\n", "one"),
        ("X = $(CC) $(CFLAGS)$(RM)\n", "cc rm -f"),
        ("X = $(NONE)\n", UNKNOWN),
        ("X = $(shell date)\n", UNKNOWN),
        ("X = $(X)\n", UNKNOWN),
    ],
)
def test_a_variable_has_the_value_that_make_gives_it(make_files, text, value):
    files = make_files({"srv/Makefile": text, "srv/src/a.c": "", "srv/src/b.c": ""})
    makefile = Makefile(files, "/srv", {}, {})
    makefile.take("/srv/Makefile")
    assert makefile.value("X") == value


def test_what_functions_run_is_noted_with_its_line(make_files):
    makefile = Makefile(make_files({"Makefile": "\nX := $(shell date +%F)\n"}), "/", {}, {})
    makefile.take("Makefile")
    assert [(one.number, one.text, one.is_certain) for one in makefile.commands] == [(2, "date +%F", True)]


WORDS = "W := " + " ".join("w" * 15_000)


@pytest.mark.parametrize(
    "lines",
    [
        ["A0 = x", *(f"A{number} = {f'$(A{number - 1})' * 10}" for number in range(1, 12)), "A = $(A11)"],
        ["A := one", *["A := $(A) $(A)"] * 40],
        ["A := one", *["A += $(A)"] * 40],
        ["B = $(call B,$(1)a)$(call B,$(1)b)", "A = $(call B,x)"],
        [WORDS, f"A = $(foreach v,$(W),{'x' * 30_000})"],
        [WORDS, "T := " + "a" * 600, f"A = $(foreach v,$(W),$(subst a,{'b' * 600},$(T)))"],
        [WORDS, "A = $(filter $(W),$(W))"],
        [WORDS, "A = $(wildcard $(W))"],
        ["A = $(subst a,b," + "x" * 1_000_000 + ")"],
    ],
    ids=[
        "ten times each",
        "doubled",
        "added to itself",
        "calls",
        "long",
        "all for all",
        "filter",
        "wildcard",
        "one text",
    ],
)
def test_a_value_that_takes_too_much_to_work_out_is_not_known(make_files, lines):
    makefile = Makefile(make_files({"Makefile": "\n".join(lines)}), "/", {}, {})
    makefile.take("Makefile")
    assert UNKNOWN in makefile.value("A")


def test_what_is_no_longer_worked_out_may_run_any_program(make_files):
    lines = ["A0 = x", *(f"A{number} = {f'$(A{number - 1})' * 10}" for number in range(1, 12))]
    makefile = Makefile(make_files({"Makefile": "\n".join([*lines, "B := $(A11)", "C := x"])}), "/", {}, {})
    makefile.take("Makefile")
    assert makefile.unknown == [("Makefile", 13)]
