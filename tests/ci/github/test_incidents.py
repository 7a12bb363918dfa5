"""Well-known incidents, rebuilt: each path is found, and none once it is cut (`gate/ci/github/attack_paths.py`).

It goes through `gate/ci/github/agents.py`, `gate/ci/github/leaks.py`, `gate/ci/github/publishing.py`,
`gate/ci/github/holdings.py`, `gate/ci/github/intake.py`, `gate/ci/github/runs.py` and `gate/ci/github/sources.py`.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from gate.ci.github import judge
from gate.model import Severity, Tree
from gate.trees import open_tree

INCIDENTS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("incidents.yaml").read_text())


def found(files: dict[str, str], folder: Path) -> dict[str, str]:
    """Return the messages of the attack paths through files, by rule."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    judged = judge(open_tree(Tree(root=str(folder), name="t")), sorted(files), ())
    assert not judged.errors
    assert not judged.not_definitions
    return {rule.id: hit.message for rule, hit in judged.hits}


def test_there_are_many() -> None:
    assert len(INCIDENTS) >= 16


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda one: one["name"])
def test_an_incident_is_found_with_its_path(incident: dict[str, Any], tmp_path: Path) -> None:
    messages = found(incident["files"], tmp_path)
    assert set(messages) == set(incident["finds"])
    whole = " ".join(messages.values())
    assert [words for words in incident["says"] if words not in whole] == []


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda one: one["name"])
def test_its_clean_twin_is_not(incident: dict[str, Any], tmp_path: Path) -> None:
    files = dict(incident["files"])
    for old, new in incident["clean"]:
        assert any(old in text for text in files.values()), old
        files = {path: text.replace(old, new) for path, text in files.items()}
    assert found(files, tmp_path) == {}


BY_LABEL = {
    ".github/workflows/check.yml": """
on: pull_request_target
permissions: {contents: write}
jobs:
  verify:
    runs-on: ubuntu-latest
    steps:
      - run: |
          FOUND=${{ contains(github.event.pull_request.labels.*.name, 'verified') }}
          if [[ $FOUND == 'false' ]]; then exit 1; fi
  build:
    needs: [verify]
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
        with: {ref: "${{ github.event.pull_request.head.sha }}"}
      - run: npm ci
"""
}


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        ("", "", Severity.MEDIUM),
        ("exit 1", "echo no", Severity.HIGH),
        ("    needs: [verify]\n", "", Severity.HIGH),
        ("contains(github.event.pull_request.labels.*.name, 'verified')", "github.actor == 'ada'", Severity.MEDIUM),
        ("contains(github.event.pull_request.labels.*.name, 'verified')", "github.actor", Severity.HIGH),
    ],
    ids=["a label", "that stops nothing", "that the job does not wait for", "a name", "that is only printed"],
)
def test_a_job_that_fails_without_a_label_or_for_strangers_is_a_guard(
    old: str, new: str, severity: Severity, tmp_path: Path
) -> None:
    files = {path: text.replace(old, new) if old else text for path, text in BY_LABEL.items()}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    judged = judge(open_tree(Tree(root=str(tmp_path), name="t")), list(files), ())
    assert [hit.severity for rule, hit in judged.hits if rule.id == "GC101"] == [severity]


GUARDED = {
    ".github/workflows/check.yml": """
on: issue_comment
permissions: {contents: read}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - id: who
        uses: actions/github-script@0123456789abcdef0123456789abcdef01234567
        with:
          script: |
            if (!["MEMBER"].includes("${{ github.event.comment.author_association }}")) core.setFailed("no")
            core.setOutput("head", (await github.rest.pulls.get({pull_number: 1})).data.head.sha)
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
        with: {ref: "${{ steps.who.outputs.head }}"}
      - run: make
""",
    ".github/workflows/release.yml": """
on: {push: {tags: ["v*"]}}
permissions: {id-token: write}
jobs:
  release:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-node@0123456789abcdef0123456789abcdef01234567
        with: {cache: npm}
      - run: npm publish
""",
}


def test_a_path_behind_a_check_does_not_go_on_through_a_cache(tmp_path: Path) -> None:
    assert set(found(GUARDED, tmp_path)) == {"GC101"}
    unguarded = {path: text.replace("author_association", "created_at") for path, text in GUARDED.items()}
    assert set(found(unguarded, tmp_path)) == {"GC105"}


def test_a_path_that_blocks_and_goes_on_through_a_cache_is_one_finding(tmp_path: Path) -> None:
    text = GUARDED[".github/workflows/check.yml"].replace("author_association", "created_at")
    files = {**GUARDED, ".github/workflows/check.yml": text.replace("contents: read", "contents: write")}
    messages = found(files, tmp_path)
    assert set(messages) == {"GC101"}
    assert "release.yml restores actions/setup-node in job release" in messages["GC101"]


