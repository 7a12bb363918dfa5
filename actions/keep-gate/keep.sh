#!/usr/bin/env bash
# Names what the gate's cache holds now, as outputs of a step: the keys under which it is saved, by date and content.
# In: INPUT_FOLDER, the folder that XDG_CACHE_HOME named; INPUT_SUFFIX: system, machine and version.
# Out: the step outputs `advisories` and `answers`, a key each; empty where there is nothing to keep.
set -eEuo pipefail
trap 'echo "::warning::The cache was not saved: line $LINENO of keep.sh failed."; exit 0' ERR # the verdict stands

python3 -I "$GITHUB_ACTION_PATH/../keep-gate/keys.py" "$INPUT_FOLDER/gate" "$INPUT_SUFFIX" >>"$GITHUB_OUTPUT"
