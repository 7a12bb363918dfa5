"""The git hook: written into a repository by `install`, and judging what a push adds by `push` and `judge`."""
