#!/bin/sh
# The local GitHub of the tests is held to GitHub's own OpenAPI document and GraphQL schema, which npm has.
# Usage: sh tests/install_schemas.sh path/to/virtual/environment
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1/npm
what="GitHub's own schemas"
without="Tests that need them are skipped."
. "$here/from_npm.sh"

need_npm
install_locked "$here/local_github"
# Of 400 MB two files are wanted.
octokit=$folder/node_modules/@octokit
mv "$octokit/openapi/generated/api.github.com.json" "$octokit/graphql-schema/schema.graphql" "$folder"
rm -rf "$folder/node_modules"
