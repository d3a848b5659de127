#!/bin/sh
# Generates the bindings of src/main/java/org/libproc4j/linux from src/main/headers.
#
#   generate.sh           replaces the bindings
#   generate.sh --check   fails with the difference if the committed bindings are not what the headers give
#
# jextract is found by JEXTRACT_HOME, else on PATH.
set -eu
export LC_ALL=C

cd "$(dirname "$0")"
package=src/main/java/org/libproc4j/linux

case ${1-} in
  '' | --check) ;;
  *) echo "usage: generate.sh [--check]" >&2; exit 2 ;;
esac

if [ -n "${JEXTRACT_HOME-}" ]; then
  jextract=$JEXTRACT_HOME/bin/jextract
else
  jextract=jextract
fi
if ! command -v "$jextract" >/dev/null; then
  if [ "${1-}" = --check ]; then
    echo "bindings not checked: jextract was not found (JEXTRACT_HOME, PATH)"
    exit 0
  fi
  echo "generate.sh: jextract was not found: put it on PATH or set JEXTRACT_HOME" >&2
  exit 1
fi

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
trap 'exit 1' HUP INT TERM

# No --library: the symbols are libc's, which the linker's default lookup knows.
"$jextract" --output "$fresh" --target-package org.libproc4j.linux --header-class-name linux_h \
  @src/main/headers/symbols.txt src/main/headers/linux.h

if [ "${1-}" = --check ]; then
  diff -r -u "$package" "$fresh/org/libproc4j/linux" || {
    echo "generate.sh: the bindings differ from what src/main/headers gives; run jextract/generate.sh" >&2
    exit 1
  }
else
  rm -rf "$package"
  cp -R "$fresh/org/libproc4j/linux" "$package"
fi
