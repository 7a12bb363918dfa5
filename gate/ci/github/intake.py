"""What code a job takes in from outside, and where it runs it: checkouts of a head, artifacts, commands that build."""

import re

from gate.ci.github.model import GithubStep
from gate.ci.github.runs import Ran, StepScope
from gate.ci.github.sources import SourceTrace, source_of, variables_source
from gate.core.lazy_regex import lazy_regex

HEAD = "the pull request's head"
_CODE = lazy_regex(
    r"github\.event\.pull_request\.(?:head\.sha|merge_commit_sha)|github\.event\.workflow_run\.(?:head_sha|head_commit\.id"
    r"|pull_requests\..*\.head\.sha)"
)
_BRANCH = lazy_regex(
    r"github\.head_ref|github\.event\.pull_request\.head\.(?:ref|label)|github\.event\.workflow_run\.head_branch"
)
_FORK = lazy_regex(r".*\.(?:head\.repo|head_repository)\.(?:full_name|clone_url|git_url|html_url|ssh_url)")
_PULL_REFERENCE = lazy_regex(r"(?:refs/)?(?:remotes/)?pull/[^\s/]*(?:\$\{\{[^}]*\}\})?[^\s/]*/(?:head|merge)")
_ASKS_FOR_HEAD = lazy_regex(
    r"headRefOid|headRefName|headRepository|pulls\.get\b|\bhead\.(?:sha|ref|repo)|\.head\.sha|refs/pull/|head_sha|headSha"
)
_ASKS_FOR_COMMIT = lazy_regex(r"headRefOid|\bhead\.sha|refs/pull/|head_sha|headSha")
"""Without the head's branch: by its name alone that of a fork is not found in the repository itself."""
_ASKS_FOR_PULL = lazy_regex(r"headRepository|pulls\.get\b|\bhead\.repo\b")
_OF_COMMIT = ".head.sha"
_HEAD_COMMIT = "github.event.pull_request.head.sha"
_CHOOSES = lazy_regex(r"cond|ternary|switch|if-else|select|choose|decide")
"""Names of actions that return one of their inputs."""
_INERT = lazy_regex(
    r"(?:actions|github)/.*|.*(?:setup|cache|login|comment|label|filter|changed-files|upload|download|artifact|notify|slack"
    r"|assign|token|credentials|free-disk|wait|skip|cancel|harden).*"
)
"""Names of actions that do not look at the folder, or take no program from it."""
_HEAD_ACTIONS = lazy_regex(
    r"(?:.*/)?(?:pull-request-comment-branch|resolve-pr-refs|get-pr-info|pr-info|pr-comment-info)"
)
_GETS_HEAD = lazy_regex(
    r"gh pr checkout\b|hub pr checkout\b|git pull\b[^\n]*\bpull/[^\n]*"
    r"|git (?:checkout|switch|reset --hard|merge)\b[^\n]*\bFETCH_HEAD"
)
_FETCHES_HEAD = lazy_regex(r"git fetch\b[^\n]*\bpull/[^\n]*")
_TAKES_FETCHED = lazy_regex(r"git (?:checkout|switch|reset --hard|merge|rebase|cherry-pick|worktree add|read-tree)\b")
"""What a fetch alone does not do: it brings objects, and no files into the folder."""
_TAKES_VARIABLE = lazy_regex(r"git (?:checkout|switch|reset --hard|merge|pull|clone)\b[^\n]*")
_PROGRAMS = (
    r"(?:npm|pnpm|yarn|bun)(?:\s+(?:ci|i|install|run|run-script|test|start|exec|build|rebuild|pack|add|lint|t|x)\b|\s*(?:$|\n|&&|;))",
    r"npx|pnpx|bunx|node\s+[\w./-]+\.[cm]?[jt]s|tsx\s|deno\s+(?:run|task|test)",
    r"(?:python3?|uv\s+run|poetry\s+run)\s+(?:-m\s+(?:pytest|tox|nox|build|unittest)|[\w./-]+\.py)",
    r"pip3?\s+install\s+(?:-\S+\s+)*(?:-e\s+|-r\s+|\.)|(?:poetry|pipenv|pdm)\s+install|uv\s+(?:sync|run|pip install)",
    r"pytest|tox|nox|pre-commit\s+run|make(?:\s|$)|cmake\s|ninja|just\s|task\s|invoke\s",
    r"cargo\s+(?:\+\S+\s+)?(?:build|test|run|check|clippy|bench|doc|nextest|install|publish)|go\s+(?:run|test|generate)",
    r"(?:\./)?(?:mvnw?|gradlew?)(?:\.cmd|\.bat)?\s|sbt\s|bundle\s+(?:install|exec)|rake\s|bin/\w+",
    r"composer\s+(?:install|update|run|test)|php\s+[\w./-]+|ruby\s+[\w./-]+\.rb|perl\s+[\w./-]+\.pl",
    r"dotnet\s+(?:build|test|run|restore|publish|pack)|msbuild|swift\s+(?:build|test|run)|xcodebuild|flutter\s+\w+",
    r"docker\s+(?:build|buildx\s+build|compose\s+(?:up|build|run))|docker-compose\s+(?:up|build|run)|earthly\s|bazel\s",
    r"mix\s+(?:deps\.get|test|compile|run)|terraform\s+(?:init|plan|apply)|ansible-playbook|nix\s+(?:build|develop|run)|nix-build",
    r"(?:ba|da|z)?sh\s+(?:-\w+\s+)*[\w./-]+\.(?:sh|bash)|(?:source|\.)\s+[\w./-]+|\./[\w./-]+|mkdocs\s+build|jekyll\s+build",
)
_BEFORE = r"(?:^|[|&;(]|\$\(|\b(?:sudo|time|xvfb-run|env|then|do)\s)\s*"
_GIVEN = r"(?:[A-Z_][A-Z0-9_]{0,60}=[\w./:-]{0,200}[ \t]+){0,9}"
"""Variables that a command is given in front of its name."""
_RUNS = lazy_regex(rf"(?m){_BEFORE}{_GIVEN}(?P<what>{'|'.join(_PROGRAMS)})")
_RUNS_ACTION = lazy_regex(
    r"(?:docker/(?:build-push-action|bake-action)|pre-commit/action|gradle/(?:gradle-build-action|actions.*)"
    r"|cypress-io/github-action|bahmutov/npm-install|goreleaser/goreleaser-action|pulumi/actions|actions/jekyll-build-pages"
    r"|amondnet/vercel-action|andresz1/size-limit-action|preactjs/compressed-size-action|borales/actions-yarn"
    r"|actions-rs/cargo|shogo82148/actions-setup-perl|chromaui/action|devcontainers/ci)"
)
_NO_SCRIPTS = re.compile(r"--ignore-scripts|enableScripts\s+false")
_DOWNLOADS = lazy_regex(r"downloadArtifact|gh run download|/actions/artifacts/|actions/runs/\S*/artifacts")
_DOWNLOAD_ACTIONS = frozenset({"dawidd6/action-download-artifact", "aochmann/actions-download-artifact"})
_ENVIRONMENT = lazy_regex(r"GITHUB_ENV|GITHUB_PATH")
_FROM_FILE = lazy_regex(
    r"\$\((?:\s*cat\b|\s*<|\s*tail|\s*head)|`cat\b|\bcat\s+\S+[^\n]*>>|<\s*[\w./-]+|readFileSync|jq\b"
)


