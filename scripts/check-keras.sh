#!/bin/sh
# Lets Keras 2 and Keras 3 load what cnntool writes, and compares what they compute.
#
#   scripts/check-keras.sh CNNTOOL [names of fixtures]
#   CHECK=check_training.py scripts/check-keras.sh CNNTOOL
#
# Keras is installed into .build/keras, some 2 GB, unless KERAS_PYTHON names a Python that has it.

set -eu

tool=$1
shift
cd "$(dirname "$0")/.."
python=${KERAS_PYTHON:-}

if [ -z "$python" ]; then
  folder=$PWD/.build/keras
  python=$folder/venv/bin/python
  . scripts/python-environment.sh
  python_environment "$folder/venv" Tests/Fixtures/requirements.txt "$folder/requirements.txt" \
    "check-keras: installing Keras"
fi
mkdir -p .build
log=$PWD/.build/check-keras.log
# TensorFlow has much to say that is of no use here.
"$python" "Tests/Fixtures/${CHECK:-check_keras.py}" "$tool" "$@" 2> "$log" || {
  echo "check-keras: what else was said is in $log" >&2
  exit 1
}
