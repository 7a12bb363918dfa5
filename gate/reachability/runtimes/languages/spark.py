"""Spark's start scripts: they ask a program of Spark in Java for the command line that they start (spark-submit(1)).

A distribution has its archives in `jars` below its folder; pip puts the scripts where programs are, and all else in the
package `pyspark`. A script of Python is run by Python next to the machine of Java, which starts workers in Python.
"""

import posixpath
import re

import msgspec

from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, StartedProgram

_SUBMITS = "spark-submit"
_STARTS_CLASS = "spark-class"
_FINDS_HOME = "find-spark-home"
_SUBMITTING = "org.apache.spark.deploy.SparkSubmit"
_ENVIRONMENT = "spark-env.sh"
_SETTINGS = "spark-defaults.conf"
_OF_PYTHON = re.compile(r"python\d[\d.]*")
_VALUED = re.compile(
    r"--(?:archives|class|conf|deploy-mode|driver-[\w-]+|exclude-packages|executor-[\w-]+|files|jars|keytab|kill|master"
    r"|name|num-executors|packages|principal|properties-file|proxy-user|py-files|queue|repositories|status"
    r"|total-executor-cores)|-c"
)
"""Options that take the next word."""


def launched_by_spark(
    shell: StartedProgram, path: str, words: tuple[str, ...], files: Files
) -> list[StartedProgram] | None:
    """Return the starts of Java and Python; None for any other script, and where a script sets Spark's environment."""
    entry = files.find(path)
    name = posixpath.basename(entry.path) if entry is not None else ""
    folder = posixpath.dirname(entry.path) if entry is not None else ""
    if name not in (_SUBMITS, _STARTS_CLASS) or files.find(f"{folder}/{_FINDS_HOME}") is None:
        return None
    home = _home(shell, folder, files)
    if home is None or any(UNKNOWN in word for word in words):
        return None
    settings = shell.variable("SPARK_CONF_DIR") or f"{home}/conf"
    if UNKNOWN in settings or files.find(f"{settings}/{_ENVIRONMENT}") is not None:
        return None
    because = Because(f"{folder}/{name}", "starts")
    words = (_SUBMITTING, *words) if name == _SUBMITS else words
    java = posixpath.join(shell.variable("JAVA_HOME") or "", "bin/java") if shell.variable("JAVA_HOME") else "java"
    class_path = ":".join(filter(None, (settings, f"{home}/jars/*", shell.variable("SPARK_DIST_CLASSPATH"))))
    variables = {**dict(shell.environment), "SPARK_HOME": home}
    caller = msgspec.structs.replace(shell, environment=tuple(sorted(variables.items())))
    machine = started_by(caller, (java, "-cp", class_path, *words, f"{settings}/{_SETTINGS}"), because, files)
    if machine is None:
        return None
    return [machine, *_in_python(caller, words, because, files)]


def _home(shell: StartedProgram, folder: str, files: Files) -> str | None:
    """Return Spark's folder: the one that a variable names, the one above the script's, or pip's package `pyspark`."""
    stated = shell.variable("SPARK_HOME")
    above = posixpath.dirname(folder)
    versions = [name for name in files.names(f"{above}/lib") if _OF_PYTHON.fullmatch(name)]
    kinds = ("site-packages", "dist-packages")
    packages = [f"{above}/lib/{version}/{kind}/pyspark" for version in versions for kind in kinds]
    places = [stated.strip("/")] if stated else [above, *packages]
    found = next((place for place in places if files.folder(f"{place}/jars") is not None), None)
    return None if found is None else f"/{found}"


def _in_python(caller: StartedProgram, words: tuple[str, ...], because: Because, files: Files) -> list[StartedProgram]:
    """Return the start of the script that is submitted, if it is one in Python, and of Spark's workers."""
    if words[:1] != (_SUBMITTING,):
        return []
    place = 1
    while place < len(words) and words[place].startswith("-"):
        place += 2 if _VALUED.fullmatch(words[place]) else 1
    script = words[place] if place < len(words) else ""
    if not script.endswith(".py"):
        return []
    python = caller.variable("PYSPARK_PYTHON") or "python3"
    driver = caller.variable("PYSPARK_DRIVER_PYTHON") or python
    run = started_by(caller, (driver, *words[place:]), because, files)
    worker = started_by(caller, (python, "-m", "pyspark.daemon"), because, files)
    found = [run] if run is not None else []
    return found if worker is None else [*found, msgspec.structs.replace(worker, is_certain=False)]