def _code_source(path: str, scope: StepScope) -> str:
    return HEAD if _CODE.fullmatch(path) else ""


def _branch_source(path: str, scope: StepScope) -> str:
    return HEAD if _CODE.fullmatch(path) or _BRANCH.fullmatch(path) else ""


def _fork_source(path: str, scope: StepScope) -> str:
    return HEAD if _FORK.fullmatch(path) else ""


def _asks_for_head(line: str) -> str:
    return HEAD if _ASKS_FOR_HEAD.search(line) else ""


def _asks_for_commit(line: str) -> str:
    return HEAD if _ASKS_FOR_COMMIT.search(line) else ""


def _asks_for_pull(line: str) -> str:
    return HEAD if _ASKS_FOR_PULL.search(line) else ""


def _head_of_action(step: GithubStep, name: str) -> str:
    """Say whether an output of an action of others is the head: it looks it up, or was given it to choose from."""
    is_head = _HEAD_ACTIONS.fullmatch(step.action) and re.search(r"sha|ref|branch|head", name)
    given = " ".join(value.text() for value in step.inputs.values())
    is_chosen = _CHOOSES.search(step.action) and (_PULL_REFERENCE.search(given) or _HEAD_COMMIT in given)
    return HEAD if is_head or is_chosen else ""


_CODE_TRACE = SourceTrace(_code_source, _asks_for_commit, _head_of_action)
_BRANCH_TRACE = SourceTrace(_branch_source, _asks_for_head, _head_of_action)
_FORK_TRACE = SourceTrace(_fork_source, _asks_for_pull, _head_of_action)


