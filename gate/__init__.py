"""gate: a shift-left security gate for CI/CD."""

__version__ = "0.1.0"
