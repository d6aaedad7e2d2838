#!/usr/bin/env bash
# Speed on a graphics card, beside PyTorch's own loop on the same card in the same run.
#
#     Benchmarks/gpu.sh build      here: one file with .NET inside, and TorchSharp's native part, in artifacts/gpu (needs the .NET SDK)
#     Benchmarks/gpu.sh measure    on the machine with the card, which needs Python with PyTorch and no .NET
#
# libtorch is that of the machine's own PyTorch, or what MLCLASSIFY_LIBTORCH names. The first lines say whether TorchSharp's native part works with it;
# where it does not, that is the result, and PyTorch's figures follow alone. Variables, with their defaults:
#
#     DEVICE=cuda NETWORKS=resnet18,resnet50,densenet121,alexnet BATCHES=32,256 PRECISIONS=float32,tf32,bfloat16 SECONDS_EACH=3
#     PYTHON=python3    OUT=artifacts/gpu/results    RUN= (a command before the program's, such as '.ci/torch-root run')
#
# 48 figures a side at 3 s each and warming up: about 6 minutes in all on a card of today.
set -u
cd "$(dirname "$0")/.." || exit 1
program=artifacts/gpu
device=${DEVICE:-cuda}
networks=${NETWORKS:-resnet18,resnet50,densenet121,alexnet}
batches=${BATCHES:-32,256}
precisions=${PRECISIONS:-float32,tf32,bfloat16}
seconds=${SECONDS_EACH:-3}
python=${PYTHON:-python3}
out=${OUT:-$program/results}

build() {
    rm -rf "$program"
    dotnet publish -c Release -r linux-x64 --self-contained -p:PublishSingleFile=true -p:EnableCompressionInSingleFile=true \
        -o "$program" Tests/DeviceBench/MLClassify.DeviceBench.csproj || exit 1
    rm -f "$program"/*.pdb "$program"/*.xml
    du -ch "$program"/* | tail -n 5
}

measure() {
    mkdir -p "$out"
    if [ -z "${MLCLASSIFY_LIBTORCH:-}" ]; then
        MLCLASSIFY_LIBTORCH=$("$python" -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))') || exit 1
    fi

    export MLCLASSIFY_LIBTORCH DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    "$python" -c 'import torch; print("PyTorch", torch.__version__, "CUDA", torch.version.cuda, torch.cuda.get_device_name(0) if torch.cuda.is_available() else "no card")'
    echo "libtorch: $MLCLASSIFY_LIBTORCH"
    ${RUN:-} "$program/MLClassify.DeviceBench" devices 2>&1 | tee "$out/devices.txt"
    local name=$device
    [ "$device" = cuda ] && name=cuda:0
    if grep -q "^$name: usable" "$out/devices.txt"; then
        echo "TorchSharp's native part works with this libtorch"
        ${RUN:-} "$program/MLClassify.DeviceBench" "$device" "$networks" "$batches" "$precisions" "$seconds" | tee "$out/figures.csv"
    else
        echo "TorchSharp's native part does not work with this libtorch, or there is no card: see above"
        : >"$out/figures.csv"
    fi

    "$python" Benchmarks/peers/gpu_peer.py "$device" "$networks" "$batches" "$precisions" "$seconds" | tee -a "$out/figures.csv"
    "$python" Benchmarks/peers/gpu_peer.py table "$out/figures.csv" | tee "$out/table.txt"
}

case ${1:-} in
    build) build ;;
    measure) measure ;;
    *) sed -nE '2,/^set/{/^set/!s/^# ?//p}' "$0" >&2; exit 2 ;;
esac
