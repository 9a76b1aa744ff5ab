#!/usr/bin/env bash
# `make desktop`: a menu entry, and a double click that opens projects and imports reviews, for this user.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ "$(uname -s)" = Linux ] || { echo "This is for Linux desktops." >&2; exit 3; }
share="${XDG_DATA_HOME:-$HOME/.local/share}"
program="$PWD/.venv/bin/leanlab"
[ -x "$program" ] || { echo "There is no $program: run make setup first." >&2; exit 3; }
install -d "$share/applications" "$share/mime/packages" "$share/icons/hicolor/scalable/apps"
install -m 644 resources/icons/leanlab.svg "$share/icons/hicolor/scalable/apps/leanlab.svg"
install -m 644 packaging/linux/leanlab.xml "$share/mime/packages/leanlab.xml"
# a path with spaces is quoted in Exec and plain in TryExec
sed -e "s|^Exec=leanlab|Exec=\"$program\"|" -e "s|^TryExec=leanlab|TryExec=$program|" \
  packaging/linux/leanlab.desktop >"$share/applications/leanlab.desktop"
for tool in "update-mime-database $share/mime" "update-desktop-database -q $share/applications"; do
  if command -v "${tool%% *}" >/dev/null; then $tool; fi
done
echo "LeanLab is in the menu; .leanlab and .leanreview files open with it."
