# What a benchmark cannot do without, asked for at its beginning; sourced by the scripts beside it.

# needs FOLDER NAME…: programs, of this project if they begin with `sluice`, then in FOLDER. Says of all that are
# missing how to get them, and ends the script with 2.
needs() {
  local folder=$1 name missing=()
  shift
  for name in "$@"; do
    if [[ $name == sluice* ]]; then
      [[ -x $folder/$name ]] || missing+=("$folder/$name")
    else
      command -v "$name" >/dev/null || missing+=("$name")
    fi
  done
  if ((${#missing[@]} == 0)); then return; fi
  echo "missing: ${missing[*]}; bench/set_up.sh installs and builds them, in build/bench/bin" >&2
  exit 2
}
