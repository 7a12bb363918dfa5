"""Servers, task queues and launchers in Python: the settings that they read, workers by name, commands that they start.

Sources: the documentation of each; what is not listed here is found by names with a dot in arguments and settings.
"""

import posixpath
import re
import shlex
from collections.abc import Callable, Iterator
from itertools import pairwise

import msgspec

from gate.reachability.runtimes.python.names import CommandLine
from gate.reachability.runtimes.walk.graph import StartedProgram


class Server(msgspec.Struct, frozen=True):
    """What is known of a program by its name."""

    settings: tuple[str, ...] = ()
    """Python files that it reads from the working folder, if they are there."""
    options: tuple[str, ...] = ()
    """Options whose value names a settings file, or `python:` and a module."""
    kinds: tuple[str, ...] = ()
    """Options, and names in settings, whose value is one of `workers`."""
    workers: dict[str, str] = {}
    """Short names of worker classes, loops and pools, and the module that each loads."""
    runs: tuple[str, ...] = ()
    """Words behind one of which, among options, the Python file of the application stands."""
    variable: str = ""
    """A variable with further arguments."""
    variables: tuple[str, ...] = ()
    """Files in the working folder with variables that it takes up."""


class Wrapper(msgspec.Struct, frozen=True):
    """A program that starts the command behind its options."""

    behind: tuple[str, ...] = ()
    """Words of which one has to come before the command: `run`, `run-program`."""
    valued: tuple[str, ...] = ()
    """Options with a value of their own; every option of two words, if there is only `*`."""
    path: str = ""
    """A folder of its package, from the site on, that it puts in front of PYTHONPATH: its `sitecustomize` is loaded."""


