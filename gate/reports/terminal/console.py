"""Rich's console, with another reaction to a closed pipe."""

import errno
import os
from typing import NoReturn

from rich.console import Console as RichConsole


class Console(RichConsole):
    """Lets the command line decide how to exit."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise BrokenPipeError; rich would exit with status 1, which means that the verdict is a fail."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
