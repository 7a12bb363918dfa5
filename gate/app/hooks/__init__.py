"""The pre-push hook: `install` writes it, `push` and `targets` say what a push adds, `message` what came of it."""
