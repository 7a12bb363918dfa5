"""Rules on Tekton."""

from collections.abc import Iterator

from gate.ci.definitions import first_line, hit_at, lines_with
from gate.ci.families import code_by_version, images_by_tag, is_true, moving_code, text_in_scripts
from gate.ci.rule import rule
from gate.ci.steps import TektonResource
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import Severity
from gate.rules import Hit, RuleScope

TEKTON = RuleScope(TektonResource, "tekton")
_EVENT = lazy_regex(
    r"\{\{\s*(?:body\.[\w.]*(?:title|body|message|ref|comment)\w*|source_branch|trigger_comment"
    r"|pull_request_title|event_title)\s*\}\}|\$\(body\.[\w.]+\)"
)
_PARAMETER = lazy_regex(r"\$\((?:params|inputs\.params)(?:\.[\w.-]+|\[[\"'][\w.-]+[\"']\])(?:\[\*\])?\)")
_PARAMETER_NAME = lazy_regex(r"\$\((?:inputs\.)?params\.([\w-]+)\)")
_CHAIN = (
    "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerBinding\nmetadata: {{name: push}}\n"
    "spec: {{params: [{{name: title, value: $(body.pull_request.title)}}]}}\n---\n"
    "apiVersion: triggers.tekton.dev/v1beta1\nkind: TriggerTemplate\nmetadata: {{name: push}}\nspec:\n"
    "  resourcetemplates: [{{kind: PipelineRun, spec: {{pipelineRef: {{name: all}}, "
    "params: [{{name: note, value: $(tt.params.title)}}]}}}}]\n---\n"
    "apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: {{name: all}}\nspec: {{tasks: [{{name: a, "
    "taskRef: {{name: note}}, params: [{{name: text, value: $(params.note)}}]}}]}}\n---\n"
    "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {{name: note}}\nspec: {{steps: [{{image: a, {step}}}]}}\n"
)
_BOOLEAN_OFF = frozenset({"tlsverify", "tls-verify", "tls_verify", "sslverify", "ssl-verify"})
_BOOLEAN_ON = frozenset({"insecure", "skip-tls", "skip-tls-verify", "insecure-skip-tls-verify", "skip_tls_verify"})
_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/var/run", "/")
_TASK = "apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: build}\nspec:\n"
_IMAGE = f"'team/build@sha256:{'0f' * 32}'"


@rule(
    "GC801",
    Severity.HIGH,
    "Text of an event becomes part of a script",
    looks_at=TEKTON,
    why="Titles, messages and branches of an event are put into the script before it is run: `$(command)` is run too.",
    mend="Give it to the step as a variable in `env`, and use that in quotes.",
    references=("CWE-78",),
    bad=f"{_TASK}  steps: [{{image: {_IMAGE}, script: 'echo \"{{{{ body.pull_request.title }}}}\"'}}]\n",
    good=(
        f"{_TASK}  steps: [{{image: {_IMAGE}, script: 'echo \"$TITLE\"', "
        "env: [{name: TITLE, value: '{{ body.pull_request.title }}'}]}]\n"
    ),
)
def event_in_a_script(pipeline: TektonResource) -> Iterator[Hit]:
    yield from text_in_scripts(pipeline.scripts, _EVENT, "A script of {job} holds {found}, which others write")


@rule(
    "GC802",
    Severity.LOW,
    "Parameter becomes part of a script",
    looks_at=TEKTON,
    why="Tekton puts the parameter into the script before the shell reads it; a value with `$(command)` is run.",
    mend="Give it to the step as a variable in `env`, and use that in quotes.",
    references=("CWE-78",),
    bad=f"{_TASK}  params: [{{name: ref}}]\n  steps: [{{image: {_IMAGE}, script: git checkout $(params.ref)}}]\n",
    good=(
        f"{_TASK}  params: [{{name: ref}}]\n  steps: [{{image: {_IMAGE}, script: 'git checkout \"$REF\"', "
        "env: [{name: REF, value: $(params.ref)}]}]\n"
    ),
)
def parameter_in_a_script(pipeline: TektonResource) -> Iterator[Hit]:
    for script in pipeline.scripts:
        found = [(line, text) for line, text in lines_with(script, _parameter)]
        if found:
            names = ", ".join(list(dict.fromkeys(text for _, text in found))[:5])
            message = f"A script of {script.name} holds {names}"
            yield Hit(message=message, path=script.path, line=found[0][0], evidence=(script.name, names))


