"""`gate init`: `look` says what a repository holds, `files` what is proposed for it."""
