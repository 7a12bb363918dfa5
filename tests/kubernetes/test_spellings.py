"""A pod that sees the host's processes is found however its file is written, named or wrapped."""

import codecs
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.model import StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.stages import kubernetes

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  hostPID: true\n  containers: []\n"
OBJECT = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"hostPID": True, "containers": []}}
JSON = json.dumps(OBJECT)
BARE = {key: value for key, value in OBJECT.items() if key not in ("apiVersion", "kind")}
SHAPE = "spec:\n  agents:\n  - hostPID: true\n    containers: [{name: a, image: a}]\n"
COMPOSE = "services:\n  web:\n    image: a\n    privileged: true\n"
CHART = {"Chart.yaml": "name: a\nversion: 1.0.0\n"}
RULE = "PSS-host-namespaces"
PRIVILEGED = "GK401"
Judge = Callable[[dict[str, str | bytes]], StageResult]

ENCODED: dict[str, str | bytes] = {
    "utf-8 with a mark": codecs.BOM_UTF8 + POD.encode(),
    "utf-16 little": codecs.BOM_UTF16_LE + POD.encode("utf-16-le"),
    "utf-16 big": codecs.BOM_UTF16_BE + POD.encode("utf-16-be"),
    "utf-16 little without a mark": POD.encode("utf-16-le"),
    "utf-16 big without a mark": POD.encode("utf-16-be"),
    "utf-32 little": codecs.BOM_UTF32_LE + POD.encode("utf-32-le"),
    "utf-32 big": codecs.BOM_UTF32_BE + POD.encode("utf-32-be"),
}
WRITTEN = {
    "an escape in a key": POD.replace("apiVersion", '"api\\x56ersion"'),
    "another escape": POD.replace("kind", '"k\\u0069nd"'),
    "lines joined in a key": POD.replace("kind:", '? "ki\\\n  nd"\n:'),
    "a complex key": POD.replace("apiVersion:", "? apiVersion\n:"),
    "base64 behind a tag": POD.replace("kind:", "!!binary a2luZA==:"),
    "a boolean of YAML 1.1": POD.replace("true", "yes"),
    "its short form": POD.replace("true", "y"),
    "the last of two keys": POD.replace("hostPID: true", "hostPID: false\n  hostPID: true"),
    "line ends of Windows": POD.replace("\n", "\r\n"),
    "a boundary with a word": f"a: b\n---pod\n{POD}",
    "a list of pods": "apiVersion: v1\nkind: PodList\nitems:\n- " + POD.replace("\n", "\n  ").rstrip() + "\n",
    "a list whose elements state no kind": json.dumps({"apiVersion": "v1", "kind": "PodList", "items": [BARE]}),
    "lists in a list": json.dumps(
        {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "List", "items": [OBJECT]}]}
    ),
    "a custom resource of the same shape": f"apiVersion: example.com/v1\nkind: Farm\nmetadata: {{name: a}}\n{SHAPE}",
}
JSONS: dict[str, str | bytes] = {
    "a mark": codecs.BOM_UTF8 + JSON.encode(),
    "utf-16": codecs.BOM_UTF16_LE + JSON.encode("utf-16-le"),
    "an escape in a key": JSON.replace("kind", "k\\u0069nd"),
    "two documents": JSON.replace("true", "false") + "\n" + JSON,
}
PATHS = ["pod.YAML", "pod.Yml", "pod.JSON", "pod", "pod.txt", "pod.conf", "a/pod.yaml.bak", "deploy/web.k8s", ".pod"]


