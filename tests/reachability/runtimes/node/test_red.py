"""Node-RED loads the nodes of installed packages by their manifests."""

import json

REGISTRY = "app/node_modules/@node-red/registry/lib/localfilesystem.js"


def manifest(*paths: str) -> str:
    return json.dumps({"name": "x", "node-red": {"nodes": {path: path for path in paths}}})


def test_nodes_of_manifests_and_those_with_a_page_are_loaded(run):
    tree = {
        "!usr/bin/node": "",
        "app/main.js": "require('@node-red/registry/lib/localfilesystem.js')\n",
        REGISTRY: "\n",
        "app/node_modules/@node-red/nodes/core/common/20-inject.js": "require('cron')\n",
        "app/node_modules/@node-red/nodes/core/common/20-inject.html": "",
        "app/node_modules/@node-red/nodes/core/common/helper.js": "",
        "app/node_modules/cron/index.js": "",
        "app/node_modules/@own/chart/package.json": manifest("./nodes/chart.js"),
        "app/node_modules/@own/chart/nodes/chart.js": "",
        "app/node_modules/other/package.json": json.dumps({"name": "other", "node-red": {"nodes": ["x.js"]}}),
        "app/node_modules/other/x.js": "",
        "app/node_modules/other/node_modules/inner/package.json": manifest("y.js"),
        "app/node_modules/other/node_modules/inner/y.js": "",
        "data/node_modules/late/package.json": manifest("late.js"),
        "data/node_modules/late/late.js": "",
    }
    loaded = {path for path in run(tree, "node /app/main.js").certain if path.endswith(".js")}
    assert loaded == {
        *("app/main.js", REGISTRY, "app/node_modules/@node-red/nodes/core/common/20-inject.js"),
        *("app/node_modules/cron/index.js", "app/node_modules/@own/chart/nodes/chart.js"),
        "data/node_modules/late/late.js",
    }
    assert (
        "app/node_modules/@own/chart/nodes/chart.js"
        not in run(tree | {"app/main.js": "\n"}, "node /app/main.js").certain
    )
