"""The errors that reach the user. Each says what happened, to which file or image, and what to do next."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gate.model import StageError


class GateError(Exception):
    """An error whose text is written for the person who reads it; it ends a run with `exit_status`."""

    exit_status = 3

    def __init__(self, message: str, *, path: str | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        """The file or image it happened to, as reports name it."""
        self.hint = hint
        """What to do next."""

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{place}{self.message}{'. ' + self.hint if self.hint else ''}"


class UsageError(GateError):
    """Wrong options, a target that is not there, or a setting that cannot be understood."""

    exit_status = 2


def empty(what: str) -> UsageError:
    """Return the error for a flag or target with an empty value, as a variable that is not set leaves one."""
    return UsageError(f"{what} is empty", hint="Leave it out, or give the variable in it a value")


class ConfigError(UsageError):
    """A settings, policy or waiver file that is wrong: which file, which line, which key, and the right form."""

    further: "tuple[ConfigError, ...]" = ()
    """What else is wrong in the same file."""

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *map(str, self.further)])


class UnreadableError(GateError):
    """A file, image or index that is damaged, missing or not what its name says."""


class UnavailableError(UnreadableError):
    """A server cannot be reached now; what was fetched from it earlier stays valid."""


class LimitError(GateError):
    """A bound (size, count, depth, time, memory) was reached before the work was done."""


def unavailable(name: str, why: str) -> UnavailableError:
    """Return the error for the file `name`, which cannot be fetched now, and the reason `why`."""
    hint = "Check the network and the proxy settings, then try again"
    return UnavailableError(f"cannot be fetched ({why})", path=name, hint=hint)


def as_stage_error(error: BaseException, path: str | None = None) -> "StageError":
    """Return an exception as a report states it.

    The text of an unexpected exception is left out, because it can quote a secret; its type and place are stated.
    """
    from gate.model import StageError  # late: start-up loads this module, and does without msgspec

    if isinstance(error, GateError):
        return StageError(title=error.message, message=error.hint, path=error.path or path)
    if isinstance(error, MemoryError):
        return StageError(title="memory limit reached", message="Raise `memory` in gate.yaml", path=path)
    if isinstance(error, RecursionError):
        return StageError(title="nesting limit reached", message="The file is nested too deeply to be read", path=path)
    from gate.core.debug import debug_traceback  # late, as above

    debug_traceback(error)
    place = _place_of(error)
    return StageError(
        title=f"internal error ({type(error).__name__} at {place})",
        message="Please report it with this line; the file's content is not in it",
        path=path,
    )


def _place_of(error: BaseException) -> str:
    """Return the file and line in which an exception was raised, without the path."""
    step = error.__traceback__
    if step is None:
        return "an unknown place"
    while step.tb_next is not None:
        step = step.tb_next
    return f"{os.path.basename(step.tb_frame.f_code.co_filename)}:{step.tb_lineno}"
