"""Rules on Azure Pipelines."""

import re
from collections.abc import Iterator

from gate.ci.carried import carriers
from gate.ci.definitions import CiPipeline, hit_at
from gate.ci.families import carried_in_scripts, images_by_tag, is_true, secret_files, text_in_scripts
from gate.ci.references import is_commit, moves
from gate.ci.rule import rule
from gate.core.lazy_regex import lazy_regex
from gate.core.values import Value
from gate.model import Severity
from gate.rules import Hit, RuleScope

AZURE = RuleScope(CiPipeline, "azure")
_OPEN, _CLOSE = (
    r"(?:\$\(|\$\{\{\s*variables(?:\.|\[\s*')|\$\[\s*variables(?:\.|\[\s*'))",
    r"(?:\)|'?\s*\]?\s*\}?\}?\]?)",
)
_TEXTS = lazy_regex(
    rf"{_OPEN}(?:Build\.SourceVersionMessage|Build\.SourceVersionAuthor|System\.PullRequest\.SourceBranch){_CLOSE}",
    re.IGNORECASE,
)
_BRANCHES = lazy_regex(rf"{_OPEN}Build\.SourceBranch(?:Name)?{_CLOSE}", re.IGNORECASE)
_TEXTS_OF_THE_SHELL = lazy_regex(
    r"\$(?:env:|\{)?(?:BUILD_SOURCEVERSIONMESSAGE|BUILD_SOURCEVERSIONAUTHOR|SYSTEM_PULLREQUEST_SOURCEBRANCH)\b",
    re.IGNORECASE,
)
_SETS = lazy_regex(r"##vso\[task\.setvariable variable=(?P<name>[\w.]{1,80})[^\]\n]{0,80}\](?P<value>[^\n]{0,500})")
_VARIABLE = lazy_regex(r"\$\((?P<name>[\w.]{1,80})\)")
_OUTPUT = lazy_regex(r"[dD]ependencies\.[\w.]{1,160}\.outputs\['(?:\w{1,80}\.)?(?P<name>\w{1,80})'\]")
"""An output of a step of another job or stage."""
_PARAMETER = lazy_regex(r"\$\{\{\s*parameters\.(?P<name>\w+)\s*\}\}")
_RIGHTS = lazy_regex(r"--privileged(?!=false)|docker\.sock")
_TYPES_OF_OTHERS = frozenset({"github", "githubenterprise", "bitbucket"})
_DEPLOYS = frozenset(
    {
        "azurewebapp",
        "azurermwebappdeployment",
        "azurewebappcontainer",
        "azurefunctionapp",
        "azureresourcemanagertemplatedeployment",
        "azurestaticwebapp",
        "helmdeploy",
        "kubernetesmanifest",
        "iiswebappdeploymentonmachinegroup",
    }
)
_STARTS = ("trigger", "pr", "schedules", "extends")


