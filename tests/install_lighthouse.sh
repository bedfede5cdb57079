#!/bin/sh
# Public pages are measured with Lighthouse, from npm, in the Chromium of the browser tests.
# Usage: sh tests/install_lighthouse.sh path/to/virtual/environment
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$1" && pwd -P)/lighthouse
what="Lighthouse"
without="Public pages are not measured with it."
. "$here/from_npm.sh"

need_npm
# Lighthouse asks for Node 22; what we use of it was tried with 20 as well, which Debian 13 has.
[ "$(node -p 'Number(process.versions.node.split(".")[0])')" -ge 20 ] || reason "Node is older than 20."
install_locked "$here/lighthouse"
