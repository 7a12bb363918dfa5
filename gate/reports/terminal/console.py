"""Rich's console, but for what it does when a reader hangs up."""

import errno
import os
from typing import NoReturn

from rich.console import Console as RichConsole


class Console(RichConsole):
    """Leaves it to the command line how to end."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise BrokenPipeError; rich would end the program with status 1, which says that the policy fails it."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
