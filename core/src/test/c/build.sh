#!/bin/sh
# Compiles every NAME.c beside this script to DIR/NAME, where it is missing or older than its sources.
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
  program=$dir/$(basename -- "$c" .c)
  if [ -z "$(find "$program" -newer "$c" 2>/dev/null)" ] ||
    [ -n "$(find "$src" \( -name '*.h' -o -name build.sh \) -newer "$program")" ]; then
    # Into place by one rename: a build beside this one never runs half a program.
    "$cc" -O1 -g -pthread -Wall -Wextra -Werror -o "$program.$$" "$c"
    mv -f -- "$program.$$" "$program"
  fi
done
