"""The keyword of import statements in JavaScript, which is the name of a program elsewhere."""

import pytest

from gate.model import InUse
from gate.reachability.runtimes.strings.javascript_keywords import without_imports
from tests.reachability.runtimes.conftest import make_elf
from tests.reachability.runtimes.named.test_starters import OWNERS, state_of


@pytest.mark.parametrize(
    "statement",
    [
        "import a from 'b';",
        'import { a,\n  b as c } from "d"',
        "import type { A } from 'b'",
        "import * as a from 'b'",
        "import a, { b } from 'c'",
        "import a, * as b from 'c'",
        'import{a}from"b"',
        "const a = await import('b')",
        "import 'reflect-metadata';",
        "import './a.css'",
    ],
)
def test_a_statement_loses_its_keyword(statement):
    assert without_imports(f"x()\n{statement}\n".encode()).decode() == f"x()\n{statement}\n".replace("import", "")


@pytest.mark.parametrize(
    "text",
    [
        "run('import a.png')",
        "run('import', ['a.png'])",
        "sh(`\nimport 'a.png'\n`)",
        "sh('x;\\\nimport \"a.png\"\\\n')",
        "const a = { import: 1 }",
        "import a.png from b",
        "reimport('a'); a.import('b')",
    ],
)
def test_what_may_be_a_command_is_left(text):
    assert without_imports(text.encode()).decode() == text


@pytest.mark.parametrize(
    ("source", "in_use"),
    [
        ("import { a } from './a.js';\nimport './b.js';\n", InUse.NO),
        ("import { a } from './a.js';\na('import', 'x.png');\n", InUse.UNKNOWN),
        ("import { a } from './a.js';\na(`\nimport 'x.png'\n`);\n", InUse.UNKNOWN),
    ],
)
def test_an_own_source_names_imagemagick_only_outside_of_its_imports(source, in_use):
    owners = OWNERS | {"magick": ["usr/bin/import"], "node": ["usr/bin/node"]}
    programs = {"!usr/bin/import": make_elf(), "!usr/bin/node": make_elf(calls="execve")}
    found = state_of("magick", programs, {"app/run.mjs": source}, command="node /app/run.mjs", owners=owners)
    assert found.in_use is in_use
