#!/bin/sh
# Compares cnntool with other engines: installs them, makes and converts the models, measures.
#
#   scripts/bench-peers.sh CNNTOOL [options of Benchmarks/Peers/compare.py]
#
# Everything goes into .build/peers, or where CNN_PEERS says; what is there already is kept. The first
# time it downloads some 2 GB of Python packages.

set -eu

tool=$1
shift
cd "$(dirname "$0")/.."
export CNN_PEERS="${CNN_PEERS:-$PWD/.build/peers}"
export TF_CPP_MIN_LOG_LEVEL=3 KERAS_BACKEND=tensorflow
mkdir -p "$CNN_PEERS"
python="$CNN_PEERS/venv/bin/python"
. scripts/python-environment.sh
python_environment "$CNN_PEERS/venv" Benchmarks/Peers/requirements.txt \
  "$CNN_PEERS/requirements.txt" "bench-peers: installing the engines"
echo "bench-peers: models"
"$python" Benchmarks/Peers/models.py 2> "$CNN_PEERS/models.log"
"$python" Benchmarks/Peers/convert.py 2> "$CNN_PEERS/convert.log"
"$python" Benchmarks/Peers/compare.py --engine "'$tool' bench --worker" "$@"
