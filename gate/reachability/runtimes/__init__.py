"""What an image really runs: from its entrypoint to files, from files to packages; one file a runtime.

A runtime is a module with two names, and one line here:

- `takes(reached, files) -> bool`: tells whether it can say what follows from this step;
- `reach(reached, files) -> Iterator[Step]`: the files that are opened, the programs that are started, and the gaps:
  what of this cannot be told without running it.
"""

ANALYSERS = {
    "php": "gate.reachability.runtimes.php",
    "ruby": "gate.reachability.runtimes.ruby",
    "perl": "gate.reachability.runtimes.perl",
    "dotnet": "gate.reachability.runtimes.dotnet",
    "java": "gate.reachability.runtimes.java",
    "node": "gate.reachability.runtimes.node",
    "shebang": "gate.reachability.runtimes.shebang",
    "python": "gate.reachability.runtimes.python",
    "uwsgi": "gate.reachability.runtimes.uwsgi",
    "elf": "gate.reachability.runtimes.elf",
    "shell": "gate.reachability.runtimes.shell",
    "launchers": "gate.reachability.runtimes.launchers",
    "wrappers": "gate.reachability.runtimes.wrappers",
    "PAM": "gate.reachability.runtimes.pam",
    "settings": "gate.reachability.runtimes.settings",
}
"""Every runtime: name to the module that follows its files."""
