#!/usr/bin/env bash
# Record what the reference prints, as the expectation of the script tests.
#
#   tests/record.sh [PATTERN]
#
# Runs demo_scripts/*.py and tests/scripts/*/*.py (those whose path contains PATTERN) under
# CPython 3.11.7 and writes, for each script,
#   NAME.out     its standard output
#   NAME.err     its standard error, if it wrote any
#   NAME.status  its exit status, if it is not 0
# and the same for tests/interactive/*.in, which are typed into an interactive interpreter (-i -q) through a pipe,
# beside it (for the demo scripts: in tests/demo). Addresses, ids and folder names are masked in the
# same way as the tests mask them (tests/common/mod.rs). Every script is run twice with different hash seeds; one
# that answers differently is reported and not recorded.
#
# PYTHON names the interpreter; without it python3.11 is used. It must be a 3.11.7.
set -u
cd "$(dirname "$0")/.." || exit 2
root=$PWD
python=${PYTHON:-python3.11}
version=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])') || exit 2
[ "$version" = 3.11.7 ] || { echo "record.sh: $python is $version, the reference is 3.11.7" >&2; exit 2; }
python=$("$python" -c 'import sys; print(sys.executable)')
pattern=${1:-}
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
for v in "${!PYTHON@}"; do unset "$v"; done
export LC_ALL=C.UTF-8 TERM=dumb

mask() { # FILE SCRIPT_FOLDER RUN_FOLDER
    sed -E -i -e "s#$3/(cwd|tmp)#RUN#g" -e "s#$2#SCRIPTS#g" -e 's/0x[0-9A-Fa-f]+/0xADDR/g' -e 's/\bid=[0-9]+/id=ID/g' "$1"
}

run() { # SCRIPT SEED -> $scratch/SEED.{out,err,status}
    local base=$scratch/run
    rm -rf "$base"
    mkdir -p "$base/cwd" "$base/tmp"
    local arguments=(-B "$1") input=/dev/null
    case $1 in *.in) arguments=(-B -i -q) input=$1 ;; esac
    (cd "$base/cwd" && PYTHONHASHSEED=$2 TMPDIR=$base/tmp timeout 20 "$python" "${arguments[@]}" <"$input" >"$scratch/$2.out" 2>"$scratch/$2.err")
    echo $? >"$scratch/$2.status"
    mask "$scratch/$2.out" "$(dirname "$1")" "$base"
    mask "$scratch/$2.err" "$(dirname "$1")" "$base"
}

count=0 bad=0
for script in demo_scripts/*.py tests/scripts/*/*.py tests/interactive/*.in; do
    [[ $script == *"$pattern"* ]] || continue
    run "$root/$script" 1
    run "$root/$script" 2
    for part in out err status; do
        cmp -s "$scratch/1.$part" "$scratch/2.$part" || {
            echo "$script: $part differs from run to run" >&2
            diff "$scratch/1.$part" "$scratch/2.$part" | head -4 >&2
            bad=$((bad + 1)); continue 2; }
    done
    case $script in
        demo_scripts/*) target=tests/demo/$(basename "${script%.py}") ;;
        *.in) target=${script%.in} ;;
        *) target=${script%.py} ;;
    esac
    cp "$scratch/1.out" "$target.out"
    if [ -s "$scratch/1.err" ]; then cp "$scratch/1.err" "$target.err"; else rm -f "$target.err"; fi
    if [ "$(cat "$scratch/1.status")" != 0 ]; then cp "$scratch/1.status" "$target.status"; else rm -f "$target.status"; fi
    count=$((count + 1))
done
echo "$count recorded, $bad refused"
[ $bad -eq 0 ]
