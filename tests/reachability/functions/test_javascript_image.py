"""Whether the start of a container uses vulnerable functions of its npm packages."""

import pytest

from gate.model import Image
from gate.model.container import Runtime
from gate.reachability.functions.answer import ReachAnswer
from gate.reachability.functions.image_start import VulnerablePackage, configured, reach_of
from gate.reachability.functions.javascript import files as javascript_files
from gate.reachability.functions.javascript.image import NodeImage
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.start import starts_of
from tests.reachability.runtimes.conftest import SmallTree, explore

pytest.importorskip("tree_sitter_javascript")
pytest.importorskip("tree_sitter_typescript")

NODE = {
    "!usr/local/bin/node": "",
    "app/package.json": '{"name": "shop", "dependencies": {"toast": "1.0.0"}}',
    "app/node_modules/toast/package.json": '{"name": "toast", "version": "1.0.0"}',
    "app/node_modules/toast/index.js": "exports.burn = () => {}; exports.bake = () => {}",
    "etc/toast": "toast",
}
BURN = VulnerablePackage("app/node_modules/toast/package.json", ("toast:burn",), "npm", "toast", "1.0.0")
HARMLESS = {"app/main.js": "require('toast').bake()"}
BURNING = "require('toast').burn()"


def ask(files: dict[str, str], command: str = "node main.js", **settings: object) -> ReachAnswer:
    """Return the answer for an image that starts `command` in /app."""
    tree = SmallTree(NODE | files)
    words = [command] if "entrypoint" in settings else command.split()
    runtime = Runtime(cmd=words, working_dir="/app", **settings)  # type: ignore[arg-type]
    walked = Files(tree)
    reach = reach_of(explore(starts_of(runtime, walked), walked), "npm")
    return NodeImage(tree, reach, configured(runtime, Image(source="archive", reference="a", name="a"))).answer(BURN)


def test_the_chain_begins_at_the_start_of_the_container() -> None:
    found = ask({"app/main.js": "require('./jobs')", "app/jobs.js": BURNING})
    assert found.state.value == "yes"
    assert found.evidence[0] == "entrypoint"
    assert found.evidence[-1] == "app/jobs.js:1 calls burn of toast"


def test_what_nothing_takes_is_not_used() -> None:
    found = ask(HARMLESS)
    assert (found.state.value, found.evidence) == ("no", ("none of 1 sources that load toast takes burn of it",))


@pytest.mark.parametrize(
    ("files", "command", "settings"),
    [
        pytest.param(
            HARMLESS | {"app/other.js": BURNING}, "node main.js", {}, id="a source that the start may not run"
        ),
        pytest.param(HARMLESS | {"srv/other.js": BURNING}, "node main.js", {}, id="a source elsewhere"),
        pytest.param(
            HARMLESS | {"app/node_modules/pan/package.json": '{"name": "pan"}', "app/node_modules/pan/i.js": BURNING},
            "node main.js",
            {},
            id="another package",
        ),
        pytest.param(HARMLESS, "node -r toast main.js", {}, id="named by the command"),
        pytest.param(HARMLESS, "node main.js", {"env": ["NODE_OPTIONS=--require toast"]}, id="named by a variable"),
        pytest.param(HARMLESS | {"app/settings.yaml": "use: toast"}, "node main.js", {}, id="named by settings"),
        pytest.param(HARMLESS, "node main.js && $OTHER", {"entrypoint": ["/bin/sh", "-c"]}, id="a start not known"),
        pytest.param(HARMLESS | {"app/fast.jsc": ""}, "node main.js", {}, id="compiled"),
        pytest.param({"app/main.js": "require(process.argv[2])"}, "node main.js", {}, id="any module"),
        pytest.param(
            HARMLESS | {"usr/lib/shop/run.js": BURNING}, "node /usr/lib/shop/run.js", {}, id="among the system's files"
        ),
    ],
)
def test_what_may_use_it_is_never_a_no(files: dict[str, str], command: str, settings: dict[str, object]) -> None:
    assert ask(files, command, **settings).state.value in ("unknown", "yes")


def test_a_source_that_is_too_large_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javascript_files, "MAX_SOURCE", 60)
    found = ask(HARMLESS | {"app/large.js": f"{BURNING};{'x' * 99}"})
    assert (found.state.value, "app/large.js cannot be read" in found.evidence[0]) == ("unknown", True)
