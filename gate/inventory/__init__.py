"""What is locked by a repository or installed in an image: one file a format.

A lockfile format is a module with two names, and one line in `LOCKFILES`:

- `PATTERNS`: the names of its files, as `gate.patterns` understands them;
- `read(tree, path) -> Locked`: the packages of one file. It reads through the tree and nothing else, and raises
  UnreadableError ("cannot be parsed …") or LimitError for what it cannot read.

That of a manifest has `LOCKED_BY` too: the lockfiles that make it needless (`gate.inventory.discovery`).
"""

LOCKFILES = {
    "requirements.txt": "gate.inventory.requirements",
    "poetry.lock": "gate.inventory.poetry",
    "uv.lock": "gate.inventory.uv",
    "pdm.lock": "gate.inventory.pdm",
    "Pipfile.lock": "gate.inventory.pipfile",
    "pylock.toml": "gate.inventory.pylock",
    "pyproject.toml": "gate.inventory.pyproject",
    "setup.cfg": "gate.inventory.setup_cfg",
    "package-lock.json": "gate.inventory.npm",
    "yarn.lock": "gate.inventory.yarn",
    "pnpm-lock.yaml": "gate.inventory.pnpm",
    "bun.lock": "gate.inventory.bun",
    "deno.lock": "gate.inventory.deno",
    "package.json": "gate.inventory.package_json",
    "go.mod": "gate.inventory.go_modules",
    "Cargo.lock": "gate.inventory.cargo",
    "Cargo.toml": "gate.inventory.cargo_toml",
    "gradle.lockfile": "gate.inventory.gradle",
    "verification-metadata.xml": "gate.inventory.gradle_verification",
    "pom.xml": "gate.inventory.maven",
    "build.sbt.lock": "gate.inventory.sbt",
    "packages.lock.json": "gate.inventory.nuget",
    "packages.config": "gate.inventory.nuget_config",
    "deps.json": "gate.inventory.dotnet_deps",
    "paket.lock": "gate.inventory.paket",
    "csproj": "gate.inventory.nuget_project",
    "conan.lock": "gate.inventory.conan",
    "Gemfile.lock": "gate.inventory.gemfile_lock",
    "Gemfile": "gate.inventory.gemfile",
    "composer.lock": "gate.inventory.composer",
    "composer.json": "gate.inventory.composer_json",
    "pubspec.lock": "gate.inventory.pub",
    "pubspec.yaml": "gate.inventory.pubspec_yaml",
    "mix.lock": "gate.inventory.mix",
    "rebar.lock": "gate.inventory.rebar",
    "Package.resolved": "gate.inventory.swift",
    "Podfile.lock": "gate.inventory.cocoapods",
    "cabal.project.freeze": "gate.inventory.cabal",
    "stack.yaml.lock": "gate.inventory.stack",
    "stack.yaml": "gate.inventory.stack_yaml",
    "renv.lock": "gate.inventory.renv",
    "conda-lock.yml": "gate.inventory.conda",
    "conda's explicit list": "gate.inventory.conda_explicit",
    "pixi.lock": "gate.inventory.pixi",
    ".terraform.lock.hcl": "gate.inventory.terraform",
    "GitHub workflow": "gate.inventory.github_actions",
    ".gitmodules": "gate.inventory.submodules",
    "cgmanifest.json": "gate.inventory.cgmanifest",
    "vendor.json": "gate.inventory.govendor",
    "SBOM": "gate.inventory.sbom",
    "build programs": "gate.inventory.build_programs",
}
"""Every lockfile format: name to the module that reads it."""

NOT_READ_YET = frozenset({"Cartfile.resolved", "shard.lock"})
"""Names of lockfiles that nobody wrote a reader for. They are errors: to pass over them would be to pass them."""
