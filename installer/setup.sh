#!/bin/sh
# Makes .venv with the program and all that the tests need. Quick when nothing has changed since the last time.
# PYTHON names another interpreter; it must be a Python 3.11.
set -eu
cd "$(dirname "$0")/.."

stamp=.venv/.setup-done
python=${PYTHON:-$(command -v python3.11 || command -v python3 || true)}

say() { printf '%s\n' "$*" >&2; }

if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    say "Python 3.11 is needed. On Debian 12:  sudo apt-get install -y python3 python3-venv"
    exit 1
fi

# What the environment was made from. Its own place counts too: a moved .venv does not work.
wanted=$({ cat requirements.lock pyproject.toml installer/setup.sh; pwd; "$python" -c 'import sys; print(sys.version)'; } | sha256sum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

# What Qt loads (window and offscreen), what the tests call (a compiler for the fault library, poppler, a screen), and
# what the bundle is made with.
libraries="libgl1 libegl1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
    libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xfixes0 libxcb-xkb1 libxcb-sync1 libdbus-1-3 libfontconfig1
    libfreetype6 libglib2.0-0 libx11-xcb1 poppler-utils gcc libc6-dev binutils xvfb xauth"
"$python" -c 'import ensurepip, venv' 2>/dev/null || libraries="$libraries python3-venv"

if command -v dpkg-query >/dev/null 2>&1; then
    missing=""
    for name in $libraries; do
        dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || missing="$missing $name"
    done
    if [ -n "$missing" ]; then
        if [ "$(id -u)" = 0 ]; then
            say "Installing system libraries:$missing"
            apt-get update -q >&2
            # shellcheck disable=SC2086 -- the list is meant to be split
            DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
        else
            say "System libraries are missing. Please run once, then go on:"
            say ""
            say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing"
            say ""
        fi
    fi
else
    say "Not a Debian system: please see to what these packages hold: $(echo $libraries)"
fi

say "Making .venv (a few minutes the first time)"
rm -f "$stamp"
[ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null || "$python" -m venv --clear .venv
.venv/bin/python -m pip install -q --require-hashes --no-deps --only-binary :all: -r requirements.lock
.venv/bin/python -m pip install -q --no-deps --no-build-isolation --editable .
printf '%s' "$wanted" >"$stamp"
say "Ready: .venv/bin/gengdi"
