#!/bin/sh
# Compares every value with PyTorch and prints the rows of docs/parity.md:
#
#     Tests/Networks.Tests/Parity/compare.sh [NAME...]
#
# Needs a python3 with torch, torchvision and numpy ($PYTHON, default python3), 8 GB of memory and 2 GB below $TMPDIR for the VGGs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
dotnet build -c Release -v quiet --nologo "$root/Tests/NetworkParity" >&2
program=$(ls "$root"/Tests/NetworkParity/bin/Release/net*/MLClassify.NetworkParity.dll)
if [ $# -eq 0 ]; then
    set -- alexnet alexnet_half alexnet_paper cifar_resnet20 cifar_resnet56 densenet121 densenet169 densenet201 mobilenet_v2 \
        resnet16_half resnet18 resnet18_cntk resnet34 resnet50 resnet101 resnet152 seresnet50 squeezenet1_1 vgg16 vgg16_bn vgg16_cifar
fi

failed=0
echo "| network | input | outputs | loss | gradients | momentum | weights | zero gradients | margin |"
echo "|---|---|---|---|---|---|---|---|---|"
for name in "$@"; do
    (cd "$here/../Golden" && "$python" make_parity.py --dump "$name" "$work/$name")
    dotnet "$program" "$work/$name" || failed=1
    rm -rf "${work:?}/$name"
done
exit $failed
