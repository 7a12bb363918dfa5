"""JavaScript and TypeScript: `require("x")`, `import … from "x"`, in the markup of Vue, Svelte and Astro too."""

from collections.abc import Iterator

from gate.model import Package
from gate.reachability.imports.javascript_loads import loads
from gate.reachability.imports.language import Import, beginnings
from gate.trees import FileTree

NAME = "JavaScript"
ENDINGS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".astro")


def imports(text: str) -> Iterator[Import]:
    """Yield the packages that are loaded, with the path inside of them; files of the project are left out."""
    return (
        Import(each.name, each.line) for each in loads(text) if each.is_known and not each.name.startswith((".", "/"))
    )


def keys_of(module: str) -> Iterator[str]:
    """Yield a module and the folders that it is in: `@scope`, `@scope/name`, `@scope/name/file`."""
    return beginnings(module, "/")


def names_of(package: Package, _tree: FileTree) -> tuple[str, ...]:
    """Return the package's name."""
    return (package.name,)
