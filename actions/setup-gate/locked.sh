#!/bin/sh
# Installs the gate of a checkout, every package of others by its hash: `locked.sh CHECKOUT FOLDER` makes FOLDER/bin/gate.
# The CI templates and the action run it. Needs python3 (3.11 or later), and an index or folder that pip is configured for.
set -eu
checkout=$1
folder=$2
build_part='# Only to build the wheel:'

# -I: nothing of the current folder, which is the judged repository, is imported.
pip() { "$folder/bin/python" -I -m pip --quiet --disable-pip-version-check "$@"; }

python3 -I -m venv "$folder"
sed "/^$build_part/,\$d" "$checkout/requirements.lock" >"$folder/run.txt"
sed "1,/^$build_part/d" "$checkout/requirements.lock" >"$folder/build.txt"
pip install --only-binary :all: --require-hashes -r "$folder/run.txt"
# What builds the wheel is there while it is built, and not when the gate runs.
pip install --only-binary :all: --require-hashes --no-deps -r "$folder/build.txt"
pip wheel --no-index --no-deps --no-build-isolation --wheel-dir "$folder/wheel" "$checkout"
pip uninstall --yes -r "$folder/build.txt"
pip install --no-index --no-deps "$folder"/wheel/*.whl
