"""Which stage runs on which target, in which process, and how long it may take."""
