#!/bin/sh
# Compares training by cnntool with TensorFlow and PyTorch: installs them, makes the models, measures.
#
#   scripts/bench-train.sh CNNTOOL [options of Benchmarks/Peers/compare_training.py]
#
# Everything goes into .build/peers, or where CNN_PEERS says; what is there already is kept.

set -eu

tool=$1
shift
cd "$(dirname "$0")/.."
export CNN_PEERS="${CNN_PEERS:-$PWD/.build/peers}"
export TF_CPP_MIN_LOG_LEVEL=3 KERAS_BACKEND=tensorflow
mkdir -p "$CNN_PEERS"
python="$CNN_PEERS/training/bin/python"
. scripts/python-environment.sh
python_environment "$CNN_PEERS/training" Benchmarks/Peers/training-requirements.txt \
  "$CNN_PEERS/training-requirements.txt" "bench-train: installing TensorFlow and PyTorch"
echo "bench-train: models"
"$python" Benchmarks/Peers/models.py seed1 seed2 seed3 seed4 2> "$CNN_PEERS/models.log"
"$python" Benchmarks/Peers/compare_training.py --engine "'$tool' bench --worker" "$@"
