#!/usr/bin/env bash
# Builds a `ccxlog` that depends on nothing on the machine it runs on, and prints the path of the binary.
# usage: packaging/build-static.sh [TARGET]     (default: the host)
# CCXLOG_PROFILE selects the cargo profile (default: dist).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${1:-$(rustc -vV | sed -n 's/^host: //p')}
profile=${CCXLOG_PROFILE:-dist}

# musl is linked statically by default, glibc and the C runtime of Windows on request, Apple's system library never. Always
# pass a target: without one, the flag would also apply to build scripts and procedural macros, which cannot be static.
case $target in
    *-linux-* | *-windows-*)
        # Not twice: with other flags, cargo builds everything again.
        case ${RUSTFLAGS-} in
            *+crt-static*) ;;
            *) export RUSTFLAGS="${RUSTFLAGS:+$RUSTFLAGS }-C target-feature=+crt-static" ;;
        esac
        ;;
esac
cargo build --locked --package cloudconnexa-cli --features parquet --bin ccxlog --profile "$profile" --target "$target" >&2

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
        # A static binary needs neither a loader nor shared libraries.
        if LC_ALL=C readelf --wide --program-headers --dynamic "$binary" | grep -E 'INTERP|\(NEEDED\)' >&2; then
            echo "error: $binary is not static" >&2
            exit 1
        fi
        ;;
esac
echo "$binary"