HEAD = "${{ github.event.pull_request.head.sha }}"
LATE_CHECK = f"""
on: pull_request_target
permissions: {{contents: write}}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
        with: {{ref: "{HEAD}"}}
      - uses: actions/github-script@0123456789abcdef0123456789abcdef01234567
        with:
          script: await github.rest.teams.getMembershipForUserInOrg({{org, team_slug, username}})
      - run: make
"""


def test_a_check_between_the_checkout_and_the_build_guards_the_build(tmp_path: Path) -> None:
    assert "guarded by a step or job that checks" in found({".github/workflows/a.yml": LATE_CHECK}, tmp_path)["GC101"]


AGENT = """
on: {issues: {types: [opened]}}
permissions: {id-token: write, issues: write}
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - uses: ACTION@0123456789abcdef0123456789abcdef01234567
        with:
          allowed_non_write_users: "*"
          prompt: Look at the issue, use run_shell_command or Bash to run gh
          settings: 'TOOLS'
"""
CORE = '{"tools": {"core": ["run_shell_command(gh issue view)"]}}'


@pytest.mark.parametrize(
    ("action", "tools", "severity"),
    [
        ("anthropics/claude-code-action", "--model x", Severity.MEDIUM),
        ("anthropics/claude-code-action", "--allowedTools Bash(gh:*)", Severity.MEDIUM),
        ("anthropics/claude-code-action", "--allowedTools Bash(*)", Severity.HIGH),
        ("anthropics/claude-code-action", "--allowedTools Bash,Read", Severity.HIGH),
        ("google-github-actions/run-gemini-cli", CORE, Severity.MEDIUM),
        ("google-github-actions/run-gemini-cli", "{}", Severity.HIGH),
    ],
)
def test_an_agent_without_a_shell_for_any_command_blocks_nothing(
    action: str, tools: str, severity: Severity, tmp_path: Path
) -> None:
    text = AGENT.replace("ACTION", action).replace("TOOLS", tools)
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/a.yml").write_text(text)
    judged = judge(open_tree(Tree(root=str(tmp_path), name="t")), [".github/workflows/a.yml"], ())
    assert [hit.severity for rule, hit in judged.hits if rule.id == "GC107"] == [severity]


FETCHED = """
on: pull_request_target
permissions: {contents: write}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
      - run: |
          git fetch origin pull/${{ github.event.number }}/head:pr
          TAKE
          node scripts/check.js
"""


@pytest.mark.parametrize(
    ("take", "rules"),
    [
        ("git diff --name-only main..pr", set()),
        ("git checkout pr", {"GC101"}),
        ("git worktree add ../pr pr", {"GC101"}),
        ("git merge pr", {"GC101"}),
    ],
)
def test_a_head_that_is_only_fetched_is_not_checked_out(take: str, rules: set[str], tmp_path: Path) -> None:
    assert set(found({".github/workflows/a.yml": FETCHED.replace("TAKE", take)}, tmp_path)) == rules


AFTER_BUILD = {
    ".github/workflows/ci.yml": "name: CI\non: pull_request\njobs: {a: {runs-on: b, steps: [{run: make}]}}\n",
    ".github/workflows/publish.yml": """
on: {workflow_run: {workflows: [CI], types: [completed], branches: ["release/**"]}}
permissions: {contents: write}
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
        with: {ref: "REFERENCE"}
      - run: gh pr create --head "${{ github.event.workflow_run.head_branch }}"
""",
}


@pytest.mark.parametrize(
    ("reference", "is_guarded"), [("${{ github.event.workflow_run.head_branch }}", True), ("main", False)]
)
def test_a_forks_branch_does_not_get_past_a_checkout_by_its_name(
    reference: str, is_guarded: bool, tmp_path: Path
) -> None:
    files = {path: text.replace("REFERENCE", reference) for path, text in AFTER_BUILD.items()}
    assert ("only finds branches of the repository" in found(files, tmp_path)["GC102"]) is is_guarded


FOLLOWED = {
    "an action that returns one of its inputs": """
      - id: ref
        uses: octo/action-cond@0123456789abcdef0123456789abcdef01234567
        with: {if_true: "refs/pull/${{ github.event.number }}/merge"}
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
        with: {ref: "${{ steps.ref.outputs.value }}"}
      - {run: ./mvnw verify}
""",
    "the answer of a script": """
      - id: pull
        uses: actions/github-script@0123456789abcdef0123456789abcdef01234567
        with:
          script: |
            const result = await github.rest.pulls.get({pull_number: context.issue.number})
            return result.data
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
        with:
          repository: ${{ fromJSON(steps.pull.outputs.result).head.repo.full_name }}
          ref: ${{ fromJSON(steps.pull.outputs.result).head.ref }}
      - {run: ./version.sh}
""",
}


