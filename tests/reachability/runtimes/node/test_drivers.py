"""The drivers that a package of npm loads by a function of its own."""

import pytest

IMAGE = {"!usr/bin/node": "", "app/package.json": '{"dependencies": {"pg": "*"}}'}


def model(source, about='{"pg": {"optional": true}}'):
    return {
        "app/run.js": "require('model')",
        "app/node_modules/model/package.json": f'{{"name": "model", "peerDependenciesMeta": {about}}}',
        "app/node_modules/model/index.js": "require('./postgres')",
        "app/node_modules/model/postgres.js": source,
        "app/node_modules/pg/package.json": '{"name": "pg"}',
        "app/node_modules/pg/index.js": "",
    }


@pytest.mark.parametrize(
    ("files", "is_loaded"),
    [
        (model("this.lib = load('pg')"), True),
        (model("this.lib = load('pg/native')"), True),
        (model("this.lib = load(name)"), False),
        (model("load('pg')", "{}"), False),
        (model("load('pg')") | {"app/package.json": '{"dependencies": {}}'}, False),
        (model("") | {"app/node_modules/model/other.js": "load('pg')"}, False),
    ],
)
def test_a_driver_that_the_application_has_for_a_package_is_loaded_where_this_names_it(run, files, is_loaded):
    """As mysql2 for Sequelize, whose own function loads it."""
    assert ("app/node_modules/pg/package.json" in run(IMAGE | files, "node run.js").certain) == is_loaded
