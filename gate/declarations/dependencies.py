"""The stage that matches the packages of lockfiles with advisories."""

from typing import Annotated

from gate.declarations.declaration import Declaration
from gate.declarations.section import LicenseSettings, Plugins, StageSettings, about
from gate.model import Tree


class DependenciesSettings(StageSettings, frozen=True):
    """The dependencies stage."""

    vex: Annotated[
        tuple[str, ...], about("VEX documents (OpenVEX, CycloneDX) in the project; what they clear is ignored.")
    ] = ()
    internal_packages: Annotated[
        tuple[str, ...], about("Names of the organisation's own packages; from another registry they are findings.")
    ] = ()
    internal_registries: Annotated[
        tuple[str, ...], about("Beginnings of the addresses that internal packages come from.")
    ] = ()
    licenses: LicenseSettings = LicenseSettings()
    plugins: Plugins = ()


DEPENDENCIES = Declaration(
    name="dependencies",
    module="gate.stages.dependencies",
    accepts=(Tree,),
    settings=DependenciesSettings,
    fixes=True,
    lists_packages=True,
    words_rule="GATE-VEX",
    trust={"internal_packages": "more", "internal_registries": "allow list"},
)
