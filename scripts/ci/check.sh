#!/usr/bin/env bash
# Outlines, config and templates; the exit code goes to the step's outputs, so that the steps behind it run too.
set -uo pipefail
read -r -a command <<<"$COMMAND"
mapfile -t outlines < <(printf '%s\n' "${OUTLINES:-}" | sed '/^[[:space:]]*$/d')
flags=(--format github)
[ "${STRICT:-}" = true ] && flags+=(--strict)
"${command[@]}" check ${outlines[@]+"${outlines[@]}"} "${flags[@]}"
echo "code=$?" >>"$GITHUB_OUTPUT"
