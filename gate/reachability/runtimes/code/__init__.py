"""Scripts in languages other than the shell's that start programs: the calls for it, and their words."""
