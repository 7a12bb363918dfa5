"""Mechanical fixes of GitHub's workflows, as `gate fix --rule` makes them.

`gate/ci/github/fixes.py`, `gate/ci/github/pins.py` over `gate/ci/github/steps_of_files.py`, and for pipelines
`gate/app/fixes/mend.py`.
"""

from collections.abc import Callable
from textwrap import indent

import msgspec
import pytest

from gate.app.fixes import mend
from gate.app.fixes.mend import MendTerms, MendWork, is_fixed_on_request, repairs_of
from gate.ci.github.pins import LOCKFILE, locked_pins
from gate.core.errors import GateError
from gate.core.yaml_values import read_values
from gate.model import StageError, StageResult, Tree
from gate.pipeline.context import LocalContext
from gate.policy.decide import Policy, decide
from gate.stages import ci
from gate.trees import open_tree

pytestmark = pytest.mark.one_python

MakeContext = Callable[..., LocalContext]
PATH = ".github/workflows/a.yml"
CHECKOUT = "uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v4"
TITLE = "${{ github.event.issue.title }}"
Fix = Callable[..., str]


@pytest.fixture
def fixed(make_tree: Callable[..., Tree], make_context: MakeContext) -> Fix:
    """Return a function that fixes the findings of some rules in a workflow."""

    def fix(text: str, *rules: str) -> str:
        tree, context = make_tree({PATH: text}), make_context()
        terms = MendTerms(context.settings, Policy(layers=()), context.now, tuple(rule.upper() for rule in rules))
        findings = decide([ci.run(tree, context)], terms.policy, terms.now).findings
        wanted = [one for one in findings if one.rule in rules]
        assert wanted
        work = MendWork(tree, PATH, "ci", tuple(repairs_of(wanted, terms.rules)), ())
        after = mend.mend(work, terms).after.decode()
        assert read_values(after, PATH)
        return after

    return fix


def workflow(*steps: str, permissions: str = "contents: read", on: str = "issues", more: str = "") -> str:
    head = f"on: {on}\npermissions: {{{permissions}}}\njobs:\n  a:\n    runs-on: ubuntu-latest\n{more}    steps:\n"
    return head + "".join(f"      - {indent(step, ' ' * 8).lstrip()}\n" for step in steps)


@pytest.mark.parametrize(
    ("step", "after"),
    [
        (CHECKOUT, f"{CHECKOUT}\nwith:\n  persist-credentials: false"),
        (
            f"name: Get it\n{CHECKOUT}\nid: get",
            f"name: Get it\n{CHECKOUT}\nwith:\n  persist-credentials: false\nid: get",
        ),
        (
            f"{CHECKOUT}\nwith:\n    depth: 1  # one",
            f"{CHECKOUT}\nwith:\n    persist-credentials: false\n    depth: 1  # one",
        ),
    ],
)
def test_a_checkout_whose_token_nothing_uses_does_not_keep_it(fixed: Fix, step: str, after: str) -> None:
    rest = "run: make test  # as before"
    assert fixed(workflow(step, rest), "artipacked") == workflow(after, rest)


@pytest.mark.parametrize(
    ("steps", "permissions"),
    [
        ((CHECKOUT, "run: git push origin HEAD"), "contents: read"),
        ((CHECKOUT, "run: |\n  git -C docs fetch --tags"), "contents: read"),
        ((CHECKOUT, "uses: octo/create-pull-request@v1"), "contents: read"),
        ((CHECKOUT, "uses: ./tools/own"), "contents: read"),
        ((CHECKOUT, "run: make"), "contents: write"),
        ((f"{CHECKOUT}\nwith:\n  token: '${{{{ secrets.PUSH }}}}'", "run: make"), "contents: read"),
        ((f"{CHECKOUT}\nwith: {{fetch-depth: 1}}", "run: make"), "contents: read"),
        ((f"{{{CHECKOUT.split(' #')[0]}}}", "run: make"), "contents: read"),
    ],
)
def test_a_checkout_stays_where_its_token_may_be_used(fixed: Fix, steps: tuple[str, ...], permissions: str) -> None:
    text = workflow(*steps, permissions=permissions)
    assert fixed(text, "artipacked") == text


