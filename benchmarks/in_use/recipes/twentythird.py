"""Tools that load plug-ins and settings by convention, which no earlier set has.

The rule, written before the first was built. 27 images: of Node.js Gulp with its plug-ins by gulp-load-plugins, Grunt,
Metalsmith, Babel, Rollup and TypeDoc, which their settings or arguments give names of plug-ins, VitePress, HonKit and
Parcel as servers, ESLint with Airbnb's rules, stylelint with PostCSS, semantic-release, textlint with remark, Jest and
Cucumber; of Python Pelican, Nikola, Robot Framework, pytest, flake8 with Pylint and Bandit, beets' server, SQLFluff
and Snakemake; perlcritic and ikiwiki of Perl; nanoc and RuboCop of Ruby. Each has plug-ins that it uses beside some
that it does not. Nine lie on the base of the full images. They do their work in a network of their own, and end with
it, as jobs do, or wait for more. Recorded before the analysis was asked, by an engineer who had read its
documentation and not its code.
"""

from benchmarks.in_use.recipes.twentythird_node import NODE_TOOLS
from benchmarks.in_use.recipes.twentythird_others import OTHER_TOOLS, PYTHON_TOOLS

TWENTYTHIRD = NODE_TOOLS + PYTHON_TOOLS + OTHER_TOOLS
