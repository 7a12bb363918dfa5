"""The twenty-third set's tools of Python, Ruby and Perl."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL, FULL_PYTHON, PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

PELICAN = Recipe(
    name="pelican",
    packages=(*PYTHON, "ca-certificates", "tini", "make", "git"),
    env=PRODUCTION_PYTHON,
    folder="/site",
    entrypoint=("tini", "--", "pelican"),
    cmd=("content", "-o", "/tmp/out", "-s", "publishconf.py", "--listen", "--autoreload", "--port", "10311"),
    python=(
        *("pelican[markdown]", "pelican-sitemap", "pelican-neighbors", "pelican-render-math", "pelican-search"),
        *("pelican-seo", "pelican-webassets", "pelican-image-process", "typogrify", "invoke", "livereload"),
    ),
    files=HOSTS
    | {
        "site/pelicanconf.py": """AUTHOR = "a"
SITENAME = "Shop"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "simple"
CACHE_PATH = "/tmp/cache"
MARKDOWN = {"extension_configs": {"markdown.extensions.codehilite": {}, "markdown.extensions.extra": {}}}
""",
        "site/publishconf.py": """import os
import sys

sys.path.append(os.curdir)
from pelicanconf import *

SITEURL = "http://shop.example"
FEED_ALL_ATOM = "feeds/all.atom.xml"
PLUGIN_PATHS = ["plugins"]
PLUGINS = ["sitemap", "pelican.plugins.neighbors", "counts"]
SITEMAP = {"format": "xml"}
""",
        "site/plugins/counts.py": """from pelican import signals


def count(generator):
    print(len(generator.articles))


def register():
    signals.article_generator_finalized.connect(count)
""",
        "site/content/one.md": "Title: One\nDate: 2026-11-30\nCategory: shop\n\n# One\n\n    :::python\n    print(1)\n",
        "site/content/two.rst": "Two\n###\n\n:date: 2026-11-30\n\n.. code-block:: python\n\n   print(2)\n",
    },
    asks=tuple(f"http://127.0.0.1:10311/{path}" for path in ("", "one.html", "sitemap.xml", "no")),
    seconds=20,
)

NIKOLA = Recipe(
    name="nikola",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON,
    folder="/site",
    entrypoint=("/entrypoint.sh",),
    cmd=("build",),
    python=("nikola", "markdown", "micawber", "jinja2", "pyphen", "ruamel.yaml", "aiohttp", "watchdog", "notebook"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -e
case "$1" in
  build) nikola build --verbosity=2; nikola check -l || true; exec nikola serve --address 127.0.0.1 --port 10312 ;;
  nikola) shift; exec nikola "$@" ;;
  *) exec "$@" ;;
esac
""",
        "site/conf.py": """BLOG_AUTHOR = "a"
BLOG_TITLE = "Shop"
SITE_URL = "http://shop.example/"
BLOG_EMAIL = "a@shop.example"
BLOG_DESCRIPTION = "Shop"
DEFAULT_LANG = "en"
TRANSLATIONS = {"en": ""}
NAVIGATION_LINKS = {"en": (("/archive.html", "Archive"),)}
THEME = "base"
POSTS = (("posts/*.rst", "posts", "post.tmpl"), ("posts/*.md", "posts", "post.tmpl"))
PAGES = (("pages/*.md", "pages", "page.tmpl"),)
TIMEZONE = "UTC"
COMPILERS = {"rest": (".rst",), "markdown": (".md",), "html": (".html",)}
OUTPUT_FOLDER = "/tmp/out"
CACHE_FOLDER = "/tmp/cache"
DISABLED_PLUGINS = ["render_galleries"]
GLOBAL_CONTEXT = {}
""",
        "site/posts/one.rst": ".. title: One\n.. slug: one\n.. date: 2026-11-30 10:00:00 UTC\n.. tags: shop\n\nOne.\n\n"
        ".. code-block:: python\n\n   print(1)\n",
        "site/pages/two.md": "<!--\n.. title: Two\n.. slug: two\n.. date: 2026-11-30 10:00:00 UTC\n-->\n# Two\n",
    },
    asks=tuple(f"http://127.0.0.1:10312/{path}" for path in ("", "posts/one/", "rss.xml", "no")),
    seconds=60,
)