def test_a_checkout_stays_where_the_repositorys_setting_decides_what_its_token_may(fixed: Fix) -> None:
    text = workflow(CHECKOUT).replace("permissions: {contents: read}\n", "")
    assert fixed(text, "artipacked") == text


def test_a_step_that_an_alias_repeats_stays(fixed: Fix) -> None:
    text = workflow(f"&get\n{CHECKOUT}") + "  b:\n    runs-on: ubuntu-latest\n    steps: [*get, {run: git push}]\n"
    assert fixed(text, "artipacked") == text


ENV = f"env:\n  ISSUE_TITLE: {TITLE}\n"


@pytest.mark.parametrize(
    ("step", "after"),
    [
        (f"run: echo {TITLE}", f'{ENV}run: echo "${{ISSUE_TITLE}}"'),
        (f'run: echo "new {TITLE}!"', f'{ENV}run: echo "new ${{ISSUE_TITLE}}!"'),
        (
            f"name: Say\nrun: |\n  # it's said\n  NEW={TITLE}  # kept\n  echo 'done'",
            f"name: Say\n{ENV}run: |\n  # it's said\n  NEW=\"${{ISSUE_TITLE}}\"  # kept\n  echo 'done'",
        ),
        (
            f"run: echo {TITLE}\nenv:\n    OTHER: 1",
            f'run: echo "${{ISSUE_TITLE}}"\nenv:\n    ISSUE_TITLE: {TITLE}\n    OTHER: 1',
        ),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_expression_is_handed_over_by_the_environment(fixed: Fix, step: str, after: str, line_end: str) -> None:
    text, wanted = (workflow(one, "run: make").replace("\n", line_end) for one in (step, after))
    assert fixed(text, "GC102", "template-injection") == wanted


@pytest.mark.parametrize(
    "step",
    [
        f"run: echo '{TITLE}'",
        f"run: echo $'{TITLE}'",
        f'run: echo "$(say "{TITLE}")"',
        f"run: {TITLE}",
        f"run: make && {TITLE}",
        f'run: bash -c "echo {TITLE}"',
        f'run: eval "echo {TITLE}"',
        f"run: |\n  cat <<'END'\n  {TITLE}\n  END",
        f"run: echo {TITLE} ${{{{ github.event.issue.body }}}}",
        f"run: echo {TITLE} $ISSUE_TITLE",
        f"run: echo {TITLE}\nenv: {{OTHER: 1}}",
        f"run: >\n  echo\n  {TITLE}",
        f'run: "echo {TITLE}"',
        f"run: echo {TITLE}\nshell: pwsh",
        f"{{run: 'echo {TITLE}'}}",
        "run: echo ${{ format('{0}', github.event.issue.title) }}",
    ],
)
def test_a_script_stays_where_a_variable_might_not_be_the_same(fixed: Fix, step: str) -> None:
    text = workflow(step)
    assert fixed(text, "GC102", "template-injection") == text


def test_a_script_stays_where_the_runners_shell_is_not_known(fixed: Fix) -> None:
    text = workflow(f"run: echo {TITLE}").replace("ubuntu-latest", "windows-latest")
    assert fixed(text, "GC102", "template-injection") == text


@pytest.mark.parametrize("inner", ["inputs.flags", "github.event.inputs.flags"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_what_may_be_several_options_or_none_is_changed_only_in_quotes(fixed: Fix, quote: str, inner: str) -> None:
    on = "{workflow_dispatch: {inputs: {flags: {}}}}"
    text = workflow(f"run: make {quote}${{{{ {inner} }}}}{quote}", on=on)
    after = workflow(f'env:\n  INPUTS_FLAGS: ${{{{ {inner} }}}}\nrun: make "${{INPUTS_FLAGS}}"', on=on)
    assert fixed(text, "template-injection") == (after if quote else text)


def test_a_variable_has_a_name_that_programs_do_not_read(fixed: Fix) -> None:
    text = workflow('run: make "${{ github.ref_name }}"', on="push")
    after = workflow('env:\n  EVENT_REF_NAME: ${{ github.ref_name }}\nrun: make "${EVENT_REF_NAME}"', on="push")
    assert fixed(text, "template-injection") == after


def test_what_a_program_may_depend_on_is_changed_on_request(
    make_tree: Callable[..., Tree], make_context: MakeContext
) -> None:
    result = ci.run(make_tree({PATH: workflow(CHECKOUT, f"run: echo {TITLE}")}), make_context())
    asked = {one.rule: is_fixed_on_request(one) for one in result.findings if one.fix and one.fix.edits}
    assert asked == {"artipacked": True, "GC102": False}


def test_a_fix_after_which_the_finding_is_still_there_is_undone(fixed: Fix, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ci.run

    def without_effect(tree: Tree, context: LocalContext) -> StageResult:
        result = run(msgspec.structs.replace(tree, replaced=()), context)
        found = tuple(msgspec.structs.replace(one, fix=None) if tree.replaced else one for one in result.findings)
        return msgspec.structs.replace(result, findings=found)

    monkeypatch.setattr(ci, "run", without_effect)
    text = workflow(CHECKOUT, "run: make")
    assert fixed(text, "artipacked") == text


def test_a_fix_after_which_the_file_cannot_be_read_is_none(fixed: Fix, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ci.run

    def broken(target: Tree, context: LocalContext) -> StageResult:
        result = run(target, context)
        error = StageError(title="cannot be parsed", message="", path=f"{PATH}:3")
        return msgspec.structs.replace(result, errors=(error,)) if target.replaced else result

    monkeypatch.setattr(ci, "run", broken)
    with pytest.raises(GateError, match="would not be read any more: cannot be parsed"):
        fixed(workflow(f"run: echo {TITLE}"), "GC102")


KNOWN = "uses: octo/tool@89abcdef0123456789abcdef0123456789abcdef # v2.1.0"
COMMIT = "89abcdef0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ("uses: octo/tool@v2.1.0", f"uses: octo/tool@{COMMIT} # v2.1.0"),
        ("name: a\nuses: octo/tool@v2\nwith: {a: b}", f"name: a\nuses: octo/tool@{COMMIT} # v2.1.0\nwith: {{a: b}}"),
        ("uses: octo/tool@v3", "uses: octo/tool@v3"),
        ("uses: octo/other@v2.1.0", "uses: octo/other@v2.1.0"),
        ("uses: octo/tool@v2 # newest", "uses: octo/tool@v2 # newest"),
        ("uses: octo/tool@main", "uses: octo/tool@main"),
        ('uses: "octo/tool@v2"', 'uses: "octo/tool@v2"'),
    ],
)
def test_an_action_is_pinned_to_the_commit_that_another_step_states(fixed: Fix, step: str, after: str) -> None:
    assert fixed(workflow(KNOWN, step), "unpinned-uses") == workflow(KNOWN, after)


def test_permissions_are_stated_as_the_steps_need_them(fixed: Fix) -> None:
    text = workflow(CHECKOUT, "run: make test").replace("permissions: {contents: read}\n", "")
    after = text.replace("jobs:\n  a:\n", "permissions: {}\n\njobs:\n  a:\n    permissions:\n      contents: read\n")
    assert fixed(text, "excessive-permissions") == after


def test_where_permissions_cannot_be_stated_the_advice_says_why(
    make_tree: Callable[..., Tree], make_context: MakeContext
) -> None:
    text = workflow("uses: octo/tool@v2", on="push").replace("permissions: {contents: read}\n", "")
    found = ci.run(make_tree({PATH: text}), make_context()).findings
    (fix, *_) = [one.fix for one in found if one.rule == "excessive-permissions" and one.fix]
    assert not fix.edits
    assert "`gate fix` cannot: what octo/tool@v2 needs, in step octo/tool@v2 of job a, is not known." in fix.description


def test_a_tag_with_two_commits_is_not_pinned(fixed: Fix) -> None:
    other = KNOWN.replace("89abcdef", "79abcdef")
    text = workflow(KNOWN, other, "uses: octo/tool@v2.1.0")
    assert fixed(text, "unpinned-uses") == text


def test_a_lockfile_states_commits_too(make_tree: Callable[..., Tree]) -> None:
    entry = f'{{"repo": "octo/tool", "version": "v2", "sha": "{COMMIT}"}}'
    assert locked_pins(open_tree(make_tree({LOCKFILE: f'{{"entries": {{"octo/tool@v2": {entry}}}}}'}))) == {
        ("octo/tool", "v2"): COMMIT
    }
    assert locked_pins(open_tree(make_tree({LOCKFILE: "{"}))) == {}
