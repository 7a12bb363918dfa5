"""Reports without a problem that cannot be trusted, because the tool's exit status or messages indicate a failure."""

import re

from gate.model import StageError
from gate.tools.run import ProgramEnd

_LEVEL = rb"^[ \t]*(?:[^\s]+[ \t]+){0,5}?\[?(?:ERROR|ERR|FATAL|FTL|CRITICAL|PANIC)\b"
"""A level among the first six words of a line of a log."""
_LEVEL_FIELD = rb'[\'"]?\b(?:level|severity)[\'"]?[ \t]*[=:][ \t]*[\'"]?(?i:error|fatal|critical|panic)\b'
"""A level in a field of a structured log."""
_FAILURE = rb"^(?:error|fatal|panic)\b[^\n]*:|^Traceback |^Exception in thread "
"""The beginning of a message with which a program fails."""
_LOGGED_ERROR = re.compile(rb"|".join((_LEVEL, _FAILURE, _LEVEL_FIELD)), re.MULTILINE)


def doubt(tool: str, ran: ProgramEnd) -> StageError | None:
    """Return why an empty report cannot be trusted; None if there is no reason for doubt.

    The tool's messages are not quoted, because they can hold parts of the source.
    """
    if ran.status:
        return StageError(
            title=f"{tool} ended with status {ran.status}, and its report says nothing",
            message="It failed, or its findings are of a kind that is not read: run it by hand",
        )
    if _LOGGED_ERROR.search(ran.words):
        return StageError(
            title=f"{tool} speaks of an error, and its report says nothing",
            message="It is on its standard error: run it by hand",
        )
    return None
