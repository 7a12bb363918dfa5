"""What commands share: the project that they work on, hooks, fixes, onboarding, comments in merge requests."""
