#!/bin/sh
# A writer for large-report.yaml: prints some 600 KiB of JSON.
set -eu
cat > /dev/null
printf '{"lines": ['
seq 1 20000 | sed 's/.*/"line & of the report",/'
printf '"end"]}\n'
