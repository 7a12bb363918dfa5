"""Third parties of pipelines: what of others takes part in a build, and what it receives."""

import msgspec

_COLUMN = " | "
_COLUMNS = 7


class PipelineParty(msgspec.Struct, frozen=True, kw_only=True):
    """Something of others that takes part in a pipeline, and what it receives."""

    kind: str
    """`action`, `workflow`, `image`, `include`, `component`, `orb`, `plugin`, `script`, `service`, `upload`."""
    name: str
    """As its system names it, without the reference."""
    reference: str = ""
    """Tag, branch, commit, version or digest; empty: none is given."""
    is_pinned: bool = False
    """True for a commit or a digest: what it is cannot change."""
    receives: tuple[str, ...] = ()
    """Of `code`, `secrets`, `artifacts`, `results`, what it gets for certain."""
    owner: str = ""
    """The account or host that publishes it."""
    path: str
    line: int

    @property
    def has_version(self) -> bool:
        """False for what is sent to, which has none that could be pinned; the image of a service has one."""
        return bool(self.reference) or self.kind not in ("service", "upload")

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes it another one than before: kind, name and reference."""
        return (self.kind, self.name, self.reference)

    @property
    def columns(self) -> tuple[str, ...]:
        """Kind, name, reference, whether it is pinned, what it receives, owner and place, as reports write them."""
        pin = "pinned" if self.is_pinned else "not pinned"
        place = f"{self.path}:{self.line}"
        texts = (
            self.kind,
            self.name,
            self.reference,
            pin * self.has_version,
            ", ".join(self.receives),
            self.owner,
            place,
        )
        return tuple(text.replace(_COLUMN, " ") for text in texts)

    @property
    def text(self) -> str:
        """The columns on one line, as the facts of a stage hold them."""
        return _COLUMN.join(self.columns)


def columns_of(text: str) -> tuple[str, ...]:
    """Return the columns of a line that `PipelineParty.text` made; nothing for any other text."""
    columns = tuple(text.split(_COLUMN))
    return columns if len(columns) == _COLUMNS else ()
