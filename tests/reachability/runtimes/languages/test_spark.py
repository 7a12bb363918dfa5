"""Spark's start scripts: `gate/reachability/runtimes/languages/spark.py`."""

import pytest

from tests.reachability.runtimes.conftest import make_elf

SCRIPT = '#!/bin/bash\n. "$(dirname "$0")"/find-spark-home\nexec "${SPARK_HOME}"/bin/spark-class x "$@"\n'
HOME = "opt/venv/lib/python3.13/site-packages/pyspark"
PROGRAMS = {f"!usr/bin/{name}": make_elf(calls="execvp") for name in ("bash", "java", "python3")}
PIP = {
    **PROGRAMS,
    "bin": "-> usr/bin",
    "!opt/venv/bin/spark-submit": SCRIPT,
    "!opt/venv/bin/spark-class": SCRIPT,
    "!opt/venv/bin/find-spark-home": "export SPARK_HOME=$(python3 /x/find_spark_home.py)\n",
    f"{HOME}/jars/spark-core.jar": "",
    f"{HOME}/conf/spark-defaults.conf": "spark.executor.extraClassPath /opt/more.jar\n",
    "usr/lib/python3.13/os.py": "",
    "app/job.py": "import shop\n",
    "app/shop.py": "",
}
DISTRIBUTION = {
    path.replace("opt/venv/bin", "opt/spark/bin").replace(HOME, "opt/spark"): content for path, content in PIP.items()
}


@pytest.mark.parametrize(
    ("tree", "command", "home"),
    [
        (PIP, "/opt/venv/bin/spark-submit --master local[1] /app/job.py one", HOME),
        (PIP, "/opt/venv/bin/spark-submit -c a=b --verbose job.py", HOME),
        (DISTRIBUTION, "/opt/spark/bin/spark-submit job.py", "opt/spark"),
        (DISTRIBUTION, "/opt/spark/bin/spark-class org.apache.spark.deploy.SparkSubmit job.py", "opt/spark"),
    ],
)
def test_the_archives_of_spark_and_the_script_are_in_use(run, tree, command, home):
    found = run(tree, command, PATH="/usr/bin")
    assert {f"{home}/jars/spark-core.jar", "app/job.py", "app/shop.py"} <= found.certain.keys()


def test_a_class_is_started_without_a_script(run):
    found = run(DISTRIBUTION, "/opt/spark/bin/spark-class org.apache.spark.deploy.master.Master", PATH="/usr/bin")
    assert "opt/spark/jars/spark-core.jar" in found.certain
    assert "app/job.py" not in found.certain


def test_an_environment_that_a_script_sets_leaves_the_gaps_of_the_start_script(run):
    tree = {**DISTRIBUTION, "opt/spark/conf/spark-env.sh": "PYSPARK_PYTHON=$(cat x)\n"}
    assert run(tree, "/opt/spark/bin/spark-submit job.py", PATH="/usr/bin").gaps


def test_a_script_of_this_name_without_spark_is_followed_as_any_other(run):
    tree = {**PROGRAMS, "bin": "-> usr/bin", "!srv/spark-submit": "#!/bin/bash\njava -version\n"}
    assert "usr/bin/java" in run(tree, "/srv/spark-submit job.py", PATH="/usr/bin").certain
