# Shared by scripts/run and scripts/test; to be sourced. Leaves the shell in the root of the tree.
set -euo pipefail
caller_folder=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

say() { printf '\n== %s\n' "$*"; }
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# install_packages run|test: installs what scripts/packages.txt lists and this machine lacks. Needs neither network nor
# rights when nothing is missing.
install_packages() {
  local wanted missing=() package administrator=()
  command -v dpkg-query > /dev/null || { echo "not Debian: packages are left to you (scripts/packages.txt)"; return; }
  wanted=$(awk -v all="$([ "$1" = test ] && echo 1 || echo 0)" '!/^#/ && NF && (all || $2 == "run") {print $1}' scripts/packages.txt)
  for package in $wanted; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || { echo "all packages are there"; return; }
  echo "installing: ${missing[*]}"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || fail "as root, do: apt-get install ${missing[*]}"
    administrator=(sudo)
  fi
  "${administrator[@]}" apt-get update -q
  "${administrator[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

# Physical cores this process may use; two hardware threads of a core share the units that the update needs.
count_cores() {
  local allowed physical
  allowed=$(nproc)
  physical=$(lscpu --parse=CORE,SOCKET 2> /dev/null | grep -v '^#' | sort -u | wc -l)
  echo $((physical > 0 && physical < allowed ? physical : allowed))
}

# build_tree PRESET [TARGET]: builds build/PRESET, quietly unless somebody watches.
build_tree() {
  local quiet=(--quiet)
  [ -t 1 ] && quiet=()
  cmake --build --preset "$1" ${2:+--target "$2"} -- "${quiet[@]}"
}

# configure_tree PRESET tests_on_or_off: configures build/PRESET, without a word unless it fails.
configure_tree() {
  local log
  log=$(cmake --preset "$1" -DRANVIER_BUILD_TESTS="$2" 2>&1) || { echo "$log"; fail "cmake failed"; }
}

# The first Python that can read our files; the one on PATH may be a version manager's, without the system's packages.
find_python() {
  local candidate
  for candidate in ${RANVIER_PYTHON:-} /usr/bin/python3 python3; do
    "$candidate" -c 'import h5py, matplotlib' > /dev/null 2>&1 && { echo "$candidate"; return; }
  done
  fail "no Python 3 with h5py and matplotlib; install python3-h5py python3-matplotlib or set RANVIER_PYTHON"
}

# Open MPI refuses root unless told twice, and copies between processes in a way that containers forbid, noisily.
prepare_mpi() {
  [ "$(id -u)" != 0 ] || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  export OMPI_MCA_btl_vader_single_copy_mechanism="${OMPI_MCA_btl_vader_single_copy_mechanism:-none}"
}
