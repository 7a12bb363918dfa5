"""The errors that a user can meet. Each says what happened, to what, and what to do next."""


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


class ConfigError(UsageError):
    """A settings, policy or waiver file that is wrong: which file, which line, which key, and the right form."""


class UnreadableError(GateError):
    """A file, image or index that is damaged, missing or not what its name says."""


class LimitError(GateError):
    """A bound (size, count, depth, time, memory) was reached before the work was done."""
