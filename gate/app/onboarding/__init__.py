"""`gate init`: `look` surveys a repository, `files` proposes files for it."""
