"""What a stage says of itself, for all that neither runs it nor imports what it rests on."""

from collections.abc import Mapping
from typing import Generic, Literal, TypeVar

import msgspec

from gate.declarations.section import StageSettings
from gate.model import Image

Section_co = TypeVar("Section_co", bound=StageSettings, covariant=True)

Tighter = (
    Literal["base", "organisation", "on", "more", "fewer", "allow list", "labels", "levels", "higher", "shorter"]
    | Literal["loosens"]
    | tuple[str, ...]
)
"""Which of two values of a setting is the tighter (`gate.policy.trust`); a tuple names all values, the loosest first.

`base`: none is, so that in a comparison the base's holds; `organisation`: no file of a repository may say it.
"""


class Declaration(msgspec.Struct, Generic[Section_co], frozen=True, kw_only=True):
    """A stage, as the rest of the gate knows it."""

    name: str
    """As it is called by findings, reports, `--stage` and its section of `gate.yaml`."""
    module: str
    """Dotted name of the module that runs it (`gate.stages.base.Stage`)."""
    accepts: tuple[type, ...]
    """Kinds of target that it runs on: `Tree`, `CommitRange`, `Image`."""
    settings: type[Section_co]
    """Its section of `gate.yaml`; every key has a default."""
    trust: Mapping[str, Tighter] = {}
    """Each key that only this section has, dotted in parts of it: which value is the tighter."""
    files: tuple[str, ...] = ()
    """Keys that name files or folders for it to read besides its targets; relative to `gate.yaml`."""
    flags: Mapping[str, str] = {}
    """Keys whose flag is not `--NAME-KEY`, with its name."""
    needs: tuple[str, ...] = ()
    """Keys of the settings, one of which has to name something, or it has nothing to look at."""
    without: str = ""
    """Says so, for `gate doctor`."""
    runs_on_request: bool = False
    """True if it runs only where `needs` ask for it, and is not missed elsewhere."""
    permission: str = ""
    """What the setting `allow` has to name before it runs for a repository."""
    fixes: bool = False
    """True if its findings can carry edits."""
    lists_packages: bool = False
    """True if its results hold all packages of a target."""
    finds_secrets: bool = False
    """True if its findings are secrets; it hides their values itself."""
    words_rule: str = ""
    """Rule for what files of the target loosen that it reads besides (`said_in`); empty: it reads none."""
    loosens: str = ""
    """Key that lets such a file switch rules or files off."""
    known_findings: str = ""
    """Key that names such a file of known findings, which do not block."""

    @property
    def looks_at_images(self) -> bool:
        """True if it runs on images."""
        return Image in self.accepts
