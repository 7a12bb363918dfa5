"""nginx and Apache: their settings in any folder, and the modules that these load, against the servers' prefixes.

Sources: nginx documentation, "Command-line parameters" and "load_module"; Apache HTTP Server documentation, "httpd",
"mod_so" and "core".
"""

import fnmatch
import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import named_by
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, Opened, Reached, StartedProgram, Step
from gate.trees.memo import Analysis

_NGINX = frozenset({"nginx", "nginx-debug", "openresty", "angie", "freenginx", "tengine"})
_APACHE = frozenset({"httpd", "apache2", "httpd-worker", "httpd-event"})
SERVERS = _NGINX | _APACHE
"""Names of the programs whose settings are followed."""
_CONFIGURED = re.compile(rb"--(prefix|conf-path|modules-path)=([\w./+-]{1,200})")
_COMPILED = re.compile(rb"-D (HTTPD_ROOT|SERVER_CONFIG_FILE)=\"([\w./+-]{1,200})\"")
_DIRECTIVE = re.compile(r"^[ \t]*(?P<name>\w+)[ \t]+(?P<rest>[^\n#;]*)", re.MULTILINE)
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_WILD = re.compile(r"[*?\[]")
_MAX_FILES = 500
_MAX_SIZE = 1 << 20


class _Built(msgspec.Struct, frozen=True):
    """What a server was compiled with: names of options and their values."""

    options: list[tuple[str, str]]


class _Server(msgspec.Struct, frozen=True):
    """Where a server looks for its settings and for what these name."""

    settings: str
    root: str
    """The folder in which Apache looks for relative paths."""
    beside: str
    """The folder in which nginx looks for included settings: that of its own."""
    modules: tuple[str, ...]
    """The folders in which modules are looked for."""


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of nginx or Apache."""
    return isinstance(reached, StartedProgram) and _name(reached) in SERVERS


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the settings and the modules that they load."""
    assert isinstance(reached, StartedProgram)
    server = _nginx(reached, files) if _name(reached) in _NGINX else _apache(reached, files)
    yield from _Settings(server, reached, files).steps()


def _name(started: StartedProgram) -> str:
    return posixpath.basename(started.program)


def _built(started: StartedProgram, files: Files) -> dict[str, str]:
    def analyse(content: bytes) -> _Built:
        found = [*_CONFIGURED.findall(content), *_COMPILED.findall(content)]
        return _Built([(name.decode(), value.decode()) for name, value in found])

    entry = files.find(started.program)
    path = entry.path if entry else started.program
    return dict(files.analysed(path, Analysis("what a web server is built with", _Built, analyse)).options)


def _option(started: StartedProgram, letter: str) -> str | None:
    """Return the value of an option, as `-c FILE` or `-cFILE`."""
    for place, word in enumerate(started.arguments):
        if word == letter:
            return "".join(started.arguments[place + 1 : place + 2]) or None
        if word.startswith(letter) and not word.startswith("--"):
            return word[len(letter) :]
    return None


def _nginx(started: StartedProgram, files: Files) -> _Server:
    built = _built(started, files)
    prefix = _option(started, "-p") or built.get("prefix", "/usr/local/nginx")
    prefix = posixpath.join("/", started.folder, prefix)
    settings = posixpath.join(prefix, _option(started, "-c") or built.get("conf-path", "conf/nginx.conf"))
    folders = (prefix, built.get("modules-path", posixpath.join(prefix, "modules")))
    return _Server(settings, prefix, posixpath.dirname(settings), folders)


def _apache(started: StartedProgram, files: Files) -> _Server:
    built = _built(started, files)
    root = _option(started, "-d") or built.get("HTTPD_ROOT", "/usr/local/apache2")
    root = posixpath.join("/", started.folder, root)
    settings = posixpath.join(root, _option(started, "-f") or built.get("SERVER_CONFIG_FILE", "conf/httpd.conf"))
    return _Server(settings, root, root, (root,))


class _Settings:
    """Reads the settings of one server with all that they include."""

    def __init__(self, server: _Server, started: StartedProgram, files: Files) -> None:
        self._server = server
        self._root = server.root
        self._is_nginx = _name(started) in _NGINX
        self._started = started
        self._files = files
        self._defined: dict[str, str] = dict(started.environment)
        self._todo = [(server.settings, Because(started.program, "reads"))]
        self._seen: set[str] = set()

    def steps(self) -> Iterator[Step]:
        """Yield settings and modules."""
        while self._todo and len(self._seen) < _MAX_FILES:
            path, because = self._todo.pop(0)
            entry = None if UNKNOWN in path else self._files.find(path)
            if entry is None or entry.path in self._seen or entry.size > _MAX_SIZE:
                continue
            self._seen.add(entry.path)
            yield Opened(path=path, because=because)
            text = self._files.text(entry.path)
            for found in _DIRECTIVE.finditer(text):
                line = text.count("\n", 0, found.start()) + 1
                words = [self._filled(word.strip("\"'")) for word in found["rest"].split()]
                yield from self._directive(found["name"].lower(), words, Because(entry.path, "loads", line))

    def _filled(self, word: str) -> str:
        """Return a word with the variables of Apache in it replaced."""
        return word if self._is_nginx else _VARIABLE.sub(lambda found: self._defined.get(found[1], found[0]), word)

    def _directive(self, name: str, words: list[str], because: Because) -> Iterator[Step]:
        if name == "define" and len(words) > 1:
            self._defined[words[0]] = words[1]
        elif name == "serverroot" and words:
            self._root = words[0]
        elif name in ("include", "includeoptional") and words:
            base = self._server.beside if self._is_nginx else self._root
            self._todo += [(path, because) for path in _expanded(posixpath.join(base, words[0]), self._files)]
        elif name in ("documentroot", "root", "alias") and words:
            served = Because(because.path, "serves", because.line)
            yield Opened(path=posixpath.join("/", self._root, words[-1], "index.php"), because=served)
        elif name == "scriptalias" and words:
            named = Because(because.path, "names")
            yield from named_by(self._started, posixpath.join("/", self._root, words[-1]), (), named, self._files)
        elif name in ("loadmodule", "load_module", "loadfile") and words:
            yield from self._modules(words[-1], because)

    def _modules(self, name: str, because: Because) -> Iterator[Step]:
        folders = self._server.modules if self._is_nginx else (self._root,)
        names = (name, posixpath.basename(name)) if self._is_nginx else (name,)
        for path in (posixpath.join(folder, one) for folder in folders for one in names):
            yield Opened(path=path, because=because)


def _expanded(pattern: str, files: Files) -> list[str]:
    """Return the files that a path with wildcards stands for; of a folder, all files in it, as Apache reads it."""
    found = [""]
    for part in posixpath.normpath(pattern).strip("/").split("/"):
        if _WILD.search(part):
            found = [f"{path}/{name}" for path in found for name in fnmatch.filter(files.names(path), part)]
        else:
            found = [f"{path}/{part}" for path in found]
    inside = [f"{path}/{name}" for path in found if files.find(path) is None for name in files.names(path)]
    return [*found, *inside][:_MAX_FILES]
