#!/bin/sh
# Builds programs in several languages and for several machines over one compiled model, runs each, and compares
# what they say of a picture.
#
#   scripts/embedded-test.sh CNNTOOL PREFIX
#
# PREFIX is where scripts/install.sh installed to. The libraries of .build/embedded are there already.

set -eu

tool=$1
prefix=$2
cd "$(dirname "$0")/.."
folder=.build/embedded-test
mkdir -p "$folder"
picture=Models/samples/bag
model=$folder/fashion-mnist.cnn

"$tool" compile Models/fashion-mnist.h5 --target cortex-m7 --test-vector "$picture.png" --scale 1/255 \
  -o "$model"
"$tool" selftest "$model"
"$tool" run "$model" --input "$picture.png" --scale 1/255 -o "$folder/cnntool.npy"
# Ten floats behind a header of 128 bytes.
od -An -v -tf4 -w4 -j128 "$folder/cnntool.npy" > "$folder/cnntool.txt"

failures=0
# The ten numbers of a program against the tool's.
compare() {
  name=$1
  head -n 10 "$folder/$name.txt" | cut -d ' ' -f 1 | paste - "$folder/cnntool.txt" | awk -v name="$name" '
    { d = $1 - $2; if (d < 0) d = -d; if (d > most) most = d; if (NF == 2) count++ }
    END {
      bad = count != 10 || most > 1e-5
      printf "embedded-test: %-10s %s, largest difference %g\n", name, bad ? "FAILED" : "passed", most
      exit bad
    }' || failures=$((failures + 1))
}

small=-DCNN_SMALL
for machine in x86_64 aarch64; do
  [ -e ".build/embedded/$machine/libcnn-embedded.a" ] || continue
  if [ "$machine" = "$(uname -m)" ]; then compiler=cc; emulator=; else
    compiler=$machine-linux-gnu-gcc
    emulator=qemu-$machine
  fi
  "$compiler" -O2 -std=c11 $small -static -Iinclude Examples/C/main.c -Wl,--gc-sections \
    ".build/embedded/$machine/libcnn-embedded.a" -lm -o "$folder/predict-$machine"
  $emulator "$folder/predict-$machine" "$model" "$picture.pgm" > "$folder/c-$machine.txt"
  compare "c-$machine"
done

cmake -S Examples/CPlusPlus -B "$folder/c++" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release \
  > "$folder/cmake.log"
cmake --build "$folder/c++" >> "$folder/cmake.log"
"$folder/c++/predict" "$model" "$picture.pgm" > "$folder/c++.txt"
compare c++

CNN_LIBRARY=$prefix/lib/libcnn.so python3 Examples/python/predict.py "$model" "$picture.pgm" \
  > "$folder/python.txt"
compare python

make -s -C Examples/Firmware MODEL="$PWD/$model" PICTURE="$PWD/$picture.pgm" BUILD="$PWD/$folder/firmware" \
  LIBRARY="$PWD/.build/embedded/cortex-m7" run < /dev/null > "$folder/cortex-m7.txt"
compare cortex-m7
sed -n '11,$p' "$folder/cortex-m7.txt"

# The same picture with weights of 8 bits, and then with values of 8 bits, too, whose ranges are those of twenty
# pictures: of each the tool says something else.
mkdir -p "$folder/pictures"
for part in train t10k; do
  cp Tests/Fixtures/data/fashion-mnist-20.idx3-ubyte "$folder/pictures/$part-images-idx3-ubyte"
  cp Tests/Fixtures/data/fashion-mnist-20.idx1-ubyte "$folder/pictures/$part-labels-idx1-ubyte"
done
narrow() {
  variant=$1
  shift
  "$tool" compile Models/fashion-mnist.h5 --target cortex-m7 --int8 "$@" --test-vector "$picture.png" \
    --scale 1/255 -o "$folder/$variant.cnn" > "$folder/$variant.txt"
  "$tool" run "$folder/$variant.cnn" --input "$picture.png" --scale 1/255 -o "$folder/cnntool.npy"
  od -An -v -tf4 -w4 -j128 "$folder/cnntool.npy" > "$folder/cnntool.txt"
  "$folder/predict-$(uname -m)" "$folder/$variant.cnn" "$picture.pgm" > "$folder/c-$variant.txt"
  compare "c-$variant"
  make -s -C Examples/Firmware MODEL="$PWD/$folder/$variant.cnn" PICTURE="$PWD/$picture.pgm" \
    BUILD="$PWD/$folder/firmware-$variant" LIBRARY="$PWD/.build/embedded/cortex-m7" run < /dev/null > "$folder/m7-$variant.txt"
  compare "m7-$variant"
}
narrow int8
narrow bytes --activations int8 --calibrate "$folder/pictures"

# The memory beyond the arena is the stack alone.
grep -H '^\(open-\)\{0,1\}stack ' "$folder/cortex-m7.txt" "$folder"/m7-*.txt | sed 's/.*\///'
awk '/^(open-)?stack / { count++; if ($2 > 2048) over = 1 } END { exit over || count < 6 }' \
  "$folder/cortex-m7.txt" "$folder"/m7-*.txt || {
  echo "embedded-test: more than 2 KB of stack" >&2
  failures=$((failures + 1))
}
# No heap: nothing that would take memory is in the firmware.
if arm-none-eabi-nm "$folder/firmware/firmware.elf" | grep -i 'malloc\|memalign\|sbrk\|calloc'; then
  echo "embedded-test: the firmware has a heap" >&2
  failures=$((failures + 1))
fi
# The loop over a tile's products: multiply-adds in registers, and no call between them.
arm-none-eabi-objdump -d "$folder/firmware/firmware.elf" \
  | awk '/vfma\.f32/ { run++; if (run > most) most = run } /\tblx?\t/ { run = 0 }
      END { printf "embedded-test: %d vfma without a call between them\n", most; exit most < 16 }' \
  || failures=$((failures + 1))
[ "$failures" -eq 0 ] || { echo "embedded-test: $failures failed" >&2; exit 1; }
