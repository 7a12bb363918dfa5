"""One of the ways in which a Dockerfile is built."""

import msgspec


class NamedContext(msgspec.Struct, frozen=True):
    """What stands behind a further context's name; neither: what only the build knows, such as another target."""

    image: str | None = None
    folder: str | None = None
    """A folder of the tree."""


class Variant(msgspec.Struct, frozen=True):
    """The build arguments and contexts that are given, and the stage that is built."""

    arguments: dict[str, str] = {}
    target: str | None = None
    """Name or number of a stage; None: the last one."""
    context: str | None = None
    """The folder of the tree that is the build context, empty for its root; None: nothing says which."""
    contexts: dict[str, NamedContext] = {}
    """Further contexts by their names in small letters: `COPY --from=NAME`, `FROM NAME`."""

    def named(self, name: str) -> NamedContext | None:
        """Return the further context that `name` stands for; Docker takes `NAME:latest` for the same."""
        return self.contexts.get(name.lower().removesuffix(":latest"))


PLAIN = Variant()
"""As `docker build` does it when nothing else is said."""
