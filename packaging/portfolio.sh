#!/usr/bin/env bash
# `make portfolio`: build the folder of 24 sample projects and look at it; without a display, list it.
set -euo pipefail
cd "$(dirname "$0")/.."
place=build/portfolio
if [ ! -f "$place/.built" ] || [ -n "$(find "$place/.built" -mtime +0)" ]; then # they hold dates relative to today
  rm -rf "$place"
  .venv/bin/leanlab sample portfolio -o "$place"
  touch "$place/.built"
fi
if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]; then
  echo "There is no display here, so the projects are listed." >&2
  exec .venv/bin/leanlab portfolio "$place"
fi
exec .venv/bin/leanlab portfolio "$place" --window
