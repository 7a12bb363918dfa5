"""How old advisories are, and whether that is too old for a verdict."""

from datetime import UTC, datetime, timedelta

from gate.model import Fact, StageError


def oldest(facts: dict[str, Fact], checked: datetime) -> str:
    """Return when the oldest of the files that were asked for was last checked with its source."""
    moment = checked.astimezone(UTC).isoformat(timespec="seconds")
    return min(moment, str(facts.get("advisories_checked", moment)))


def too_old(name: str, checked: datetime, now: datetime, limit: timedelta, mend: str) -> StageError | None:
    """Return the error for advisories that were last checked with their source too long ago."""
    age = now - checked
    if age <= limit:
        return None
    return StageError(
        title=f"the advisories are {_words(age)} old",
        message=f"They were last checked with their source at {checked:%Y-%m-%d %H:%M} UTC, and advisories.max_age"
        f" allows {_words(limit)}. {mend}",
        path=name,
    )


def _words(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
