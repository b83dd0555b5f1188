#!/usr/bin/env bash
# Renders the pictures of README and site anew from the demo workbook.
# Needs capgain, LibreOffice, poppler-utils and ImageMagick.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
capgain demo -o "$scratch/demo.xlsx" >/dev/null
soffice "-env:UserInstallation=file://$scratch/profile" --headless --convert-to pdf --outdir "$scratch" "$scratch/demo.xlsx" >/dev/null

# picture NAME PATTERN HEIGHT: the first page whose heading is like PATTERN, its upper HEIGHT
picture() {
    local page
    page=$(for n in $(seq 1 60); do pdftotext -f "$n" -l "$n" "$scratch/demo.pdf" - | sed -n 1p | grep -qE "$2" && echo "$n" && break; done)
    pdftoppm -f "$page" -l "$page" -r 110 -png "$scratch/demo.pdf" "$scratch/$1"
    convert "$scratch/$1"-*.png -crop "100%x$3+0+0" +repage -trim +repage -bordercolor white -border 14 \
        +dither -colors 32 -strip "$here/$1.png"
}

picture summary '^Summary 20' 100%
picture portfolio '^Portfolio$' 100%
picture harvest '^Harvest 20' 100%
picture form-8949 '^Form 8949 .* Part I$' 60%
picture schedule-d '^Schedule D \(Form 1040\)' 66%
