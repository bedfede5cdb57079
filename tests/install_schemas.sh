#!/bin/sh
# The local GitHub of the tests is held to GitHub's own OpenAPI document and GraphQL schema, which npm has.
# Without npm, Debian's by apt when root; else tests that need the documents say so and are skipped.
# Usage: sh tests/install_schemas.sh path/to/virtual/environment
set -eu
here=$(cd "$(dirname "$0")/local_github" && pwd)
folder=$1/npm

reason() {
    mkdir -p "$folder"
    echo "$1" >"$folder/why-not"
    echo "$1 Tests that need GitHub's own schemas are skipped." >&2
    exit 0
}

if ! command -v npm >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing npm for GitHub's own schemas ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends npm >/dev/null 2>&1 ||
        { apt-get update -qq >/dev/null 2>&1 &&
            apt-get install -qq -y --no-install-recommends npm >/dev/null 2>&1; } || true
fi
command -v npm >/dev/null 2>&1 || reason "npm is not installed."

echo "Installing GitHub's own schemas for the tests' local GitHub ..."
rm -rf "$folder"
mkdir -p "$folder"
cp "$here/package.json" "$here/package-lock.json" "$folder"
if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >"$folder/npm.log" 2>&1; then
    tail -3 "$folder/npm.log" >&2
    reason "npm could not install GitHub's schemas."
fi

# Of 400 MB two files are wanted.
octokit=$folder/node_modules/@octokit
mv "$octokit/openapi/generated/api.github.com.json" "$octokit/graphql-schema/schema.graphql" "$folder"
rm -rf "$folder/node_modules"
