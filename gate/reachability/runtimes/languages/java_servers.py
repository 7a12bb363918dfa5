"""Tomcat: its libraries and the web applications that it unpacks and runs ("RUNNING.txt", "Class Loader How-To").

Its start script puts the command line together in ways that only a shell can follow; what comes out is always the same.
"""

import posixpath
from collections.abc import Iterator

from gate.inventory.installed.archives import ENDINGS
from gate.reachability.runtimes.walk.commands import started_by
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.graph import Because, Opened, StartedProgram, Step

CATALINA = "org.apache.catalina.startup.Bootstrap"
_SCRIPTS = ("catalina.sh", "startup.sh", "tomcat-start.sh")


def starts_catalina(started: StartedProgram) -> bool:
    """True for a script that starts Tomcat."""
    return posixpath.basename(started.program) in _SCRIPTS


def catalina(started: StartedProgram, files: Files) -> Iterator[Step]:
    """Yield the machine's start if a script starts Tomcat, its libraries, and those of its web applications."""
    because = Because(started.program, "starts Tomcat")
    if starts_catalina(started):
        yield from _machine(started, because, files)
    home, base = _folders(started)
    for folder in dict.fromkeys((f"{home}/bin", f"{home}/lib", f"{base}/bin", f"{base}/lib", f"{base}/shared/lib")):
        yield from archives(folder, because, files)
    for name in ("server.xml", "web.xml", "context.xml", "catalina.properties", "logging.properties"):
        yield Opened(path=f"{base}/conf/{name}", because=because)
    yield from archives(f"{base}/webapps", because, files)
    for application in files.names(f"{base}/webapps"):
        running = Because(started.program, f"runs the web application {application[:80]}")
        yield from archives(f"{base}/webapps/{application}/WEB-INF/lib", running, files)


def _machine(started: StartedProgram, because: Because, files: Files) -> Iterator[Step]:
    home = started.variable("JRE_HOME") or started.variable("JAVA_HOME")
    words = (f"{home}/bin/java" if home else "java", "-cp", "", CATALINA)
    if start := started_by(started, words, because, files):
        yield start


def _folders(started: StartedProgram) -> tuple[str, str]:
    """Return Tomcat's folder and the one of this instance (CATALINA_HOME, CATALINA_BASE)."""
    properties = dict(word[2:].partition("=")[::2] for word in started.arguments if word.startswith("-Dcatalina."))
    above = posixpath.dirname(posixpath.dirname(started.program))
    home = properties.get("catalina.home") or started.variable("CATALINA_HOME") or f"/{above}"
    return home, properties.get("catalina.base") or started.variable("CATALINA_BASE") or home


def archives(folder: str, because: Because, files: Files) -> Iterator[Step]:
    """Yield the Java archives that lie in a folder."""
    for name in files.names(folder):
        if name.lower().endswith(ENDINGS):
            yield Opened(path=f"{folder}/{name}", because=because)
