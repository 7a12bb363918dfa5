"""Whether vulnerable functions of npm packages are used: what source code takes of a package that it loads."""
