"""Which packages are in use: those that an image's start leads to, and those that a repository's sources import."""
