"""Where secrets are looked for: the files of a tree, archives in it, commits, whole histories, names and messages."""
