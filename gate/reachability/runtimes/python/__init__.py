"""Python, followed: the search path, the modules that run, and what servers load by name."""
