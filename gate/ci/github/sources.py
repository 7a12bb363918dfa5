"""Where the value of an expression comes from: it is followed through variables, inputs and outputs to the event."""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from gate.ci.github.expressions import ExpressionReference, inner_texts, parse_expression, values_of
from gate.ci.github.model import GithubStep
from gate.ci.github.runs import StepScope, action_scope
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value

MAX_DEPTH = 12
"""Variables, inputs and outputs that lead to one another."""
MAX_SCRIPT = 100_000
"""Characters of a script that are searched for what it hands on."""
ARTIFACT = "what an artifact of that run holds"

_BRANCH = "the branch's name"
_PULL = r"github\.event\.pull_request\."
_TEXTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "pull_request_target": (
        (rf"{_PULL}title", "the pull request's title"),
        (rf"{_PULL}body", "the pull request's text"),
        (rf"github\.head_ref|{_PULL}head\.(?:ref|label)", _BRANCH),
        (rf"{_PULL}head\.repo\.(?:default_branch|description|homepage)", "words of the fork"),
    ),
    "issue_comment": (
        (r"github\.event\.comment\.body", "the comment"),
        (r"github\.event\.issue\.title", "the issue's title"),
        (r"github\.event\.issue\.body", "the issue's text"),
    ),
    "issues": (
        (r"github\.event\.issue\.title", "the issue's title"),
        (r"github\.event\.issue\.body", "the issue's text"),
    ),
    "discussion": ((r"github\.event\.discussion\.(?:title|body)", "the discussion"),),
    "discussion_comment": (
        (r"github\.event\.discussion\.(?:title|body)", "the discussion"),
        (r"github\.event\.comment\.body", "the comment"),
    ),
    "workflow_run": (
        (r"github\.event\.workflow_run\.(?:head_branch|pull_requests\..*\.head\.ref)", _BRANCH),
        (r"github\.event\.workflow_run\.(?:display_title|head_commit\.(?:message|author\..*))", "the commit's words"),
        (r"github\.event\.workflow_run\.head_repository\.(?:description|homepage)", "words of the fork"),
    ),
}
_NAMED_FILES = lazy_regex(r"(?:.*/)?(?:changed-files|get-changed-files|file-changes-action|paths-filter)")
_FILES = lazy_regex(r".*files?|all|added|modified|renamed|removed")
_BRANCH_ACTIONS = frozenset({"xt0rted/pull-request-comment-branch", "eficode/resolve-pr-refs"})
_INPUT = lazy_regex(r"(?:inputs|github\.event\.inputs|github\.event\.client_payload)\.(?P<name>[\w-]+)")
_BY_HAND = lazy_regex(r"(?:github\.event\.)?inputs\.(?P<name>[\w-]+)|github\.event\.client_payload\.(?P<payload>.+)")
_DISPATCH = "repository_dispatch"
_WRITES = lazy_regex(r"GITHUB_OUTPUT|set-output|core\.setOutput|return ")
_VARIABLE = lazy_regex(r"\$\{?(?:env:)?(\w{1,100})|process\.env\.(\w{1,100})")
_READS_FILE = lazy_regex(r"\$\((?:\s*cat\b|\s*<)|`cat\b|readFileSync|\bcat \S+ *>>|<\s*[\w./-]+\.(?:txt|json|md)")
_TITLES = lazy_regex(r"gh (?:pr|issue) view\b.*\b(?:title|body|headRefName)\b")
Direct = Callable[[str, StepScope], str]
"""Says of a reference, in lower case, what of the outsider's it is; empty: nothing."""


class SourceTrace(msgspec.Struct, frozen=True, eq=False):
    """How values are recognised."""

    direct: Direct
    in_scripts: Callable[[str], str] = lambda _: ""
    """Says what a line of a script takes from the outside by itself."""
    of_actions: Callable[[GithubStep, str], str] = lambda *_: ""
    """Says what an output of an action of others is."""
    has_artifact: bool = False
    """True if the job has the artifact of an outsider's run."""


def text_source(path: str, scope: StepScope) -> str:
    """Say which text of an outsider a reference is; empty: none."""
    for pattern, label in _TEXTS.get(scope.situation.event, ()):
        if lazy_regex(pattern).fullmatch(path):
            return "" if label == _BRANCH and scope.situation.has_fixed_branches else label
    return ""


def text_of_any_event(path: str) -> str:
    """Say which text of an outsider a reference is in the event of some workflow; empty: none."""
    for known in _TEXTS.values():
        for pattern, label in known:
            if lazy_regex(pattern).fullmatch(path):
                return label
    return ""


def text_trace(*, has_artifact: bool = False) -> SourceTrace:
    """Return how text of outsiders is recognised."""
    return SourceTrace(text_source, _text_in_script, _text_of_action, has_artifact)


def member_trace() -> SourceTrace:
    """Return how text is recognised that members hand over when they start a workflow."""
    return SourceTrace(_text_of_member)


def _text_of_member(path: str, scope: StepScope) -> str:
    """Say which text given by hand a reference is; empty: none, or one of a few that the workflow lists."""
    found = _BY_HAND.fullmatch(path) if scope.caller is None else None
    if found is None:
        return ""
    if found["payload"]:
        return f"what the caller gives as {found['payload']}" if scope.situation.event == _DISPATCH else ""
    trigger = scope.workflow.triggers.get(scope.situation.event)
    asked = trigger.value.get("inputs") if trigger is not None and trigger.value is not None else None
    stated = _by_name(asked.data, found["name"]) if asked is not None and isinstance(asked.data, dict) else None
    is_free = stated is not None and stated.text("type") in ("", "string")
    return f"the input {found['name']}" if is_free else ""


