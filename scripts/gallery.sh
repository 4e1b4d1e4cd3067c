#!/bin/sh
# Draws the pictures of docs/gallery.md again: runs the commands that stand there.
#
#   scripts/gallery.sh CNNTOOL

set -eu

tool=$1
mkdir -p docs/gallery
# The commands of the blocks that are marked sh; a line may go on behind a backslash.
sed -n '/^```sh$/,/^```$/{/^```/!p}' docs/gallery.md | sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' \
  | while read -r name arguments; do
    [ "$name" = cnntool ] || { printf 'gallery: unexpected: %s\n' "$name" >&2; exit 1; }
    # shellcheck disable=SC2086 # a list of words
    "$tool" $arguments
  done
ls -l docs/gallery
