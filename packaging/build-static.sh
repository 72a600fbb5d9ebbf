#!/usr/bin/env bash
# Builds `ccxlog` so that it needs nothing of the machine that it runs on, and prints the path of the binary.
# usage: packaging/build-static.sh [TARGET]     (default: this machine's)
# CCXLOG_PROFILE is the cargo profile, `release` unless said otherwise.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${1:-$(rustc -vV | sed -n 's/^host: //p')}
profile=${CCXLOG_PROFILE:-release}

# musl is linked in by default, glibc and the C runtime of Windows when asked, Apple's system library never. A target is
# always named: otherwise the flag would reach build scripts and macros of the compiler, which cannot be static.
case $target in
    *-linux-* | *-windows-*) export RUSTFLAGS="${RUSTFLAGS-} -C target-feature=+crt-static" ;;
esac
cargo build --locked --package cloudconnexa-cli --bin ccxlog --profile "$profile" --target "$target" >&2

case $target in
    *-windows-*) suffix=.exe ;;
    *) suffix= ;;
esac
case $profile in
    dev) folder=debug ;;
    *) folder=$profile ;;
esac
binary=${CARGO_TARGET_DIR:-target}/$target/$folder/ccxlog$suffix

case $target in
    *-linux-*)
        # Both would be looked for on the machine: the loader, and libraries.
        if LC_ALL=C readelf --wide --program-headers --dynamic "$binary" | grep -E 'INTERP|\(NEEDED\)' >&2; then
            echo "error: $binary is not static" >&2
            exit 1
        fi
        ;;
esac
echo "$binary"
