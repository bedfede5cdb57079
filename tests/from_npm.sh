# For scripts beside it: packages from npm that only tests want, into a folder of the virtual environment.
# Without npm, Debian's by apt when root; else `reason` leaves why, and the tests that need them say so.

reason() {
    mkdir -p "$folder"
    echo "$1" >"$folder/why-not"
    echo "$1 $without" >&2
    exit 0
}

need_npm() {
    if ! command -v npm >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing npm for $what ..."
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -qq -y --no-install-recommends npm >/dev/null 2>&1 ||
            { apt-get update -qq >/dev/null 2>&1 &&
                apt-get install -qq -y --no-install-recommends npm >/dev/null 2>&1; } || true
    fi
    command -v npm >/dev/null 2>&1 || reason "npm is not installed."
}

# $1: the folder with package.json and its lock
install_locked() {
    echo "Installing $what for the tests ..."
    rm -rf "$folder"
    mkdir -p "$folder"
    cp "$1/package.json" "$1/package-lock.json" "$folder"
    if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >"$folder/npm.log" 2>&1; then
        tail -3 "$folder/npm.log" >&2
        rm -rf "$folder/node_modules"
        reason "npm could not install $what."
    fi
}
