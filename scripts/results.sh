#!/usr/bin/env bash
# Trains the named networks on real data, as docs/results.md says, with three seeds each, and writes
# docs/results: NETWORK-SEED.csv, the curves; seconds.csv, an epoch's time; NETWORK.svg, pictures.
#
#     scripts/results.sh CNNTOOL DATA [NETWORK...]
#
# DATA has the folders mnist and fashion-mnist, with the four IDX files each, and cats-and-dogs, with train
# and validation and a folder for each class in both. Without NETWORK all are trained. SEEDS="1 2 3"
# says which seeds, and RESULTS another folder. With KERAS_PYTHON, a Python that has TensorFlow, Keras trains
# the networks too, once for each of KERAS_SEEDS. NETWORK-rate-R is the network with the learning rate R.
set -euo pipefail

usage="usage: scripts/results.sh CNNTOOL DATA [NETWORK...]"
tool=${1:?$usage}
data=${2:?$usage}
shift 2
[ $# -gt 0 ] ||
  set -- mnist-5x5 fashion-mnist mnist-two-convolutions mnist-two-convolutions-rate-0.008 cats-and-dogs
here=$(dirname "$0")
out=${RESULTS:-$here/../docs/results}
mkdir -p "$out"
models=$(mktemp -d)
trap 'rm -rf "$models"' EXIT

# What `cnntool train` is told besides the seed: the commands of docs/results.md.
arguments() {
  case $1 in
  *-rate-*)
    echo "$(arguments "${1%-rate-*}")" --learning-rate "${1##*-rate-}"
    ;;
  mnist-5x5)
    echo --data "$data/mnist" --optimizer rmsprop --loss categorical_crossentropy --batch-size 100 --epochs 3
    ;;
  fashion-mnist)
    echo --data "$data/fashion-mnist" --optimizer adam --batch-size 32 --epochs 5
    ;;
  mnist-two-convolutions)
    echo --data "$data/mnist" --optimizer adam --batch-size 1000 --epochs 20
    ;;
  cats-and-dogs)
    echo --data "$data/cats-and-dogs/train" --validation-data "$data/cats-and-dogs/validation" \
      --optimizer adam --loss binary_crossentropy --from-logits --batch-size 64 --epochs 15 \
      --rotation-range 45 --width-shift-range .15 --height-shift-range .15 --zoom-range .5 --horizontal-flip
    ;;
  *)
    echo "scripts/results.sh: there is no network $1" >&2
    return 2
    ;;
  esac
}

# Sets one network's row for one seed: the epochs' seconds, median and least, by what --json said of the rate.
note_seconds() {
  local network=$1 seed=$2 items=$3 log=$4 file=$out/seconds.csv
  [ -f "$file" ] || echo network,seed,median,least > "$file"
  { grep -v "^$network,$seed," "$file" || true; } > "$models/seconds"
  sed -n 's/.*"images_per_second":\([0-9.e+]*\).*/\1/p' "$log" | sort -rg |
    awk -v row="$network,$seed" -v items="$items" '
      { seconds[NR] = items / $1 }
      END { printf "%s,%.2f,%.2f\n", row, (seconds[int((NR + 1) / 2)] + seconds[int(NR / 2) + 1]) / 2, seconds[1] }
    ' >> "$models/seconds"
  { head -n 1 "$models/seconds"; tail -n +2 "$models/seconds" | sort; } > "$file"
}

for network; do
  arguments "$network" > "$models/arguments"
  items=60000
  [ "$network" != cats-and-dogs ] || items=1600
  for seed in ${SEEDS-1 2 3}; do
    echo "$network, seed $seed"
    # shellcheck disable=SC2046 # the arguments are words
    "$tool" train --model "${network%-rate-*}" --scale 1/255 $(cat "$models/arguments") --seed "$seed" --json \
      --history "$out/$network-$seed.csv" -o "$models/$network.h5" | tee "$models/log"
    note_seconds "$network" "$seed" "$items" "$models/log"
  done
  for seed in ${KERAS_PYTHON:+${KERAS_SEEDS-1 2 3}}; do
    echo "$network with Keras, seed $seed"
    "$KERAS_PYTHON" "$here/results_keras.py" "$network" "$data" "$seed" "$out/$network-keras-$seed.csv"
  done
  "$here/results_svg.py" "$out" "$network"
done
