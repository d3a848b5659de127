#!/bin/sh
# Compiles every NAME.c beside this script to DIR/NAME, where it is missing or older than its sources.
# A program may say in its head, a line each, `cc: FLAGS` that it needs and the one `machine:` it is for.
set -eu

dir=${1:?usage: build.sh DIR}
src=$(dirname -- "$0")
cc=${CC:-cc}

if ! command -v "$cc" >/dev/null; then
  echo "build.sh: no C compiler ($cc): the tests need one; on Debian: apt-get install gcc libc6-dev" >&2
  exit 1
fi

mkdir -p -- "$dir"
for c in "$src"/*.c; do
  [ -e "$c" ] || continue
  machine=$(sed -n 's/^ \* machine: //p' "$c")
  [ -z "$machine" ] || [ "$machine" = "$(uname -m)" ] || continue
  program=$dir/$(basename -- "$c" .c)
  if [ -z "$(find "$program" -newer "$c" 2>/dev/null)" ] ||
    [ -n "$(find "$src" \( -name '*.h' -o -name build.sh -o -name threads.c \) -newer "$program")" ]; then
    # Into place by one rename: a build beside this one never runs half a program.
    "$cc" -O1 -g -pthread -Wall -Wextra -Werror $(sed -n 's/^ \* cc: //p' "$c") -o "$program.$$" "$c"
    mv -f -- "$program.$$" "$program"
  fi
done
