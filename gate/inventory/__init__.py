"""The packages that a repository's lockfiles state and that an image has installed, read from every known format."""
