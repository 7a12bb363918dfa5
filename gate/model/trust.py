"""Whose word counts in a run, and what the change that is judged would loosen."""

from typing import Literal

import msgspec

from gate.model.target import Tree

TrustMode = Literal["base", "head", "machine"]
"""Whose files may loosen the judgement: the protected branch's, the judged ones', or nobody's of the repository."""
GATE = "gate"
"""Name under which reports list what is about the gate itself, as if it were a stage."""


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """Whose word counts in a run: see docs/explanation/trust.md."""

    mode: TrustMode = "head"
    bases: dict[str, tuple[Tree, ...]] = {}
    """With `base`, by target name: the trees of the protected branch. What loosens counts if all of them say it too.
    Their files have the names that they had there (no renames)."""
    settings: str = ""
    """Name of the settings file that decides, as reports show it; empty if there is none."""
    commit: str | None = None
    """The commit that it was read from; None: from the disk."""

    @property
    def is_comparison(self) -> bool:
        """True if a change is judged by what stood before it, so that it can only tighten."""
        return self.mode == "base" and bool(self.bases)

    def bases_of(self, target: str) -> tuple[Tree, ...]:
        """Return the trees whose word counts for a target; none outside of a comparison."""
        return self.bases.get(target, ())


class TrustUsed(msgspec.Struct, frozen=True, kw_only=True):
    """Under whose settings a report was judged."""

    mode: TrustMode
    settings: str | None
    """The settings file; None: the defaults alone."""
    commit: str | None
    """The commit that it was read from; None: from the disk."""


class Loosened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something by which a change would loosen its own judgement. It has no effect there, only once it is merged."""

    rule: str
    """One of `gate.policy.loosening.RULES`."""
    target: str
    path: str
    """The file that says it, relative to the target's root."""
    line: int | None = None
    what: str
    """What is loosened, in a few words: `stages.secrets.ignore: "**"`."""
    passes: tuple[str, ...] | None = None
    """Fingerprints of today's findings that would pass or count less because of it; None: that cannot be counted."""
