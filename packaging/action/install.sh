#!/usr/bin/env bash
# The first step of action.yml: puts `ccxlog` on the PATH of the following steps. All inputs arrive in environment variables,
# so that no part of a workflow is ever run as shell code.
set -euo pipefail

# Reports an error and exits. Line ends are escaped, so that the message stays a single workflow command.
fail() {
    local text=${1//'%'/%25}
    text=${text//$'\r'/%0D}
    # Outside the quotes, because the bash of macOS would keep the escape literally inside them.
    text=${text//$'\n'/%0A}
    echo "::error title=ccxlog::$text"
    exit 2
}

# Prints a key of the workspace's manifest, the one place for the version and the repository.
manifest() {
    sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$CCXLOG_ACTION/Cargo.toml" | head -n 1
}

sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum "$1"
    else
        shasum -a 256 "$1"
    fi | cut -d ' ' -f 1
}

fetch() {
    # A mirror may be anything that curl can read; releases come over https only, redirects included.
    local -a protocols=(--proto '=https')
    if [ -n "${CCXLOG_RELEASES:-}" ]; then
        protocols=(--proto '=https,http,file')
    fi
    curl --fail --silent --show-error --location --retry 3 --connect-timeout 20 "${protocols[@]}" \
        --output "$2" "$1" || fail "cannot download $1"
}

# Checks that the release workflow of the repository built the file $1. Without a `gh` that can, the checksum has to do.
verify_attestation() {
    local repository why=''
    repository=$(manifest repository)
    repository=${repository#https://github.com/}
    if [ "${GITHUB_SERVER_URL:-https://github.com}" != https://github.com ]; then
        why="the token of this runner is not for github.com"
    elif ! command -v gh >/dev/null; then
        why="there is no gh on the PATH"
    elif ! gh attestation verify --help 2>/dev/null | grep -e --signer-workflow >/dev/null; then
        why="gh is too old for it: $(gh --version 2>/dev/null | sed -n 1p || true)"
    fi
    if [ -n "$why" ]; then
        echo "The attestation of ${1##*/} was not verified, only its checksum: $why"
        return
    fi
    GH_TOKEN=$token gh attestation verify "$1" --repo "$repository" \
        --signer-workflow "$repository/.github/workflows/release.yml" ||
        fail "gh cannot verify that the release workflow of $repository built ${1##*/}; to build from source, set the \
input \`install\` to \`cargo\`"
    echo "The release workflow of $repository built ${1##*/}, as its attestation proves"
}

from_release() {
    local target
    case "$RUNNER_OS-$RUNNER_ARCH" in
        Linux-X64) target=x86_64-unknown-linux-musl ;;
        Linux-ARM64) target=aarch64-unknown-linux-musl ;;
        macOS-X64) target=x86_64-apple-darwin ;;
        macOS-ARM64) target=aarch64-apple-darwin ;;
        # Windows on ARM runs x86_64 programs as well.
        Windows-*) target=x86_64-pc-windows-msvc ;;
        *) fail "no release has a binary for $RUNNER_OS on $RUNNER_ARCH; set the input \`install\` to \`cargo\`" ;;
    esac
    local archive=ccxlog-$target.tar.gz
    if [ "$RUNNER_OS" = Windows ]; then
        archive=ccxlog-$target.zip
    fi
    local releases=${CCXLOG_RELEASES:-$(manifest repository)/releases}
    local from=$releases/download/v$version
    if [ "$version" = latest ]; then
        from=$releases/latest/download
    fi

    fetch "$from/$archive" "$folder/$archive"
    fetch "$from/SHA256SUMS" "$folder/SHA256SUMS"
    local expected actual
    expected=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
    actual=$(sha256 "$folder/$archive")
    if [ -z "$expected" ]; then
        fail "$from/SHA256SUMS does not list $archive"
    fi
    if [ "$expected" != "$actual" ]; then
        fail "$from/$archive has the SHA-256 $actual, but SHA256SUMS says $expected"
    fi

    verify_attestation "$folder/$archive"

    if [ "$RUNNER_OS" = Windows ]; then
        unzip -q -o "$folder/$archive" -d "$folder"
    else
        tar -xzf "$folder/$archive" -C "$folder"
    fi
    bin=$folder/ccxlog-$target
}

# Only gh gets the token, not what cargo builds.
token=${CCXLOG_TOKEN:-}
unset CCXLOG_TOKEN

folder=${RUNNER_TEMP:?}/ccxlog
rm -rf "$folder"
mkdir -p "$folder"

# Default to the release of the action itself, so that pinning the action pins the binary.
version=${CCXLOG_VERSION:-$(manifest version)}
version=${version#v}
if [[ ! $version =~ ^(latest|[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?)$ ]]; then
    fail "\`version\` must be like 1.2.3, or latest, but is \`$version\`"
fi

bin=$folder/bin
case "${CCXLOG_INSTALL:-release}" in
    release) from_release ;;
    cargo)
        if [ -z "${CCXLOG_VERSION:-}" ]; then
            cargo install --locked --root "$folder" --path "$CCXLOG_ACTION/crates/cloudconnexa-cli"
        elif [ "$version" = latest ]; then
            cargo install --locked --root "$folder" cloudconnexa-cli
        else
            cargo install --locked --root "$folder" --version "=$version" cloudconnexa-cli
        fi
        ;;
    binstall)
        if [ "$version" = latest ]; then
            cargo binstall --no-confirm --root "$folder" cloudconnexa-cli
        else
            cargo binstall --no-confirm --root "$folder" --version "=$version" cloudconnexa-cli
        fi
        ;;
    none) bin= ;;
    *) fail "\`install\` must be release, cargo, binstall or none, but is \`$CCXLOG_INSTALL\`" ;;
esac

if [ -n "$bin" ]; then
    PATH=$bin:$PATH
    if [ "$RUNNER_OS" = Windows ]; then
        bin=$(cygpath -w "$bin")
    fi
    echo "$bin" >>"${GITHUB_PATH:?}"
fi
command -v ccxlog >/dev/null || fail 'there is no ccxlog on the PATH'
echo "version=$(ccxlog --version | cut -d ' ' -f 2)" >>"${GITHUB_OUTPUT:?}"
