#!/usr/bin/env bash
# tidy.sh CHECK, in the source tree's root: prints what breaks the style, and fails then. 77: cannot tell here.
set -euo pipefail
export LC_ALL=C.UTF-8

mapfile -t sources < <(find base pipeline reports scenarios sim experiments http mock_api load cli bench tests \
  \( -name '*.cpp' -o -name '*.hpp' \) -type f | sort)
mapfile -t texts < <(find . \( -name .git -o -name build -o -name out -o -name node_modules \) -prune -o \
  -type f ! -name '*.gz' -print | sort)

# Passes when nothing comes in; prints what comes in otherwise.
nothing() { ! grep . ; }

columns() { { grep -nE '^.{101,}$' "${sources[@]}" || true; } | nothing; }

# In formatted code a function begins at the last line in column 0 (in a class: 2) before the brace that
# closes it in the same column.
function_length() {
  awk '
    FNR == 1 { begin[0] = begin[2] = 0 }
    { match($0, /^ */); column = RLENGTH }
    column != 0 && column != 2 { next }
    /^ *[A-Za-z_~]/ { begin[column] = /^ *(namespace|class|struct|union|enum)|= *[{]+$|[{][{]$/ ? 0 : FNR }
    /^ *}/ {
      lines = FNR - begin[column] + 1
      if (begin[column] && lines > 70) print FILENAME ":" begin[column] ": a function of " lines " lines"
      begin[column] = 0
    }
  ' "${sources[@]}" | nothing
}

# A class of one name in one namespace is one class to the linker, whichever files define it: it would take one
# file's constructors and destructors for the others too.
one_definition() {
  awk '
    FNR == 1 { spaces = "" }
    /^namespace [a-z].*[{]$/ { spaces = spaces "/" $2 }
    /^namespace [{]$/ { file = FILENAME; gsub("/", ":", file); spaces = spaces "/" file }
    /^}  [/][/] namespace/ { sub("/[^/]*$", "", spaces) }
    /^(template <.*> )?(class|struct|union|enum|enum class) [A-Za-z_0-9]+( final)?( : .*)? [{]/ {
      sub(/^template <.*> /, "")
      name = spaces "/" ($1 == "enum" && $2 == "class" ? $3 : $2)
      if (name in where) print FILENAME ":" FNR ": " $0 " is defined in " where[name] " too"
      where[name] = FILENAME ":" FNR
    }
  ' "${sources[@]}" | nothing
}

# From the root by folder, so that the targets decide who may include whom.
includes() { { grep -nE '#include "(\.\.?/|[^/"]+")' "${sources[@]}" || true; } | nothing; }

# Paths of somebody's machine.
paths() { { grep -nIE '(^|[^A-Za-z0-9_.-])/(home|root|work|farm|Users)/' "${texts[@]}" || true; } | nothing; }

format() {
  if ! clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
    echo "skipped: needs clang-format 14, other versions format differently"
    exit 77
  fi
  clang-format --dry-run -Werror --style=file "${sources[@]}"
}

"$1"
