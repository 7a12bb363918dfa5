"""Secrets: detectors behind a native pre-filter, decoders, triage of each candidate; each secret is one finding."""

from pathlib import Path

from gate.secrets.results.detected import DetectedSecret

__all__ = ["DetectedSecret", "find_secrets"]


def find_secrets(content: bytes, path: str, cache_folder: Path | None = None) -> list[DetectedSecret]:
    """Find the secrets in a file's bytes, in the order of their lines; the same secret once, at its first line.

    `path` (relative) decides what detectors make of the file: type by extension, archive, lock file, image, test.
    What is no text, is passed over by its name, or is refuted, has no secrets here;
    `gate.secrets.engine.scan.examine` says so. `cache_folder` keeps the compiled pre-filter; without it each process
    compiles its own (a second or two).
    """
    from gate.secrets.engine.configuration import GATE
    from gate.secrets.engine.scan import examine, scanner

    return list(examine(content, path, scanner(GATE, cache_folder and str(cache_folder))).secrets)
