"""How much of a target a stage looks at, if `paths` and `ignore` leave something out."""

from collections.abc import Iterable

import msgspec


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of files and lines that were looked at, and of those that would be without `paths` and `ignore`."""

    files: int
    of_files: int
    lines: int
    of_lines: int
    least: float | None = None
    """Of what several came to together: per cent of the one of which the smallest share was looked at."""

    @property
    def per_cent(self) -> float:
        """The smaller of the two shares, from 0 to 100; 100 if there is nothing to look at."""
        return min(_per_cent(self.files, self.of_files), _per_cent(self.lines, self.of_lines))

    @property
    def least_per_cent(self) -> float:
        """The smallest share of one target, from 0 to 100."""
        return self.per_cent if self.least is None else self.least

    def __str__(self) -> str:
        return (
            f"{self.files:,} of {self.of_files:,} files ({_per_cent(self.files, self.of_files):.3g}%) and "
            f"{self.lines:,} of {self.of_lines:,} lines ({_per_cent(self.lines, self.of_lines):.3g}%)"
        )


def _per_cent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 100.0


def sum_of(shares: Iterable[Share | None]) -> Share | None:
    """Return the sum of several shares; None if all of them are None."""
    known = [share for share in shares if share is not None]
    if not known:
        return None
    return Share(
        files=sum(one.files for one in known),
        of_files=sum(one.of_files for one in known),
        lines=sum(one.lines for one in known),
        of_lines=sum(one.of_lines for one in known),
        least=round(min(one.least_per_cent for one in known), 2),
    )
