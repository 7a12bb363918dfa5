"""A report without a problem, from a program whose end says otherwise: it is no clean bill, but an error."""

import re

from gate.model import StageError
from gate.tools.run import ProgramEnd

_SPOKEN_ERROR = re.compile(
    rb"^[ \t]*(?:[^\s]+[ \t]+){0,5}?\[?(?:ERROR|ERR|FATAL|FTL|CRITICAL|PANIC)\b"
    rb"|^(?:error|fatal|panic)\b[^\n]*:|^Traceback |^Exception in thread "
    rb'|[\'"]?\b(?:level|severity)[\'"]?[ \t]*[=:][ \t]*[\'"]?(?i:error|fatal|critical|panic)\b',
    re.MULTILINE,
)
"""A level among the first words of a line of a log or in its fields, or how a program begins to tell why it fails."""


def doubt(tool: str, ran: ProgramEnd) -> StageError | None:
    """Return why a report that tells nothing at all cannot be believed; None: nothing speaks against it.

    The program's words are not told: they can quote the source.
    """
    if ran.status:
        return StageError(
            title=f"{tool} ended with status {ran.status}, and its report tells nothing",
            message="It failed, or its findings are of a kind that is not read: run it by hand",
        )
    if _SPOKEN_ERROR.search(ran.words):
        return StageError(
            title=f"{tool} speaks of an error, and its report tells nothing",
            message="It is on its standard error: run it by hand",
        )
    return None
