#!/bin/sh
# Walks the sample campaign into the folder given, and opens the window on it where there is a display.
set -eu
cd "$(dirname "$0")/.."

out=$1
# The sample is made anew each time; only a folder that an earlier run made is ever removed.
if [ -e "$out" ]; then
    if [ ! -f "$out/.made-by-make-run" ]; then
        echo "$out exists and was not made by make run; please move it away." >&2
        exit 1
    fi
    rm -rf "$out"
fi
mkdir -p "$(dirname "$out")"
.venv/bin/gengdi demo --out "$out" --no-window
: >"$out/.made-by-make-run"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "${QT_QPA_PLATFORM:-}" != offscreen ]; then
    ledger=$(find "$out" -name ledger.gengdi | head -n 1)
    exec .venv/bin/gengdi open "${ledger%/ledger.gengdi}"
fi