def checked_out(ran: Ran) -> str | None:
    """Return the folder into which a step puts the head of an outsider's pull request; None if it does not."""
    step, scope = ran.step, ran.scope
    if step.action == "actions/checkout":
        return _by_action(step, scope)
    if step.run is None:
        return None
    script = step.run.text()
    if _GETS_HEAD.search(script):
        return step.folder
    fetched = _FETCHES_HEAD.search(script)
    if fetched and _TAKES_FETCHED.search(script, fetched.end()):
        return step.folder
    for command in _TAKES_VARIABLE.findall(script):
        for trace in (_CODE_TRACE, _FORK_TRACE):
            if source_of(command, scope, trace, step) or variables_source(command, step, scope, trace):
                return step.folder
    return None


def _by_action(step: GithubStep, scope: StepScope) -> str | None:
    given = {name.lower(): value.text() for name, value in step.inputs.items()}
    reference, folder = given.get("ref", ""), given.get("path", "")
    if _PULL_REFERENCE.search(reference) or source_of(reference, scope, _CODE_TRACE, step):
        return folder
    if _OF_COMMIT in reference and source_of(reference, scope, _BRANCH_TRACE, step):
        return folder
    # A branch's name alone is looked for in the repository itself, where a fork's is not.
    is_fork = source_of(given.get("repository", ""), scope, _FORK_TRACE, step)
    if is_fork and (not reference or source_of(reference, scope, _BRANCH_TRACE, step)):
        return folder
    return None


def runs_code(ran: Ran, folder: str) -> str:
    """Say what a step runs of the code in a folder; empty if it runs none that is known."""
    step = ran.step
    if step.uses.startswith("./"):
        return f"the action {step.uses}" if not folder or step.uses[2:].startswith(folder.strip("./")) else ""
    if step.run is None:
        return _run_by_action(step) if _is_in(step, folder) else ""
    script = _without_comments(step.run.text())
    if not _is_in(step, folder) or _NO_SCRIPTS.search(script):
        return ""
    found = _RUNS.search(script)
    return " ".join(found["what"].split())[:60] if found else ""


def runs_artifact(ran: Ran, folder: str) -> str:
    """Say what a step runs of an artifact in a folder: a program there, or anything where it lies among the code."""
    what = runs_code(ran, folder)
    name = folder.strip("./ ")
    is_apart = bool(name) and not name.startswith("${{")
    if not what or not is_apart or ran.step.run is None or name in ran.step.folder:
        return what
    script = _without_comments(ran.step.run.text())
    if re.search(rf"\b(?:cd|pushd)[ \t]+[\"']?(?:\./)?{re.escape(name)}", script):
        return what
    inside = (" ".join(found["what"].split())[:60] for found in _RUNS.finditer(script) if name in found["what"])
    return next(inside, "")


def _run_by_action(step: GithubStep) -> str:
    """Say by which action a step runs the code that it stands in; empty: by none that is known."""
    bundled = step.inputs.get("bundler-cache")
    if step.action == "ruby/setup-ruby" and bundled is not None and bundled.text() == "true":
        return f"what the Gemfile names, by {step.uses}"
    return step.uses if _RUNS_ACTION.fullmatch(step.action) else ""


def may_run_code(ran: Ran, folder: str) -> str:
    """Return the action of others that gets a folder from a step, and may run what it holds; empty without one."""
    step = ran.step
    is_other = bool(step.uses) and not step.uses.startswith((".", "docker://")) and not _INERT.fullmatch(step.action)
    return step.uses if is_other and _is_in(step, folder) else ""


def _without_comments(script: str) -> str:
    return "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("#"))


def _is_in(step: GithubStep, folder: str) -> bool:
    name = folder.strip("./ ")
    if not name or name.startswith("${{"):
        return True
    script = step.run.text() if step.run is not None else ""
    inputs = " ".join(value.text() for value in step.inputs.values())
    return name in step.folder or name in script or name in inputs


def gets_artifact(ran: Ran) -> bool:
    """True for a step that fetches an artifact of the run that started this one."""
    step = ran.step
    if ran.scope.situation.event != "workflow_run":
        return False
    if step.action in _DOWNLOAD_ACTIONS:
        return True
    if step.action == "actions/download-artifact":
        return any(name.lower() == "run-id" for name in step.inputs)
    script = step.script
    return script is not None and bool(_DOWNLOADS.search(script.text()))


def sets_environment(ran: Ran, trace: SourceTrace) -> str:
    """Say what of an outsider's a script writes into the environment of later steps; empty: nothing."""
    step = ran.step
    if step.run is None:
        return ""
    for line in step.run.text().splitlines():
        if not _ENVIRONMENT.search(line):
            continue
        label = variables_source(line, step, ran.scope, trace) or trace.in_scripts(line)
        if label:
            return label
        if trace.has_artifact and _FROM_FILE.search(line):
            return "what an artifact of that run holds"
    return ""
