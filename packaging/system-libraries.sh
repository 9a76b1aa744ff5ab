#!/usr/bin/env bash
# Find out which system libraries Qt needs here; as root install them, else print the command.
set -euo pipefail
[ "$(uname -s)" = Linux ] || exit 0
declare -A package=(
  [libEGL.so.1]=libegl1 [libGL.so.1]=libgl1 [libxkbcommon-x11.so.0]=libxkbcommon-x11-0
  [libxcb-cursor.so.0]=libxcb-cursor0 [libxcb-icccm.so.4]=libxcb-icccm4
  [libxcb-image.so.0]=libxcb-image0 [libxcb-keysyms.so.1]=libxcb-keysyms1
  [libxcb-randr.so.0]=libxcb-randr0 [libxcb-render-util.so.0]=libxcb-render-util0
  [libxcb-shape.so.0]=libxcb-shape0 [libxcb-xkb.so.1]=libxcb-xkb1
  [libfontconfig.so.1]=libfontconfig1 [libdbus-1.so.3]=libdbus-1-3
)
known="$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)"
missing=()
for library in "${!package[@]}"; do
  grep -qF "$library" <<<"$known" || missing+=("${package[$library]}")
done
if [ "${CI:-}" ]; then # the tests look at PDFs and drive a window on a virtual screen
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  command -v Xvfb >/dev/null || missing+=(xvfb)
fi
[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
  echo "Qt needs libraries that this system lacks: ${missing[*]} (Debian's names)." >&2
  exit 3
fi
if [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "Qt needs a few system libraries. Please run:" >&2
  echo "  sudo apt-get install ${missing[*]}" >&2
  exit 3
fi
