#!/usr/bin/env bash
# What the change makes of the texts, section by section, in the step's summary and as one comment that is kept up to date.
set -uo pipefail
read -r -a command <<<"$COMMAND"
base="${BASE:-}"
if [ -z "$base" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
  base="origin/$GITHUB_BASE_REF"
  git rev-parse --verify --quiet "$base^{commit}" >/dev/null ||
    git fetch --quiet --depth=1 origin "+refs/heads/$GITHUB_BASE_REF:refs/remotes/$base"
fi
if [ -z "$base" ]; then
  echo "nothing to compare with: no pull request, and no base given"
  echo "code=0" >>"$GITHUB_OUTPUT"
  exit 0
fi
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
"${command[@]}" diff "$base" --format markdown >"$folder/diff.md"
code=$?
if [ "$code" -gt 1 ]; then
  echo "code=$code" >>"$GITHUB_OUTPUT"
  exit 0
fi
cat "$folder/diff.md" >>"$GITHUB_STEP_SUMMARY"
"${command[@]}" --json diff "$base" >"$folder/diff.json"
sections="$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).sections.length' "$folder/diff.json")"
echo "changed-sections=$sections" >>"$GITHUB_OUTPUT"
code=0
if [ "${COMMENT:-}" = true ]; then
  node "$(dirname "$0")/comment.mjs" "$folder/diff.md" || code=1
fi
echo "code=$code" >>"$GITHUB_OUTPUT"
