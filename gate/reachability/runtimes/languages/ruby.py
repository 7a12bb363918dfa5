"""Ruby: from the script that is started to the files that it requires, and the gems that Bundler requires.

Ruby programs load so much by names made at run time (autoload, plug-ins, Railties) that no gem is reported as unused
if Ruby runs: those that are reached are in use, for the others it is unknown.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from gate.reachability.runtimes.languages.own_sources import own_sources
from gate.reachability.runtimes.languages.ruby_libraries import opened_libraries
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.gaps import errors_as_gaps
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, Gap, Opened, Reached, StartedProgram, Step, opened
from gate.reachability.runtimes.walk.per_image import cached_per_image

KIND = "RubyGems"
_PROGRAM = re.compile(r"j?ruby[\d.]*|truffleruby")
_SOURCES = (".rb", ".ru", ".gemspec", ".rake")
_OWN = (*_SOURCES, ".thor", ".erb", "Gemfile", "Rakefile", "Capfile", "Guardfile", "Thorfile", "Vagrantfile")
"""How the names of the application's sources end, which tools look for or that are put into a page."""
_LOAD = re.compile(
    r"""(?<![\w.:])(?P<call>require_relative|require|load|autoload)\b[ \t]*\(?[ \t]*"""
    r"""(?::\w+[ \t]*,[ \t]*)?["'](?P<name>[\w./@+-]{1,200})["']"""
)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_BUNDLED = re.compile(r"\bBundler\.require\b")
_GEM_FOLDER = re.compile(r"(?P<home>.*)/specifications/(?P<gem>[^/]+)\.gemspec", re.DOTALL)
_EXTENSION_FOLDER = re.compile(r"(?:[^/]+/)+?extensions/[^/]+/[^/]+/[^/]+(?=/)")
"""Where the compiled parts of a gem are."""
_DIRECT = re.compile(r"^  (?P<name>[\w.-]+)!?(?: \([^)\n]*\))?$", re.MULTILINE)
_STANDARD = re.compile(
    r"(?:usr|usr/local|opt/[\w.-]+)/lib/(?:[\w-]+/)?ruby(?:/(?:vendor_ruby|site_ruby))?(?:/\d[\d.]*)?(?:/[\w-]+-linux[\w-]*)?"
)
_PRELUDE = (
    "rubygems",
    "bundled_gems",
    "monitor",
    "error_highlight",
    "did_you_mean",
    "syntax_suggest/core_ext",
    "enc/encdb",
    "enc/trans/transdb",
)
"""What Ruby loads before any script, unless an option forbids it."""
_BIN = ("rails", "rackup", "rake", "puma", "unicorn", "sidekiq", "thin", "rspec", "hanami", "jekyll", "resque")
"""Commands that load the application of the working folder."""
_APPLICATION = (
    "config.ru",
    "config/environment.rb",
    "config/application.rb",
    "config/boot.rb",
    "Rakefile",
    "config/puma.rb",
)


def takes(reached: Reached, files: Files) -> bool:
    """True for the start of Ruby, and for one of its files."""
    if isinstance(reached, StartedProgram):
        return _PROGRAM.fullmatch(posixpath.basename(reached.program)) is not None
    return reached.path.endswith(_SOURCES)


def reach(reached: Reached, files: Files) -> Iterator[Step]:
    """Yield the files that are required."""
    if isinstance(reached, StartedProgram):
        return errors_as_gaps(KIND, reached.program, _started(reached, files))
    return errors_as_gaps(KIND, reached.path, _required_by(reached.path, files.text(reached.path), "/", files))


def _started(started: StartedProgram, files: Files) -> Iterator[Step]:
    yield Gap(kind=KIND, reason="Ruby loads gems by names that are known only at run time", path=started.program)
    yield from opened(_any_gem(files), Because(started.program, "may load"), is_certain=False)
    yield from own_sources(started.program, _OWN, files)
    for name in _PRELUDE:
        yield from _required(name, Because(started.program, "loads at every start"), files)
    words = tuple(word for word in started.arguments if word not in ("--", "exec"))
    for option, value in pairwise((*(started.variable("RUBYOPT") or "").split(), *words, "")):
        if option.startswith("-r"):
            yield from _required(option[2:] or value, Because(started.program, "requires"), files)
    scripts = [word for word in words if not word.startswith("-") and UNKNOWN not in word]
    for script in scripts[:1]:
        path = posixpath.join("/", started.folder, script)
        yield Opened(path=path, because=Because(started.program, "runs"))
        if entry := files.find(path):
            yield from _required_by(entry.path, files.text(entry.path), started.folder, files)
    commands = {posixpath.basename(word) for word in scripts}
    if commands & {*_BIN, "bundle", "bundler"}:
        yield from _application(started, commands, files)