@pytest.mark.parametrize("steps", FOLLOWED.values(), ids=FOLLOWED)
def test_the_head_is_followed_through_what_chooses_it(steps: str, tmp_path: Path) -> None:
    """As in the workflows of spotbugs/sonar-findbugs until 2025 and of akri until 2026."""
    head = (
        "on: pull_request_target\npermissions: {contents: write}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:"
    )
    assert set(found({".github/workflows/a.yml": head + steps}, tmp_path)) == {"GC101"}


def test_the_head_in_the_hands_of_an_action_of_others_is_a_path(tmp_path: Path) -> None:
    """As in Trivy's own workflow until 2026, of which the comment said that it runs nothing of the head."""
    text = f"""
on: pull_request_target
permissions: {{contents: read, pull-requests: write}}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - {{uses: actions/checkout@0123456789abcdef0123456789abcdef01234567, with: {{ref: "{HEAD}"}}}}
      - {{uses: actions/setup-go@0123456789abcdef0123456789abcdef01234567}}
      - {{uses: octo/go-apidiff@0123456789abcdef0123456789abcdef01234567}}
"""
    assert "hands it to octo/go-apidiff" in found({".github/workflows/a.yml": text}, tmp_path)["GC101"]
    quiet = text.replace("octo/go-apidiff", "octo/label-pull-requests")
    assert found({".github/workflows/a.yml": quiet}, tmp_path / "quiet") == {}


@pytest.mark.parametrize(
    "step",
    [
        "{run: 'JEKYLL_ENV=production A=b bundle exec jekyll build'}",
        "{uses: ruby/setup-ruby@0123456789abcdef0123456789abcdef01234567, with: {bundler-cache: true}}",
    ],
)
def test_what_builds_a_site_of_the_head_runs_it(step: str, tmp_path: Path) -> None:
    """As in the template for websites of laboratories, of which hundreds of repositories are copies."""
    head = "on: pull_request_target\npermissions: {contents: write}\njobs:\n  a:\n    runs-on: b\n    steps:\n"
    taken = f"      - {{uses: actions/checkout@v4, with: {{ref: '{HEAD}'}}}}\n"
    assert set(found({".github/workflows/a.yml": f"{head}{taken}      - {step}\n"}, tmp_path)) == {"GC101"}


ARTIFACT = """
on: {workflow_run: {workflows: [CI], types: [completed]}}
permissions: {contents: write}
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
      - uses: actions/download-artifact@0123456789abcdef0123456789abcdef01234567
        with: {path: out/report, run-id: "${{ github.event.workflow_run.id }}"}
      - run: RUN
"""


@pytest.mark.parametrize(
    ("run", "rules"),
    [
        ("node scripts/check.mjs --root out/report", set()),
        ("node out/report/check.mjs", {"GC103"}),
        ("cd out/report && make", {"GC103"}),
    ],
)
def test_an_artifact_in_a_folder_of_its_own_is_data_until_it_is_run(run: str, rules: set[str], tmp_path: Path) -> None:
    files = {**AFTER_BUILD, ".github/workflows/publish.yml": ARTIFACT.replace("RUN", run)}
    assert set(found(files, tmp_path)) == rules


def test_an_action_that_puts_a_text_into_its_script_is_a_path_without_a_workflow(tmp_path: Path) -> None:
    """As in ultralytics/actions until GHSA-7x29-qqmq-v6qc."""
    text = (
        "runs:\n  using: composite\n  steps:\n  - {shell: bash, run: 'git push origin HEAD:${{ github.head_ref }}'}\n"
    )
    assert "in any workflow that uses the action" in found({"action.yml": text}, tmp_path)["GC102"]


BY_NAME = """
on: issue_comment
permissions: {contents: write}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - id: pull
        run: |
          DATA=$(gh api repos/octo/shop/pulls/1)
          WANTED=$(echo "$DATA" | jq -r '.head.PART')
          echo "wanted=${WANTED}" >> $GITHUB_OUTPUT
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567
        with: {ref: "${{ steps.pull.outputs.wanted }}"}
      - run: ./build.sh
"""


@pytest.mark.parametrize(("part", "rules"), [("ref", set()), ("sha", {"GC101"})])
def test_a_branch_that_is_asked_for_is_not_that_of_a_fork(part: str, rules: set[str], tmp_path: Path) -> None:
    assert set(found({".github/workflows/a.yml": BY_NAME.replace("PART", part)}, tmp_path)) == rules
