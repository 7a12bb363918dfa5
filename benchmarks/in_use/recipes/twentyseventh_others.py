"""The twenty-seventh set's test runners, generators and jobs of Python, Java and the shell."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL_PYTHON, PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

BEHAVE = Recipe(
    name="behave",
    packages=(*PYTHON, "ca-certificates", "tini"),
    env=PRODUCTION_PYTHON | {"STAGE": "test"},
    folder="/tests",
    entrypoint=("tini", "--", "behave"),
    cmd=("--format", "progress3", "--junit", "--junit-directory", "/tmp/reports", "--no-capture"),
    python=(
        *("behave", "requests", "responses", "assertpy", "faker", "jsonschema", "pyyaml", "selenium", "playwright"),
        *("allure-behave", "pytest", "httpx", "parse-type", "python-dateutil", "psycopg2-binary"),
    ),
    files=HOSTS
    | {
        "tests/behave.ini": "[behave]\ndefault_tags = not @wip\n[behave.userdata]\nbase = http://shop.example\n",
        "tests/features/environment.py": """import responses
import yaml


def before_all(context):
    with open("data/orders.yaml") as file:
        context.orders = yaml.safe_load(file)


def before_scenario(context, scenario):
    context.web = responses.RequestsMock()
    context.web.start()
    context.web.add(responses.GET, "http://shop.example/orders", json=context.orders)
    if "browser" in scenario.tags:
        from selenium import webdriver

        context.browser = webdriver.Chrome()


def after_scenario(context, scenario):
    context.web.stop(allow_assert=False)
""",
        "tests/data/orders.yaml": "- name: one\n- name: two\n",
        "tests/features/orders.feature": """Feature: orders
  Scenario: all
    When I ask for the orders
    Then there are 2 orders
    And they fit the schema

  Scenario: none
    When I ask for the orders
    Then there are 3 orders

  @wip @browser
  Scenario: page
    When I open the page
""",
        "tests/features/steps/orders.py": """import requests
from assertpy import assert_that
from behave import then, when
from jsonschema import validate


@when("I ask for the orders")
def ask(context):
    context.answer = requests.get(context.config.userdata["base"] + "/orders", timeout=3).json()


@then("there are {count:d} orders")
def count(context, count):
    assert_that(context.answer).is_length(count)


@then("they fit the schema")
def fits(context):
    validate(context.answer, {"type": "array", "items": {"required": ["name"]}})
""",
    },
    seconds=20,
)

COPIER = Recipe(
    name="cookiecutter",
    packages=(*PYTHON, "ca-certificates", "git"),
    env=PRODUCTION_PYTHON,
    folder="/work",
    entrypoint=("cookiecutter",),
    cmd=("/templates/service", "--no-input", "--output-dir", "/tmp/out", "--config-file", "/templates/rc.yaml"),
    python=("cookiecutter", "copier", "jinja2-time", "cruft", "black", "poetry-core", "boto3"),
    files=HOSTS
    | {
        "templates/rc.yaml": "cookiecutters_dir: /tmp/cookiecutters\nreplay_dir: /tmp/replay\n"
        "default_context: {author: a}\n",
        "templates/service/cookiecutter.json": '{"name": "orders", "author": "b", "slug": '
        '"{{ cookiecutter.name|lower }}", "_extensions": ["local_extensions.Shout"]}\n',
        "templates/service/local_extensions.py": """from jinja2.ext import Extension


class Shout(Extension):
    def __init__(self, environment):
        super().__init__(environment)
        environment.filters["shout"] = str.upper
""",
        "templates/service/hooks/pre_gen_project.py": 'import re\nimport sys\n\nif not re.match(r"^\\w+$", '
        '"{{ cookiecutter.slug }}"):\n    sys.exit(1)\n',
        "templates/service/hooks/post_gen_project.sh": "#!/bin/sh\nset -e\ngit init -q .\ngit add -A\nls -la\n",
        "templates/service/{{cookiecutter.slug}}/README.md": "# {{ cookiecutter.name|shout }}\n",
        "templates/service/{{cookiecutter.slug}}/main.py": 'print("{{ cookiecutter.author }}")\n',
    },
    seconds=15,
)

DOIT = Recipe(
    name="doit",
    packages=(*FULL_PYTHON, "tini"),
    env=PRODUCTION_PYTHON | {"SOURCE": "/data/orders.csv", "TARGET": "/tmp/orders.sqlite3"},
    folder="/etl",
    entrypoint=("tini", "--"),
    cmd=("doit", "--dir", "/etl", "-n", "2", "--db-file", "/tmp/doit.db"),
    python=(
        *("doit", "petl", "sqlalchemy", "duckdb", "polars", "pyarrow", "xlsxwriter", "jinja2", "pandera", "openpyxl"),
        *("psycopg2-binary", "paramiko", "tenacity", "click", "rich", "requests"),
    ),
    files=HOSTS
    | {
        "data/orders.csv": "name,price\none,3\ntwo,4\n",
        "etl/dodo.py": """import os

from etl import load, report

DOIT_CONFIG = {"default_tasks": ["load", "report", "count"], "reporter": "console"}


def task_load():
    return {"actions": [(load.run, [os.environ["SOURCE"], os.environ["TARGET"]])], "targets": [os.environ["TARGET"]]}


def task_report():
    return {"actions": [report.run], "file_dep": [os.environ["TARGET"]], "targets": ["/tmp/report.xlsx"]}


def task_count():
    return {"actions": ["wc -l /data/orders.csv | tee /tmp/count"], "uptodate": [False]}


