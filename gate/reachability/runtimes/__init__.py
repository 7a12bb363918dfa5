"""Reachability in an image: from the entrypoint to files, and from files to packages; one module a runtime.

A runtime is a module with two functions, and one line here:

- `takes(reached, files) -> bool`: whether it can analyse this step;
- `reach(reached, files) -> Iterator[Step]`: the files that the step opens, the programs that it starts, and the gaps,
  which are what cannot be determined without running it.
"""

_LANGUAGES = {
    "php": "gate.reachability.runtimes.php",
    "ruby": "gate.reachability.runtimes.ruby",
    "perl": "gate.reachability.runtimes.perl",
    "dotnet": "gate.reachability.runtimes.dotnet",
    "java": "gate.reachability.runtimes.java",
    "node": "gate.reachability.runtimes.node",
    "shebang": "gate.reachability.runtimes.shebang",
    "python": "gate.reachability.runtimes.python",
    "erlang": "gate.reachability.runtimes.erlang",
    "R": "gate.reachability.runtimes.r",
    "Lua": "gate.reachability.runtimes.lua",
    "Tcl": "gate.reachability.runtimes.tcl",
}
_PROGRAMS = {
    "uwsgi": "gate.reachability.runtimes.uwsgi",
    "elf": "gate.reachability.runtimes.elf",
    "shell": "gate.reachability.runtimes.shell",
    "interactive": "gate.reachability.runtimes.interactive",
    "launchers": "gate.reachability.runtimes.launchers",
    "pm2": "gate.reachability.runtimes.pm2",
    "nodemon": "gate.reachability.runtimes.nodemon",
    "concurrently": "gate.reachability.runtimes.concurrently",
    "wrappers": "gate.reachability.runtimes.wrappers",
    "code": "gate.reachability.runtimes.code",
    "subcommands": "gate.reachability.runtimes.subcommands",
    "execline": "gate.reachability.runtimes.execline",
    "make": "gate.reachability.runtimes.make",
    "unknown": "gate.reachability.runtimes.unknown",
    "PAM": "gate.reachability.runtimes.pam",
    "web servers": "gate.reachability.runtimes.web_servers",
    "folders": "gate.reachability.runtimes.folder_readers",
    "PostgreSQL": "gate.reachability.runtimes.postgresql",
    "Dovecot": "gate.reachability.runtimes.dovecot",
    "settings": "gate.reachability.runtimes.settings",
}
ANALYSERS = _LANGUAGES | _PROGRAMS
"""Every runtime: name to the module that follows its files."""
