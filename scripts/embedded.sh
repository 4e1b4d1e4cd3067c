#!/bin/sh
# Builds the small library, libcnn-embedded.a: kernels, executor and C interface as Embedded Swift, without
# Foundation, without a Swift runtime, without memory of its own.
#
#   scripts/embedded.sh [TARGET...]
#
# Targets: x86_64, aarch64, cortex-m7, cortex-m4, riscv32, riscv64; all where none is named. Each is left in
# .build/embedded/TARGET.

set -eu

cd "$(dirname "$0")/.."

# Where the toolchain has Embedded Swift's library for a machine.
resources=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')

# A function a section, so that a linker leaves out what is not called. Optimised for speed: for size, the
# loops over a tile's sums would stay loops, with the sums in memory, which is larger, too. But loops whose length
# is not known stay what they are: as vectors, or several times over, they would take a fifth of the library.
compile() {
  module=$1
  # shellcheck disable=SC2046,SC2086 # lists of words
  swiftc -swift-version 6 -target "$triple" $flags -Xcc -fno-math-errno \
    -enable-experimental-feature Embedded \
    -Xllvm -vectorize-loops=false -Xllvm -unroll-runtime=false \
    -wmo -parse-as-library -O -assert-config Unchecked -enforce-exclusivity=unchecked \
    -Xfrontend -remove-runtime-asserts -Xfrontend -function-sections -Xfrontend -disable-stack-protector \
    -module-name "$module" -I "$folder" -I Sources/CProcessor -I include \
    -emit-module -emit-module-path "$folder/$module.swiftmodule" \
    -c $(find "Sources/$module" -name "*.swift" -not -path "*/Training/*") -o "$folder/$module.o"
}

archiver=$(dirname "$(command -v swiftc)")/llvm-ar
[ -x "$archiver" ] || archiver=ar

build() {
  target=$1
  flags=
  case $target in
    x86_64) triple=x86_64-unknown-linux-gnu ;;
    aarch64) triple=aarch64-none-none-elf ;;
    cortex-m7)
      triple=armv7em-none-none-eabi
      flags='-Xcc -mcpu=cortex-m7 -Xcc -mfpu=fpv5-sp-d16 -Xcc -mfloat-abi=softfp'
      ;;
    cortex-m4)
      triple=armv7em-none-none-eabi
      flags='-Xcc -mcpu=cortex-m4 -Xcc -mfpu=fpv4-sp-d16 -Xcc -mfloat-abi=softfp'
      ;;
    riscv32)
      triple=riscv32-none-none-eabi
      flags='-Xcc -march=rv32imafc -Xcc -mabi=ilp32f'
      ;;
    riscv64)
      triple=riscv64-none-none-eabi
      flags='-Xcc -march=rv64gc -Xcc -mabi=lp64d'
      ;;
    *)
      echo "embedded: there is no target '$target'" >&2
      exit 2
      ;;
  esac
  if [ ! -e "$resources/embedded/Swift.swiftmodule/$triple.swiftmodule" ]; then
    echo "embedded: this toolchain has no library for $triple; $target is left out"
    return
  fi
  folder=.build/embedded/$target
  mkdir -p "$folder"
  echo "embedded: $target"
  for module in Kernel Runtime Interface; do compile "$module"; done
  rm -f "$folder/libcnn-embedded.a"
  "$archiver" crs "$folder/libcnn-embedded.a" \
    "$folder/Kernel.o" "$folder/Runtime.o" "$folder/Interface.o"
}

[ $# -gt 0 ] || set -- x86_64 aarch64 cortex-m7 cortex-m4 riscv32 riscv64
for target in "$@"; do build "$target"; done
