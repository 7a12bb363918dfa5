"""The one folder in which the gate keeps what is costly to make again."""

import os
from pathlib import Path


def user_cache_folder() -> Path:
    """Return the user's folder (`$XDG_CACHE_HOME/gate`); it need not exist yet."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gate"
