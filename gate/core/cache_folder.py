"""The user's cache folder: advisories, compiled patterns and results of earlier runs."""

import os
from pathlib import Path


def user_cache_folder() -> Path:
    """Return `$XDG_CACHE_HOME/gate` (default: `~/.cache/gate`); it need not exist yet."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gate"