_GUNICORN = {name: f"gunicorn.workers.{module}" for name, module in (("gevent", "ggevent"), ("eventlet", "geventlet"))}
SERVERS = {
    "gunicorn": Server(
        settings=("gunicorn.conf.py",),
        options=("-c", "--config"),
        kinds=("-k", "--worker-class", "worker_class"),
        workers=_GUNICORN
        | {
            "gevent_wsgi": "gunicorn.workers.ggevent",
            "gevent_pywsgi": "gunicorn.workers.ggevent",
            "tornado": "gunicorn.workers.gtornado",
            "gthread": "gunicorn.workers.gthread",
            "sync": "gunicorn.workers.sync",
        },
        variable="GUNICORN_CMD_ARGS",
    ),
    "uvicorn": Server(
        kinds=("--loop", "--http", "--ws"),
        workers={
            "uvloop": "uvicorn.loops.uvloop",
            "httptools": "uvicorn.protocols.http.httptools_impl",
            "h11": "uvicorn.protocols.http.h11_impl",
            "websockets": "uvicorn.protocols.websockets.websockets_impl",
            "wsproto": "uvicorn.protocols.websockets.wsproto_impl",
        },
    ),
    "hypercorn": Server(
        options=("-c", "--config"),
        kinds=("-k", "--worker-class", "worker_class"),
        workers={"uvloop": "uvloop", "trio": "hypercorn.trio", "asyncio": "hypercorn.asyncio"},
    ),
    "celery": Server(
        settings=("celeryconfig.py",),
        kinds=("-P", "--pool", "worker_pool"),
        workers={
            "prefork": "celery.concurrency.prefork",
            "gevent": "celery.concurrency.gevent",
            "eventlet": "celery.concurrency.eventlet",
            "threads": "celery.concurrency.thread",
            "solo": "celery.concurrency.solo",
        },
    ),
    "huey_consumer": Server(kinds=("-k", "--worker-type"), workers={"greenlet": "gevent", "thread": "threading"}),
    "dramatiq-gevent": Server(workers={"": "gevent"}),
    "rq": Server(settings=("settings.py",), options=("-c", "--config")),
    "rqworker": Server(settings=("settings.py",), options=("-c", "--config")),
    "flask": Server(settings=("wsgi.py", "app.py"), variables=(".flaskenv", ".env")),
    "fastapi": Server(
        settings=("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"), runs=("dev", "run")
    ),
    "pytest": Server(settings=("conftest.py",)),
    "jupyter-lab": Server(settings=("jupyter_server_config.py",), options=("--config",)),
    "superset": Server(settings=("superset_config.py",)),
    "airflow": Server(settings=("webserver_config.py",)),
    "locust": Server(settings=("locustfile.py",), options=("-f", "--locustfile")),
    "streamlit": Server(runs=("run",)),
    "chainlit": Server(runs=("run",)),
    "kopf": Server(runs=("run",)),
    "marimo": Server(runs=("run", "edit")),
    "mcp": Server(runs=("dev", "run")),
    "solara": Server(runs=("run",)),
    "bokeh": Server(runs=("serve",)),
    "panel": Server(runs=("serve",)),
    "fab": Server(settings=("fabfile.py",)),
    "invoke": Server(settings=("tasks.py",), options=("-c", "--collection")),
    "inv": Server(settings=("tasks.py",), options=("-c", "--collection")),
    "doit": Server(settings=("dodo.py",), options=("-f", "--file")),
    "nox": Server(settings=("noxfile.py",), options=("-f", "--noxfile")),
    "nikola": Server(settings=("conf.py",), options=("--conf",)),
    "pelican": Server(settings=("pelicanconf.py",), options=("-s", "--settings")),
    "alembic": Server(settings=("alembic/env.py", "migrations/env.py")),
    "behave": Server(settings=("features/environment.py", "environment.py")),
}
"""Programs by name: that of their script or of the package that `-m` runs."""
_ALL = ("*",)
WRAPPERS = {
    "opentelemetry-instrument": Wrapper(valued=_ALL, path="opentelemetry/instrumentation/auto_instrumentation"),
    "splunk-py-trace": Wrapper(path="opentelemetry/instrumentation/auto_instrumentation"),
    "ddtrace-run": Wrapper(path="ddtrace/bootstrap"),
    "newrelic-admin": Wrapper(behind=("run-program", "run-python"), path="newrelic/bootstrap"),
    "elasticapm-run": Wrapper(valued=_ALL),
    "dotenv": Wrapper(behind=("run",), valued=("-f", "--file", "-q", "--quote", "-e", "--export")),
    "honcho": Wrapper(behind=("run",), valued=("-e", "--env", "-d", "--app-root", "-f", "--procfile")),
    "poetry": Wrapper(behind=("run",), valued=("-C", "--directory", "-P", "--project")),
    "pipenv": Wrapper(behind=("run",)),
    "pdm": Wrapper(behind=("run",), valued=("-p", "--project")),
    "watchmedo": Wrapper(behind=("auto-restart", "shell-command"), valued=_ALL),
    "py-spy": Wrapper(behind=("--",)),
    "watchfiles": Wrapper(valued=("--filter", "--ignore-paths", "--target-type", "--sigint-timeout")),
}
"""Wrappers by name."""
_SCRIPTS = {
    "coverage": ("run",),
    "debugpy": (),
    "memray": ("run",),
    "kernprof": (),
    "scalene": ("run",),
    "viztracer": (),
    "pyinstrument": (),
    "cProfile": (),
    "pdb": (),
    "trace": (),
    "runpy": (),
    "asyncio": (),
}
"""Programs that run a script, or a module behind `-m`, in their own interpreter, and the word before it."""
_OF_PASTE = frozenset({"pserve", "pshell", "proutes", "pviews"})
_USED = re.compile(
    r"^[ \t]*(?:use|paste\.\w+)[ \t]*=[ \t]*(?:(?P<kind>egg|call):)?(?P<name>[A-Za-z_][\w.-]*)(?=[:#\s])", re.MULTILINE
)
_INCLUDED = re.compile(r"^[ \t]*pyramid\.includes[ \t]*=((?:[^\n]*\n)(?:[ \t]+[^\n]*\n)*)", re.MULTILINE)
"""Values, and their lines that follow with blanks in front."""
_VARIABLE = re.compile(r"""^[ \t]*(?:export[ \t]+)?(?P<name>\w+)=["']?(?P<value>[^"'\n#]*)""", re.MULTILINE)
_SETTING = re.compile(r"""^[ \t]*["']?(\w+)["']?[ \t]*[=:][ \t]*["']([\w.-]+)["']""", re.MULTILINE)


def name_of(line: CommandLine) -> str:
    """Return the name under which a command line starts a program: that of its script, or of the module."""
    if line.module is not None:
        return line.module.partition(".")[0]
    return posixpath.basename(line.script or "").removesuffix(".py")


