"""Frameworks of npm that load an application's folders by convention."""

import pytest

IMAGE = {"!usr/bin/node": "", "app/package.json": "{}"}


@pytest.mark.parametrize(
    ("package", "own", "loaded"),
    [
        (
            "@midwayjs/bootstrap",
            ["dist/configuration.js", "dist/job/a.js", "src/b.js"],
            ["dist/configuration.js", "dist/job/a.js"],
        ),
        ("@midwayjs/bootstrap", ["src/configuration.ts"], ["src/configuration.ts"]),
        ("@midwayjs/bootstrap", ["dist/a.js", "dist/a.test.js", "dist/a.d.ts"], ["dist/a.js"]),
        (
            "egg",
            ["app/router.js", "config/plugin.js", "agent.js", "other/a.js", "app/public/b.js"],
            ["agent.js", "app/router.js", "config/plugin.js"],
        ),
        ("express", ["dist/configuration.js", "app/router.js"], []),
    ],
)
def test_a_framework_loads_the_folders_that_its_guide_names(run, package, own, loaded):
    files = IMAGE | {f"app/{path}": "" for path in own} | {"app/run.js": f"require('{package}')"}
    files |= {f"app/node_modules/{package}/index.js": "", f"app/node_modules/{package}/package.json": "{}"}
    certain = run(files, "node run.js").certain
    assert [path for path in own if f"app/{path}" in certain] == sorted(loaded, key=own.index)


def test_a_part_of_a_framework_alone_loads_nothing_of_the_application(run):
    files = IMAGE | {"app/run.js": "require('egg/errors')", "app/node_modules/egg/errors.js": "", "app/app/a.js": ""}
    files |= {"app/node_modules/egg/index.js": "", "app/node_modules/egg/package.json": "{}"}
    assert "app/app/a.js" not in run(files, "node run.js").certain
