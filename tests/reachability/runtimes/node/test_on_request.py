"""What an application's own source loads only when something is asked of it."""

import pytest

from gate.model import InUse
from gate.reachability.runtimes.node.on_request import is_on_request
from tests.reachability.runtimes.named.test_node_mentions import package, state_of

LOAD = "const s3 = require('s3');"


@pytest.mark.parametrize(
    ("source", "is_late"),
    [
        (f"app.get('/x', async (request, reply) => {{\n  {LOAD}\n}});", True),
        (f"exports.app.get('/x', async (request, reply) => {{\n  {LOAD}\n}});", True),
        ("app.get('/x', async () => (await import('s3')).list());", True),
        (
            "  publish: t.boolean({\n    resolve: async () => {\n      const a = await import('s3');\n    },\n  }),",
            True,
        ),
        (f"class Store {{\n  async save(file) {{\n    {LOAD}\n  }}\n}}", True),
        (f"class Store {{\n  async save(file) {{\n    if (file) {{\n      {LOAD}\n    }}\n  }}\n}}", True),
        (f"function save() {{\n  {LOAD}\n}}\napp.post('/x', save);", True),
        (f"const save = async () => {{\n  {LOAD}\n}};\napp.post('/x', (request) => save(request));", True),
        (f"function save() {{\n  {LOAD}\n}}\nfunction put() {{\n  save();\n}}\napp.post('/x', put);", True),
        (f"function save() {{\n  {LOAD}\n}}\nfunction main() {{\n  save();\n}}\nmain();", False),
        (f"async function main() {{\n  {LOAD}\n}}\nmain().catch(log);", False),
        (f"async function main() {{\n  {LOAD}\n}}\nsetTimeout(main, 1);", False),
        (f"(async () => {{\n  {LOAD}\n}})();", False),
        (f"export async function save() {{\n  {LOAD}\n}}", False),
        (f"async function save() {{\n  {LOAD}\n}}\nmodule.exports = {{ save }};", False),
        (f"module.exports = async (job) => {{\n  {LOAD}\n}};", False),
        (f"exports.save = async (job) => {{\n  {LOAD}\n}};", False),
        (f"export async function save() {{\n  if (bucket) {{\n    {LOAD}\n  }}\n}}", True),
        (f"export async function save() {{\n  if (!bucket) return null;\n  {LOAD}\n}}", True),
        (f"exports.save = () => {{\n  if (!bucket) {{\n    go();\n  }} else {{\n    {LOAD}\n  }}\n}};", True),
        (f"exports.save = save;\nasync function save() {{\n  if (!bucket)\n    return;\n  {LOAD}\n}}", True),
        (f"exports.save = save;\nasync function save() {{\n  if (bucket) {{\n    {LOAD}\n  }}\n}}", True),
        (f"exports.save = save;\nasync function save() {{\n  {LOAD}\n}}", False),
        (f"export async function save() {{\n  if (bucket) {{\n    go();\n  }}\n  {LOAD}\n}}", False),
        (f"async function main() {{\n  if (bucket) {{\n    {LOAD}\n  }}\n}}\nmain();", False),
        (f"export const all = [\n  {LOAD}\n];", False),
        (f"connect().then(() => {{\n  {LOAD}\n}});", False),
        (f"if (config.bucket) {{\n  {LOAD}\n}}", False),
        ("const options = {\n  client: require('s3'),\n};", False),
        (
            "module.exports = {\n  providers: [{\n    useFactory: async () => {\n      require('s3');\n    } }] };",
            False,
        ),
        (f"{'x' * 500}.get('/x', () => {{\n  {LOAD}\n}});", False),
    ],
)
def test_a_load_in_what_only_a_request_calls_is_late(source, is_late):
    lines = source.split("\n")
    number = next(place for place, line in enumerate(lines, 1) if "'s3'" in line)
    assert is_on_request(lines, number) is is_late


@pytest.mark.parametrize(
    ("own", "in_use"),
    [
        ("app.get('/', () => {\n  require('idle');\n});", InUse.UNKNOWN),
        ("app.get('/', () => {\n  require('idle');\n});\nuse('idle');", InUse.YES),
        ("app.get('/', () => {\n  require('./store');\n});", InUse.YES),
        ("main();\nfunction main() {\n  require('idle');\n}", InUse.YES),
    ],
)
def test_what_only_a_request_loads_may_be_loaded(own, in_use):
    tree = {"app/store.js": "require('idle')"}
    assert state_of("idle", package("idle"), tree, own=own).in_use is in_use
