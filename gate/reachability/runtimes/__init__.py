"""Reachability in an image: from the entrypoint to files, and from files to packages; one module a runtime.

A runtime is a module with two functions, and one line here:

- `takes(reached, files) -> bool`: whether it can analyse this step;
- `reach(reached, files) -> Iterator[Step]`: the files that the step opens, the programs that it starts, and the gaps,
  which are what cannot be determined without running it.
"""

_LANGUAGES = {
    "php": "gate.reachability.runtimes.languages.php",
    "ruby": "gate.reachability.runtimes.languages.ruby",
    "perl": "gate.reachability.runtimes.languages.perl",
    "dotnet": "gate.reachability.runtimes.languages.dotnet",
    "java": "gate.reachability.runtimes.languages.java",
    "node": "gate.reachability.runtimes.node.loading",
    "shebang": "gate.reachability.runtimes.launchers.shebang",
    "python": "gate.reachability.runtimes.python.loading",
    "erlang": "gate.reachability.runtimes.languages.erlang",
    "R": "gate.reachability.runtimes.languages.r",
    "Lua": "gate.reachability.runtimes.languages.lua",
    "Tcl": "gate.reachability.runtimes.languages.tcl",
}
_PROGRAMS = {
    "uwsgi": "gate.reachability.runtimes.python.uwsgi",
    "elf": "gate.reachability.runtimes.compiled.elf",
    "shell": "gate.reachability.runtimes.shell.script",
    "interactive": "gate.reachability.runtimes.launchers.interactive",
    "launchers": "gate.reachability.runtimes.launchers.supervisors",
    "pm2": "gate.reachability.runtimes.node.pm2",
    "nodemon": "gate.reachability.runtimes.node.nodemon",
    "concurrently": "gate.reachability.runtimes.node.concurrently",
    "cross-env": "gate.reachability.runtimes.node.cross_env",
    "wrappers": "gate.reachability.runtimes.launchers.wrappers",
    "code": "gate.reachability.runtimes.code.calls",
    "subcommands": "gate.reachability.runtimes.launchers.subcommands",
    "execline": "gate.reachability.runtimes.launchers.execline",
    "make": "gate.reachability.runtimes.launchers.make",
    "unknown": "gate.reachability.runtimes.launchers.unknown",
    "PAM": "gate.reachability.runtimes.servers.pam",
    "web servers": "gate.reachability.runtimes.servers.web_servers",
    "folders": "gate.reachability.runtimes.launchers.folder_readers",
    "PostgreSQL": "gate.reachability.runtimes.servers.postgresql",
    "Dovecot": "gate.reachability.runtimes.servers.dovecot",
    "settings": "gate.reachability.runtimes.servers.settings",
}
ANALYSERS = _LANGUAGES | _PROGRAMS
"""Every runtime: name to the module that follows its files."""
