#!/usr/bin/env bash
# Builds the libFuzzer targets of fuzz/targets in build/fuzz, with clang and sanitizers. `./check --fuzz` and
# `gauntlet fuzz --self` run it. Exits with 2 when packages are missing and cannot be installed, 3 when installing
# fails, 4 when the build fails.
set -uo pipefail

program=fuzz_tree
root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
# shellcheck source=cmake/bootstrap.sh
source "$root/cmake/bootstrap.sh"

ensure_packages build sanitize
lock_tree
configure fuzz -DGAUNTLET_BENCHMARKS=OFF || exit 4
build fuzz fuzz_targets || exit 4
