#!/bin/sh
# Browser tests need a Chromium: an installed one, else Debian's by apt when root, else Playwright's own.
# Usage: sh tests/install_browser.sh path/to/python
set -eu
python=${1:-python3}

for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends chromium >/dev/null 2>&1 && exit 0
    if apt-get update -qq >/dev/null 2>&1 &&
        apt-get install -qq -y --no-install-recommends chromium >/dev/null 2>&1 &&
        command -v chromium >/dev/null 2>&1; then
        exit 0
    fi
    echo "apt-get could not; trying Playwright's own Chromium ..."
fi

if "$python" -m playwright install chromium; then
    exit 0
fi
echo "No Chromium could be installed. Install one yourself, or point CHROMIUM at it, and run make test again." >&2
exit 1
