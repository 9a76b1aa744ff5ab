#!/usr/bin/env bash
# Set up build/peers, the environment of the packages that `make bench` shows beside LeanLab.
# Without a network the benchmarks still run: the table then says which peers are missing.
set -uo pipefail
cd "$(dirname "$0")/.."
python="${PYTHON:-python3}"
[ -e build/peers/.ready ] && exit 0
mkdir -p build
"$python" -m venv build/peers &&
  build/peers/bin/python -m pip install -q --disable-pip-version-check -r packaging/requirements-peers.txt 2>build/peers.log &&
  touch build/peers/.ready ||
  echo "The peers could not be installed: the benchmarks show LeanLab without them (build/peers.log says why)." >&2
command -v Rscript >/dev/null ||
  echo "R is not here: install r-base-core and r-cran-fitdistrplus to see it in the table." >&2
exit 0
