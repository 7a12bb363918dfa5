"""The rules on GitLab CI: a family a module."""
