# What the scripts share: words to the user, parts from Debian, processes by pid. To be sourced.
set -euo pipefail
exec </dev/null # nothing here asks

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PATH="$PATH:/usr/sbin:/sbin" # an ordinary user's path on Debian lacks them
export DOCKER_HOST="${DOCKER_HOST:-unix:///var/run/docker.sock}"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false # no build process outlives its build

say() { printf '\n== %s\n' "$*"; }
die() { printf '%s\n' "$*" >&2 && exit 2; }

# quietly COMMAND...: its output is shown only if it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || { printf '%s\n' "$output" >&2 && return 1; }
}

# need COMMAND[:PACKAGE]...: installs the Debian packages of the commands that are missing.
need() {
  local part missing=()
  for part; do command -v "${part%:*}" >/dev/null || missing+=("${part#*:}"); done
  ((${#missing[@]})) || return 0
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}")
  if ((EUID)) || ! command -v apt-get >/dev/null; then
    die "Missing: ${missing[*]}. On Debian or Ubuntu, as root: apt-get install --no-install-recommends ${missing[*]}"
  fi
  say "Installing ${missing[*]}"
  "${install[@]}" >/dev/null 2>&1 || # the lists of packages may be missing, or old
    { quietly apt-get update && quietly "${install[@]}"; } ||
    die "Could not install ${missing[*]}."
}

need_sdk() {
  (cd "$root" && dotnet --version >/dev/null 2>&1) ||
    die "The .NET SDK that global.json names is missing: https://dotnet.microsoft.com/download"
}

# runs FILE WORD: whether the process whose pid FILE holds is alive and has WORD in its command line.
runs() { [[ -f $1 ]] && grep -qs -- "$2" "/proc/$(<"$1")/cmdline"; }

# stop FILE WORD: ends that process and waits until it is gone.
stop() {
  local deadline=$((SECONDS + 30))
  if runs "$1" "$2"; then kill "$(<"$1")"; fi
  while runs "$1" "$2"; do
    ((SECONDS < deadline)) || kill -9 "$(<"$1")"
    sleep 0.1
  done
  rm -f "$1"
}

# start FILE LOG COMMAND...: runs it apart from this terminal, its pid in FILE, its output in LOG.
start() {
  setsid "${@:3}" >"$2" 2>&1 &
  echo $! >"$1"
}

# await FILE WORD COMMAND...: until COMMAND succeeds. Fails after a minute, or when the process that FILE names ends.
await() {
  local deadline=$((SECONDS + 60))
  until "${@:3}"; do
    ((SECONDS < deadline)) && { [[ ! -f $1 ]] || runs "$1" "$2"; } || return 1
    sleep 0.2
  done
}
