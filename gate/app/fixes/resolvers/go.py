"""Go: `go.mod` with `go.sum`. The sources are copied, as `go mod tidy` reads what they import; nothing is compiled."""

import re

from gate.app.fixes.resolvers.resolver import Commands, Files, RaiseRequest, RefusedError, Resolver, check_none_there

_REPLACED = re.compile(r"(?m)^\s*(?:replace\s+)?\S+(?:\s+v\S+)?\s+=>\s+(?P<to>\S+)")
STANDARD_LIBRARY = "stdlib"


def _files(request: RaiseRequest) -> Files:
    check_none_there(request.folder, "vendor/modules.txt", "go.work")
    replaced = _REPLACED.search(request.folder.text("go.mod"))
    if replaced and replaced["to"].startswith((".", "/")):
        raise RefusedError(f"go.mod replaces a module with a folder ({replaced['to']})")
    sources = {
        name: request.folder.read(name) or b"" for name in request.folder.names(lambda name: name.endswith(".go"))
    }
    sums = request.folder.read("go.sum")
    return sources | {"go.mod": request.folder.read("go.mod") or b""} | ({"go.sum": sums} if sums is not None else {})


def _commands(request: RaiseRequest) -> Commands:
    raised = [f"{'go' if one.name == STANDARD_LIBRARY else one.name}@{one.to}" for one in request.raises]
    return [["go", "get", *raised], ["go", "mod", "tidy"]]


def _writes(request: RaiseRequest) -> list[str]:
    return ["go.mod", "go.sum"]


RESOLVER = Resolver(
    program="go",
    files=_files,
    commands=_commands,
    by_hand="go get {name}@{version}",
    writes=_writes,
    environment={"GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOVCS": "*:off", "GOWORK": "off", "CGO_ENABLED": "0"},
    settings=(
        "GOPROXY",
        "GOPRIVATE",
        "GONOPROXY",
        "GONOSUMDB",
        "GOSUMDB",
        "GOINSECURE",
        "GOPATH",
        "GOMODCACHE",
        "GOCACHE",
    ),
)
