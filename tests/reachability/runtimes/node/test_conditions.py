"""What an application's own source loads behind variables of the environment."""

import pytest

from gate.model import InUse
from gate.reachability.runtimes.node.conditions import is_left_out
from tests.reachability.runtimes.named.test_node_mentions import package, state_of

LOAD = "const s3 = require('s3');"


def in_block(condition, more=""):
    return f"function save() {{\n  if ({condition}) {{\n    {LOAD}\n  }}\n{more}}}"


@pytest.mark.parametrize(
    ("source", "variables", "is_left"),
    [
        (in_block("process.env.BUCKET"), {}, True),
        (in_block("process.env.BUCKET"), {"BUCKET": ""}, True),
        (in_block("process.env.BUCKET"), {"BUCKET": "one"}, False),
        (in_block("process.env['BUCKET']"), {}, True),
        (in_block("!process.env.BUCKET"), {}, False),
        (in_block("!process.env.BUCKET"), {"BUCKET": "one"}, True),
        (in_block("process.env.NODE_ENV !== 'production'"), {}, False),
        (in_block("process.env.NODE_ENV !== 'production'"), {"NODE_ENV": "production"}, True),
        (in_block("process.env.STORE === 's3'"), {}, True),
        (in_block("process.env.STORE === 's3'"), {"STORE": "s3"}, False),
        (in_block("config.bucket && process.env.BUCKET"), {}, True),
        (in_block("config.bucket || process.env.BUCKET"), {}, False),
        (in_block("config.bucket"), {}, False),
        (in_block("has(process.env.BUCKET)"), {}, False),
        (f"if (process.env.BUCKET) {{\n  for (const each of all) {{\n    {LOAD}\n  }}\n}}", {}, True),
        (f"if (process.env.BUCKET) {{\n  start();\n}} else {{\n  {LOAD}\n}}", {}, False),
        (f"if (process.env.BUCKET) {{\n  start();\n}}\nfunction save() {{\n  {LOAD}\n}}", {}, False),
        (f"function save() {{\n  if (!process.env.BUCKET) return null;\n  {LOAD}\n}}", {}, True),
        (f"function save() {{\n  if (!process.env.BUCKET) return null;\n  {LOAD}\n}}", {"BUCKET": "one"}, False),
        (f"function a() {{\n  if (!process.env.BUCKET) return;\n}}\nfunction save() {{\n  {LOAD}\n}}", {}, False),
        ("  if (process.env.BUCKET) app.use(require('s3'));", {}, True),
        ("  const rules = process.env.BUCKET ? (await import('s3')).rules : [];", {}, True),
        ("  process.env.BUCKET && require('s3');", {}, True),
        ("  const rules = process.env.BUCKET ?? require('s3');", {}, False),
        ("  const rules = list(process.env.BUCKET, require('s3'));", {}, False),
    ],
)
def test_what_needs_a_variable_that_is_not_set_is_left_out(source, variables, is_left):
    lines = source.split("\n")
    number = next(place for place, line in enumerate(lines, 1) if "require('s3')" in line or "import('s3')" in line)
    assert is_left_out(lines, number, variables) is is_left


@pytest.mark.parametrize(
    ("own", "more", "in_use"),
    [
        ("if (process.env.BUCKET) {\n  require('idle');\n}", {}, InUse.UNKNOWN),
        ("if (process.env.BUCKET) {\n  require('idle');\n}\nuse('idle');", {}, InUse.YES),
        ("if (process.env.BUCKET) {\n  require('idle');\n}", {"app/.env": "BUCKET=one\n"}, InUse.YES),
        ("if (config.bucket) {\n  require('idle');\n}", {}, InUse.YES),
        ("if (process.env.BUCKET) {\n  require('./store');\n}", {"app/store.js": "require('idle')"}, InUse.UNKNOWN),
        ("if (!process.env.BUCKET) {\n  require('./store');\n}", {"app/store.js": "require('idle')"}, InUse.YES),
    ],
)
def test_what_own_code_loads_for_a_variable_only_may_be_loaded_while_nothing_sets_it(own, more, in_use):
    assert state_of("idle", package("idle"), more, own=own).in_use is in_use


@pytest.mark.parametrize(
    ("own", "in_use"),
    [
        ("log(process.env.NODE_ENV === 'production' ? {} : { transport: { target: 'idle' } })", InUse.YES),
        ("log(process.env.NODE_ENV !== 'production' ? {} : { transport: { target: 'idle' } })", InUse.UNKNOWN),
        ("log({ transport: process.env.PRETTY\n  ? { target: 'idle' }\n  : undefined })", InUse.UNKNOWN),
        ("log(process.stdout.isTTY ? { transport: { target: 'idle' } } : {})", InUse.UNKNOWN),
        ("log(!process.stdout.isTTY ? { transport: { target: 'idle' } } : {})", InUse.YES),
        ("log(process.stdout.isTTY && 'idle')", InUse.UNKNOWN),
        ("log(process.stdout.isTTY ? 'used' : 'idle')", InUse.YES),
        ("log(process.stdout.isTTY ? go() : { target: 'idle' })", InUse.YES),
        ("log(process.stdout.isTTY ? { target: 'idle' } : {}); log('idle')", InUse.YES),
        ("log(process.env.PRETTY ?? { target: 'idle' })", InUse.YES),
    ],
)
def test_a_name_for_a_setting_that_is_not_set_only_may_be_loaded(own, in_use):
    """As pino-pretty, for those who look at a terminal."""
    assert state_of("idle", package("idle"), own=own).in_use is in_use
