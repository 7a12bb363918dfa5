"""Whose settings and files may loosen a run's judgement, and what the judged change would loosen."""

from typing import Literal

import msgspec

from gate.model.target import Tree

TrustMode = Literal["base", "head", "machine"]
"""Which files may loosen the judgement: the protected branch's, the judged ones, or none of the repository."""
GATE = "gate"
"""The name of the stage under which reports list findings about the gate itself."""


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """Which files a run trusts: see docs/explanation/trust.md."""

    mode: TrustMode = "head"
    bases: dict[str, tuple[Tree, ...]] = {}
    """With `base`, by target name: the trees of the protected branch. Something that loosens the judgement counts only
    if all of them have it too. Their files have the names of that branch (no renames)."""
    settings: str = ""
    """Name of the settings file in force, as reports show it; empty if there is none."""
    commit: str | None = None
    """The commit that this file was read from; None: from the disk."""
    stated: frozenset[str] = frozenset()
    """Keys of settings (`advisories.source`) whose value the starter or the organisation states too. What another key
    names is the repository's word alone: it is asked without credentials, over TLS and on public addresses."""

    @property
    def is_comparison(self) -> bool:
        """True if a change is judged by the settings before it, which it can tighten but not loosen."""
        return self.mode == "base" and bool(self.bases)

    def bases_of(self, target: str) -> tuple[Tree, ...]:
        """Return the trees that are trusted for a target; none if the run compares with nothing."""
        return self.bases.get(target, ())


class TrustUsed(msgspec.Struct, frozen=True, kw_only=True):
    """Under whose settings a report was judged."""

    mode: TrustMode
    settings: str | None
    """The settings file; None: only the defaults."""
    commit: str | None
    """The commit that this file was read from; None: from the disk."""


class Loosened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something by which a change would loosen its own judgement; it takes effect only after it is merged."""

    rule: str
    """One of `gate.policy.loosening_rules.RULES`."""
    target: str
    path: str
    """The file that holds it, relative to the target's root."""
    line: int | None = None
    what: str
    """What is loosened, in a few words: `stages.secrets.ignore: "**"`."""
    passes: tuple[str, ...] | None = None
    """Fingerprints of the findings that would pass or count less because of it; None if that is unknown."""
