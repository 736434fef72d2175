# shellcheck shell=bash disable=SC2154
# What ./gauntlet and ./check share: Debian packages and builds. Sourced by bash, with `root` set to the source tree and
# `program` to the name that messages begin with. Exits with Gauntlet's own codes (harness/base/exit_code.hpp).

say() { printf '%s: %s\n' "$program" "$*" >&2; }

# One build or installation at a time in this tree; the lock is kept until unlock_tree or exit.
lock_tree() {
  mkdir -p "$root/build" || exit 3
  exec 9>"$root/build/.lock"
  if ! flock -n 9; then
    say "waiting for another build in this folder"
    flock 9
  fi
}

unlock_tree() { exec 9>&-; }

# packages_of SECTION...: the names listed for those sections of packages.txt.
packages_of() {
  awk -v wanted=" $* " '
    /^[[:space:]]*(#|$)/ { next }
    /^\[/ { section = substr($1, 2, length($1) - 2); next }
    index(wanted, " " section " ") { print $1 }' "$root/packages.txt" | sort -u
}

# ensure_packages SECTION...: installs what is missing, or says how and exits. A stamp newer than the list and than
# dpkg's own record makes later calls cost nothing.
ensure_packages() {
  local sections="$*"
  local stamp="$root/build/.packages-${sections// /-}"
  [[ $stamp -nt $root/packages.txt && $stamp -nt /var/lib/dpkg/status ]] && return

  if ! command -v dpkg-query >/dev/null; then
    say "this is not a Debian system; Gauntlet needs what packages.txt lists, as Debian 12 has it"
    exit 2
  fi
  local wanted missing
  wanted=$(packages_of "$@")
  # shellcheck disable=SC2086  # one word a package
  missing=$(comm -23 <(echo "$wanted") <(installed_packages $wanted))
  if [[ -n $missing ]]; then
    lock_tree
    # shellcheck disable=SC2086
    install_packages $missing
  fi
  mkdir -p "$root/build" && touch "$stamp"
}

# installed_packages NAME...: those that are installed, sorted. A name may stand for several architectures.
installed_packages() {
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u
}

install_packages() {
  local become=()
  if [[ $EUID -ne 0 ]]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      become=(sudo -n)
    else
      local sudo
      sudo=$(command -v sudo >/dev/null && echo 'sudo ')
      say "these Debian packages are missing; install them as root with this command, then run again:"
      printf '  %sapt-get install --no-install-recommends %s\n' "$sudo" "$*" >&2
      exit 2
    fi
  fi
  local log="$root/build/packages.log"
  say "installing with apt-get: $*"
  local apt=("${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "$@"; } \
      >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    say "apt-get failed; its whole output is in $log"
    exit 3
  fi
}

# Compilers at once: one a processor, and no more than memory allows at about 1.5 GB each.
build_jobs() {
  local processors memory_kb jobs
  processors=$(nproc)
  memory_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  jobs=$((memory_kb / 1500000))
  echo $((jobs < 1 ? 1 : jobs < processors ? jobs : processors))
}

# configure PRESET CMAKE_OPTION...: makes build/PRESET ready to build; cmake's output is in build/PRESET/configure.log. The
# result tells whether it worked; on failure the end of the log has been shown.
configure() {
  local preset=$1
  shift
  local log="$root/build/$preset/configure.log"
  mkdir -p "$root/build/$preset"
  command -v ccache >/dev/null && export CMAKE_CXX_COMPILER_LAUNCHER="${CMAKE_CXX_COMPILER_LAUNCHER-ccache}"
  if ! (cd "$root" && cmake --preset "$preset" "$@") >"$log" 2>&1 </dev/null; then
    show_failure "$log"
    return 1
  fi
}

# build PRESET TARGET...: builds what has been configured. Shows one line of progress; the compiler's output is in
# build/PRESET/build.log. The result tells whether it worked; on failure the end of the log has been shown.
build() {
  local preset=$1
  shift
  local folder="$root/build/$preset"
  local log="$folder/build.log"
  : >"$log"
  say "building $preset ($*); the log is in $log"
  cmake --build "$folder" --parallel "$(build_jobs)" --target "$@" 2>&1 </dev/null | show_progress "$log"
  if [[ ${PIPESTATUS[0]} -ne 0 ]]; then
    show_failure "$log"
    return 1
  fi
}

# Copies ninja's output to the log; on a terminal also counts its steps on one line.
show_progress() {
  local log=$1 line
  if [[ ! -t 2 ]]; then
    cat >>"$log"
    return
  fi
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] &&
      printf '\r%s: step %s of %s ' "$program" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" >&2
  done
  printf '\r\033[K' >&2
}

# The first errors help most, the last lines say where it stopped.
show_failure() {
  local log=$1
  {
    grep -m 5 -E '(^|[ :])(fatal )?error:|^CMake Error|undefined reference' "$log"
    echo '...'
    tail -n 15 "$log"
  } >&2
  say "the build failed; the whole log is in $log"
}
