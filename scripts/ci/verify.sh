#!/usr/bin/env bash
# What stands: contracts, links, anchors, terms, code; as annotations, and as files where they are asked for.
set -uo pipefail
read -r -a command <<<"$COMMAND"
flags=()
[ "${STRICT:-}" = true ] && flags+=(--strict)
[ "${REQUIRE_REVIEWED:-}" = true ] && flags+=(--require-reviewed)
"${command[@]}" verify --format github ${flags[@]+"${flags[@]}"}
code=$?
for format in sarif junit; do
  name="$(printf '%s' "$format" | tr '[:lower:]' '[:upper:]')_FILE"
  file="${!name:-}"
  [ -n "$file" ] || continue
  "${command[@]}" --quiet verify --format "$format" ${flags[@]+"${flags[@]}"} >"$file"
  [ $? -lt 2 ] || code=2
done
echo "code=$code" >>"$GITHUB_OUTPUT"
