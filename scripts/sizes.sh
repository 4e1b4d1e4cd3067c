#!/bin/sh
# Prints what the small library adds to programs: of the machines whose libraries and programs
# scripts/embedded-test.sh built.

set -eu

cd "$(dirname "$0")/.."
folder=.build/embedded-test
# What a program without the library takes, built in the same way.
printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' > "$folder/nothing.c"
cc -O2 -std=c11 -DCNN_SMALL -Iinclude Examples/C/main.c -Wl,--gc-sections \
  ".build/embedded/$(uname -m)/libcnn-embedded.a" -lm -o "$folder/predict"
cc -O2 -std=c11 -DCNN_SMALL -Iinclude -c Examples/C/main.c -o "$folder/main.o"
cc -O2 "$folder/nothing.c" -o "$folder/nothing"
total() { size "$1" | awk 'NR == 2 { print $1 + $2 + $3 }'; }
echo "$(uname -m): the library adds $(($(total "$folder/predict") - $(total "$folder/main.o") \
  - $(total "$folder/nothing"))) bytes to the C program"

firmware=$folder/firmware/firmware.elf
arm-none-eabi-size -A "$firmware" | awk '
  $1 == ".text" || $1 == ".vectors" || $1 == ".ARM.exidx" { text += $2 }
  $1 == ".data" { data += $2 } $1 == ".bss" { bss += $2 } $1 == ".model" { model += $2 }
  END {
    printf "cortex-m7: text %d bytes, data %d, bss %d, model and picture %d\n", text, data, bss, model
  }'
# Without what newlib and the compiler have.
other=0
for size in $(awk '/^ \.text/ { if (NF == 1) { getline; size = $2; file = $3 } else { size = $3; file = $4 }
    if (file ~ /lib[cmg][a-z_]*\.a/ && size != "0x0") print size }' "$folder/firmware/firmware.map"); do
  other=$((other + size))
done
echo "cortex-m7: of the text $other bytes are newlib's and the compiler's"
sed -n 's/^arena /cortex-m7: arena /p; s/^stack /cortex-m7: stack of cnn_run /p
  s/^open-stack /cortex-m7: stack of cnn_model_open /p' "$folder/cortex-m7.txt"