ROBOT = Recipe(
    name="robot",
    packages=(*PYTHON, "ca-certificates", "tini"),
    env=PRODUCTION_PYTHON | {"ROBOT_OPTIONS": "--outputdir /tmp/report"},
    folder="/opt/robotframework",
    entrypoint=("tini", "--"),
    cmd=("robot", "--listener", "lib/Times.py", "--variablefile", "lib/settings.yaml", "tests"),
    python=(
        *("robotframework", "robotframework-requests", "robotframework-jsonlibrary", "robotframework-databaselibrary"),
        *("robotframework-seleniumlibrary", "robotframework-sshlibrary", "robotframework-faker", "pyyaml", "pymysql"),
        *("robotframework-pabot", "robotframework-tidy", "robotframework-datadriver"),
    ),
    files=HOSTS
    | {
        "opt/robotframework/lib/Times.py": "ROBOT_LISTENER_API_VERSION = 3\n\n\ndef end_test(data, result):\n"
        "    print(result.elapsedtime)\n",
        "opt/robotframework/lib/settings.yaml": "BASE: http://127.0.0.1:1\n",
        "opt/robotframework/tests/orders.robot": """*** Settings ***
Library    RequestsLibrary
Library    JSONLibrary
Library    DatabaseLibrary
Library    Collections
Library    DateTime

*** Test Cases ***
Shop Is Not There
    Run Keyword And Expect Error    *    GET    ${BASE}/orders

Json
    ${order}=    Convert String To Json    {"name": "one"}
    Dictionary Should Contain Key    ${order}    name

Database
    Connect To Database    sqlite3    database=/tmp/shop.sqlite3    isolation_level=${None}
    Execute Sql String    create table if not exists orders (name text)
    Disconnect From Database

Fails
    Fail    on purpose
""",
    },
    seconds=25,
)

PYTEST = Recipe(
    name="pytest-runner",
    packages=(*FULL_PYTHON, "tini"),
    env=PRODUCTION_PYTHON | {"PYTEST_ADDOPTS": "-p no:cacheprovider"},
    folder="/src",
    entrypoint=("tini", "--"),
    cmd=("python", "-m", "pytest", "-n", "2", "--junit-xml=/tmp/report.xml", "tests"),
    python=(
        *("pytest", "pytest-xdist", "pytest-cov", "pytest-asyncio", "pytest-mock", "pytest-randomly", "pytest-html"),
        *("pytest-timeout", "pytest-bdd", "hypothesis", "pytest-django", "django", "pytest-benchmark", "responses"),
        *("faker", "factory-boy", "freezegun", "tox", "nox", "pytest-sugar"),
    ),
    files=HOSTS
    | {
        "src/pytest.ini": "[pytest]\nasyncio_mode = auto\naddopts = --cov=shop --cov-report=term "
        "--html=/tmp/report.html\ntimeout = 20\ndata_file = /tmp/coverage\n",
        "src/.coveragerc": "[run]\ndata_file = /tmp/coverage\n",
        "src/shop/__init__.py": "def names():\n    return ['one', 'two']\n",
        "src/tests/conftest.py": "import pytest\n\npytest_plugins = ['tests.fixtures']\n",
        "src/tests/__init__.py": "",
        "src/tests/fixtures.py": "import pytest\n\n\n@pytest.fixture\ndef shop():\n    import shop\n\n"
        "    return shop\n",
        "src/tests/test_orders.py": """import asyncio

from hypothesis import given, strategies


def test_names(shop, mocker):
    mocker.patch("shop.names", return_value=["three"])
    assert shop.names() == ["three"]


async def test_later(shop):
    await asyncio.sleep(0.01)


@given(strategies.text())
def test_any(text):
    assert text == text


def test_fails(shop):
    assert shop.names() == []
""",
    },
    seconds=30,
)

