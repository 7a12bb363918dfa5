"""What zizmor says of a step on an attack path is said once."""

from collections.abc import Callable

from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.stages import ci

TEXT = """\
on: issues
permissions: {contents: write}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{ github.event.issue.title }}
      - run: echo ${{ github.event.issue.number }}
      - uses: octo/tool@v1
      - uses: actions/checkout@v4
"""


def test_the_path_stands_for_the_audit_on_the_same_step(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    result = ci.run(make_tree({".github/workflows/a.yml": TEXT}), make_context())
    places = {(one.rule, one.location.line) for one in result.findings}
    assert {("GC102", 7), ("GC108", 9), ("unpinned-uses", 10)} <= places
    assert not {("template-injection", 7), ("unpinned-uses", 9)} & places
