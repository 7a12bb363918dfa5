"""`gate.yaml`, flags and environment: every setting once, with its default and its meaning."""

from typing import Any

import msgspec

from gate.policy.rules import PolicySettings


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of `gate.yaml`; a key that it does not have is an error."""


class StageSettings(_Section, frozen=True):
    """What every stage can be told."""

    enabled: bool = True
    paths: tuple[str, ...] = ()
    """Look only at files that match one of these patterns; empty: at all."""
    ignore: tuple[str, ...] = ()
    """Never look at files that match one of these patterns."""


class DockerfileSettings(StageSettings, frozen=True):
    """The dockerfile stage."""

    trusted_registries: tuple[str, ...] = ()
    """Registries that base images may come from; empty: any."""


class SecretsSettings(StageSettings, frozen=True):
    """The secrets stage."""

    baseline: str = ".secrets.baseline"
    """A detect-secrets baseline; what it lists is existing."""
    max_file_size: int = 8 << 20
    """Bytes; a larger text file is an error, not skipped in silence."""


class DependenciesSettings(StageSettings, frozen=True):
    """The dependencies stage."""


class ImageSettings(StageSettings, frozen=True):
    """The image stage."""

    max_size: int = 32 << 30
    """Bytes of all layers after decompression."""
    max_entries: int = 5_000_000
    """Files, folders and links in all layers."""


class Stages(_Section, frozen=True):
    """One section a stage."""

    dockerfile: DockerfileSettings = DockerfileSettings()
    secrets: SecretsSettings = SecretsSettings()
    dependencies: DependenciesSettings = DependenciesSettings()
    image: ImageSettings = ImageSettings()


class ImageRef(_Section, frozen=True):
    """An image to scan with the repository."""

    ref: str
    """As on the command line: `archive:FILE.tar`, `oci-dir:FOLDER`, `docker:NAME`; a path is relative to gate.yaml."""


class AdvisorySettings(_Section, frozen=True):
    """Where advisories come from."""

    source: str = "https://osv-vulnerabilities.storage.googleapis.com"
    """A folder or URL laid out as OSV's bucket (`ECOSYSTEM/all.zip`)."""


class Settings(_Section, frozen=True):
    """All of `gate.yaml`."""

    stages: Stages = Stages()
    images: tuple[ImageRef, ...] = ()
    advisories: AdvisorySettings = AdvisorySettings()
    policy: PolicySettings = PolicySettings()
    since: str | None = None
    """Judge only what came after the merge base with this revision."""
    reports: dict[str, str] = {}
    """Report format to file; `-` is standard output."""
    offline: bool = False
    """Use nothing from the network."""
    cache: bool = True
    """Keep and use what earlier runs computed."""
    jobs: int = 0
    """Worker processes; 0: one a processor."""
    timeout: int = 600
    """Seconds that one stage may take on one target."""
    memory: int = 4 << 30
    """Bytes of memory that one worker may take."""
    quiet: bool = False
    """Print the verdict alone."""
    verbose: bool = False
    """Print facts and what was passed over."""

    def stage(self, name: str) -> Any:
        """Return the section of a stage."""
        return getattr(self.stages, name)
