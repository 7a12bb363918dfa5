"""One image of the evaluation: what is installed in it, what it starts, and what is asked of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Recipe:
    """One image, and how it is brought to life."""

    name: str
    packages: tuple[str, ...]
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    folder: str = "/app"
    python: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    """Path to content; what begins with `#!` can be executed."""
    prepare: tuple[str, ...] = ()
    """Shell commands inside the image, at its build."""
    asks: tuple[str, ...] = ()
    """Addresses that are fetched while it runs."""
    sends: tuple[tuple[str, str], ...] = ()
    """Address and what is sent to it: posted to one of HTTP, as lines to one of `tcp://`."""
    hangup: bool = False
    """Whether its first process is told to reload (SIGHUP) when half of the time has passed."""
    seconds: int = 12
    """How long it runs."""


SYSTEM = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
VENV = {"PATH": f"/opt/venv/bin:{SYSTEM['PATH']}"}
"""The environment of an image whose Python is that of its virtual environment."""
