"""BuildKit's own checks, which `docker build --check` runs."""

CHECKS_PAGE = "https://docs.docker.com/reference/build-checks"
"""Where each check has a page."""
