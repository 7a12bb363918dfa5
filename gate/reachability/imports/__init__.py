"""What a repository's own code imports: one file a language, and what that says of the packages that are locked."""

from types import MappingProxyType

LANGUAGES = MappingProxyType(
    {
        "Go": "gate.reachability.imports.go",
        "Maven": "gate.reachability.imports.java",
        "NuGet": "gate.reachability.imports.dotnet",
        "Packagist": "gate.reachability.imports.php",
        "Pub": "gate.reachability.imports.dart",
        "PyPI": "gate.reachability.imports.python",
        "RubyGems": "gate.reachability.imports.ruby",
        "crates.io": "gate.reachability.imports.rust",
        "npm": "gate.reachability.imports.javascript",
    }
)
"""Ecosystem to the module that reads its language's sources."""
