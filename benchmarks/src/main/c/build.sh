#!/bin/sh
# Compiles every NAME.c beside this script to DIR/NAME.
set -eu

dir=${1:?usage: build.sh DIR}
cc=${CC:-cc}

if ! command -v "$cc" >/dev/null; then
  echo "build.sh: no C compiler ($cc): the benchmarks need one; on Debian: apt-get install gcc libc6-dev" >&2
  exit 1
fi

mkdir -p -- "$dir"
for c in "$(dirname -- "$0")"/*.c; do
  "$cc" -O2 -pthread -Wall -Wextra -Werror -o "$dir/$(basename -- "$c" .c)" "$c"
done