def _parameter(line: str) -> str:
    found = _PARAMETER.search(line)
    return found[0] if found else ""


@rule(
    "GC803",
    Severity.MEDIUM,
    "Task or pipeline of others by branch",
    looks_at=TEKTON,
    why="Anyone who can push to that branch, or move that bundle, changes what runs here with this account's rights.",
    mend="Name a commit, or the digest of the bundle.",
    references=("CWE-829",),
    bad=(
        "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: build}\nspec:\n  taskRef:\n    resolver: git\n"
        "    params: [{name: url, value: 'https://git.example/team/tasks'}, {name: revision, value: main}]\n"
    ),
    good=(
        "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: build}\nspec:\n  taskRef:\n    resolver: git\n"
        "    params: [{name: url, value: 'https://git.example/team/tasks'}, "
        f"{{name: revision, value: '{'0f' * 20}'}}]\n"
    ),
)
def task_by_branch(pipeline: TektonResource) -> Iterator[Hit]:
    yield from moving_code(pipeline.parties, "include", "The task or pipeline")


@rule(
    "GC804",
    Severity.LOW,
    "Task or pipeline of others by tag",
    looks_at=TEKTON,
    why="A tag can be moved by its owner, in a repository as in a registry.",
    mend="Name a commit, or the digest of the bundle.",
    references=("CWE-829",),
    bad=(
        "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: build}\nspec:\n  taskRef:\n    resolver: bundles\n"
        "    params: [{name: bundle, value: 'registry.example/team/tasks:1.2'}, {name: name, value: build}]\n"
    ),
    good=(
        "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: build}\nspec:\n  taskRef:\n    resolver: bundles\n"
        f"    params: [{{name: bundle, value: 'registry.example/team/tasks@sha256:{'0f' * 32}'}}]\n"
    ),
)
def task_by_tag(pipeline: TektonResource) -> Iterator[Hit]:
    yield from code_by_version(pipeline.parties, "include", "The task or pipeline")


@rule(
    "GC805",
    Severity.MEDIUM,
    "Image by tag",
    looks_at=TEKTON,
    why="A tag can be moved. What then runs has the workspaces of the task and the rights of its account.",
    mend="Add the digest: `name:tag@sha256:…`.",
    references=("CWE-829",),
    bad=f"{_TASK}  steps: [{{image: 'team/build:latest', script: make}}]\n",
    good=f"{_TASK}  steps: [{{image: {_IMAGE}, script: make}}]\n",
)
def image_by_tag(pipeline: TektonResource) -> Iterator[Hit]:
    yield from images_by_tag(pipeline.parties)


@rule(
    "GC806",
    Severity.MEDIUM,
    "Privileged step",
    looks_at=TEKTON,
    why="A privileged container is root on the node, and reaches the other pods there.",
    mend="Remove it; build images with a builder that runs without root.",
    references=("CWE-250",),
    bad=f"{_TASK}  steps: [{{image: {_IMAGE}, securityContext: {{privileged: true}}}}]\n",
    good=f"{_TASK}  steps: [{{image: {_IMAGE}, securityContext: {{privileged: false}}}}]\n",
)
def privileged_step(pipeline: TektonResource) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        privileged = value.get("securityContext", "privileged")
        if privileged is not None and is_true(privileged):
            yield hit_at(privileged, f"{value.text('name') or 'A step'} is privileged", value.text("name"))


@rule(
    "GC807",
    Severity.MEDIUM,
    "Host's socket or root folder in a task",
    looks_at=TEKTON,
    why="What can talk to the node's container runtime, or write its files, is root there.",
    mend="Remove the volume; build images with a builder that runs without root.",
    references=("CWE-250",),
    bad=f"{_TASK}  volumes: [{{name: s, hostPath: {{path: /var/run/docker.sock}}}}]\n  steps: [{{image: {_IMAGE}}}]\n",
    good=f"{_TASK}  volumes: [{{name: s, emptyDir: {{}}}}]\n  steps: [{{image: {_IMAGE}}}]\n",
)
def host_path(pipeline: TektonResource) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        path = value.get("hostPath", "path")
        if path is not None and (path.text().rstrip("/") or "/") in _SOCKETS:
            yield hit_at(path, f"The node's {path.text()} is given to steps", path.text())


