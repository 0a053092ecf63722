#!/usr/bin/env bash
# Measures one check on a given clone: benches/check.sh CLONE [BASE [REV]]; see README.md.
set -euo pipefail

clone=${1:?usage: benches/check.sh CLONE [BASE [REV]]}
base=${2:-v1.10.0}
rev=${3:-v1.11.0}
runs=${RUNS:-20}
read -ra flags <<<"${FLAGS:-}"
clone=$(cd "$clone" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)

program=${PROTOPACT:-}
if [ -z "$program" ]; then
    cargo build --release --quiet --manifest-path "$root/Cargo.toml"
    program=${CARGO_TARGET_DIR:-$root/target}/release/protopact
fi
check=("$program" -C "$clone" check --against "$base" --to "$rev" --fail-on never "${flags[@]}")

"${check[@]}" | tail -n 1

for ((run = 0; run < runs; run++)); do
    started=${EPOCHREALTIME/[.,]/}
    "${check[@]}" >/dev/null 2>&1
    echo "$((${EPOCHREALTIME/[.,]/} - started))"
done | sort -n | awk '{ time[NR] = $1 / 1000 }
    END { printf "wall time    median %.1f ms, fastest %.1f ms, %d runs\n", time[int((NR + 1) / 2)], time[1], NR }'

if command -v valgrind >/dev/null; then
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "${check[@]}" 2>&1 >/dev/null |
        awk '/Collected/ { printf "instructions %.1f million\n", $NF / 1e6 }'
else
    echo "instructions not counted: valgrind is not installed"
fi
