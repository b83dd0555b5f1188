#!/usr/bin/env bash
# Renders the README's picture anew from the demo workbook. Needs capgain, LibreOffice, poppler-utils and ImageMagick.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
capgain demo -o "$scratch/demo.xlsx" >/dev/null
soffice "-env:UserInstallation=file://$scratch/profile" --headless --convert-to pdf --outdir "$scratch" "$scratch/demo.xlsx" >/dev/null
page=$(for n in $(seq 1 10); do pdftotext -f "$n" -l "$n" "$scratch/demo.pdf" - | grep -q '^SCHEDULE D' && echo "$n" && break; done)
pdftoppm -f "$page" -l "$page" -r 110 -png "$scratch/demo.pdf" "$scratch/page"
convert "$scratch"/page-*.png -crop 100%x66%+0+0 +repage -trim +repage -bordercolor white -border 14 \
    +dither -colors 24 -strip "$here/schedule-d.png"
