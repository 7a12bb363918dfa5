"""git hooks: `install` writes them, `push` and `targets` find what a push adds, `message` is what the user reads."""
