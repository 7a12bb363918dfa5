"""The stage `codeowners`: every repository says who owns its code."""

from collections.abc import Iterable

from gate.context import Context
from gate.model import Finding, Location, RuleDescription, Severity, StageResult, Tree, fingerprint
from gate.settings import Settings
from gate.trees import open_tree

ACCEPTS = (Tree,)
STAGE = "codeowners"
RULE = RuleDescription(
    id="CODEOWNERS-1",
    stage=STAGE,
    severity=Severity.MEDIUM,
    title="Nobody owns this code",
    why="Without owners, no particular person reviews a change to sensitive code.",
    mend="Write a CODEOWNERS file.",
)
_USUAL = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS")


def run(target: Tree, context: Context) -> StageResult:
    """Look for the file in the usual places, or in those of the settings (`plugins: {codeowners: {paths: […]}}`)."""
    paths = context.settings.plugins[STAGE].get("paths", _USUAL)
    tree = open_tree(target)
    is_there = any(tree.look_up(path) is not None for path in paths)
    findings = () if is_there else (_missing(target),)
    return StageResult(stage=STAGE, target=target.name, findings=findings, facts={"places": len(paths)})


def _missing(target: Tree) -> Finding:
    return Finding(
        stage=STAGE,
        rule=RULE.id,
        severity=RULE.severity,
        title=RULE.title,
        message=RULE.mend,
        fingerprint=fingerprint(STAGE, RULE.id, None),
        location=Location(target=target.name),
    )


def rules(settings: Settings) -> Iterable[RuleDescription]:
    """Return the one rule."""
    return (RULE,)
