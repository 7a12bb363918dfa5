"""The formats of lockfiles and manifests: one file a format.

A format is one line in `LOCKFILES`, and a module with `read(tree, path) -> Locked`: the packages of one file. It reads
through the tree and nothing else, and raises UnreadableError ("cannot be parsed …") or LimitError for what it cannot
read.

That of a manifest has `LOCKED_BY` too: the lockfiles that make it needless (`gate.inventory.discovery`).
"""

LOCKFILES: dict[str, tuple[str, ...]] = {
    "requirements": ("requirements*.txt", "*-requirements.txt", "*_requirements.txt", "**/requirements/*.txt"),
    "dist_info": ("**/*.dist-info/METADATA",),
    "poetry": ("poetry.lock",),
    "uv": ("uv.lock", "*.py.lock"),
    "pdm": ("pdm.lock",),
    "pipfile": ("Pipfile.lock", "Pipfile"),
    "pylock": ("pylock.toml", "pylock.*.toml"),
    "pyproject": ("pyproject.toml",),
    "setup_cfg": ("setup.cfg",),
    "npm": ("package-lock.json", "npm-shrinkwrap.json"),
    "yarn": ("yarn.lock",),
    "pnpm": ("pnpm-lock.yaml",),
    "bun": ("bun.lock", "bun.lockb"),
    "deno": ("deno.lock",),
    "package_json": ("package.json",),
    "go_modules": ("go.mod",),
    "vendor_modules": ("**/vendor/modules.txt",),
    "cargo": ("Cargo.lock",),
    "cargo_toml": ("Cargo.toml",),
    "gradle": ("gradle.lockfile", "*-gradle.lockfile", "**/dependency-locks/*.lockfile"),
    "gradle_verification": ("**/gradle/verification-metadata.xml",),
    "maven": ("pom.xml", "*.pom"),
    "sbt": ("build.sbt.lock",),
    "gradle_catalog": ("*.versions.toml",),
    "bazel": ("MODULE.bazel.lock", "*maven_install.json"),
    "jars": ("*.jar", "*.war"),
    "nuget": ("packages.lock.json", "packages.*.lock.json"),
    "nuget_config": ("packages.config", "packages.*.config"),
    "dotnet_deps": ("*.deps.json",),
    "paket": ("paket.lock",),
    "nuget_project": (
        "*.csproj",
        "*.fsproj",
        "*.vbproj",
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Packages.props",
        "Packages.props",
    ),
    "conan": ("conan.lock", "conanfile.txt"),
    "gemfile_lock": ("Gemfile.lock", "gems.locked"),
    "gemfile": ("Gemfile", "gems.rb"),
    "gemspec": ("*.gemspec",),
    "composer": ("composer.lock", "**/vendor/composer/installed.json"),
    "composer_json": ("composer.json",),
    "pub": ("pubspec.lock",),
    "pubspec_yaml": ("pubspec.yaml",),
    "mix": ("mix.lock",),
    "rebar": ("rebar.lock",),
    "gleam": ("manifest.toml", "gleam.toml"),
    "swift": ("Package.resolved",),
    "cocoapods": ("Podfile.lock",),
    "cabal": ("cabal.project.freeze", "cabal.project.*.freeze", "cabal.config"),
    "stack": ("stack.yaml.lock",),
    "stack_yaml": ("stack.yaml",),
    "renv": ("renv.lock",),
    "r_description": ("DESCRIPTION",),
    "julia": ("Manifest.toml", "JuliaManifest.toml", "Project.toml", "JuliaProject.toml"),
    "opam_file": ("*.opam", "*.opam.locked"),
    "flake": ("flake.lock",),
    "conda": ("conda-lock.yml", "environment.yml", "environment.yaml"),
    "conda_explicit": ("conda-*.lock", "explicit.txt", "spec-file.txt"),
    "pixi": ("pixi.lock",),
    "terraform": (".terraform.lock.hcl",),
    "github_actions": (".github/workflows/*.yml", ".github/workflows/*.yaml", "action.yml", "action.yaml"),
    "submodules": (".gitmodules",),
    "cgmanifest": ("cgmanifest.json",),
    "govendor": ("**/vendor/vendor.json",),
    "sbom": (
        "*.cdx.json",
        "*.cdx.xml",
        "bom.json",
        "bom.xml",
        "sbom.json",
        "sbom.xml",
        "*.sbom.json",
        "*.spdx.json",
        "*.spdx3.json",
        "*.spdx",
    ),
    "build_programs": (
        "setup.py",
        "conanfile.py",
        "build.gradle",
        "build.gradle.kts",
        "build.sbt",
        "mix.exs",
        "rebar.config",
        "Package.swift",
        "Podfile",
        "Cartfile",
        "MODULE.bazel",
        "build.zig.zon",
        "project.clj",
        "deps.edn",
        "cpanfile",
        "shard.yml",
    ),
}
"""Every format: its module in this folder, and the names of its files as `gate.core.path_patterns` understands them.

They stand here and not in the modules, so that these are imported for the files that there are.
"""

PASSED_OVER = {
    "*.dll": "assemblies of .NET",
    "**/wp-content/plugins/*/readme.txt": "plug-ins of WordPress",
    "vcpkg.json": "lists of vcpkg's ports",
}
"""Names of files that are packages or ask for some and are not read, and what they are; no database that one may have
has advisories on them, or their version stands elsewhere."""

NOT_READ_YET = frozenset({"Cartfile.resolved", "shard.lock"})
"""Names of lockfiles without a reader. They are errors, as skipping them would hide their packages."""
