"""What `gate fix` changes in settings: flags that give permissions away."""

from collections.abc import Callable

import pytest

from gate.model import Tree
from gate.pipeline.context import LocalContext
from gate.stages import workspace

FLAGS = [
    (".claude/settings.json", '{\n  "enableAllProjectMcpServers": true,\n}', (2, 33), (2, 37)),
    (".vscode/settings.json", '{"chat.tools.autoApprove": true}', (1, 28), (1, 32)),
    (".aider.conf.yml", "yes-always: true", (1, 13), (1, 17)),
]


@pytest.mark.parametrize(("path", "text", "start", "end"), FLAGS)
def test_a_flag_is_turned_off(
    path: str,
    text: str,
    start: tuple[int, int],
    end: tuple[int, int],
    make_tree: Callable[..., Tree],
    make_context: Callable[..., LocalContext],
) -> None:
    (finding,) = workspace.run(make_tree({path: text}), make_context()).findings
    assert finding.fix is not None
    (edit,) = finding.fix.edits
    assert (edit.path, edit.start, edit.end, edit.text) == (path, start, end, "false")


def test_what_has_no_place_or_is_no_flag_is_left_to_people(
    make_tree: Callable[..., Tree], make_context: Callable[..., LocalContext]
) -> None:
    files = {".codex/config.toml": 'sandbox_mode = "danger-full-access"', ".claude/settings.json": ALLOWED}
    findings = workspace.run(make_tree(files), make_context()).findings
    assert [finding.fix.edits for finding in findings if finding.fix] == [(), ()]


ALLOWED = '{"permissions": {"allow": ["Bash(*)"]}}'
