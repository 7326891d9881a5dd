#!/usr/bin/env bash
# Whether every section is there and as its prompt wants it, and book.md is what the sections give. Sends nothing.
set -uo pipefail
read -r -a command <<<"$COMMAND"
mapfile -t outlines < <(printf '%s\n' "${OUTLINES:-}" | sed '/^[[:space:]]*$/d')
flags=(--frozen)
[ "${STRICT:-}" = true ] && flags+=(--strict)
"${command[@]}" build ${outlines[@]+"${outlines[@]}"} "${flags[@]}"
echo "code=$?" >>"$GITHUB_OUTPUT"
