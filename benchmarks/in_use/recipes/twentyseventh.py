"""Jobs and tools of pipelines and of production, which no earlier set has.

The rule, written before the first was built. The set begins with those of the twenty-third set's recipes that were
not built then: Grunt, VitePress, HonKit, Parcel, semantic-release, Jest, Cucumber, TypeDoc, Pelican, Nikola, pytest,
flake8, beets, SQLFluff, Snakemake, ikiwiki and RuboCop. Nine are new: Vitest, Changesets with commitlint, plop with
hygen, jobs of croner with umzug's migrations, behave, cookiecutter with hooks, an ETL of doit with petl, DuckDB and
Polars, bats with ShellCheck, and Ant with JUnit and Checkstyle. They do their work in a network of their own, and end
with it, as jobs do, or wait for more. Recorded before the analysis was asked, by an engineer who had read its
documentation and not its code.
"""

from benchmarks.in_use.recipes.twentyseventh_node import NODE_JOBS
from benchmarks.in_use.recipes.twentyseventh_others import OTHER_RUNNERS

TWENTYSEVENTH = NODE_JOBS + OTHER_RUNNERS