def _text_in_script(line: str) -> str:
    return "the title, text or branch that it asks for" if _TITLES.search(line) else ""


def _text_of_action(step: GithubStep, name: str) -> str:
    if _NAMED_FILES.fullmatch(step.action) and _FILES.fullmatch(name):
        return "the names of the changed files"
    if step.action in _BRANCH_ACTIONS and name.endswith("ref"):
        return _BRANCH
    return ""


def source_of(text: str, scope: StepScope, trace: SourceTrace, step: GithubStep | None = None, depth: int = 0) -> str:
    """Say what of an outsider's reaches a text through its expressions; empty: nothing that is known."""
    return next((label for _, _, label in sources_in(text, scope, trace, step, depth)), "")


def sources_in(
    text: str, scope: StepScope, trace: SourceTrace, step: GithubStep | None = None, depth: int = 0
) -> Iterator[tuple[int, str, str]]:
    """Yield the offset, the expression, and what of an outsider's it brings, for each expression that does."""
    if depth > MAX_DEPTH:
        return
    for offset, inner in inner_texts(text):
        for value in values_of(parse_expression(inner)):
            label = (
                _of_reference(value.path, scope, trace, step, depth) if isinstance(value, ExpressionReference) else ""
            )
            if label:
                yield offset, inner, label
                break


def _of_reference(path: str, scope: StepScope, trace: SourceTrace, step: GithubStep | None, depth: int) -> str:
    direct = trace.direct(path, scope)
    if direct:
        return direct
    kind, _, rest = path.partition(".")
    name = rest.split(".")[0]
    if kind == "env":
        variable = scope.variable(name, step)
        return source_of(variable.text(), scope, trace, step, depth + 1) if variable is not None else ""
    handed = _INPUT.fullmatch(path)
    if handed and handed["name"] in scope.inputs and scope.caller is not None:
        return source_of(scope.inputs[handed["name"]].text(), scope.caller, trace, None, depth + 1)
    if kind == "steps":
        found = scope.step(name)
        return _of_output(found, rest.rpartition(".")[2], scope, trace, depth) if found is not None else ""
    if kind == "needs":
        return _of_job(name, rest.rpartition(".")[2], scope, trace, depth)
    return ""


def _of_job(name: str, output: str, scope: StepScope, trace: SourceTrace, depth: int) -> str:
    job = scope.workflow.jobs.get(name)
    value = _by_name(job.outputs, output) if job is not None else None
    if job is None or value is None:
        return ""
    further = msgspec.structs.replace(scope, job=job, steps=job.steps, env=(scope.workflow.env, job.env))
    return source_of(value.text(), further, trace, None, depth + 1)


def _by_name(values: Mapping[str, Value], name: str) -> Value | None:
    return next((value for key, value in values.items() if key.lower() == name), None)


def _of_output(step: GithubStep, name: str, scope: StepScope, trace: SourceTrace, depth: int) -> str:
    inner = action_scope(step, scope)
    if inner is not None and inner.action is not None:
        output = _by_name(inner.action.outputs, name)
        return source_of(output.text("value"), inner, trace, None, depth + 1) if output is not None else ""
    script = step.script
    if script is None:
        return trace.of_actions(step, name)
    return _of_script(script.text()[:MAX_SCRIPT], name, step, scope, trace, depth)


def _of_script(script: str, name: str, step: GithubStep, scope: StepScope, trace: SourceTrace, depth: int) -> str:
    """Say what a script writes into an output: by the lines that name it, and what their variables are set from."""
    lines = script.splitlines()
    written = [line for line in lines if _WRITES.search(line) and (name in line.lower() or "return " in line)]
    names = {one for pair in _VARIABLE.findall("\n".join(written)) for one in pair if one}
    beginnings = (*(f"{one}=" for one in names), *(f"const {one}" for one in names))
    setting = [line for line in lines if line.lstrip().startswith(beginnings)]
    for line in (*written, *setting):
        label = _of_line(line, step, scope, trace, depth)
        if label:
            return label
    is_whole = step.action == "actions/github-script" and name == "result"
    return next(filter(None, map(trace.in_scripts, lines)), "") if is_whole else ""


def _of_line(line: str, step: GithubStep, scope: StepScope, trace: SourceTrace, depth: int) -> str:
    label = source_of(line, scope, trace, step, depth + 1) or trace.in_scripts(line)
    if label:
        return label
    if trace.has_artifact and _READS_FILE.search(line):
        return ARTIFACT
    return variables_source(line, step, scope, trace, depth)


def variables_source(text: str, step: GithubStep, scope: StepScope, trace: SourceTrace, depth: int = 0) -> str:
    """Say what of an outsider's the variables bring that a piece of a script uses."""
    if depth > MAX_DEPTH:
        return ""
    for pair in _VARIABLE.findall(text[:MAX_SCRIPT]):
        variable = scope.variable(pair[0] or pair[1], step)
        label = source_of(variable.text(), scope, trace, step, depth + 1) if variable is not None else ""
        if label:
            return label
    return ""
