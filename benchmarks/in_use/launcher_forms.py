"""Ways of starting one server: wrappers, shells, scripts in eight languages, supervisors; alone, and inside others.

A form is a command line with the files and variables that it needs. Forms are made the same in every run.
"""

import json
import random
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

SERVERS: Mapping[str, tuple[str, ...]] = {
    "python": ("python3", "/srv/app/server.py"),
    "compiled": ("memcached", "-V"),
}
"""What is started: a server in Python with two of Debian's modules, and one of Debian's that is compiled."""
SERVER_IN_PYTHON = """import http.server, threading, urllib.request
import markupsafe, yaml
yaml.load("a: 1", Loader=yaml.CSafeLoader)
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.handle_request).start()
urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/").read()
"""
PACKAGES: Mapping[str, tuple[str, ...]] = {
    "python": ("pyyaml", "libyaml", "markupsafe"),
    "compiled": ("memcached", "libevent", "cyrus-sasl2"),
}
"""The source packages that each server uses, and nothing else in the image does; the first is the server's own."""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NESTED = 50
"""Forms of several launchers inside one another, for each server."""
_SEED = 22


class Form(msgspec.Struct, frozen=True):
    """One way of starting the server."""

    name: str
    server: str
    words: tuple[str, ...]
    files: dict[str, str]
    """Path without `/` in front, to content; all are executable."""
    environment: dict[str, str]


class _Made(msgspec.Struct, frozen=True):
    words: tuple[str, ...]
    files: dict[str, str] = {}
    environment: dict[str, str] = {}


Launcher = Callable[[Sequence[str], str], _Made]
"""Takes a command, and a name that no other launcher of the form has for its files."""


def _prefix(*before: str) -> Launcher:
    return lambda command, _: _Made((*before, *command))


def _text(*before: str, after: tuple[str, ...] = (), written: str = "{}") -> Launcher:
    """Return a launcher that is given the command as one word."""
    return lambda command, _: _Made((*before, written.replace("{}", shlex.join(command)), *after))


