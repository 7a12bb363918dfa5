"""Secrets: detect-secrets' detectors and filters behind a native pre-filter."""

from pathlib import Path

from gate.secrets.detected import DetectedSecret

__all__ = ["DetectedSecret", "find_secrets"]


def find_secrets(content: bytes, path: str, cache_folder: Path | None = None) -> list[DetectedSecret]:
    """Find the secrets in a file's bytes, in the order of their lines; the same secret once, at its first line.

    `path` (relative) decides what detect-secrets makes of the file: type by extension, lock file, image. Content
    that is no text, or that detect-secrets passes over by its name, has no secrets; `gate.secrets.scan.examine`
    says so. `cache_folder` keeps the compiled pre-filter; without it each process compiles its own (0.1 s).
    """
    from gate.secrets.configuration import GATE
    from gate.secrets.scan import examine, scanner

    return list(examine(content, path, scanner(GATE, cache_folder and str(cache_folder))).secrets)
