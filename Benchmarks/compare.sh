#!/usr/bin/env bash
# Measures ours, PyTorch and ONNX Runtime in turn on this machine and prints a table of ratios.
#
# usage: Benchmarks/compare.sh [network ...]        default: alexnet resnet18 resnet50 densenet121
# environment: BATCH=32 SIZE=224 CLASSES=1000 THREADS=2 STEPS=5 ROUNDS=2; PYTHON=a Python that has torch and torchvision
#
# Each network goes through ours, PyTorch, ONNX Runtime, ours, PyTorch, ONNX Runtime, so that a slow minute of the machine hits all.
# One mode a process. A peer that is not there is named, and its columns are left out. The lines stay in artifacts/benchmarks.
set -u
cd "$(dirname "$0")/.." || exit 1

batch=${BATCH:-32} size=${SIZE:-224} classes=${CLASSES:-1000} threads=${THREADS:-2} steps=${STEPS:-5} rounds=${ROUNDS:-2}
single_steps=$((steps * 10))
onnxruntime_version=1.30.0
folder=artifacts/benchmarks
peers=Benchmarks/peers
if [ $# -gt 0 ]; then networks=("$@"); else networks=(alexnet resnet18 resnet50 densenet121); fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDTERMINALLOGGER=off
mkdir -p "$folder" || exit 1
log="$folder/compare-$(date -u +%Y%m%dT%H%M%SZ).jsonl"

if ! dotnet build -c Release Benchmarks >"$folder/build.log" 2>&1; then
    echo "error: the build failed, see $folder/build.log" >&2
    exit 1
fi

find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} /usr/bin/python3 python3; do
        if "$candidate" -c 'import torch, torchvision' >/dev/null 2>&1; then
            python=$candidate
            return 0
        fi
    done
    return 1
}

python=
find_python || echo "absent: PyTorch (Debian's python3-torch and python3-torchvision); its columns are left out" >&2

# Prints why ONNX Runtime cannot be measured, or nothing.
onnxruntime_problem() {
    command -v node >/dev/null || { echo "no node"; return; }
    if [ ! -d "$folder/node_modules/onnxruntime-node" ]; then
        command -v npm >/dev/null || { echo "no npm"; return; }
        # Without its scripts: they only fetch GPU libraries.
        npm install --prefix "$folder" --no-save --no-package-lock --ignore-scripts "onnxruntime-node@$onnxruntime_version" >"$folder/npm.log" 2>&1 ||
            { echo "npm could not install it, see $folder/npm.log"; return; }
    fi
    local network
    for network in "${networks[@]}"; do
        [ -e "$folder/onnx/$network-$size-$classes.onnx" ] && continue
        [ -n "$python" ] || { echo "no ONNX files, and no PyTorch to write them"; return; }
        "$python" $peers/export_onnx.py "$folder/onnx" "${networks[@]}" --size "$size" --classes "$classes" >"$folder/export.log" 2>&1 ||
            echo "the networks could not be exported, see $folder/export.log"
        return
    done
}

problem=$(onnxruntime_problem)
[ -z "$problem" ] || echo "absent: ONNX Runtime ($problem); its columns are left out" >&2

# run COMMAND...: its lines go to the log and to the error stream, as they come.
run() {
    "$@" </dev/null | tee -a "$log" >&2
    [ "${PIPESTATUS[0]}" -eq 0 ] || echo "failed: $*" >&2
}

ours() {
    run dotnet Benchmarks/bin/Release/net10.0/MLClassify.Benchmarks.dll networks "$@" --size "$size" --classes "$classes"
}

pytorch() {
    [ -z "$python" ] || run "$python" $peers/pytorch_bench.py "$@" --size "$size" --classes "$classes" --threads "$threads"
}

onnxruntime() {
    [ -n "$problem" ] || run node $peers/onnxruntime_bench.mjs --modules "$folder" --onnx "$folder/onnx" "$@" \
        --size "$size" --classes "$classes" --threads "$threads"
}

for network in "${networks[@]}"; do
    for ((round = 0; round < rounds; round++)); do
        for mode in train infer frozen; do
            ours "$network" --mode $mode --batch "$batch" --threads "$threads" --steps "$steps"
        done
        ours "$network" --mode infer --batch 1 --threads "$threads" --steps $single_steps
        if [ "$network" = resnet50 ] && [ "$threads" -gt 1 ]; then
            ours "$network" --mode train --batch "$batch" --threads 1 --steps "$steps"
        fi
        pytorch "$network" --mode train --batch "$batch" --steps "$steps"
        pytorch "$network" --mode infer --batch "$batch" --steps "$steps"
        pytorch "$network" --mode infer --batch 1 --steps $single_steps
        onnxruntime "$network" --batch "$batch" --steps "$steps"
        onnxruntime "$network" --batch 1 --steps $single_steps
    done
done

echo
echo "$(date -u +%Y-%m-%d), $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $(nproc) cores," \
    ".NET $(dotnet --version), $threads threads, $size x $size, best of $rounds rounds, the median of $steps steps each"
[ ! -s "$log" ] || dotnet Benchmarks/bin/Release/net10.0/MLClassify.Benchmarks.dll ratios "$log"
