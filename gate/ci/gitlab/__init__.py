"""GitLab CI: `.gitlab-ci.yml` and what it includes within the repository."""

from collections.abc import Collection, Sequence

from gate.ci.gitlab.asking import asked_of
from gate.ci.gitlab.parties import parties_of
from gate.ci.gitlab.pipelines import ROOT, GitlabDefinitions
from gate.ci.model import SystemJudged
from gate.core.path_patterns import is_vendored_path
from gate.trees import FileTree

_NAMES = (".gitlab-ci.yml", ".gitlab-ci.yaml")


def is_definition(path: str) -> bool:
    """True for the file that GitLab reads by itself, its like in a folder, and templates for other repositories.

    Copies of other projects are left out.
    """
    return path.endswith(_NAMES) and not is_vendored_path(path)


def judge(tree: FileTree, paths: Sequence[str], excluded: Collection[str]) -> SystemJudged:
    """Resolve the definitions and ask the rules; a file that cannot be read is an error, the others are judged."""
    definitions = GitlabDefinitions(tree)
    for path in sorted(paths, key=lambda path: (path != ROOT, path)):
        if not definitions.is_included(path):
            definitions.add(path)
    for path in definitions.components():
        definitions.add(path)
    from gate.ci.rules import all_rules

    scripts = (script for pipeline in definitions.pipelines for job in pipeline.jobs for script in job.scripts)
    jobs = {(script.path, script.lines, script.script): script for script in scripts}
    return SystemJudged(
        hits=tuple(asked_of(all_rules(), definitions.pipelines)),
        jobs=tuple(jobs.values()),
        third_parties=tuple(parties_of(definitions.pipelines)),
        files=definitions.files,
        errors=tuple(dict.fromkeys(definitions.errors)),
        not_resolved=tuple(definitions.not_resolved),
    )
