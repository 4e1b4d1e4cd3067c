#!/bin/sh
# Compiles the kernels and the executor as Embedded Swift, for this machine and for bare ones: no
# Foundation, no existentials, no reflection. Nothing is linked.
#
# Not optimised: that is quicker, and what Embedded Swift lacks is found all the same.

set -eu

cd "$(dirname "$0")/.."

compile() {
  module=$1
  folder=.build/embedded/$triple
  mkdir -p "$folder"
  echo "embedded: $module for $triple"
  swiftc -swift-version 6 -target "$triple" -enable-experimental-feature Embedded \
    -wmo -parse-as-library -Onone -module-name "$module" \
    -I "$folder" -I Sources/CProcessor \
    -emit-module -emit-module-path "$folder/$module.swiftmodule" \
    -c $(find "Sources/$module" -name "*.swift") -o "$folder/$module.o"
}

# A bare machine is tried only where the toolchain has Embedded Swift's library for it.
resources=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
host=$(uname -m)-unknown-linux-gnu
for triple in "$host" armv7em-none-none-eabi aarch64-none-none-elf; do
  if [ "$triple" != "$host" ] \
    && [ ! -e "$resources/embedded/Swift.swiftmodule/$triple.swiftmodule" ]; then
    echo "embedded: this toolchain has no library for $triple; left out"
    continue
  fi
  compile Kernel
  compile Runtime
done
