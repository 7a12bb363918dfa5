#!/usr/bin/env bash
# Installs the gate into a folder of its own, so that the job's own Python stays as it is.
# In: INPUT_VERSION (empty: this checkout). Out: the step output `gate`, the program's path.
set -euo pipefail

source=${INPUT_VERSION:+security-gate==$INPUT_VERSION}
source=${source:-$GITHUB_ACTION_PATH/../..}
folder=$RUNNER_TEMP/gate-program

# -I: nothing of the repository, which is the current folder, is imported.
if ! python3 -I -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "::error::The gate needs Python 3.11 or later as python3. Put actions/setup-python before it."
    exit 2
fi
python3 -I -m venv "$folder"
"$folder/bin/python" -I -m pip install --quiet --disable-pip-version-check "$source"
echo "gate=$folder/bin/gate" >>"$GITHUB_OUTPUT"