@rule(
    "GC808",
    Severity.MEDIUM,
    "Certificate check is switched off",
    looks_at=TEKTON,
    why="Anyone on the way to the server can replace what is fetched or pushed.",
    mend="Remove the parameter. For a server with its own authority, mount that authority's certificate.",
    references=("CWE-295",),
    bad=(
        "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: all}\n"
        "spec: {params: [{name: TLSVERIFY, value: 'false'}]}\n"
    ),
    good=(
        "apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: {name: all}\n"
        "spec: {params: [{name: TLSVERIFY, value: 'true'}]}\n"
    ),
)
def certificate_check_is_off(pipeline: TektonResource) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        name = value.text("name").lower()
        setting = value.get("value") or value.get("default")
        if setting is not None and _is_off(name, setting):
            yield hit_at(setting, f"{value.text('name')} is {setting.text()}", name)


def _is_off(name: str, setting: Value) -> bool:
    if name in _BOOLEAN_OFF:
        return setting.text().lower() == "false"
    return name in _BOOLEAN_ON and is_true(setting)


@rule(
    "GC809",
    Severity.MEDIUM,
    "Trigger takes events without a check of their signature",
    looks_at=TEKTON,
    why="Anyone who can reach the listener starts the pipeline, with parameters of their own.",
    mend="Add the interceptor of your git server with a `secretRef`.",
    references=("CWE-306",),
    bad=(
        "apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nmetadata: {name: push}\n"
        "spec: {triggers: [{bindings: [{ref: push}], template: {ref: build}}]}\n"
    ),
    good=(
        "apiVersion: triggers.tekton.dev/v1beta1\nkind: EventListener\nmetadata: {name: push}\n"
        "spec: {triggers: [{interceptors: [{ref: {name: github}, params: [{name: secretRef, value: {secretName: s}}]}]"
        ", bindings: [{ref: push}], template: {ref: build}}]}\n"
    ),
)
def events_without_signature(pipeline: TektonResource) -> Iterator[Hit]:
    kind, spec = pipeline.root.text("kind"), pipeline.root.get("spec")
    listed = spec.get("triggers") if spec is not None and kind == "EventListener" else None
    triggers = list(listed.elements()) if listed else []
    if kind == "Trigger" and spec is not None:
        triggers = [spec]
    for trigger in triggers:
        if trigger.get("template") is not None and not _is_signed(trigger):
            name = trigger.text("name") or pipeline.root.text("metadata", "name")
            yield hit_at(trigger, f"The trigger {name} checks no signature", name)


@rule(
    "GC810",
    Severity.HIGH,
    "Text of an event reaches a script through parameters",
    looks_at=TEKTON,
    why="Each parameter is put into the next, and the last one into the script: `$(command)` in a title is run.",
    mend="Give the parameter to the step as a variable in `env`, and use that in quotes.",
    references=("CWE-78",),
    bad=_CHAIN.format(step="script: 'echo $(params.text)'"),
    good=_CHAIN.format(step="script: 'echo \"$TEXT\"', env: [{name: TEXT, value: $(params.text)}]"),
)
def event_reaches_a_script(pipeline: TektonResource) -> Iterator[Hit]:
    for task, texts in pipeline.tasks:
        for value in task.walk():
            script = value.get("script")
            found = _PARAMETER_NAME.finditer(script.text()) if script is not None else ()
            for name in dict.fromkeys(one[1] for one in found):
                if script is not None and name in texts:
                    line = first_line(script) + script.text().count("\n", 0, script.text().find(f"params.{name}"))
                    message = f"The script holds $(params.{name}), which is {texts[name]}"
                    yield Hit(message=message, path=script.path, line=line, evidence=(name, texts[name]))


def _is_signed(trigger: Value) -> bool:
    """True if an interceptor knows a secret, or is a program that may check what it likes."""
    interceptors = trigger.get("interceptors")
    if interceptors is None:
        return False
    return any(
        value.get("secretRef") is not None or value.text("name") == "secretRef" or value.get("webhook") is not None
        for value in interceptors.walk()
    )
