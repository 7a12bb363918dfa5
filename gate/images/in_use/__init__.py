"""What an image really runs: from its entrypoint to files, from files to packages; one file a runtime.

A runtime is a module with two names, and one line here:

- `takes(reached, files) -> bool`: tells whether it can say what follows from this step;
- `reach(reached, files) -> Iterator[Step]`: the files that are opened, the programs that are started, and the gaps:
  what of this cannot be told without running it.
"""

ANALYSERS = {
    "php": "gate.images.in_use.php",
    "ruby": "gate.images.in_use.ruby",
    "perl": "gate.images.in_use.perl",
    "dotnet": "gate.images.in_use.dotnet",
    "java": "gate.images.in_use.java",
    "node": "gate.images.in_use.node",
    "shebang": "gate.images.in_use.shebang",
    "python": "gate.images.in_use.python",
    "uwsgi": "gate.images.in_use.uwsgi",
    "elf": "gate.images.in_use.elf",
    "shell": "gate.images.in_use.shell",
    "launchers": "gate.images.in_use.launchers",
    "wrappers": "gate.images.in_use.wrappers",
    "PAM": "gate.images.in_use.pam",
    "settings": "gate.images.in_use.settings",
}
"""Every runtime: name to the module that follows its files."""
