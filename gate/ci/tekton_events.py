"""Which parameters of Tekton's tasks hold text of events: followed from bindings and runs to tasks, by their names.

TriggerBinding  title = $(body.pull_request.title)
TriggerTemplate note = $(tt.params.title)      the run's parameter
Pipeline        text = $(params.note)          the task's parameter
Task            script: echo $(params.text)
"""

from collections.abc import Iterator, Mapping, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value

Texts = dict[str, str]
"""Parameters by name, each with the expression that brings the text."""
_Named = Mapping[tuple[str, str], Value]
"""Resources by kind and name."""
_OF_OTHERS = lazy_regex(
    r"\$\((?:body|extensions)(?:\.[\w-]+)*\.(?:title|body|message|ref|head_ref|name|login|label|comment|description|note)\)"
    r"|\{\{\s*(?:body(?:\.[\w-]+)*\.(?:title|body|message|ref|name|login|label|comment)|source_branch|trigger_comment)\s*\}\}"
)
_PARAMETER = lazy_regex(r"\$\((?:tt\.)?params\.([\w-]+)\)")


def texts_of_events(resources: Sequence[Value]) -> Mapping[int, Texts]:
    """Return for each task, by `id` of its spec, the parameters that hold text that others write."""
    named = {(one.text("kind"), one.text("metadata", "name")): one for one in resources}
    found: dict[int, Texts] = {}
    bound = _bound(resources)
    for resource in resources:
        kind, spec = resource.text("kind"), resource.get("spec")
        if spec is None:
            continue
        if kind == "TriggerTemplate":
            for run in _elements(spec.get("resourcetemplates")):
                _follow_run(run.get("spec"), bound, named, found)
        elif kind in ("PipelineRun", "TaskRun"):
            _follow_run(spec, {}, named, found)
    return found


def _bound(resources: Sequence[Value]) -> Texts:
    """Return the parameters that bindings, or the bindings of a listener, fill with text of an event."""
    texts: Texts = {}
    for resource in resources:
        if resource.text("kind") in ("TriggerBinding", "ClusterTriggerBinding"):
            texts |= _filled(resource.get("spec", "params"), {})
        elif resource.text("kind") in ("EventListener", "Trigger"):
            for value in resource.walk():
                texts |= _filled(value.get("bindings"), {})
    return texts


def _follow_run(
    spec: Value | None, texts: Texts, named: Mapping[tuple[str, str], Value], found: dict[int, Texts]
) -> None:
    """Follow the parameters of a run to the pipeline or the task that it names or holds."""
    if spec is None:
        return
    filled = _filled(spec.get("params"), texts)
    pipeline = spec.get("pipelineSpec") or _spec(named.get(("Pipeline", spec.text("pipelineRef", "name"))))
    task = spec.get("taskSpec") or _spec(named.get(("Task", spec.text("taskRef", "name"))))
    if filled and task is not None:
        found.setdefault(id(task), {}).update(filled)
    for step in _elements(pipeline.get("tasks")) if pipeline is not None else ():
        inner = step.get("taskSpec") or _spec(named.get(("Task", step.text("taskRef", "name"))))
        given = _filled(step.get("params"), filled)
        if step.get("taskSpec") is not None:
            given = {**filled, **given}
        if inner is not None and given:
            found.setdefault(id(inner), {}).update(given)


def _spec(resource: Value | None) -> Value | None:
    return resource.get("spec") if resource is not None else None


def _filled(params: Value | None, texts: Texts) -> Texts:
    """Return the parameters whose value is text of an event, or holds a parameter that is."""
    filled: Texts = {}
    for one in _elements(params):
        origin = _origin(one.text("value"), texts)
        if one.text("name") and origin:
            filled[one.text("name")] = origin
    return filled


def _origin(value: str, texts: Texts) -> str:
    direct = _OF_OTHERS.search(value)
    if direct:
        return direct[0]
    return next((texts[name] for name in _PARAMETER.findall(value) if name in texts), "")


def _elements(value: Value | None) -> Iterator[Value]:
    yield from value.elements() if value is not None else ()
