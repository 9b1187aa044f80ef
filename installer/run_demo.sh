#!/bin/sh
# Walks the sample campaign into the folder given, and opens the window on it where there is a display.
set -eu
cd "$(dirname "$0")/.."

out=$1
mark=$out.made-by-make-run
# The sample is made anew each time; only a folder that an earlier run made is ever removed.
if [ -e "$out" ]; then
    if [ ! -f "$mark" ]; then
        echo "$out exists and was not made by make run; please move it away." >&2
        exit 1
    fi
    rm -rf "$out"
fi
mkdir -p "$(dirname "$out")"
: >"$mark"
.venv/bin/gengdi demo --out "$out"
