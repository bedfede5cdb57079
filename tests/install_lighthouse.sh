#!/bin/sh
# Public pages are measured with Lighthouse, from npm, in the Chromium of the browser tests.
# Without npm, Debian's by apt when root; else the test that needs it says so and is skipped.
# Usage: sh tests/install_lighthouse.sh path/to/virtual/environment
set -eu
here=$(cd "$(dirname "$0")/lighthouse" && pwd)
folder=$(cd "$1" && pwd -P)/lighthouse

reason() {
    mkdir -p "$folder"
    echo "$1" >"$folder/why-not"
    echo "$1 Public pages are not measured with Lighthouse." >&2
    exit 0
}

if ! command -v npm >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing npm for Lighthouse ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends npm >/dev/null 2>&1 ||
        { apt-get update -qq >/dev/null 2>&1 &&
            apt-get install -qq -y --no-install-recommends npm >/dev/null 2>&1; } || true
fi
command -v npm >/dev/null 2>&1 || reason "npm is not installed."
# Lighthouse asks for Node 22; what we use of it was tried with 20 as well, which Debian 13 has.
[ "$(node -p 'Number(process.versions.node.split(".")[0])')" -ge 20 ] || reason "Node is older than 20."

echo "Installing Lighthouse for the tests ..."
rm -rf "$folder"
mkdir -p "$folder"
cp "$here/package.json" "$here/package-lock.json" "$folder"
if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >"$folder/npm.log" 2>&1; then
    tail -3 "$folder/npm.log" >&2
    rm -rf "$folder/node_modules"
    reason "npm could not install Lighthouse."
fi
