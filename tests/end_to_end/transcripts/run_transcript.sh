#!/usr/bin/env bash
# Runs the commands of golden transcripts and compares what they print, byte for byte.
#
#   run_transcript.sh [--update] SLUICE TRANSCRIPT...
#
# A transcript is text: lines before the first command are a comment; `$ sluice …` is a command for bash, and
# the lines below it are its exact standard output and standard error, merged; `[exit N]` follows when the
# exit code is not 0; the empty line before the next command is for the reader. $TMP is a fresh folder.
# Of a Markdown page the blocks ```console are transcripts, and the rest stays as it is.
# --update rewrites the transcripts from what the commands print now: read the difference before committing.
set -euo pipefail

update=false
if [[ ${1-} == --update ]]; then update=true; shift; fi
sluice=$(realpath "$1"); shift

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$sluice" "$scratch/bin/sluice"
export PATH="$scratch/bin:$PATH" TMP="$scratch/tmp" LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1

# Prints the transcript $1 with the output of its commands as it is now.
replay() {
  rm -rf "$TMP" && mkdir "$TMP"
  local line code separator='' seen_command=false page=false
  if [[ $1 == *.md ]]; then page=true; fi
  local text=$page  # outside of the blocks of a page
  while IFS= read -r line || [[ -n $line ]]; do
    if $page && [[ $line == '```'* ]]; then
      if $text && [[ $line == '```console' ]]; then text=false; else text=true; fi
      printf '%s\n' "$line"
      seen_command=false separator=''
    elif $text; then
      printf '%s\n' "$line"
    elif [[ $line == '$ '* ]]; then
      printf '%s%s\n' "$separator" "$line"
      code=0
      bash -c "${line#'$ '}" </dev/null >"$scratch/output" 2>&1 || code=$?
      sed "s|$TMP|\$TMP|g" "$scratch/output"
      if [[ $code != 0 ]]; then printf '[exit %d]\n' "$code"; fi
      seen_command=true
      separator=$'\n'
    elif ! $seen_command; then
      printf '%s\n' "$line"
    fi
  done <"$1"
}

failures=0
for transcript in "$@"; do
  replay "$transcript" >"$scratch/actual"
  if cmp -s "$transcript" "$scratch/actual"; then continue; fi
  if $update; then
    cp "$scratch/actual" "$transcript"
    echo "rewritten: $transcript"
  else
    diff -u --label expected --label actual "$transcript" "$scratch/actual" || true
    failures=$((failures + 1))
  fi
done
exit "$((failures > 0))"
