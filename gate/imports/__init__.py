"""What a repository's own code imports: one file a language, and what that says of the packages that are locked."""

from types import MappingProxyType

LANGUAGES = MappingProxyType(
    {
        "Go": "gate.imports.go",
        "Maven": "gate.imports.java",
        "NuGet": "gate.imports.dotnet",
        "Packagist": "gate.imports.php",
        "Pub": "gate.imports.dart",
        "PyPI": "gate.imports.python",
        "RubyGems": "gate.imports.ruby",
        "crates.io": "gate.imports.rust",
        "npm": "gate.imports.javascript",
    }
)
"""Ecosystem to the module that reads its language's sources."""