@rule(
    "GC401",
    Severity.HIGH,
    "Commit message or branch of a pull request becomes part of a script",
    looks_at=AZURE,
    why="`$(…)` is replaced before the shell reads the script: a message with `$(command)` in it runs that command.",
    mend="Map the variable in `env`, and use that in quotes.",
    references=("CWE-78",),
    bad='trigger: [main]\nsteps:\n- bash: echo "$(Build.SourceVersionMessage)"\n',
    good='trigger: [main]\nsteps:\n- bash: echo "$MESSAGE"\n  env: {MESSAGE: $(Build.SourceVersionMessage)}\n',
)
def message_in_a_script(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from text_in_scripts(pipeline.scripts, _TEXTS, "A script of {job} holds {found}, which others write")
    carried = carriers(_variables(pipeline), _brought, _variables_in)
    message = "A script of {job} holds {found}, which is {origin}: others write it"
    yield from carried_in_scripts(
        pipeline.scripts if carried else (), _VARIABLE, lambda _, name: carried.get(name.lower(), ""), message
    )


def _variables(pipeline: CiPipeline) -> Iterator[tuple[str, str]]:
    """Yield the variables of a pipeline with their values: those that it states, and those that scripts set."""
    for value in pipeline.root.walk():
        stated = value.get("variables")
        for name, one in stated.items() if stated is not None else ():
            yield name.lower(), one.text()
        for one in stated.elements() if stated is not None else ():
            if one.text("name"):
                yield one.text("name").lower(), one.text("value")
    for script in pipeline.scripts:
        for found in _SETS.finditer(script.script):
            yield found["name"].lower(), found["value"]


def _brought(text: str) -> str:
    found = _TEXTS.search(text) or _TEXTS_OF_THE_SHELL.search(text)
    return found[0].strip() if found else ""


def _variables_in(text: str) -> list[str]:
    """Return the variables that a value holds, also as outputs of another job."""
    uses = [found["name"].lower() for found in _VARIABLE.finditer(text)]
    return [*uses, *(found["name"].lower() for found in _OUTPUT.finditer(text))]


@rule(
    "GC402",
    Severity.MEDIUM,
    "Branch becomes part of a script",
    looks_at=AZURE,
    why="`$(…)` is replaced before the shell reads the script. A branch may be called `a$(command)`.",
    mend='Use the variable of the environment in quotes: `"$BUILD_SOURCEBRANCHNAME"`.',
    references=("CWE-78",),
    bad="trigger: ['*']\nsteps:\n- bash: ./build $(Build.SourceBranchName)\n",
    good="trigger: ['*']\nsteps:\n- bash: ./build \"$BUILD_SOURCEBRANCHNAME\"\n",
)
def branch_in_a_script(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from text_in_scripts(pipeline.scripts, _BRANCHES, "A script of {job} holds {found}")


@rule(
    "GC403",
    Severity.LOW,
    "Free text of a parameter becomes part of a script",
    looks_at=AZURE,
    why="Anyone who may start the pipeline by hand writes a part of the script, which runs with its connections.",
    mend="List the `values` that the parameter may have, or map it in `env`.",
    references=("CWE-78",),
    bad="trigger: none\nparameters: [{name: target, type: string}]\nsteps:\n- bash: ./build ${{ parameters.target }}\n",
    good=(
        "trigger: none\nparameters: [{name: target, type: string, values: [staging]}]\n"
        "steps:\n- bash: ./build ${{ parameters.target }}\n"
    ),
)
def parameter_in_a_script(pipeline: CiPipeline) -> Iterator[Hit]:
    free = _free_parameters(pipeline.root)
    for hit in text_in_scripts(pipeline.scripts, _PARAMETER, "A script of {job} holds {found}") if free else ():
        found = _PARAMETER.search(hit.message)
        if found and found["name"] in free:
            yield hit


def _free_parameters(root: Value) -> set[str]:
    """Return the parameters of a pipeline, not of a template, that may have any text."""
    declared = root.get("parameters")
    is_pipeline = any(root.get(key) is not None for key in _STARTS)
    return {
        one.text("name")
        for one in (declared.elements() if declared and is_pipeline else ())
        if one.text("type") in ("", "string") and one.get("values") is None
    }


@rule(
    "GC404",
    Severity.MEDIUM,
    "Templates of another repository by branch",
    looks_at=AZURE,
    why="Anyone who can push to that branch changes what runs here, with the connections of this pipeline.",
    mend="Name a commit, or a tag of your own organisation, in `ref`.",
    references=("CWE-829",),
    bad=(
        "resources: {repositories: [{repository: t, type: github, name: team/templates, endpoint: c}]}\n"
        "steps: [{template: build.yml@t}]\n"
    ),
    good=(
        "resources: {repositories: [{repository: t, type: github, name: team/templates, endpoint: c, "
        f"ref: {'0f' * 20}}}]}}\nsteps: [{{template: build.yml@t}}]\n"
    ),
)
def templates_by_branch(pipeline: CiPipeline) -> Iterator[Hit]:
    listed = pipeline.root.get("resources", "repositories")
    for repository in listed.elements() if listed else ():
        name, reference = repository.text("name"), repository.text("ref")
        is_moving = moves(reference) and not is_commit(reference.removeprefix("refs/heads/"))
        if name and is_moving and repository.text("repository") in _used(pipeline.root):
            where = f"the branch {reference}" if reference else "its default branch"
            severity = None if repository.text("type").lower() in _TYPES_OF_OTHERS else Severity.LOW
            text = f"Templates of {name} are taken from {where}"
            yield Hit(
                message=text,
                path=repository.path,
                line=repository.start[0],
                evidence=(name, reference),
                severity=severity,
            )


def _used(root: Value) -> set[str]:
    """Return the repositories whose templates a pipeline uses."""
    texts = {value.text("template") for value in root.walk()}
    return {text.partition("@")[2] for text in texts if "@" in text}


@rule(
    "GC405",
    Severity.MEDIUM,
    "Image by tag",
    looks_at=AZURE,
    why="A tag can be moved. What then runs has the code and the connections of the job.",
    mend="Add the digest: `name:tag@sha256:…`.",
    references=("CWE-829",),
    bad="trigger: none\njobs: [{job: build, container: 'team/build:latest', steps: [{script: make}]}]\n",
    good=f"trigger: none\njobs: [{{job: build, container: 'a@sha256:{'0f' * 32}', steps: [{{script: make}}]}}]\n",
)
def image_by_tag(pipeline: CiPipeline) -> Iterator[Hit]:
    yield from images_by_tag(pipeline.parties)


@rule(
    "GC406",
    Severity.MEDIUM,
    "Container with the rights of its host",
    looks_at=AZURE,
    why="A privileged container, or one with the runtime's socket, is root on the agent.",
    mend="Remove the option; build images on the agent itself, or with a builder that runs without root.",
    references=("CWE-250",),
    bad="resources: {containers: [{container: c, image: 'a:1', options: --privileged}]}\nsteps: [{script: make}]\n",
    good="resources: {containers: [{container: c, image: 'a:1', options: --cpus 2}]}\nsteps: [{script: make}]\n",
)
def container_with_rights(pipeline: CiPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        options = value.get("options") if value.get("image") is not None else None
        found = _RIGHTS.search(options.text()) if options is not None else None
        if options is not None and found:
            yield hit_at(options, f"The container {value.text('image')} runs with {options.text()}", found[0])


@rule(
    "GC407",
    Severity.LOW,
    "Token of the checkout stays in the repository's configuration",
    looks_at=AZURE,
    why="Every later step, and every program that it starts, can push with the token.",
    mend="Remove `persistCredentials`; give the step that pushes `$(System.AccessToken)` in `env`.",
    references=("CWE-522",),
    bad="trigger: none\nsteps: [{checkout: self, persistCredentials: true}]\n",
    good="trigger: none\nsteps: [{checkout: self}]\n",
)
def token_stays(pipeline: CiPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        stays = value.get("persistCredentials")
        if stays is not None and is_true(stays):
            yield hit_at(stays, f"`persistCredentials: true` for {value.text('checkout') or 'the checkout'}")


@rule(
    "GC408",
    Severity.MEDIUM,
    "Debug output is on",
    looks_at=AZURE,
    why="Every task then prints its inputs and the environment; of secrets only those that Azure knows are hidden.",
    mend="Remove `System.Debug`; for one run it can be set when it is started.",
    references=("CWE-532",),
    bad="trigger: none\nvariables: {System.Debug: true}\nsteps: [{script: make}]\n",
    good="trigger: none\nvariables: {System.Debug: false}\nsteps: [{script: make}]\n",
)
def debug_is_on(pipeline: CiPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        as_key = next((setting for key, setting in value.items() if key.lower() == "system.debug"), None)
        named = value.get("value") if value.text("name").lower() == "system.debug" else None
        debug = as_key or named
        if debug is not None and is_true(debug):
            yield hit_at(debug, "`System.Debug` is true")


@rule(
    "GC409",
    Severity.LOW,
    "Deployment outside of a deployment job",
    looks_at=AZURE,
    why="The approvals and checks of an environment count only for `deployment` jobs.",
    mend="Make it `deployment:` with an `environment:`.",
    references=("CWE-862",),
    bad="trigger: none\njobs: [{job: up, steps: [{task: AzureWebApp@1, inputs: {appName: shop}}]}]\n",
    good=(
        "trigger: none\njobs: [{deployment: up, environment: production, strategy: {runOnce: {deploy: {steps: "
        "[{task: AzureWebApp@1, inputs: {appName: shop}}]}}}}]\n"
    ),
)
def deployment_without_environment(pipeline: CiPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        if value.text("job"):
            for step in value.walk():
                task = step.text("task").partition("@")[0]
                if task.lower() in _DEPLOYS:
                    yield hit_at(step.get("task") or step, f"{task} deploys in the job {value.text('job')}", task)


@rule(
    "GC410",
    Severity.MEDIUM,
    "Keys of the connection are given to a script",
    looks_at=AZURE,
    why="With `addSpnToEnvironment` the script, and all that it starts, can read the connection's own key or token.",
    mend="Remove it; the task is signed in without.",
    references=("CWE-522",),
    bad=(
        "trigger: none\nsteps: [{task: AzureCLI@2, inputs: {azureSubscription: a, addSpnToEnvironment: true, "
        "scriptType: bash, inlineScript: az group list}}]\n"
    ),
    good=(
        "trigger: none\nsteps: [{task: AzureCLI@2, inputs: {azureSubscription: a, scriptType: bash, "
        "inlineScript: az group list}}]\n"
    ),
)
def keys_are_given_to_a_script(pipeline: CiPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        added = value.get("inputs", "addSpnToEnvironment")
        if added is not None and is_true(added):
            yield hit_at(added, f"`addSpnToEnvironment: true` of {value.text('task')}")


@rule(
    "GC411",
    Severity.MEDIUM,
    "Secrets among the artifacts",
    looks_at=AZURE,
    why="Everyone who can see the project can download its artifacts.",
    mend="Name the files that are wanted, and leave this one out.",
    references=("CWE-538",),
    bad="trigger: none\nsteps: [{publish: .env, artifact: settings}]\n",
    good="trigger: none\nsteps: [{publish: dist, artifact: settings}]\n",
)
def secrets_among_artifacts(pipeline: CiPipeline) -> Iterator[Hit]:
    for value in pipeline.root.walk():
        is_task = value.text("task").lower().startswith(("publishbuildartifacts", "publishpipelineartifact"))
        task = (value.get("inputs", "targetPath") or value.get("inputs", "PathtoPublish")) if is_task else None
        paths = [one for one in (value.get("publish"), value.get("upload"), task) if one is not None]
        yield from secret_files(paths, "The artifacts hold")
