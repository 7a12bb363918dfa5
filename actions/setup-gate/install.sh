#!/usr/bin/env bash
# Installs the gate into a folder of its own, so that the job's own Python stays as it is.
# In: INPUT_INSTALL (false: take it from the PATH, else from this checkout), INPUT_EXPORT (true: the steps that follow find it
# on the PATH), INPUT_MACHINE (system and architecture).
# Out: the step outputs `gate`, `version`, `cache-folder` and `cache-suffix` (what a cache is good for).
set -eEuo pipefail
# Whatever fails here is no word of the gate's, whose 1 is a failed policy.
trap 'echo "::error::There is no verdict: the gate could not be installed or started."; exit 3' ERR

folder=$RUNNER_TEMP/gate-program
cache=$RUNNER_TEMP/gate-cache

install_gate() {
    # -I: nothing of the repository, which is the current folder, is imported.
    if ! python3 -I -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "::error::The gate needs Python 3.11 or later as python3. Run actions/setup-python first."
        exit 3
    fi
    sh "$GITHUB_ACTION_PATH/../setup-gate/locked.sh" "$GITHUB_ACTION_PATH/../.." "$folder"
    gate=$folder/bin/gate
}

gate=gate
[ "${INPUT_INSTALL:-true}" = false ] || install_gate
version=$("$gate" --version)
[[ $version == "gate "* ]] # or it is another program of that name
suffix=$INPUT_MACHINE-${version#gate }
{
    echo "gate=$gate"
    echo "version=${version#gate }"
    echo "cache-folder=$cache"
    echo "cache-suffix=$suffix"
} >>"$GITHUB_OUTPUT"
if [ "${INPUT_EXPORT:-false}" = true ]; then
    printf '%s\n' "XDG_CACHE_HOME=$cache" "GATE_CACHE_SUFFIX=$suffix" >>"$GITHUB_ENV"
    [ "$gate" = gate ] || echo "$folder/bin" >>"$GITHUB_PATH"
fi