@pytest.fixture
def judge(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Judge:
    return lambda files: kubernetes.run(make_tree(files), make_context())


def is_found(result: StageResult, rule: str = RULE) -> bool:
    assert not result.errors
    return rule in {one.rule for one in result.findings}


@pytest.mark.parametrize("name", ENCODED)
def test_in_each_encoding(name: str, judge: Judge) -> None:
    result = judge({"pod.yaml": ENCODED[name]})
    assert is_found(result)
    assert [one.location.line for one in result.findings if one.rule == RULE] == [5]


@pytest.mark.parametrize("name", WRITTEN)
def test_in_each_way_that_yaml_has(name: str, judge: Judge) -> None:
    assert is_found(judge({"pod.yaml": WRITTEN[name]}))


@pytest.mark.parametrize("name", JSONS)
def test_in_each_way_that_json_has(name: str, judge: Judge) -> None:
    assert is_found(judge({"pod.json": JSONS[name]}))


@pytest.mark.parametrize("path", PATHS)
def test_under_each_name(path: str, judge: Judge) -> None:
    assert is_found(judge({path: POD}))


@pytest.mark.parametrize("path", ["README.md", "main.go", "Makefile", "pods.csv", "LICENSE"])
def test_a_file_of_another_format_is_no_manifest(path: str, judge: Judge) -> None:
    assert not judge({path: POD}).findings


@pytest.mark.parametrize(
    "content", [f"Some words.\n\n    {POD}", b"\x00\x01kind apiVersion", "kind: [\napiVersion: a\n"]
)
def test_what_has_no_ending_and_cannot_be_read_is_no_error(content: str | bytes, judge: Judge) -> None:
    result = judge({"notes": content})
    assert not result.errors
    assert not result.findings


@pytest.mark.parametrize("path", ["templates/pod", "templates/pod.txt", "templates/a/pod.tpl", "templates/pod.YAML"])
def test_a_template_of_a_chart_has_any_name(path: str, judge: Judge) -> None:
    assert is_found(judge({**CHART, path: POD.replace("web", "{{ .Chart.Name }}")}))


@pytest.mark.parametrize("path", ["templates/NOTES.txt", "templates/_pod.yaml"])
def test_notes_and_partials_are_not_rendered(path: str, judge: Judge) -> None:
    assert not is_found(judge({**CHART, path: f"{{{{ if true }}}}\n{POD}{{{{ end }}}}"}))


def test_values_of_a_chart_with_a_mark_and_a_boolean_of_yaml_1_1(judge: Judge) -> None:
    values = codecs.BOM_UTF8 + b"host: on\n"
    assert is_found(
        judge({**CHART, "values.yaml": values, "templates/a.yaml": POD.replace("true", "{{ .Values.host }}")})
    )


def test_a_link_to_a_file_that_has_another_name_is_read_once(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext], tmp_path: Path
) -> None:
    tree = make_tree({"kept.md": POD})
    for name in ("pod.yaml", "same.yaml"):
        (tmp_path / "tree" / name).symlink_to("kept.md")
    found = [one for one in kubernetes.run(tree, make_context()).findings if one.rule == RULE]
    assert len(found) == 1


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_a_compose_file_with_a_mark(mark: bytes, judge: Judge) -> None:
    encoding = "utf-8" if mark == codecs.BOM_UTF8 else "utf-16-le"
    assert is_found(judge({"compose.yaml": mark + COMPOSE.encode(encoding)}), PRIVILEGED)


def test_of_several_compose_documents_the_last_counts(judge: Judge) -> None:
    on, off = COMPOSE, COMPOSE.replace("true", "false")
    assert is_found(judge({"compose.yaml": f"{off}---\n{on}"}), PRIVILEGED)
    assert not is_found(judge({"compose.yaml": f"{on}---\n{off}"}), PRIVILEGED)


@pytest.mark.parametrize(
    "content",
    [
        POD.encode() + b"x: \xff\n",
        b"apiVersion: v1\nkind: Pod\nspec: {hostPID: true\n",
        codecs.BOM_UTF16_LE + POD.encode("utf-16-le") + b"\x00\xd8a\x00",
    ],
)
def test_a_manifest_that_cannot_be_read_is_an_error_with_its_line(content: bytes, judge: Judge) -> None:
    (error,) = judge({"pod.yaml": content}).errors
    place, _, line = (error.path or "").partition(":")
    assert place == "pod.yaml"
    assert line.isdigit()
