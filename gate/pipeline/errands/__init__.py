"""What the porter does for workers: each errand is `function(visit, argument, files) -> Reply`, one file a kind.

A worker may have been taken over by what it parses. An errand therefore does what it does for the target of the
worker's permit alone, and for nothing that the argument could name besides.
"""

ERRANDS = {
    "advisories": "gate.pipeline.errands.advisories:file",
    "advisories.index": "gate.pipeline.errands.advisories:index",
    "advisories.scores": "gate.pipeline.errands.advisories:scores",
    "cache.code": "gate.pipeline.errands.cache:code",
    "cache.keep": "gate.pipeline.errands.cache:keep",
    "cache.known": "gate.pipeline.errands.cache:known",
    "cache.read": "gate.pipeline.errands.cache:read",
    "cache.write": "gate.pipeline.errands.cache:write",
    "daemon.inspect": "gate.pipeline.errands.daemon:inspect",
    "daemon.save": "gate.pipeline.errands.daemon:save",
    "end": "gate.pipeline.errands.going_on:end",
    "file": "gate.pipeline.errands.scratch:new_file",
    "git": "gate.pipeline.errands.git:start",
    "git.remotes": "gate.pipeline.errands.git:remotes",
    "registry.blob": "gate.pipeline.errands.registry:blob",
    "registry.digest": "gate.pipeline.errands.registry:digest",
    "registry.manifest": "gate.pipeline.errands.registry:manifest",
    "registry.read": "gate.pipeline.errands.registry:read",
    "shellcheck.find": "gate.pipeline.errands.shellcheck:find",
    "shellcheck.remarks": "gate.pipeline.errands.shellcheck:remarks",
    "shellcheck.version": "gate.pipeline.errands.shellcheck:version",
    "tools.folder": "gate.pipeline.errands.tools:folder",
    "tools.run": "gate.pipeline.errands.tools:run",
}
