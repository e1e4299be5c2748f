#!/bin/sh
# One task's work as a command: JSON on standard input, JSON on standard output.
# What it says on standard error is shown with the attempt when it fails.
set -eu
input=$(cat)
text=$(printf '%s' "$input" | sed 's/.*"words":\[//; s/\].*//; s/[",]/ /g; s/  */ /g; s/^ //; s/ $//' | tr '[:lower:]' '[:upper:]')
if [ -z "$text" ]; then
  echo "nothing to shout in attempt $HOLDFAST_ATTEMPT of $HOLDFAST_TASK" >&2
  exit 2
fi
printf '{"text": "%s!"}\n' "$text"
