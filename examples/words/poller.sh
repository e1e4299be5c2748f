#!/bin/sh
# A whole agent with curl and jq: polls for one task at a time and answers it.
#   poller.sh [URL]        default: $HOLDFAST_SERVER, else http://127.0.0.1:8080
set -eu
server=${1:-${HOLDFAST_SERVER:-http://127.0.0.1:8080}}
here=$(dirname "$0")
post() { curl -sS --fail-with-body --retry 20 --retry-delay 1 --retry-connrefused -H 'Content-Type: application/json' "$server$1" -d "$2"; }

while true; do
  answer=$(curl -sS -H 'Content-Type: application/json' "$server/v1/tasks/poll" \
    -d "{\"worker\": \"curl-$$\", \"agents\": [\"shouter\"], \"max\": 1, \"wait\": \"30s\"}") || { sleep 1; continue; }
  token=$(printf '%s' "$answer" | jq -r '.tasks[0].token // empty')
  [ -n "$token" ] || continue
  HOLDFAST_TASK=$(printf '%s' "$answer" | jq -r '.tasks[0].task')
  HOLDFAST_ATTEMPT=$(printf '%s' "$answer" | jq -r '.tasks[0].attempt')
  export HOLDFAST_TASK HOLDFAST_ATTEMPT
  if output=$(printf '%s' "$answer" | jq -c '.tasks[0].input' | "$here/shouter.sh"); then
    post "/v1/tasks/$token/complete" "{\"output\": $output}" || true
  else
    post "/v1/tasks/$token/fail" '{"error": {"type": "shouter-failed", "message": "see its standard error"}}' || true
  fi
done