def _application(started: StartedProgram, commands: set[str], files: Files) -> Iterator[Step]:
    """Yield the application of the working folder, and the gems of the commands that are run."""
    because = Because(started.program, "loads the application")
    for name in _APPLICATION:
        yield Opened(path=posixpath.join("/", started.folder, name), because=because)
    for command in sorted(commands):
        yield from _gem(command, because, files)
    if commands & {"bundle", "bundler"}:
        yield from _gem("bundler", because, files)


def _required_by(path: str, text: str, folder: str, files: Files) -> Iterator[Step]:
    text = _COMMENT.sub("", text.partition("\n__END__")[0])
    line, counted = 1, 0
    for found in _LOAD.finditer(text):
        line += text.count("\n", counted, found.start("name"))
        counted = found.start("name")
        because = Because(path, "requires", line)
        name = found["name"]
        if found["call"] == "require_relative" or name.startswith("."):
            yield from _file(posixpath.join("/", posixpath.dirname(path), name), because)
        elif found["call"] == "autoload":  # loaded when its constant is used
            steps = _required(name, because, files)
            yield from (Opened(path=each.path, because=because, is_certain=False) for each in steps)
        else:
            yield from _required(name, because, files)
    yield from opened_libraries(path, text, files)
    if _BUNDLED.search(text):
        yield from _bundled(path, files)


def _file(path: str, because: Because) -> Iterator[Opened]:
    for ending in ("", ".rb", ".so"):
        yield Opened(path=path + ending, because=because)


def _required(name: str, because: Because, files: Files) -> Iterator[Opened]:
    """Yield the files that `require` finds under a name: in every place, as the order of `$LOAD_PATH` is not known."""
    if name.startswith("/"):
        yield from _file(name, because)
        return
    stem = name.removesuffix(".rb").removesuffix(".so")
    yield from (Opened(path=path, because=because) for path in _features(files).get(stem, ()))


def _bundled(path: str, files: Files) -> Iterator[Step]:
    """Yield the main files of the gems that the nearest Gemfile.lock lists as the project's own (Bundler.require)."""
    folder = posixpath.dirname(path)
    while folder and not files.find(f"{folder}/Gemfile.lock"):
        folder = posixpath.dirname(folder)
    lock = f"{folder}/Gemfile.lock" if folder else "Gemfile.lock"
    if files.find(lock):
        _, _, direct = files.text(lock).partition("\nDEPENDENCIES\n")
        for found in _DIRECT.finditer(direct.partition("\n\n")[0]):
            yield from _gem(found["name"], Because(lock, f"brings in {found['name']}"), files)


def _gem(name: str, because: Because, files: Files) -> Iterator[Step]:
    for main in {name, name.replace("-", "/"), name.replace("-", "_")}:
        yield from _required(main, because, files)


@cached_per_image
def _any_gem(files: Files) -> tuple[str, ...]:
    """Return the first file of every gem, and all compiled parts: a package of the distribution may bring them."""
    first: dict[str, str] = {}
    compiled: list[str] = []
    places = _places(files)
    for entry in files.walk():
        if entry.path.endswith((".rb", ".so")):
            place = next((folder for folder in _above(entry.path) if folder in places), None)
            if place is not None and entry.path.endswith(".so"):
                compiled.append(entry.path)
            elif place is not None and not _STANDARD.fullmatch(place):
                first.setdefault(place, entry.path)
    return (*first.values(), *compiled)


@cached_per_image
def _features(files: Files) -> dict[str, list[str]]:
    """Return all that `require` can find: name without ending to paths."""
    places = _places(files)
    features: dict[str, list[str]] = {}
    for entry in files.walk():
        stem, ending = posixpath.splitext(entry.path)
        if ending in (".rb", ".so"):
            for folder in _above(entry.path):
                if folder in places:
                    features.setdefault(stem[len(folder) + 1 :], []).append(entry.path)
    return features


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _places(files: Files) -> set[str]:
    """Return the folders of Ruby's own library and of every gem."""
    places = set()
    for entry in files.walk():
        folder = posixpath.dirname(entry.path)
        if _STANDARD.fullmatch(folder):
            places.add(folder)
        if found := _GEM_FOLDER.fullmatch(entry.path):
            places.add(f"{found['home']}/gems/{found['gem']}/lib")
        if found := _EXTENSION_FOLDER.match(entry.path):
            places.add(found[0])
    return places