FLAKE8 = Recipe(
    name="flake8",
    packages=(*PYTHON, "ca-certificates", "git"),
    env=PRODUCTION_PYTHON,
    folder="/code",
    entrypoint=("/bin/sh", "-c"),
    cmd=("flake8 --jobs 2 shop; pylint --rcfile pylintrc shop; bandit -q -r shop; exit 0",),
    python=(
        *("flake8", "flake8-bugbear", "flake8-comprehensions", "pep8-naming", "flake8-docstrings", "flake8-isort"),
        *("pylint", "pylint-django", "django", "bandit", "mypy", "black", "pydocstyle", "flake8-annotations"),
    ),
    files=HOSTS
    | {
        "code/.flake8": "[flake8]\nmax-line-length = 100\nextend-select = B9\n",
        "code/pylintrc": "[MAIN]\nload-plugins=pylint_django,pylint.extensions.docparams\njobs=1\n"
        "django-settings-module=shop.settings\n",
        "code/shop/__init__.py": "import os\n\ndef f(a=[]):\n    return eval('1') or os.system(a)\n",
        "code/shop/settings.py": "SECRET_KEY = 'one'\nINSTALLED_APPS = []\n",
    },
    seconds=30,
)

BEETS = Recipe(
    name="beets",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"BEETSDIR": "/config"},
    folder="/music",
    entrypoint=("beet",),
    cmd=("web", "127.0.0.1", "10313"),
    python=("beets[web,fetchart,lyrics,lastgenre,chroma]", "pyacoustid", "python-mpd2", "discogs-client", "flask-cors"),
    files=HOSTS
    | {
        "config/config.yaml": """directory: /music
library: /tmp/library.db
plugins: web fetchart lyrics duplicates info lastgenre
web: {host: 127.0.0.1, port: 10313, cors: '*'}
import: {copy: no}
""",
    },
    asks=tuple(f"http://127.0.0.1:10313/{path}" for path in ("", "item/", "album/", "stats", "no")),
    seconds=25,
)

SQLFLUFF = Recipe(
    name="sqlfluff",
    packages=(*PYTHON, "ca-certificates", "dumb-init"),
    env=PRODUCTION_PYTHON,
    folder="/sql",
    entrypoint=("dumb-init", "--", "sqlfluff"),
    cmd=("lint", "--processes", "1", "--format", "human", "/sql"),
    python=("sqlfluff", "sqlparse", "jinja2", "sqlglot"),
    files=HOSTS
    | {
        "sql/.sqlfluff": "[sqlfluff]\ndialect = postgres\ntemplater = jinja\nmax_line_length = 60\n"
        "[sqlfluff:templater:jinja:context]\ntable = orders\n",
        "sql/one.sql": "SELECT a.name, count(*)  from {{ table }} a where a.id>1 GROUP by 1\n",
        "sql/two.sql": "insert into orders values (1,'a') ;\n",
    },
    seconds=25,
)

SNAKEMAKE = Recipe(
    name="snakemake",
    packages=(*PYTHON, "ca-certificates", "tini", "git", "procps"),
    env=PRODUCTION_PYTHON,
    folder="/flow",
    entrypoint=("tini", "-g", "--"),
    cmd=("snakemake", "--cores", "2", "--directory", "/tmp/flow", "--snakefile", "/flow/Snakefile", "--logger", "rich"),
    python=(
        *("snakemake", "snakemake-executor-plugin-cluster-generic", "snakemake-storage-plugin-fs", "pandas"),
        *("snakemake-logger-plugin-rich", "snakemake-storage-plugin-http"),
    ),
    files=HOSTS
    | {
        "flow/Snakefile": """configfile: "/flow/config.yaml"

rule all:
    input: expand("{name}.count", name=config["names"])

rule make:
    output: "{name}.txt"
    shell: "echo {wildcards.name} > {output}"

rule count:
    input: "{name}.txt"
    output: "{name}.count"
    script: "/flow/count.py"
""",
        "flow/config.yaml": "names: [one, two]\n",
        "flow/count.py": "import pandas\n\nframe = pandas.read_csv(snakemake.input[0], header=None)\n"
        "frame.to_csv(snakemake.output[0])\n",
    },
    seconds=40,
)

PERLCRITIC = Recipe(
    name="perlcritic",
    packages=("libperl-critic-perl", "libtest-perl-critic-perl", "perltidy", "git", "ca-certificates", "jq", "make"),
    env=SYSTEM,
    folder="/code",
    entrypoint=("perlcritic", "--profile", "/code/.perlcriticrc"),
    cmd=("--verbose", "8", "lib"),
    files=HOSTS
    | {
        "code/.perlcriticrc": "severity = 1\nverbose = 8\n[-Documentation::RequirePodSections]\n"
        "[CodeLayout::RequireTidyCode]\n[Variables::ProhibitPunctuationVars]\nallow = $@ $!\n",
        "code/lib/Shop.pm": 'package Shop;\nsub f { my $a = shift; eval "$a"; return }\n1;\n',
    },
    seconds=20,
)

