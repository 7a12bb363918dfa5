"""Extensions of Visual Studio Code."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="VSCode",
    version_order="semver",
)
