#!/bin/sh
# Sees to it that what a target of the Makefile needs is there: Swift and the libraries.
#
#   scripts/setup.sh [TARGET]
#
# Says nothing where nothing is missing. On Debian and Ubuntu root gets what is missing installed;
# other users are told the command.

set -eu

target=${1:-build}

fail() {
  printf 'setup: %s\n' "$1" >&2
  exit 1
}

# The C interface is written with @c, which came with Swift 6.3.
case $target in
  embedded | embedded-test | examples) swift_needed=6.3 ;;
  *) swift_needed=6.2 ;;
esac
advice="install Swift $swift_needed or newer from https://www.swift.org/install"

command -v swift > /dev/null 2>&1 \
  || fail "there is no 'swift' in PATH; $advice and put its usr/bin into PATH"
swift_found=$(swift --version 2> /dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p')
[ -n "$swift_found" ] || fail "'swift --version' does not work; $advice"
lowest=$(printf '%s\n%s\n' "$swift_needed" "$swift_found" | sort -V | head -n 1)
[ "$lowest" = "$swift_needed" ] \
  || fail "Swift $swift_found is too old for '$target'; $advice"

case $target in
  # These take nothing but the compiler.
  format | lint | embedded) exit 0 ;;
esac

# A font, for the texts of figures: without one they are drawn in cairo's own, which is only fit to be read.
packages='libcairo2-dev libhdf5-dev libpng-dev libturbojpeg0-dev libyaml-dev libzip-dev zlib1g-dev pkg-config'
packages="$packages fonts-dejavu-core"
case $target in
  # Tests run the kernels on processors that this machine does not have, look into the objects, and fetch
  # files of this machine.
  test) packages="$packages qemu-user binutils curl" ;;
  sanitize) packages="$packages curl" ;;
  bench-peers | bench-train) packages="$packages python3 python3-venv" ;;
  check-keras) [ -n "${KERAS_PYTHON:-}" ] || packages="$packages python3 python3-venv" ;;
  check-report) packages="$packages chromium" ;;
  embedded-test)
    packages="$packages gcc g++ libc6-dev binutils cmake make python3 python3-numpy qemu-user qemu-system-arm"
    packages="$packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-none-eabi libnewlib-arm-none-eabi"
    ;;
  examples) command -v cc > /dev/null 2>&1 || packages="$packages gcc libc6-dev" ;;
esac

if ! command -v dpkg-query > /dev/null 2>&1; then
  # Another system: its package names are not known here, but pkg-config tells whether all is there.
  if command -v pkg-config > /dev/null 2>&1 \
    && pkg-config --exists cairo hdf5 libpng libturbojpeg yaml-0.1 libzip zlib; then
    exit 0
  fi
  fail "install pkg-config and the development files of cairo, HDF5, libpng, libjpeg-turbo, libyaml, libzip and zlib
  (on Debian and Ubuntu: $packages)"
fi

# shellcheck disable=SC2086 # a list of words
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $packages 2> /dev/null || true)
missing=
for package in $packages; do
  printf '%s\n' "$installed" | grep -qx "$package installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  printf 'setup: packages are missing; install them with:\n' >&2
  printf '  sudo apt-get install --no-install-recommends%s\n' "$missing" >&2
  exit 1
fi
printf 'setup: installing%s\n' "$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update
# shellcheck disable=SC2086
apt-get install -y --no-install-recommends $missing