def with_variable(line: CommandLine, started: StartedProgram) -> CommandLine:
    """Return the command line with the arguments that a variable of the server holds."""
    server = SERVERS.get(name_of(line))
    text = started.variable(server.variable) if server and server.variable else None
    if not text:
        return line
    try:
        more = tuple(shlex.split(text))
    except ValueError:  # a quote that does not end: the server refuses it too
        return line
    return msgspec.structs.replace(line, arguments=(*more, *line.arguments))


def variables_of(line: CommandLine, read: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yield the variables that a server takes up from files of the working folder; `read` returns a file's text."""
    server = SERVERS.get(name_of(line), Server())
    for path in server.variables:
        yield from ((found["name"], found["value"]) for found in _VARIABLE.finditer(read(path)))


def is_known(line: CommandLine) -> bool:
    """True for a server, wrapper or profiler whose arguments are known to be followed."""
    name = name_of(line)
    return name in SERVERS or name in WRAPPERS or name in _SCRIPTS


def settings_of(line: CommandLine) -> Iterator[str]:
    """Yield the paths of the Python files that a server reads as settings, most of which may not be there."""
    server = SERVERS.get(name_of(line), Server())
    yield from server.settings
    yield from applications_of(line)
    for option, value in _options(line.arguments):
        if option in server.options:
            yield value.removeprefix("file:")


def applications_of(line: CommandLine) -> tuple[str, ...]:
    """Return the paths of Python files that a server is to run, wherever they stand among its options."""
    places = [
        line.arguments.index(word) for word in SERVERS.get(name_of(line), Server()).runs if word in line.arguments
    ]
    behind = line.arguments[min(places) + 1 :] if places else ()
    return tuple(word for word in behind if word.endswith(".py"))


def deployment_of(line: CommandLine) -> str | None:
    """Return the path of the settings of PasteDeploy that `pserve` is given; None for other programs."""
    if name_of(line) not in _OF_PASTE:
        return None
    paths = (word.partition("#")[0].removeprefix("config:") for word in line.arguments if not word.startswith("-"))
    return next(paths, None)


def deployed_by(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what settings of PasteDeploy name: modules, and distributions (True) whose entry points are loaded."""
    for found in _USED.finditer(text):
        yield found["name"], found["kind"] == "egg"
    for included in _INCLUDED.findall(text):
        yield from ((name, False) for name in included.split())


def workers_of(line: CommandLine, settings: str) -> Iterator[str]:
    """Yield the modules of the workers that arguments or the text of `settings` choose by a short name."""
    server = SERVERS.get(name_of(line), Server())
    chosen = [*_options(line.arguments), *_SETTING.findall(settings)] if server.kinds else [("", "")]
    for option, value in chosen:
        module = server.workers.get(value) if option in server.kinds or not value else None
        if module is not None:
            yield module


def command_of(line: CommandLine) -> tuple[str, ...]:
    """Return the command that a wrapper starts; nothing if the program is none."""
    wrapper = WRAPPERS.get(name_of(line))
    if wrapper is None:
        return ()
    words = line.arguments
    if wrapper.behind:
        places = [words.index(word) + 1 for word in wrapper.behind if word in words]
        if not places:
            return ()
        words = words[min(places) :]
    return _behind_options(words, wrapper.valued)


def script_of(line: CommandLine) -> tuple[str, ...]:
    """Return the words, as those behind `python`, of the script that a profiler or debugger runs in itself."""
    if name_of(line) not in _SCRIPTS:
        return ()
    before = _SCRIPTS[name_of(line)]
    words = line.arguments
    if before:
        words = words[words.index(before[0]) + 1 :] if before[0] in words else ()
    for place, word in enumerate(words):
        if word == "-m" or word.endswith(".py"):
            return words[place:]
    return ()


def _options(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for word, following in pairwise((*words, "")):
        name, equals, value = word.partition("=")
        if equals and name.startswith("--"):
            yield name, value
        else:
            yield word, following


def _behind_options(words: tuple[str, ...], valued: tuple[str, ...]) -> tuple[str, ...]:
    place = 0
    while place < len(words) and words[place].startswith("-"):
        if words[place] == "--":
            return words[place + 1 :]
        takes_value = valued == _ALL or words[place] in valued
        place += 2 if takes_value and "=" not in words[place] else 1
    return words[place:]