IKIWIKI = Recipe(
    name="ikiwiki",
    packages=(*FULL, "ikiwiki", "libtext-multimarkdown-perl", "libhtml-tree-perl", "graphviz"),
    env=SYSTEM,
    folder="/wiki",
    cmd=("/usr/local/bin/wiki", "build"),
    files=HOSTS
    | {
        "usr/local/bin/wiki": """#!/bin/bash
set -eu
case "${1:-build}" in
  build) ikiwiki --setup /wiki/wiki.setup --rebuild --verbose ;;
  refresh) ikiwiki --setup /wiki/wiki.setup --refresh ;;
  *) exec "$@" ;;
esac
""",
        "wiki/wiki.setup": """# IkiWiki::Setup::Yaml - YAML formatted setup file
wikiname: Shop
srcdir: /wiki/pages
destdir: /tmp/out
url: http://shop.example
add_plugins: [goodstuff, textile, highlight, sidebar, rsync]
disable_plugins: [openid]
cgi_wrapper: ''
rcs: ''
libdir: /wiki/.ikiwiki
""",
        "wiki/pages/index.mdwn": "# Shop\n\n[[!toc ]]\n\n## One\n\n[[two]] [[!tag shop]]\n",
        "wiki/pages/two.mdwn": '[[!meta title="Two"]]\n\n[[!inline pages="index" archive=yes]]\n',
    },
    seconds=25,
)

NANOC = Recipe(
    name="nanoc",
    packages=("nanoc", "ruby-kramdown", "ruby-sass", "ruby-haml", "ruby-adsf", "ruby-rouge", "ca-certificates", "tini"),
    env=SYSTEM | {"LANG": "C.UTF-8"},
    folder="/site",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("nanoc", "compile"),
    files=HOSTS
    | {
        "site/nanoc.yaml": "output_dir: /tmp/out\ntext_extensions: [md, html, haml, scss]\n"
        "data_sources: [{type: filesystem, encoding: utf-8}]\n",
        "site/Rules": """compile '/**/*.md' do
  filter :kramdown
  layout '/base.*'
  write item.identifier.without_ext + '/index.html'
end
compile '/**/*.haml' do
  filter :haml
  write item.identifier.without_ext + '.html'
end
passthrough '/**/*.txt'
layout '/**/*.erb', :erb
""",
        "site/content/one.md": "---\ntitle: One\n---\n# One\n\n* a\n",
        "site/content/two.haml": "%p= 1 + 1\n",
        "site/content/robots.txt": "User-agent: *\n",
        "site/layouts/base.erb": "<title><%= @item[:title] %></title><%= yield %>\n",
        "site/lib/helpers.rb": "use_helper Nanoc::Helpers::Rendering\nuse_helper Nanoc::Helpers::LinkTo\n",
    },
    seconds=20,
)

RUBOCOP = Recipe(
    name="rubocop",
    packages=("rubocop", "ruby-rubocop-performance", "ruby-rubocop-rspec", "git", "ca-certificates", "rake", "yard"),
    env=SYSTEM | {"LANG": "C.UTF-8"},
    folder="/code",
    entrypoint=("rubocop",),
    cmd=("--format", "progress", "--cache", "false", "lib"),
    files=HOSTS
    | {
        "code/.rubocop.yml": "require:\n  - rubocop-performance\n  - ./cops/shop\nAllCops: {NewCops: enable}\n"
        "Shop/Names: {Enabled: true}\n",
        "code/cops/shop.rb": """module RuboCop
  module Cop
    module Shop
      class Names < Base
        def on_def(node) = node.method_name == :a && add_offense(node, message: 'no name')
      end
    end
  end
end
""",
        "code/lib/shop.rb": "class Shop\n  def a\n    [1,2].select { |b| b > 1 }.first\n  end\nend\n",
    },
    seconds=20,
)

PYTHON_TOOLS = (PELICAN, NIKOLA, ROBOT, PYTEST, FLAKE8, BEETS, SQLFLUFF, SNAKEMAKE)
OTHER_TOOLS = (PERLCRITIC, IKIWIKI, NANOC, RUBOCOP)
