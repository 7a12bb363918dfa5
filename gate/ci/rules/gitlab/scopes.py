"""What the rules on GitLab CI are asked of."""

from gate.ci.gitlab.includes import GitlabInclude
from gate.ci.gitlab.jobs import GitlabImage, GitlabJob, GitlabPipeline, GitlabVariable
from gate.core.values import Value
from gate.rules import Change, Hit, RuleScope

PIPELINES = RuleScope(GitlabPipeline)
"""Each definition with all that it includes."""
JOBS = RuleScope(GitlabJob)
"""Each job, resolved."""
INCLUDES = RuleScope(GitlabInclude)
"""Each thing that an `include` names, those of child pipelines among them."""
IMAGES = RuleScope(GitlabImage)
"""Each image and service."""
VARIABLES = RuleScope(GitlabVariable)
"""Each variable that a definition or a job sets."""


def hit_at(value: Value, message: str, *evidence: str, instead: str = "") -> Hit:
    """Return a hit at a value, in the file in which it is written; `instead` is what fixes it, as YAML."""
    changes = (Change((value.start, value.end), instead),) if instead and _is_one_line(value) else ()
    return Hit(message=message, path=value.path, line=value.line, evidence=evidence, changes=changes)


def _is_one_line(value: Value) -> bool:
    """True for a scalar that can be replaced where it stands."""
    return not isinstance(value.data, dict | list) and value.start[0] == value.end[0] and value.tag == ""


def value_of(job: GitlabJob, *keys: str) -> Value:
    """Return the value that the keys of a job lead to, as a place for a hit; the job if there is none."""
    return job.value.get(*keys) or job.value
