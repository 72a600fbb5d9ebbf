#!/usr/bin/env bash
# The second step of action.yml: runs `ccxlog validate` with the inputs of the action, which arrive in environment variables,
# and passes its exit code on.
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

# Succeeds if the variable $1 is `true`; fails the step if it is not a boolean. $2 is the name of the input.
is_true() {
    case "${!1:-false}" in
        true) return 0 ;;
        false) return 1 ;;
        *) fail "\`$2\` must be true or false, but is \`${!1}\`" ;;
    esac
}

# Appends each line of $1 that is not blank to `arguments`, preceded by the option $2 if given.
add_lines() {
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        # Surrounding spaces come from indentation in YAML.
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        if [ -n "$line" ]; then
            if [ -n "${2:-}" ]; then
                arguments+=("$2")
            fi
            arguments+=("$line")
        fi
    done <<<"$1"
}

arguments=(validate)
add_lines "${CCXLOG_FORMAT:-}" --format
sarif=${CCXLOG_SARIF_FILE:-}
if [[ $sarif == *$'\n'* ]]; then
    fail "\`sarif-file\` must be one line"
fi
if [ -n "$sarif" ]; then
    arguments+=(--format "sarif=$sarif")
fi
if [ -n "${CCXLOG_CONFIG:-}" ]; then
    arguments+=(--config "$CCXLOG_CONFIG")
fi
if [ -n "${CCXLOG_BASELINE:-}" ]; then
    arguments+=(--baseline "$CCXLOG_BASELINE")
fi
if is_true CCXLOG_STRICT strict; then
    arguments+=(--strict)
fi
if is_true CCXLOG_SHOW_VALUES show-values; then
    arguments+=(--show-values)
fi
fail_on_findings=false
if is_true CCXLOG_FAIL_ON_FINDINGS fail-on-findings; then
    fail_on_findings=true
fi
add_lines "${CCXLOG_ARGS:-}"
# A path is never an option, even if it starts with a dash.
arguments+=(--)
add_lines "${CCXLOG_PATHS:-}"

# Without paths, ccxlog.toml names the inputs; never wait for standard input, which nobody writes to.
status=0
ccxlog "${arguments[@]}" </dev/null || status=$?

echo "exit-code=$status" >>"${GITHUB_OUTPUT:?}"
if [ -n "$sarif" ] && [ -f "$sarif" ]; then
    # upload-sarif resolves paths from the root of the checkout, but this step may run in another folder.
    case $sarif in
        /* | [A-Za-z]:*) ;;
        *) sarif=$(pwd -W 2>/dev/null || pwd)/$sarif ;;
    esac
    echo "sarif-file=$sarif" >>"$GITHUB_OUTPUT"
fi
if [ "$status" -eq 1 ] && [ "$fail_on_findings" = false ]; then
    exit 0
fi
exit "$status"
