#!/usr/bin/env bash
# The one local gate. CI runs the same steps (.ci/run).
#
#   ./check.sh fast   what every commit needs: form, lint, short tests, content
#   ./check.sh all    the whole: every test, races, dead code, style, script,
#                     markup, feeds and the other files for machines
#
# Every step runs even when an earlier one failed; the end lists times and
# failures. Linters are pinned in tools/; the steps in Node need, once,
# `npm ci --prefix tools`, and one of them Java.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

mode=${1:-fast}
case $mode in fast | all) ;; *)
  echo "usage: ./check.sh [fast|all]" >&2
  exit 2
  ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
summary=() failed=0

# step NAME COMMAND… runs one step and notes its time and outcome.
step() {
  local name=$1 start=$SECONDS outcome=ok
  shift
  printf '\n=== %s\n' "$name"
  "$@" || { outcome=FAILED failed=1; }
  summary+=("$(printf '%-8s %5ds  %s' "$outcome" $((SECONDS - start)) "$name")")
  printf -- '--- %s: %s in %ds\n' "$name" "$outcome" $((SECONDS - start))
}

tool() { go tool -modfile=tools/go.mod "$@"; }
node_tool() { local name=$1 && shift && "tools/node_modules/.bin/$name" "$@"; }

# The README's test command, with room for a cold cache. Everything is printed
# as it comes; the result of each package is printed once more at the end.
tests() {
  go test -timeout 40m "$@" ./... 2>&1 | tee "$work/tests"
  local status=${PIPESTATUS[0]}
  grep -E '^\s*--- (FAIL|SKIP)' "$work/tests"
  grep -E '^(ok|FAIL|panic|\?)\s' "$work/tests"
  return "$status"
}

# Where several goroutines meet. The detector makes SQLite slow, hence no more.
races() { go test -race -short -shuffle=on -timeout 20m ./forum/... ./internal/page/... ./internal/server/...; }

unreachable() {
  tool deadcode -test ./... >"$work/dead" || return 1
  cat "$work/dead"
  [ ! -s "$work/dead" ]
}

# The site as it is published: at an address, and from its own three things.
address=https://cmc.example.org/
publish() {
  mkdir "$work/folder" && cp -R content data "$work/folder" &&
    sed "s|^baseURL = .*|baseURL = \"$address\"|" config.toml >"$work/folder/config.toml" &&
    go run ./cmd/cmc build -C "$work/folder" --out "$work/site" --state "$work/state"
}

# Every page but frames, which are templates still, and pages that only lead
# elsewhere.
pages() {
  find "$work/site" -name '*.html' ! -name 'frame.html' -exec grep -LZ 'http-equiv="\?refresh' {} +
}

markup() { pages | xargs -0 -n 200 tools/node_modules/.bin/html-validate --config tools/htmlvalidate.json; }

nu() {
  local count
  count=$(pages | tr -dc '\0' | wc -c)
  echo "$count pages"
  [ "$count" -gt 400 ] &&
    pages | xargs -0 java -Xmx512m -jar tools/node_modules/vnu-jar/build/dist/vnu.jar --errors-only --format gnu
}

step "form (gofumpt)" tool golangci-lint fmt --diff
step "vet" go vet ./...
step "lint (layers too)" tool golangci-lint run ./...
if [ "$mode" = fast ]; then
  step "tests, the short ones" tests -short
else
  step "tests" tests -v
  step "races" races
  step "dead code" unreachable
fi
step "content (cmc check)" go run ./cmd/cmc check
if [ "$mode" = all ]; then
  step "style sheets (stylelint)" node_tool stylelint --config tools/stylelint.config.mjs 'assets/css/**/*.css'
  step "scripts (eslint)" node_tool eslint --config tools/eslint.config.mjs assets/js
  step "the site as published" publish
  step "markup (html-validate)" markup
  step "markup (Nu HTML checker)" nu
  step "what machines read" node tools/machines.mjs "$work/site" "$address"
fi

printf '\n'
printf '%s\n' "${summary[@]}"
printf '%s in %ds\n' "$([ $failed = 0 ] && echo "all passed" || echo "FAILED")" "$SECONDS"
exit "$failed"
