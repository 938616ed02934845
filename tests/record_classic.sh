#!/usr/bin/env bash
# Record what CPython 2.7.18 prints, as the expectation of the classic tests.
#
#   tests/record_classic.sh [PATTERN]
#
# Runs tests/classic/*.py and demo_scripts/classic/*.py (those whose path contains PATTERN) and writes NAME.out, and
# NAME.err and NAME.status where there is anything to say, masked as tests/common/mod.rs masks. PYTHON names the
# interpreter; without it python2.7 is used.
set -u
cd "$(dirname "$0")/.." || exit 2
root=$PWD
python=${PYTHON:-python2.7}
version=$("$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])') || exit 2
[ "$version" = 2.7.18 ] || { echo "record_classic.sh: $python is $version, the reference is 2.7.18" >&2; exit 2; }
pattern=${1:-}
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
for v in "${!PYTHON@}"; do unset "$v"; done
export LC_ALL=C.UTF-8 TERM=dumb
for script in tests/classic/*.py demo_scripts/classic/*.py; do
    [[ $script == *"$pattern"* ]] || continue
    case $script in
        demo_scripts/*) target=tests/demo/classic/$(basename "${script%.py}") ;;
        *) target=${script%.py} ;;
    esac
    mkdir -p "$scratch/cwd" "$(dirname "$target")"
    (cd "$scratch/cwd" && timeout 20 "$python" -B "$root/$script" >"$scratch/out" 2>"$scratch/err" </dev/null)
    status=$?
    sed -E -i -e "s#$scratch/(cwd|tmp)#RUN#g" -e "s#$(dirname "$root/$script")#SCRIPTS#g" \
        -e 's/0x[0-9A-Fa-f]+/0xADDR/g' -e 's/\bid=[0-9]+/id=ID/g' "$scratch/out" "$scratch/err"
    cp "$scratch/out" "$target.out"
    if [ -s "$scratch/err" ]; then cp "$scratch/err" "$target.err"; else rm -f "$target.err"; fi
    if [ $status -ne 0 ]; then echo $status >"$target.status"; else rm -f "$target.status"; fi
done
