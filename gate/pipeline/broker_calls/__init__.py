"""What the broker does for workers: each call is `function(session, argument, files) -> Reply`, one file a kind.

A worker may have been taken over by what it parses. A call therefore serves only the target of the worker's permit,
and nothing else that the argument names.
"""

CALLS = {
    "advisories": "gate.pipeline.broker_calls.advisories:file",
    "advisories.index": "gate.pipeline.broker_calls.advisories:index",
    "advisories.scores": "gate.pipeline.broker_calls.advisories:scores",
    "cache.code": "gate.pipeline.broker_calls.cache:code",
    "cache.seal": "gate.pipeline.broker_calls.cache:seal_result",
    "cache.unseal": "gate.pipeline.broker_calls.cache:unseal_result",
    "cache.keep": "gate.pipeline.broker_calls.cache:keep",
    "cache.known": "gate.pipeline.broker_calls.cache:known",
    "cache.own_code": "gate.pipeline.broker_calls.cache:own_code",
    "cache.read": "gate.pipeline.broker_calls.cache:read",
    "cache.write": "gate.pipeline.broker_calls.cache:write",
    "daemon.inspect": "gate.pipeline.broker_calls.daemon:inspect",
    "daemon.save": "gate.pipeline.broker_calls.daemon:save",
    "docker_host.state": "gate.pipeline.broker_calls.docker_host:state",
    "end_of_life": "gate.pipeline.broker_calls.end_of_life:kept",
    "end": "gate.pipeline.broker_calls.streams:end",
    "file": "gate.pipeline.broker_calls.scratch:new_file",
    "git": "gate.pipeline.broker_calls.git:start",
    "git.remotes": "gate.pipeline.broker_calls.git:remotes",
    "registry.blob": "gate.pipeline.broker_calls.registry:blob",
    "registry.digest": "gate.pipeline.broker_calls.registry:digest",
    "registry.manifest": "gate.pipeline.broker_calls.registry:manifest",
    "registry.read": "gate.pipeline.broker_calls.registry:read",
    "shellcheck.find": "gate.pipeline.broker_calls.shellcheck:find",
    "shellcheck.remarks": "gate.pipeline.broker_calls.shellcheck:remarks",
    "shellcheck.version": "gate.pipeline.broker_calls.shellcheck:version",
    "tools.folder": "gate.pipeline.broker_calls.tools:folder",
    "tools.run": "gate.pipeline.broker_calls.tools:run",
    "zizmor.find": "gate.pipeline.broker_calls.zizmor:find",
    "zizmor.remarks": "gate.pipeline.broker_calls.zizmor:remarks",
    "zizmor.version": "gate.pipeline.broker_calls.zizmor:version",
}
