"""The application behind the commands: projects, git hooks, fixes, onboarding, comments in merge requests."""
