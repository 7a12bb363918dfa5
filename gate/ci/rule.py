"""How a rule on pipelines is written: its text, what it is asked of (`RuleScope` of a class), a check that yields hits.

Ids: GC1xx attack paths, GC2xx GitLab CI, GC3xx Jenkins, GC4xx Azure, GC5xx CircleCI, GC6xx Bitbucket, GC7xx
Drone and Woodpecker, GC8xx Tekton, GC9xx Buildkite, GC0xx what is asked of all of them. Zizmor's audits keep their ids.
"""

from gate.declarations.ci import CI
from gate.rules import RuleSet

STAGE = CI.name
ON_PIPELINES = RuleSet(
    STAGE, "on pipelines", own="gate.ci.rules", elsewhere=("gate.ci.github.audits", "gate.ci.github.refused")
)
rule = ON_PIPELINES.rule
"""Makes a check a rule."""
