"""Scripts of packages that take their programs from variables, of which it is known where these lie.

MariaDB's scripts look for their own programs in several folders (mariadb-install-db(1), mariadbd-safe(1)). Unless a
word or a setting names another place, these are the packages' own, and all others are named in the script.
"""

import posixpath
import re
from collections.abc import Iterator

import msgspec

from gate.reachability.runtimes.walk.commands import program_at, started_by, starting
from gate.reachability.runtimes.walk.files import Files
from gate.reachability.runtimes.walk.given import BETWEEN
from gate.reachability.runtimes.walk.graph import UNKNOWN, Because, StartedProgram, Step
from gate.reachability.runtimes.walk.home_folders import home_folders

_SERVERS = ("/usr/sbin/mariadbd", "/usr/sbin/mysqld")
_INSTALLERS = ("usr/bin/mariadb-install-db", "usr/bin/mysql_install_db")
_GUARDS = ("usr/bin/mariadbd-safe", "usr/bin/mysqld_safe")
_PLACES = r"basedir|builddir|srcdir|ledir|mysqld(?:[-_]version)?|malloc[-_]lib|crash[-_]script"
_OPTION = re.compile(rf"--(?:{_PLACES}|defaults[-_](?:extra[-_])?file|plugin[-_]dir)(?:=.*)?", re.DOTALL)
_SETTING = re.compile(rf"^[ \t]*(?:loose[-_])?(?:{_PLACES})\b[ \t]*=?[ \t]*(?P<value>[^\n#]*)", re.MULTILINE)
_INCLUDED = re.compile(r"^[ \t]*!include(?:dir)?[ \t]+(\S+)", re.MULTILINE)
_USUAL = re.compile(r"[\"']?/usr/?[\"']?")
_FOLDERS = ("etc/mysql", "etc/mysql/conf.d", "etc/mysql/mariadb.conf.d", "etc/mysql/mysql.conf.d", "etc/my.cnf.d")
_OWN = ("MYSQL_HOME", "MARIADB_HOME")
"""Variables that name a folder with settings."""


def programs_of_script(shell: StartedProgram, path: str, words: tuple[str, ...], files: Files) -> list[Step] | None:
    """Return the programs that such a script may start, with the server as certain; None for any other script.

    `words` are the script's arguments.
    """
    entry = files.find(path)
    if entry is None or entry.path not in (*_INSTALLERS, *_GUARDS):
        return None
    is_elsewhere = any(_OPTION.fullmatch(word) or word.startswith(UNKNOWN) for word in words)
    if is_elsewhere or any(map(shell.variable, _OWN)) or _is_set_elsewhere(files):
        return None
    because = Because(entry.path, "starts")
    servers = [started_by(shell, (name,), because, files) for name in _SERVERS]
    return [*[server for server in servers if server is not None][:1], *_named(shell, entry.path, files)]


def _is_set_elsewhere(files: Files) -> bool:
    """True if the image's settings name another place for the programs than the usual one."""
    paths = [f"{folder}/{name}" for folder in _FOLDERS for name in files.names(folder)]
    paths += ["etc/my.cnf", *(posixpath.join(home, ".my.cnf") for home in home_folders(files).values())]
    text = "\n".join(files.text(path.strip("/")) for path in paths if files.find(path))
    included = (one.strip("/") for one in _INCLUDED.findall(text))
    values = (setting["value"].strip() for setting in _SETTING.finditer(text))
    return not (all(one in (*_FOLDERS, *paths) for one in included) and all(map(_USUAL.fullmatch, values)))


def _named(shell: StartedProgram, path: str, files: Files) -> Iterator[Step]:
    """Yield the start of each program that a word of the script names."""
    because = Because(path, "names")
    for word in dict.fromkeys(BETWEEN.split(files.text(path))):
        program = program_at(word, shell, files)
        if program is not None:
            yield msgspec.structs.replace(starting(shell, program, (), because), is_certain=False)