def _filled(body: str, command: Sequence[str], name: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Put a command into a script as a text, as a list, by a file or by a variable; return these beside the script."""
    text = shlex.join(command)
    content = body.replace("{text}", text).replace("{list}", json.dumps(list(command)))
    content = content.replace("{file}", f"/srv/{name}.command").replace("{variable}", f"COMMAND_{name}")
    files = {f"srv/{name}.command": text + "\n"} if "{file}" in body else {}
    return content, files, {f"COMMAND_{name}": text} if "{variable}" in body else {}


def _script(first_line: str, body: str, *interpreter: str) -> Launcher:
    """Return a launcher of a script that is given the command as words."""

    def launch(command: Sequence[str], name: str) -> _Made:
        made = _fixed(first_line, body, *interpreter)(command, name)
        return _Made((*made.words, *command), made.files, made.environment)

    return launch


def _fixed(first_line: str, body: str, *interpreter: str) -> Launcher:
    """Return a launcher of a script that has the command in it."""

    def launch(command: Sequence[str], name: str) -> _Made:
        content, files, environment = _filled(body, command, name)
        path = f"srv/{name}"
        return _Made((*interpreter, f"/{path}"), files | {path: f"{first_line}\n{content}\n".lstrip("\n")}, environment)

    return launch


def _inline(*before: str, body: str) -> Launcher:
    """Return a launcher that is given a script as a word, which has the command in it."""

    def launch(command: Sequence[str], name: str) -> _Made:
        content, files, environment = _filled(body, command, name)
        return _Made((*before, content), files, environment)

    return launch


def _service(
    *before: str, run: str = "#!/bin/sh\nexec {text}\n", inside: str = "run", is_one: bool = False
) -> Launcher:
    """Return a launcher of a folder of services."""

    def launch(command: Sequence[str], name: str) -> _Made:
        service = f"srv/{name}.d/web"
        content = run.replace("{text}", shlex.join(command))
        folder = f"/{service}" if is_one else f"/srv/{name}.d"
        return _Made((*before, folder), {f"{service}/{inside}": content})

    return launch


def _make(command: Sequence[str], name: str) -> _Made:
    text = shlex.join(command)
    return _Made(
        ("make", "-s", "-C", f"/srv/{name}", "serve"),
        {f"srv/{name}/Makefile": f"RUN = {text}\n\nserve: check\n\t$(RUN)\n\ncheck:\n\t@true\n"},
    )


WRAPPERS: Mapping[str, Launcher] = {
    "env": _prefix("env", "A=b"),
    "env -i": _prefix("env", "-i", f"PATH={PATH}"),
    "env -S": _text("env", "-S", written="A=b {}"),
    "env -u": _prefix("env", "-u", "HOME", "--"),
    "env -C": _prefix("env", "-C", "/srv"),
    "nice": _prefix("nice", "-n", "5"),
    "nice -5": _prefix("nice", "-5"),
    "ionice": _prefix("ionice", "-c", "3"),
    "chrt": _prefix("chrt", "-b", "0"),
    "taskset -c": _prefix("taskset", "-c", "0"),
    "taskset": _prefix("taskset", "0x1"),
    "numactl": _prefix("numactl", "--localalloc"),
    "setsid": _prefix("setsid", "-w"),
    "setarch": _prefix("setarch", "x86_64", "-R"),
    "linux64": _prefix("linux64"),
    "stdbuf": _prefix("stdbuf", "-oL", "-e", "L"),
    "nohup": _prefix("nohup"),
    "timeout": _prefix("timeout", "-k", "5", "-s", "TERM", "20"),
    "prlimit": _prefix("prlimit", "--nofile=1024"),
    "setpriv": _prefix("setpriv", "--nnp", "--reuid", "0"),
    "unshare": _prefix("unshare", "--fork", "-w", "/"),
    "chroot": _prefix("chroot", "/"),
    "flock": _prefix("flock", "-w", "5", "/run/lock.one"),
    "flock -c": _text("flock", "/run/lock.two", "-c"),
    "script": _text("script", "-qec", after=("/dev/null",)),
    "runuser": _prefix("runuser", "-u", "root", "--"),
    "runuser -c": _text("runuser", "root", "-c"),
    "su -c": _text("su", "root", "-c"),
    "su -": _text("su", "-", "root", "-s", "/bin/bash", "-c"),
    "gosu": _prefix("gosu", "root"),
    "tini": _prefix("tini", "-s", "--"),
    "dumb-init": _prefix("dumb-init", "--rewrite", "15:2", "--"),
    "catatonit": _prefix("catatonit", "--"),
    "chpst": _prefix("chpst", "-u", "root", "-o", "500"),
    "chpst -P": _prefix("chpst", "-P", "-C", "/srv"),
    "softlimit": _prefix("softlimit", "-o", "500"),
    "setuidgid": _prefix("setuidgid", "root"),
    "pgrphack": _prefix("pgrphack"),
    "fghack": _prefix("fghack"),
    "setlock": _prefix("setlock", "-n", "/run/lock.three"),
    "envuidgid": _prefix("envuidgid", "root"),
    "envdir": _prefix("envdir", "/etc/env"),
    "s6-setuidgid": _prefix("s6-setuidgid", "root"),
    "s6-softlimit": _prefix("s6-softlimit", "-o", "500"),
    "s6-setsid": _prefix("s6-setsid"),
    "s6-envdir": _prefix("s6-envdir", "-I", "/etc/env"),
    "s6-applyuidgid": _prefix("s6-applyuidgid", "-u", "0", "-g", "0"),
    "s6-setlock": _prefix("s6-setlock", "/run/lock.four"),
    "busybox env": _prefix("busybox", "env", "A=b"),
    "busybox nice": _prefix("busybox", "nice", "-n", "5"),
    "busybox timeout": _prefix("busybox", "timeout", "20"),
    "busybox setsid": _prefix("busybox", "setsid"),
    "busybox sh": _text("busybox", "sh", "-c"),
    "busybox xargs": _prefix("busybox", "xargs", "-r"),
    "find": lambda command, _: _Made(("find", "/etc/hostname", "-exec", *command, ";")),
    "find +": lambda command, _: _Made(
        ("find", "/etc/hostname", "-execdir", "sh", "-c", shlex.join(command), "{}", "+")
    ),
    "xargs": _prefix("xargs", "-a", "/dev/null"),
    "parallel": _text("parallel", "-j", "1", ":::"),
    "make": _make,
    "expect": _inline("expect", "-c", body="spawn -noecho {text}; expect eof"),
    "start-stop-daemon": lambda command, _: _Made(
        ("start-stop-daemon", "--start", "--exec", f"/usr/bin/{command[0]}", "--", *command[1:])
    ),
    "loader": lambda command, _: _Made(("/lib64/ld-linux-x86-64.so.2", f"/usr/bin/{command[0]}", *command[1:])),
    "fakeroot": _prefix("fakeroot", "--"),
    "eatmydata": _prefix("eatmydata"),
    "daemonize": lambda command, _: _Made(("daemonize", "-c", "/srv", f"/usr/bin/{command[0]}", *command[1:])),
    "own compiled": _prefix("/usr/local/bin/start"),
    "own static": _prefix("/usr/local/bin/start-static", "-v"),
    "own -- compiled": _prefix("/usr/local/bin/start", "--level", "5", "--"),
}
"""Launchers that are given the command by words."""

SHELLS: Mapping[str, Launcher] = {
    "sh -c": _text("sh", "-c"),
    "sh -c exec": _text("sh", "-c", written="exec {}"),
    "sh -ec": _text("sh", "-ec", written="true; {}"),
    "sh -c words": lambda command, _: _Made(("sh", "-c", 'exec "$@"', "sh", *command)),
    "bash -lc": _text("bash", "-lc"),
    "bash $0": lambda command, _: _Made(("bash", "-c", 'exec "$0" "$@"', *command)),
    "sh variable": _inline("sh", "-c", body="exec ${variable}"),
    "sh eval": _inline("sh", "-c", body='eval "${variable}"'),
    "sh nested": _text("sh", "-c", written='sh -c "{}"'),
    "sh background": _text("sh", "-c", written="{} & wait"),
    "sh group": _inline("sh", "-c", body="{ true && ( {text} ); }"),
    "sh file": _inline("sh", "-c", body="exec $(cat {file})"),
    "sh xargs": _inline("sh", "-c", body="xargs < {file} env"),
    "sh input": _inline("sh", "-c", body="sh < {file}"),
    "sh pipe": _inline("sh", "-c", body="echo '{text}' | sh"),
    "sh read": _inline("sh", "-c", body="read -r line < {file}; exec $line"),
    "entrypoint": _script("#!/bin/sh", 'set -e\nif [ "$1" = none ]; then exit 1; fi\nexec "$@"'),
    "entrypoint case": _script("#!/bin/sh", 'case "$1" in\n  none) exit 1 ;;\n  *) exec "$@" ;;\nesac'),
    "entrypoint function": _script("#!/bin/bash", 'main() {\n  exec "$@"\n}\nmain "$@"'),
    "entrypoint set": _script("#!/bin/sh", 'set -- nice "$@"\nexec "$@"'),
    "entrypoint array": _script("#!/bin/bash", 'command=("$@")\nexec "${command[@]}"'),
    "entrypoint default": _fixed("#!/bin/sh", ': "${SERVER:={text}}"\nexec $SERVER'),
    "entrypoint heredoc": _fixed("#!/bin/sh", "sh <<EOF\n{text}\nEOF"),
    "entrypoint shift": _script("#!/bin/sh", 'shift 0\nfirst=$1\nshift\nexec "$first" "$@"'),
    "entrypoint loop": _fixed("#!/bin/sh", "for command in '{text}'; do\n  $command\ndone"),
    "entrypoint find": _fixed("#!/bin/sh", "find {file} -exec sh {} \\;"),
    "entrypoint source": _fixed("#!/bin/sh", ". {file}"),
    "entrypoint case branch": _fixed("#!/bin/sh", "case web in\n  web) c='{text}' ;;\n  *) c=false ;;\nesac\nexec $c"),
    "entrypoint trap": _fixed("#!/bin/sh", "trap '{text}' EXIT"),
    "entrypoint exec -a": _script("#!/bin/bash", 'exec -a web "$@"'),
    "entrypoint command": _script("#!/bin/sh", 'command "$@"'),
    "entrypoint no first line": _script("#!/bin/sh", '"$@"'),
    "sh script": _script("", 'exec "$@"', "sh"),
    "bash -x script": _fixed("", "{text}", "bash", "-x"),
    "env -S shebang": _script("#!/usr/bin/env -S sh -e", 'exec "$@"'),
}
"""Shells and their scripts."""

_PYTHON = "#!/usr/bin/python3\nimport os, sys, subprocess, shlex, json"
CODE: Mapping[str, Launcher] = {
    "python execvp": _script(_PYTHON, "os.execvp(sys.argv[1], sys.argv[1:])"),
    "python run": _script(_PYTHON, "sys.exit(subprocess.run(sys.argv[1:]).returncode)"),
    "python Popen": _script(_PYTHON, "command = ['nice'] + sys.argv[1:]\nsubprocess.Popen(command).wait()"),
    "python literal": _fixed(_PYTHON, "subprocess.check_call({list})"),
    "python system": _fixed(_PYTHON, "os.system('{text}')"),
    "python variable": _fixed(_PYTHON, "os.system(os.environ['{variable}'])"),
    "python variable split": _fixed(_PYTHON, "c = shlex.split(os.environ['{variable}'])\nos.execvp(c[0], c)"),
    "python file": _fixed(_PYTHON, "subprocess.run(open('{file}').read().split())"),
    "python function": _script(
        _PYTHON, "def start(command):\n    os.execvp(command[0], command)\n\n\nstart(sys.argv[1:])"
    ),
    "python join": _script(_PYTHON, "os.system(' '.join(sys.argv[1:]))"),
    "python -c": _prefix("python3", "-c", "import os,sys; os.execvp(sys.argv[1], sys.argv[1:])"),
    "python -c text": _inline("python3", "-c", body="import subprocess; subprocess.call('{text}', shell=True)"),
    "python -c list": _inline("python3", "-c", body="import subprocess as s; s.run({list})"),
    "perl exec": _script("#!/usr/bin/perl", "exec { $ARGV[0] } @ARGV;"),
    "perl system": _script("#!/usr/bin/perl", "my ($tool, @rest) = @ARGV;\nexit system($tool, @rest);"),
    "perl variable": _fixed("#!/usr/bin/perl", "exec $ENV{{variable}};"),
    "perl file": _fixed("#!/usr/bin/perl", "open(my $f, '<', '{file}'); my $c = <$f>; exec $c;"),
    "perl backticks": _fixed("#!/usr/bin/perl", "my $x = `{text}`;\nprint $x;"),
    "perl -e": _prefix("perl", "-e", "exec @ARGV"),
    "perl -e text": _inline("perl", "-we", body="system('{text}')"),
    "ruby exec": _script("#!/usr/bin/ruby", "exec(*ARGV)"),
    "ruby system": _script("#!/usr/bin/ruby", "system('nice', *ARGV)"),
    "ruby variable": _fixed("#!/usr/bin/ruby", "exec ENV.fetch('{variable}')"),
    "ruby spawn": _script("#!/usr/bin/ruby", "pid = spawn(*ARGV)\nProcess.wait pid"),
    "ruby file": _fixed("#!/usr/bin/ruby", "system File.read('{file}')"),
    "ruby -e": _prefix("ruby", "-e", "exec *ARGV"),
    "ruby -e text": _inline("ruby", "-e", body="puts `{text}`"),
    "node spawn": _script(
        "#!/usr/bin/node",
        "const {spawnSync} = require('child_process');\n"
        "spawnSync(process.argv[2], process.argv.slice(3), {stdio: 'inherit'});",
    ),
    "node rest": _script(
        "#!/usr/bin/node",
        "const [command, ...rest] = process.argv.slice(2);\nrequire('node:child_process').spawn(command, rest);",
    ),
    "node variable": _fixed(
        "#!/usr/bin/node", "const cp = require('child_process');\ncp.execSync(process.env.{variable});"
    ),
    "node file": _fixed(
        "#!/usr/bin/node",
        "const fs = require('fs');\nrequire('child_process').execSync(fs.readFileSync('{file}', 'utf8'));",
    ),
    "node -e": _inline("node", "-e", body="require('child_process').execSync(\"{text}\")"),
    "php pcntl": _script(
        "#!/usr/bin/php", "<?php\npassthru(implode(' ', array_map('escapeshellarg', array_slice($argv, 1))));"
    ),
    "php variable": _fixed("#!/usr/bin/php", "<?php\nsystem(getenv('{variable}'));"),
    "php -r": _inline("php", "-r", body="system('{text}');"),
    "lua execute": _script("#!/usr/bin/lua5.4", "os.execute(table.concat(arg, ' '))"),
    "lua variable": _fixed("#!/usr/bin/lua5.4", "os.execute(os.getenv('{variable}'))"),
    "lua file": _fixed("#!/usr/bin/lua5.4", "local f = io.open('{file}')\nos.execute(f:read('a'))"),
    "lua -e": _inline("lua5.4", "-e", body="os.execute('{text}')"),
    "awk": _inline("gawk", body='BEGIN { system("{text}") }'),
    "awk pipe": _inline("gawk", body='BEGIN { "{text}" | getline x }'),
    "awk variable": _inline("gawk", body='BEGIN { system(ENVIRON["{variable}"]) }'),
    "awk script": _fixed("#!/usr/bin/gawk -f", 'BEGIN { system("{text}") }'),
    "expect script": _fixed("#!/usr/bin/expect -f", "spawn {text}\nexpect eof"),
    "tcl exec": _fixed("#!/usr/bin/tclsh", "puts [exec {text}]"),
    "compiled variable": lambda command, _: _Made(
        ("/usr/local/bin/start-variable",), {}, {"SERVER_COMMAND": shlex.join(command)}
    ),
    "compiled file": lambda command, _: _Made(
        ("/usr/local/bin/start-file",), {"etc/start.command": shlex.join(command) + "\n"}
    ),
    "compiled given file": lambda command, name: _Made(
        ("/usr/local/bin/start-given", f"/srv/{name}"), {f"srv/{name}": shlex.join(command) + "\n"}
    ),
}
"""Scripts and programs of the image's own."""

EXECLINE: Mapping[str, Launcher] = {
    "execlineb -Pc": _text("execlineb", "-Pc"),
    "execlineb -c": lambda command, _: _Made(("execlineb", "-P", "-c", f"foreground {{ true }} {shlex.join(command)}")),
    "execline script": _fixed("#!/usr/bin/execlineb -P", "{text}"),
    "execline words": _script("#!/usr/bin/execlineb -S0", "$@"),
    "execline positional": _script("#!/usr/bin/execlineb", "elgetpositionals $@"),
    "execline if": _fixed("#!/usr/bin/execlineb -P", "if { true } s6-setuidgid root {text}"),
    "execline block": _fixed("#!/usr/bin/execlineb -P", "foreground { {text} }\ntrue"),
    "execline ifelse": _fixed("#!/usr/bin/execlineb -P", "ifelse { false } { true } {text}"),
    "execline background": _fixed("#!/usr/bin/execlineb -P", "background { {text} }\nimportas -i p ! wait { $p } true"),
    "execline define": _fixed("#!/usr/bin/execlineb -P", 'define -s A "{text}"\nredirfd -r 0 /dev/null $A'),
    "execline importas": _fixed("#!/usr/bin/execlineb -P", "importas -s A {variable}\nfdmove -c 2 1 $A"),
    "execline multisubstitute": _fixed(
        "#!/usr/bin/execlineb -P", "multisubstitute { define B b importas -s A {variable} }\nexport B $B $A"
    ),
    "execline forx": _fixed("#!/usr/bin/execlineb -P", "forx -E i { true env }\n$i {text}"),
    "execline trap": _fixed("#!/usr/bin/execlineb -P", "trap { SIGHUP { true } }\n{text}"),
    "execline pipeline": _fixed("#!/usr/bin/execlineb -P", "pipeline { {text} }\ncat"),
    "execline case": _fixed("#!/usr/bin/execlineb -P", "case web { web { {text} } } true"),
    "execline tryexec": _fixed("#!/usr/bin/execlineb -P", "tryexec { {text} } true"),
    "execline backtick": _fixed("#!/usr/bin/execlineb -P", "backtick V { cat {file} } importas -s V V $V"),
    "execline elglob": _fixed("#!/usr/bin/execlineb -P", "elglob F {file}*\nsh $F"),
}
"""Scripts of execline."""

SERVICES: Mapping[str, Launcher] = {
    "s6-svscan": _service("s6-svscan"),
    "s6-svscan execline": _service("s6-svscan", run="#!/usr/bin/execlineb -P\nfdmove -c 2 1\n{text}\n"),
    "s6-supervise": _service("s6-supervise", is_one=True),
    "runsvdir": _service("runsvdir", "-P"),
    "runsv": _service("runsv", is_one=True),
    "svscan": _service("svscan"),
    "supervise": _service("supervise", is_one=True),
    "run-parts": lambda command, name: _Made(
        ("run-parts", f"/srv/{name}.d"), {f"srv/{name}.d/web": f"#!/bin/sh\nexec {shlex.join(command)}\n"}
    ),
}
"""Supervisors of a folder: they go on by themselves, so that they stand outermost only."""


def _read(first_line: str, body: str, file: str, content: str, *before: str, after: tuple[str, ...] = ()) -> Launcher:
    """Return a launcher of a script beside a file that has the command: `{beside}` in the script is its path."""

    def launch(command: Sequence[str], name: str) -> _Made:
        beside = f"srv/{name}.d/{file}"
        made = _fixed(first_line, body.replace("{beside}", f"/{beside}"), *before)(command, name)
        stated = content.replace("{text}", shlex.join(command)).replace("{list}", json.dumps(list(command)))
        return _Made((*made.words, *after), made.files | {beside: stated}, made.environment)

    return launch


def _settings(*before: str, file: str, content: str, after: tuple[str, ...] = ()) -> Launcher:
    """Return a launcher that is given the path of settings which have the command."""

    def launch(command: Sequence[str], name: str) -> _Made:
        path = f"srv/{name}.d/{file}"
        return _Made((*before, f"/{path}", *after), {path: content.replace("{text}", shlex.join(command))})

    return launch


_SH, _BASH = "#!/bin/sh", "#!/bin/bash"
_NODE = "#!/usr/bin/node\nconst cp = require('child_process'), fs = require('fs');"
LATER: Mapping[str, Launcher] = {
    "env -S quotes": _text("env", "-S", written="A='b c' \"nice\" {}"),
    "env -S first line": _script("#!/usr/bin/env -S nice -n 5 sh", 'exec "$@"'),
    "bwrap": _prefix("bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--chdir", "/srv"),
    "chronic": _prefix("chronic"),
    "ifne": _inline("sh", "-c", body="echo 1 | ifne {text}"),
    "entr": _inline("sh", "-c", body="echo /etc/hostname | entr -nz {text}"),
    "just": _settings(
        "just", "-f", file="justfile", content="serve: check\n\t{text}\n\ncheck:\n\ttrue\n", after=("serve",)
    ),
    "foreman": _settings("foreman", "start", "-f", file="Procfile", content="web: {text}\n"),
    "supervisord": _settings(
        "supervisord",
        "-n",
        "-c",
        file="s.conf",
        content="[supervisord]\nlogfile=/dev/null\n[program:web]\ncommand={text}\n",
    ),
    "make include": _read("", "include {beside}\nserve:\n\t$(RUN)", "rules.mk", "RUN = {text}\n", "make", "-sf"),
    "make shell": _fixed("", "X := $(shell {text})\nserve:\n\t@true", "make", "-sf"),
    "make variable": _fixed("", "serve:\n\t$({variable})", "make", "-sf"),
    "busybox find": lambda command, _: _Made(("busybox", "find", "/etc/hostname", "-exec", *command, ";")),
    "busybox ash": _script("#!/bin/busybox ash", 'exec "$@"'),
    "find sh -c": _inline("sh", "-c", body="find /etc/hostname -exec sh -c '{text}' \\;"),
    "xargs -I": _inline("sh", "-c", body="echo 1 | xargs -I{} {text}"),
    "xargs -a file": _inline("sh", "-c", body="xargs -a {file} nice"),
    "printf xargs": _inline("sh", "-c", body="printf '%s\\n' {text} | xargs env"),
    "parallel input": _inline("sh", "-c", body="parallel -j 1 < {file}"),
    "watch": _text("env", "TERM=xterm", "script", "-qec", after=("/dev/null",), written="watch -n 9 {}"),
    "bash <(": _inline("bash", "-c", body="sh <(echo '{text}')"),
    "bash . <(": _inline("bash", "-c", body=". <(cat {file})"),
    "bash <<<": _inline("bash", "-c", body="sh <<< '{text}'"),
    "bash -s": _fixed(_BASH, "bash -s <<'EOF'\nset -e\n{text}\nEOF"),
    "bash @:2": _script(_BASH, 'set -- web "$@"\nexec "${@:2}"'),
    "bash array +=": _script(_BASH, 'all=()\nall+=("$1")\nshift\nall+=("$@")\n"${all[@]}"'),
    "bash indirect": _fixed(_BASH, "name={variable}\nexec ${!name}"),
    "bash mapfile": _fixed(_BASH, "mapfile -t all < {file}\nexec ${all[0]}"),
    "bash alias": _fixed(_BASH, "shopt -s expand_aliases\nalias run='{text}'\nrun"),
    "bash coproc": _fixed(_BASH, "coproc {text}\nwait"),
    "sh eval set": _fixed(_SH, 'eval "set -- {text}"\nexec "$@"'),
    "sh getopts": _script(
        _SH,
        'set -- -u root "$@"\nwhile getopts u: one; do case $one in u) user=$OPTARG ;; esac; done\n'
        'shift $((OPTIND - 1))\nexec "$@"',
    ),
    "sh case pattern": _script(_SH, 'case "$1" in\n  none*) exit 1 ;;\n  [a-z]*|/*) exec "$@" ;;\nesac'),
    "sh profile.d": _read(_SH, 'for one in $(dirname {beside})/*.sh; do\n  . "$one"\ndone', "10-web.sh", "{text}\n"),
    "sh library": _read(_SH, ". {beside}\nstart", "lib.sh", "start() {\n  {text}\n}\n"),
    "sh written": _fixed(_SH, "cat > /run/written.sh <<EOF\n{text}\nEOF\nsh /run/written.sh"),
    "sh while read": _fixed(_SH, "while read -r line; do\n  $line\ndone < {file}"),
    "sh sed": _read(_SH, "exec $(sed -n 's/^web: //p' {beside})", "Procfile", "web: {text}\n"),
    "sh grep": _read(_SH, "eval \"$(grep '^web:' {beside} | cut -d: -f2-)\"", "Procfile", "web: {text}\n"),
    "sh awk": _fixed(_SH, "sh -c \"$(awk '{print}' {file})\""),
    "sh jq": _read(_SH, "exec $(jq -r .command {beside})", "web.json", '{"command": "{text}"}\n'),
    "sh envsubst": _fixed(_SH, "echo 'exec ${variable}' | envsubst | sh"),
    "sh dotenv": _read(_SH, "set -a\n. {beside}\nexec $SERVER", ".env", 'SERVER="{text}"\n'),
    "python pty": _script(_PYTHON, "import pty\npty.spawn(sys.argv[1:])"),
    "python asyncio": _fixed(
        _PYTHON,
        "import asyncio\nasync def main():\n"
        "    await (await asyncio.create_subprocess_shell('{text}')).wait()\nasyncio.run(main())",
    ),
    "python json": _read(
        _PYTHON, "subprocess.run(json.load(open('{beside}'))['command'])", "web.json", '{"command": {list}}'
    ),
    "python getattr": _script(_PYTHON, "getattr(os, 'exec' + 'vp')(sys.argv[1], sys.argv[1:])"),
    "python runpy": _read(
        _PYTHON, "import runpy\nrunpy.run_path('{beside}')", "web.txt", "import os\nos.system('{text}')\n"
    ),
    "python exec": _read(_PYTHON, "exec(open('{beside}').read())", "web.txt", "os.system('{text}')\n"),
    "python settings": _read(
        _PYTHON,
        "import configparser\nc = configparser.ConfigParser()\nc.read('{beside}')\nos.system(c['web']['run'])",
        "web.ini",
        "[web]\nrun = {text}\n",
    ),
    "python long string": _fixed(_PYTHON, 'os.system("""\nset -e\necho it is on the way to start\n{text}\n""")'),
    "perl pipe": _fixed("#!/usr/bin/perl", "open(my $p, '-|', '{text}'); print <$p>;"),
    "perl open3": _script("#!/usr/bin/perl", "use IPC::Open3;\nwaitpid(open3('<&STDIN', '>&STDOUT', 0, @ARGV), 0);"),
    "perl do": _read("#!/usr/bin/perl", "do '{beside}';", "web.txt", "exec('{text}');\n"),
    "perl here": _fixed("#!/usr/bin/perl", "system(<<EOF);\nset -e\n{text}\nEOF"),
    "ruby open3": _script("#!/usr/bin/ruby", "require 'open3'\nOpen3.capture2e(*ARGV)"),
    "ruby %x": _fixed("#!/usr/bin/ruby", "puts %x({text})"),
    "ruby load": _read("#!/usr/bin/ruby", "load '{beside}'", "web.rb", "exec '{text}'\n"),
    "node json": _read(
        _NODE, "cp.execSync(JSON.parse(fs.readFileSync('{beside}')).command)", "web.json", '{"command": "{text}"}'
    ),
    "node require": _read(
        _NODE,
        "const {run} = require('{beside}');\nrun();",
        "w.js",
        _NODE[15:] + "\nexports.run = () => cp.execSync('{text}');\n",
    ),
    "node template": _fixed(_NODE, "const tool = 'nice';\ncp.execSync(`${tool} {text}`)"),
    "php proc_open": _fixed("#!/usr/bin/php", "<?php\nproc_close(proc_open('{text}', [], $pipes));"),
    "php include": _read("#!/usr/bin/php", "<?php\ninclude '{beside}';", "web.inc", "<?php\nsystem('{text}');\n"),
    "lua popen": _fixed("#!/usr/bin/lua5.4", "print(io.popen([[{text}]]):read('a'))"),
    "lua dofile": _read("#!/usr/bin/lua5.4", "dofile('{beside}')", "web.txt", "os.execute('{text}')\n"),
    "awk file": _inline("sh", "-c", body="awk '{ system($0) }' {file}"),
    "tcl open": _fixed("#!/usr/bin/tclsh", "puts [read [open {|{text}}]]"),
    "m4": _fixed("", "syscmd({text})", "m4"),
}
"""Launchers that were added when the ones above were known; none of them stands in another."""

_INNER = {**WRAPPERS, **SHELLS, **CODE, **EXECLINE}
_ALL = {**SERVICES, **_INNER, **LATER}
_NOT_INSIDE = frozenset({"loader", "start-stop-daemon", "daemonize", "script", "expect"})
"""Launchers that want the server's own path, or a terminal: nothing stands inside of them."""


def forms() -> list[Form]:
    """Return all forms: each launcher with each server, and nested ones."""
    singles = [_form(server, (name,)) for server in SERVERS for name in (*_INNER, *SERVICES, *LATER)]
    return [*singles, *_nested()]


def _nested() -> Iterator[Form]:
    chance = random.Random(_SEED)
    inside = [name for name in _INNER if name not in _NOT_INSIDE]
    for server in SERVERS:
        for _ in range(NESTED):
            names = chance.sample(inside, chance.choice((2, 2, 3, 3, 4)))
            if chance.random() < 0.1:
                names[0] = chance.choice(list(SERVICES))
            yield _form(server, tuple(names))


def _form(server: str, names: tuple[str, ...]) -> Form:
    """Put a server into launchers, the last of `names` innermost."""
    command, files, environment = SERVERS[server], dict[str, str](), {"PATH": PATH}
    if server == "python":
        files["srv/app/server.py"] = SERVER_IN_PYTHON
    for place, name in reversed(list(enumerate(names))):
        made = _ALL[name](command, f"launcher{place}")
        command, files, environment = made.words, files | made.files, environment | made.environment
    return Form(f"{server}: {' > '.join(names)}", server, command, files, environment)
