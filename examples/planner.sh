#!/bin/sh
# A planner for planning.yaml, run with --result: it prints a whole result, with the tasks to add.
set -eu
cat > /dev/null
cat <<'END'
{
  "output": "two searches, and a look at both",
  "spawn": [
    { "id": "papers", "agent": "searcher", "input": { "where": "papers" } },
    { "id": "web",    "agent": "searcher", "input": { "where": "web" } },
    { "id": "check",  "agent": "checker",  "input": { "strict": true }, "needs": ["papers", "web"] }
  ]
}
END
