"""Charts as they are rendered with their own values, at which lines, and what is said of what is unknown."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import GateError, LimitError
from gate.kubernetes.helm import packed
from gate.kubernetes.helm.charts import chart_folders
from gate.kubernetes.helm.evaluation import Evaluation
from gate.kubernetes.helm.rendering import RenderedCharts, rendered_charts
from gate.kubernetes.helm.template_syntax import parse_template
from gate.model import StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.stages import kubernetes
from gate.trees import open_tree
from tests.kubernetes.helm.cases import CASES, INNER, archive, chart

Render = Callable[[Mapping[str, str | bytes]], RenderedCharts]
Judge = Callable[[dict[str, str]], StageResult]
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"


@pytest.fixture
def render(make_tree: Callable[..., Tree]) -> Render:
    def run(files: Mapping[str, str | bytes]) -> RenderedCharts:
        return rendered_charts(open_tree(make_tree(files)), chart_folders(files), sorted(files), "1.37")

    return run


@pytest.fixture
def judge(make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]) -> Judge:
    return lambda files: kubernetes.run(make_tree(files), make_context())


@pytest.mark.parametrize("case", CASES)
def test_every_case_is_rendered(case: str, render: Render) -> None:
    result = render(CASES[case])
    assert not result.not_read
    assert not result.unknown
    assert result.objects


def test_objects_have_the_lines_of_their_template(render: Render) -> None:
    (web,) = render(chart()).objects
    spec = web.value.get("spec", "template", "spec")
    assert spec
    (container,) = spec.get("containers").elements()  # type: ignore[union-attr]
    flag, network = container.get("securityContext", "privileged"), spec.get("hostNetwork")
    assert web.id == "Deployment/shop-shop"
    assert flag
    assert (flag.data, flag.path, flag.line) == (True, "templates/deployment.yaml", 23)
    assert network
    assert network.line == 15
    assert container.text("image") == "registry.example/shop:4.5"


def test_a_boundary_without_a_line_of_its_own_moves_no_line(render: Render) -> None:
    pods = "".join(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\n---" for name in "ab")
    assert [(one.name, one.value.line) for one in render(chart(more=pods)).objects if one.kind == "Pod"] == [
        ("a", 1),
        ("b", 4),
    ]


def test_values_switch_parts_on_and_off(render: Render) -> None:
    values = "kind: x\nautoscaling: {enabled: true}\nipc: true\nimage: {repository: a}\n"
    (web,) = render(chart(values=values)).objects
    assert web.value.text("spec", "template", "spec", "hostIPC") == "true"
    assert web.value.get("spec", "replicas") is None


def test_charts_in_a_chart_get_its_values_and_can_be_switched_off(render: Render) -> None:
    objects = render(CASES["a chart in a chart"]).objects
    assert [one.value.text("data", "a") for one in objects if one.kind == "ConfigMap"] == ["92b"]


def test_versions_that_new_clusters_do_not_serve_are_not_there(render: Render) -> None:
    line = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Capabilities.APIVersions.Has "policy/v1beta1" }}}\n'
    assert "false" in [one.name for one in render(chart(more=line)).objects]


def rules_of(result: StageResult) -> set[str]:
    return {one.rule for one in result.findings}


def test_a_finding_is_at_the_line_of_the_template(judge: Judge) -> None:
    (found,) = [one for one in judge(chart()).findings if one.rule == "PSS-privileged"]
    assert (found.location.path, found.location.line) == ("templates/deployment.yaml", 23)
    assert found.fix is None or not found.fix.edits


@pytest.mark.parametrize(
    "unknown",
    [
        "  hostPID: {{ genSomething }}\n",
        "  {{ genSomething | nindent 2 }}\n",
        "  {{- if genSomething }}\n  hostPID: true\n  {{- end }}\n",
        "  {{- range genSomething }}\n  hostPID: true\n  {{- end }}\n",
    ],
)
def test_a_rule_that_needs_what_is_unknown_is_not_asked_and_this_is_said(unknown: str, judge: Judge) -> None:
    result = judge(
        chart(deployment=f"{POD}{unknown}  containers: [{{name: a, securityContext: {{privileged: true}}}}]\n")
    )
    assert "PSS-host-namespaces" not in rules_of(result)
    assert result.facts["unknown_in_charts"] == ["the root: genSomething"]
    assert any(one.startswith("PSS-host-namespaces: ") for one in result.facts["rules_not_asked"])  # type: ignore[union-attr]


def test_what_is_known_beside_what_is_unknown_is_judged(judge: Judge) -> None:
    pod = f"{POD}  nodeName: {{{{ genSomething }}}}\n  hostPID: true\n  containers: [{{name: a}}]\n"
    assert "PSS-host-namespaces" in rules_of(judge(chart(deployment=pod)))


def test_templates_of_libraries_that_are_not_here_are_unknown(render: Render) -> None:
    files = chart(more='apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ include "common.name" . }}}\n')
    files["Chart.yaml"] += "dependencies: [{name: common, version: 1.0.0}]\n"
    result = render(files)
    assert result.unknown == ("the root: include common.name",)
    assert result.not_read == ("the root: the chart common is not in the repository",)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ if .Values.a }}", "if has no end"),
        ("{{ end }}", "end without a beginning"),
        ("a\n{{ .Values.a", ":2: cannot be parsed: an action is not closed"),
        ("{{ (.a }}", "it ends too early"),
        ("{{ | quote }}", "a command is empty"),
        ("{{ ? }}", "is no part of an action"),
        ("{{ break }}", "break stands outside of a loop"),
        ("a: [\n", "cannot be parsed"),
        ('{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}', "include one another more than"),
        ("{{ range until 999 }}{{ range until 999 }}x{{ end }}{{ end }}", "steps"),
        ('{{ $a := "aaaaaaaa" }}' + "{{ $a = print $a $a $a $a }}" * 12, "characters"),
        ("{{ $a := list 1 }}" + "{{ $a = list $a $a $a $a }}" * 12 + "{{ toYaml $a }}", "parts"),
        ("{{ if a }}" * 200 + "{{ end }}" * 200, "nested too deeply"),
        ("{{ " + "(" * 200 + "1" + ")" * 200 + " }}", "nested too deeply"),
    ],
)
def test_what_cannot_be_rendered_is_a_fact_with_the_reason(template: str, said: str, render: Render) -> None:
    (fact,) = render(chart(more=template)).not_read
    assert fact.startswith("templates/more.yaml")
    assert said in fact


def test_the_template_that_cannot_be_rendered_is_listed_and_others_are_judged(judge: Judge) -> None:
    result = judge(chart(more="apiVersion: v1\nkind: Pod\na: {{ if }}"))
    assert "PSS-privileged" in rules_of(result)
    assert result.facts["not_rendered"]


TEMPLATE = chart()["templates/deployment.yaml"]


@given(
    st.lists(st.tuples(st.integers(0, len(TEMPLATE)), st.sampled_from([*"\t\n {}[]:|-#'\"$.()`", "{{", "}}", "end"])))
)
def test_a_template_that_is_cut_and_mixed_is_rendered_or_is_an_error(changes: list[tuple[int, str]]) -> None:
    text = TEMPLATE
    for place, sign in changes:
        text = text[:place] + sign + text[place + 1 :]
    try:
        template = parse_template(text, "t.yaml")
        Evaluation({"t": template}).written(template, {"Values": {"env": {"a": 1}, "more": ["b"]}})
    except GateError:
        return  # with its words; any other exception fails the test


@pytest.mark.parametrize(
    "spec",
    [
        "{{- toYaml .Values.spec | nindent 2 | }}\n",
        "{{ tpl (toYaml .Values.quoted | indent 2) . }}\n",
        "  hostPID: true\n  resources:\n    {{- genCA `a` 1 }}\n    {{- toYaml (genCA `b` 1) | nindent 4 }}",
    ],
    ids=[
        "a pipeline that ends with its sign",
        "a quote within a text of several lines",
        "two unknown parts of a mapping",
    ],
)
def test_what_charts_of_others_hold_is_rendered(spec: str, render: Render) -> None:
    quoted = "quoted: {hostPID: true, script: \"a '{{ .Values.text }}'\\nb\\n\"}\n"
    values = f"spec: {{hostPID: true}}\ntext: it's\n{quoted}"
    files = {"Chart.yaml": "name: c\nversion: 1.0.0\n", "values.yaml": values, "templates/pod.yaml": POD + spec}
    result = render(files)
    assert not result.not_read
    (pod,) = result.objects
    assert pod.value.text("spec", "hostPID") == "true"


def test_objects_of_an_archive_stand_at_the_chart_that_needs_it(render: Render) -> None:
    files = {
        "shop/Chart.yaml": "name: shop\nversion: 1.0.0\ndependencies: [{name: inner, version: 1.0.0}]\n",
        "shop/charts/inner-1.0.0.tgz": archive({**INNER, "inner/templates/pod.yaml": POD + "  hostPID: true\n"}),
    }
    result = render(files)
    assert (result.not_read, result.unknown) == ((), ())
    (pod,) = (one for one in result.objects if one.kind == "Pod")
    flag = pod.value.get("spec", "hostPID")
    assert flag
    assert (flag.path, flag.line) == ("shop/Chart.yaml", 1)
    assert set(result.texts) == set()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: b"no archive", "cannot be unpacked"),
        (lambda: archive(INNER)[:-20], "cannot be unpacked"),
        (lambda: archive({"inner/Chart.yaml": "name: inner\n", "inner/values.yaml": "{"}), "cannot be parsed"),
        (lambda: archive({"inner/a": bytes(packed.MAX_UNPACKED)}), "unpack to more than 64 MiB"),
        (lambda: archive({f"inner/{number}": "" for number in range(packed.MAX_ENTRIES + 1)}), "more than 5,000 files"),
    ],
    ids=["text", "cut", "broken values", "too large", "too many"],
)
def test_an_archive_that_cannot_be_read_is_said(content: Callable[[], bytes], why: str, render: Render) -> None:
    chart = "name: shop\nversion: 1.0.0\ndependencies: [{name: inner, version: 1.0.0}]\n"
    said = render({"Chart.yaml": chart, "charts/inner.tgz": content(), "templates/pod.yaml": POD})
    assert said.not_read[0] == "the root: the chart inner is not in the repository"
    assert why in said.not_read[1]
    assert "charts/inner.tgz" in said.not_read[1]
    assert [one.kind for one in said.objects] == ["Pod"]


def test_archives_beyond_the_bound_are_not_unpacked() -> None:
    bounds = packed.ArchiveBounds()
    for _ in range(3):
        with pytest.raises(LimitError, match="unpack to more than 64 MiB"):
            bounds.files_in(archive({"c/a": bytes(packed.MAX_UNPACKED)}), "c.tgz")


def test_archives_within_archives_have_a_depth(render: Render) -> None:
    content: str | bytes = "end"
    for _ in range(packed.MAX_DEPTH + 2):
        content = archive({"c/Chart.yaml": "name: c\nversion: 1.0.0\n", "c/charts/c.tgz": content})
    assert "more than 3 deep" in " ".join(render({"Chart.yaml": "name: c\n", "charts/c.tgz": content}).not_read)


@pytest.mark.parametrize(
    "expression",
    [
        '.Files.Get "image.png"',
        '(.Files.Glob "*.{png,ini}").AsConfig',
        '(.Files.Glob "[ab].ini").AsConfig',
        ".Files.Other",
    ],
    ids=["no text", "alternatives", "a set of characters", "unknown method"],
)
def test_what_is_not_known_of_other_files_is_unknown(expression: str, render: Render) -> None:
    spec = f"  hostPID: {{{{ {expression} }}}}\n"
    found = render({"Chart.yaml": "name: c\n", "templates/a.yaml": POD + spec, "image.png": b"\xff\xfe", "a.ini": "a"})
    assert found.unknown
    assert ".Files" in found.unknown[0]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.ini", "a.ini"),
        ("conf/*", "b.ini"),
        ("**.ini", "a.ini,b.ini,c.ini"),
        ("conf/**", "b.ini,c.ini"),
        ("c*/d*/?.ini", "c.ini"),
        ("*?*.ini", "a.ini"),
        ("conf", ""),
    ],
)
def test_patterns_of_other_files(pattern: str, expected: str, render: Render) -> None:
    template = '{{- range $path, $_ := .Files.Glob "PATTERN" }}{{ base $path }},{{ end -}}'.replace("PATTERN", pattern)
    pod = POD.replace("name: p", f'name: "{template}"') + "  hostPID: true\n"
    files = dict.fromkeys(("a.ini", "conf/b.ini", "conf/deep/c.ini", "values.yaml"), "x") | {"values.yaml": ""}
    (found,) = render({"Chart.yaml": "name: c\n", "templates/a.yaml": pod, **files}).objects
    assert found.name.removesuffix(",") == expected
