#!/usr/bin/env bash
# Create .venv from the locked requirements and install LeanLab in it, editable.
set -euo pipefail
cd "$(dirname "$0")/.."
python="${PYTHON:-python3}"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "LeanLab needs Python 3.11 or newer; set PYTHON=/path/to/python3.11." >&2
  exit 3
}
bash packaging/system-libraries.sh
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r packaging/requirements-dev.txt
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
touch .venv/.ready
