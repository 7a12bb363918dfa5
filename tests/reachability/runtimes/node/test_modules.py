"""Which packages an application asked for whose manifest is not in the image."""

import json

import pytest

IMAGE = {"!usr/bin/node": "", "app/run.js": "require('shop')"}


def package(name, source="", **stated):
    folder = f"app/node_modules/{name}"
    return {f"{folder}/package.json": json.dumps({"name": name, **stated}), f"{folder}/index.js": source}


OPTIONAL = {"peerDependencies": {"@shop/web": "*"}, "peerDependenciesMeta": {"@shop/web": {"optional": True}}}
SHOP = package("shop", "exports.start = () => {\n  return require('@shop/web')\n}", **OPTIONAL)


@pytest.mark.parametrize(
    ("others", "is_loaded"),
    [
        ({}, True),
        (package("other", devDependencies={"@shop/web": "*"}), True),
        (package("other", **OPTIONAL), True),
        (package("other", dependencies={"@shop/web": "*"}), False),
        (package("other", peerDependencies={"@shop/web": "*"}), False),
        ({"app/package.json": "{}"}, False),
        ({"app/package.json": '{"dependencies": {"@shop/web": "*"}}'}, True),
    ],
)
def test_without_a_manifest_the_application_asked_for_what_no_package_asks_for(run, others, is_loaded):
    """As Nest loads `@nestjs/platform-express`, an optional peer, where only modules and sources are copied."""
    certain = run(IMAGE | SHOP | package("@shop/web") | others, "node run.js").certain
    assert ("app/node_modules/@shop/web/index.js" in certain) == is_loaded
