#!/usr/bin/env bash
# Pairs protopact with buf on the same work: benches/compare.sh CLONE OLD [NEW]; see README.md.
set -euo pipefail

clone=${1:?usage: benches/compare.sh CLONE OLD [NEW]}
old=${2:?usage: benches/compare.sh CLONE OLD [NEW]}
new=${3:-HEAD}
runs=${RUNS:-3}
clone=$(cd "$clone" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

program=${PROTOPACT:-}
if [ -z "$program" ]; then
    cargo build --release --quiet --manifest-path "$root/Cargo.toml"
    program=${CARGO_TARGET_DIR:-$root/target}/release/protopact
fi
buf=${BUF:-$(command -v buf || true)}
time=$(command -v gtime || command -v /usr/bin/time || true)
if [ -z "$buf" ] || [ -z "$time" ]; then
    echo "buf (npm: @bufbuild/buf) and GNU time are needed; BUF=/path/to/buf names the first" >&2
    exit 2
fi

# Both leave out the same files, where that is asked for: EXCLUDE="preview".
excludes=""
printf '[schema]\nexclude = [' >"$scratch/protopact.toml"
for folder in ${EXCLUDE:-}; do
    excludes="$excludes,\"$folder\""
    printf '"%s/**", ' "$folder" >>"$scratch/protopact.toml"
done
printf ']\n' >>"$scratch/protopact.toml"
config="{\"version\":\"v2\",\"modules\":[{\"path\":\".\",\"excludes\":[${excludes#,}]}],\"breaking\":{\"use\":[\"FILE\"]}}"

# Prints milliseconds and KiB of one run, whatever it found.
measure() {
    local started=${EPOCHREALTIME/[.,]/}
    HOME=$scratch "$time" -f '%M' -o "$scratch/memory" "$@" >/dev/null 2>&1 || true
    echo "$(((${EPOCHREALTIME/[.,]/} - started) / 1000)) $(tail -n 1 "$scratch/memory")"
}
protopact() {
    measure "$program" -C "$clone" check --config "$scratch/protopact.toml" \
        --against "$old" --to "$new" --fail-on never "$@"
}
against_git() {
    measure "$buf" breaking "$clone/.git#ref=$(git -C "$clone" rev-parse "$new")" --config "$config" \
        --against "$clone/.git#ref=$(git -C "$clone" rev-parse "$old")" --against-config "$config"
}
against_image() {
    measure "$buf" breaking "$scratch/new.binpb" --config '{"version":"v2","breaking":{"use":["FILE"]}}' \
        --against "$scratch/old.binpb"
}
listing() {
    measure git -C "$clone" diff --raw "$old" "$new"
}

# Runs the commands in turn, so that a busy moment meets all of them, and keeps the medians.
median() {
    sort -n -k "$2" "$scratch/$1" | awk -v column="$2" '{ value[NR] = $column } END { print value[int((NR + 1) / 2)] }'
}
commands=(protopact full listing against_git)
if [ -z "${NO_IMAGES:-}" ]; then
    for side in old new; do
        "$buf" build "$clone/.git#ref=$(git -C "$clone" rev-parse "${!side}")" --config "$config" -o "$scratch/$side.binpb"
    done
    commands+=(against_image)
fi
full() { protopact --full; }
for ((run = 0; run < runs; run++)); do
    for command in "${commands[@]}"; do
        "$command" >>"$scratch/$command"
    done
done

for command in "${commands[@]}"; do
    printf '%-14s %8d ms %6.0f MiB\n' "$command" "$(median "$command" 1)" \
        "$(median "$command" 2 | awk '{ print $1 / 1024 }')"
done
ratio() {
    awk -v a="$(median "$1" "$3")" -v b="$(median "$2" "$3")" 'BEGIN { printf "%.1f", b / (a > 0 ? a : 1) }'
}
for ours in protopact full; do
    for theirs in "${commands[@]:3}"; do
        echo "$ours: $(ratio "$ours" "$theirs" 1) times faster than $theirs, 1/$(ratio "$ours" "$theirs" 2) of its memory"
    done
done
echo "protopact: $(ratio listing protopact 1) times the time of git diff --raw"