def task_upload():
    from etl import upload

    return {"actions": [upload.run]} if os.environ.get("SFTP") else {"actions": []}
""",
        "etl/etl/__init__.py": "",
        "etl/etl/load.py": """import petl
from sqlalchemy import create_engine, text


def run(source, target):
    table = petl.convert(petl.fromcsv(source), "price", int)
    engine = create_engine(f"sqlite:///{target}")
    with engine.begin() as connection:
        connection.execute(text("create table if not exists orders (name text, price int)"))
        for name, price in petl.data(table):
            connection.execute(text("insert into orders values (:n, :p)"), {"n": name, "p": price})
""",
        "etl/etl/report.py": """import duckdb
import polars


def run():
    rows = duckdb.sql("select name, price from read_csv('/data/orders.csv')").fetchall()
    frame = polars.DataFrame(rows, schema=["name", "price"], orient="row")
    frame.write_excel("/tmp/report.xlsx")
""",
        "etl/etl/upload.py": "import paramiko\n\n\ndef run():\n    paramiko.SSHClient()\n",
    },
    seconds=25,
)

BATS = Recipe(
    name="bats",
    packages=(
        "bats",
        "bats-support",
        "bats-assert",
        "bats-file",
        "shellcheck",
        "jq",
        "git",
        "ca-certificates",
        "curl",
        "gawk",
    ),
    env=SYSTEM,
    folder="/code",
    entrypoint=("/bin/bash", "-c"),
    cmd=("shellcheck bin/*.sh && bats --formatter tap --report-formatter junit --output /tmp test/",),
    files=HOSTS
    | {
        "code/bin/orders.sh": """#!/bin/bash
set -euo pipefail

orders() { jq -r '.[].name' "$1"; }
total() { jq -r '.[].price' "$1" | gawk '{ sum += $1 } END { print sum }'; }

case "${1:-}" in
  names) orders "$2" ;;
  total) total "$2" ;;
  fetch) curl -fsS "$2" -o /tmp/orders.json ;;
  *) echo "usage: orders.sh names|total FILE" >&2; exit 2 ;;
esac
""",
        "code/test/orders.json": '[{"name": "one", "price": 3}, {"name": "two", "price": 4}]\n',
        "code/test/helper.bash": "load /usr/lib/bats/bats-support/load.bash\nload /usr/lib/bats/bats-assert/load.bash\n"
        "load /usr/lib/bats/bats-file/load.bash\n",
        "code/test/orders.bats": """#!/usr/bin/env bats

setup() {
  load helper
  DATA="$BATS_TEST_DIRNAME/orders.json"
}

@test "names" {
  run bin/orders.sh names "$DATA"
  assert_success
  assert_line one
}

@test "total" {
  run bin/orders.sh total "$DATA"
  assert_output 7
}

@test "usage" {
  run bin/orders.sh
  assert_failure 2
  assert_file_exists "$DATA"
}

@test "history" {
  cd "$BATS_TEST_TMPDIR"
  git init -q .
  run git status --short
  assert_output one
}
""",
    },
    seconds=20,
)

ANT = Recipe(
    name="ant",
    packages=(
        "ant",
        "ant-optional",
        "default-jdk-headless",
        "junit4",
        "libhamcrest-java",
        "checkstyle",
        "ca-certificates",
    ),
    env=SYSTEM | {"ANT_OPTS": "-Xmx256m"},
    folder="/code",
    cmd=("ant", "-noinput", "-buildfile", "build.xml", "check"),
    files=HOSTS
    | {
        "code/build.xml": """<project name="shop" default="check">
  <path id="libs">
    <fileset dir="/usr/share/java" includes="junit4.jar,hamcrest.jar,hamcrest-core.jar"/>
  </path>
  <target name="compile">
    <mkdir dir="/tmp/classes"/>
    <javac srcdir="src" destdir="/tmp/classes" includeantruntime="false" classpathref="libs"/>
  </target>
  <target name="test" depends="compile">
    <mkdir dir="/tmp/reports"/>
    <junit fork="true" printsummary="true">
      <classpath><pathelement path="/tmp/classes"/><path refid="libs"/></classpath>
      <formatter type="xml"/>
      <batchtest todir="/tmp/reports"><fileset dir="src" includes="**/*Test.java"/></batchtest>
    </junit>
  </target>
  <target name="style">
    <exec executable="checkstyle"><arg line="-c /code/style.xml src"/></exec>
  </target>
  <target name="check" depends="test,style">
    <jar destfile="/tmp/shop.jar" basedir="/tmp/classes"/>
  </target>
</project>
""",
        "code/style.xml": '<?xml version="1.0"?>\n<!DOCTYPE module PUBLIC "-//Checkstyle//DTD Checkstyle Configuration '
        '1.3//EN" "https://checkstyle.org/dtds/configuration_1_3.dtd">\n'
        '<module name="Checker"><module name="FileTabCharacter"/></module>\n',
        "code/src/shop/Prices.java": "package shop;\n\npublic class Prices {\n    public static int sum(int... all) {\n"
        "        return java.util.Arrays.stream(all).sum();\n    }\n}\n",
        "code/src/shop/PricesTest.java": """package shop;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class PricesTest {
    @Test
    public void sums() {
        assertEquals(7, Prices.sum(3, 4));
    }

    @Test
    public void fails() {
        assertEquals(8, Prices.sum(3, 4));
    }
}
""",
    },
    seconds=40,
)

OTHER_RUNNERS = (BEHAVE, COPIER, DOIT, BATS, ANT)
