"""A detector's candidate within its line, and what may become of it."""

from collections.abc import Callable

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.model import Confidence
from gate.secrets.kinds.catalogue import SecretKind, kind_of
from gate.secrets.triage.checksums import fits_checksum
from gate.secrets.triage.evidence import Naming, naming
from gate.secrets.triage.lookalikes import MAX_TYPED

HEADER_ALONE = "the header of a key alone"
BEFORE, AFTER = 200, 120
"""Characters of the line that are looked at on either side of a value."""
_HEADER = lazy_regex(r"BEGIN(?: [A-Z0-9]{1,12}){0,3} PRIVATE KEY(?: BLOCK)?")
_TOKEN_REST = lazy_regex(r"(?:[.-]?[0-9A-Za-z_]++)*+")
"""What a detector leaves out of a token, up to the end of a sentence."""


class TriageVerdict(msgspec.Struct, frozen=True):
    """What became of a candidate. The reason is one of a few fixed texts, so that they can be counted."""

    confidence: Confidence | None
    """None: it is dropped."""
    reason: str


class CandidateInLine(msgspec.Struct, frozen=True):
    """A detector's candidate within its line."""

    type: str
    value: str
    before: str
    after: str
    path: str

    @property
    def naming(self) -> Naming:
        """The names in front of the value."""
        return naming(self.before)

    @property
    def is_quoted(self) -> bool:
        """True if a quote opens right before the value."""
        return self.before.rstrip().endswith(("'", '"', "`"))

    @property
    def kind(self) -> SecretKind:
        """The row of its kind."""
        return kind_of(self.type)

    @property
    def base(self) -> Confidence:
        """How sure its kind is by itself."""
        return self.kind.confidence

    @property
    def checksum_fits(self) -> bool | None:
        """True if the token's own checksum fits; None if its format has none."""
        whole = self.value + _TOKEN_REST.match(self.after).group()  # type: ignore[union-attr]
        return fits_checksum(whole) if len(whole) <= MAX_TYPED else None


def locate(secret_type: str, value: str, line: str, path: str) -> CandidateInLine:
    """Find a value in its line; of a private key, which goes on below, its header."""
    header = _HEADER.search(line) if kind_of(secret_type).is_private_key else None
    shown = header.group() if header else value
    start = _place_of(shown, line)
    end = start + len(shown)
    return CandidateInLine(secret_type, shown, line[max(start - BEFORE, 0) : start], line[end : end + AFTER], path)


def _place_of(shown: str, line: str) -> int:
    """Return where a value stands: of several places the first within quotes, as its name may hold it too."""
    first = max(line.find(shown), 0)
    if line.find(shown, first + 1) < 0:
        return first
    quoted = [line.find(quote + shown + quote) for quote in "\"'`"]
    return min((place + 1 for place in quoted if place >= 0), default=first)


Check = Callable[[CandidateInLine], str | None]
"""Returns why a candidate is no secret, or None."""
