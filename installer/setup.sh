#!/bin/sh
# Makes .venv with the program and all that the tests need. Quick when nothing has changed since the last time.
# PYTHON names another interpreter; it must be a Python 3.11.
set -eu
cd "$(dirname "$0")/.."

environment_stamp=.venv/.environment
libraries_stamp=.venv/.libraries
python=${PYTHON:-$(command -v python3.11 || command -v python3 || true)}

say() { printf '%s\n' "$*" >&2; }

if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    say "Python 3.11 is needed. On Debian 12:  sudo apt-get install -y python3 python3-venv"
    exit 1
fi

# What Qt loads (window and offscreen), what the tests call (a compiler for the fault library, poppler, a screen), and
# what the bundle is made with.
libraries="libgl1 libegl1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
    libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xfixes0 libxcb-xkb1 libxcb-sync1 libdbus-1-3 libfontconfig1
    libfreetype6 libglib2.0-0 libx11-xcb1 poppler-utils gcc libc6-dev binutils xvfb xauth"
"$python" -c 'import ensurepip, venv' 2>/dev/null || libraries="$libraries python3-venv"

missing_libraries() {
    for name in $libraries; do
        dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || printf ' %s' "$name"
    done
}

if [ "$(cat "$libraries_stamp" 2>/dev/null)" != "$libraries" ]; then
    libraries_are_there=yes
    if command -v dpkg-query >/dev/null 2>&1; then
        missing=$(missing_libraries)
        if [ -n "$missing" ] && [ "$(id -u)" = 0 ]; then
            say "Installing system libraries:$missing"
            apt-get update -q >&2
            # shellcheck disable=SC2086 -- the list is meant to be split
            DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
        elif [ -n "$missing" ]; then
            libraries_are_there=no
            say "System libraries are missing. This line installs them; run it once, then go on:"
            say ""
            say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing"
            say ""
        fi
    else
        # shellcheck disable=SC2086,SC2116 -- one line out of several
        say "Not a Debian system: please see to what these packages hold: $(echo $libraries)"
    fi
else
    libraries_are_there=yes
fi

# What the environment was made from. Its own place counts too: a moved .venv does not work.
wanted=$({ cat requirements.lock pyproject.toml installer/setup.sh; pwd; "$python" -c 'import sys; print(sys.version)'; } | sha256sum)
if [ "$(cat "$environment_stamp" 2>/dev/null)" != "$wanted" ]; then
    say "Making .venv (a few minutes the first time)"
    rm -f "$environment_stamp"
    if ! .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
        "$python" -m venv --clear .venv
    fi
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements.lock
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
    printf '%s' "$wanted" >"$environment_stamp"
    say "Ready: .venv/bin/gengdi"
fi
if [ "$libraries_are_there" = yes ]; then
    printf '%s' "$libraries" >"$libraries_stamp"
fi
