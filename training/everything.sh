#!/bin/sh
# Makes all that docs/quality.md compares: training/everything.sh OUT, a bit more than an hour on two cores. The base is
# trained by both; then two adapters at once, each by one. Steps and seeds are fixed.
set -eu
mkdir -p "$1"
out=$(realpath "$1")
cd "$(dirname "$0")"
export OMP_NUM_THREADS=2
python3 tokenizer.py "$out"
python3 train_base.py "$out" --steps 5200

export OMP_NUM_THREADS=1
for options in "lora" "full" "dora" "ia3" "lora --seed 2"; do
  for task in sql json cypher; do
    name=$task-$(echo "$options" | sed 's/ --seed /-seed-/')
    echo "$task $options --steps 500 --name $name"
  done
done | xargs -L 1 -P 2 python3 finetune.py "$out"
python3 export.py "$out"
