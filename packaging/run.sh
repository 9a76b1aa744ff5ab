#!/usr/bin/env bash
# `make run`: open LeanLab on a finished sample; without a display, walk it and leave pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]; then
  echo "There is no display here, so LeanLab walks the sample without a window."
  exec .venv/bin/python packaging/walk.py
fi
exec .venv/bin/python -c 'import sys
from leanlab.ui.application import open_window
sys.exit(open_window(sample="late-deliveries"))'
