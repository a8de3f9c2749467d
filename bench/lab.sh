#!/usr/bin/env bash
# Times the lab and what it is made of, and prints a table: bench/lab.sh [lab] [machine] [daemon] [idle]
# A lab of its own, beside one that may be there; taken away at the end. Needs root and a built tree.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

STORAGE=${STORAGE:-/var/lib/panal-bench}
CIDR=${CIDR:-192.168.177.1/24}
ROUNDS=${ROUNDS:-3}
IDLE_SECONDS=${IDLE_SECONDS:-30}
export MACHINE_STORAGE_PATH=$STORAGE
NETWORK=${CIDR%.*}
words=${*:-lab machine daemon idle}
log=$(mktemp)
rows=$(mktemp)

[ "$(id -u)" -eq 0 ] || { echo "bench/lab.sh: run it as root" >&2; exit 1; }
[ -e program/target/panal/built ] || { echo "bench/lab.sh: build first: ./panal build" >&2; exit 1; }

clean() {
    ./panal lab rm --quiet --storage-path "$STORAGE" >/dev/null 2>&1 || true
    for machine in $(./panal machine ls -q 2>/dev/null); do ./panal machine rm -f -y "$machine" >/dev/null 2>&1 || true; done
    [ -z "${daemon:-}" ] || kill -KILL "$daemon" 2>/dev/null || true
    [ -z "${work:-}" ] || rm -rf "$work"
    rm -f "$log" "$rows"
}
trap clean EXIT

wants() { case " $words " in *" $1 "*) true ;; *) false ;; esac; }
row() { printf '%s|%s|%s\n' "$1" "$2" "$3" >>"$rows"; }
now() { echo "${EPOCHREALTIME/[.,]/}"; }

# Seconds that a command takes; its output goes to the log, which is shown when it fails.
seconds() {
    local begin
    begin=$(now)
    "$@" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
    awk -v micros="$(($(now) - begin))" 'BEGIN { printf "%.2f\n", micros / 1000000 }'
}

# The median of the numbers on standard input.
median() { sort -n | awk '{ all[NR] = $1 } END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'; }

repeat() { for _ in $(seq "$ROUNDS"); do "$@"; done | median; }

one_machine() {
    seconds ./panal machine create --cidr "$CIDR" bench
    ./panal machine rm -y bench >"$log" 2>&1
}

# From the start of the process to the first answer on its socket, in a network of its own.
one_daemon() {
    local begin
    work=$(mktemp -d)
    begin=$(now)
    unshare --net --mount --pid --mount-proc --fork --kill-child ./panal daemon --host "unix://$work/docker.sock" --data-root "$work/data" \
        --exec-root "$work/run" >"$log" 2>&1 &
    daemon=$!
    until curl -sf --unix-socket "$work/docker.sock" http://localhost/_ping >/dev/null 2>&1; do
        kill -0 "$daemon" 2>/dev/null || { cat "$log" >&2; exit 1; }
        sleep 0.02
    done
    awk -v micros="$(($(now) - begin))" 'BEGIN { printf "%.2f\n", micros / 1000000 }'
    kill -KILL "$daemon"
    wait "$daemon" 2>/dev/null || true
    daemon=
    until rm -rf "$work" 2>/dev/null; do sleep 0.1; done
}

# The process of a machine's daemon, as the host counts processes.
daemon_of() {
    ./panal machine ssh "$1" 'cat /proc/self/ns/pid 2>/dev/null; readlink /proc/self/ns/pid' | tail -n 1 >"$log"
    local namespace process
    namespace=$(cat "$log")
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/ns/pid" 2>/dev/null)" = "$namespace" ] &&
            tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -q 'io.panal.program.Main daemon'; then
            echo "${process#/proc/}"
            return
        fi
    done
    echo "bench/lab.sh: no daemon found in $1" >&2
    exit 1
}

ticks() { awk '{ sub(/.*\) /, ""); sum += $12 + $13 } END { print sum }' "$@"; }

idle() {
    local processes='' memory='' machine process role before after
    for machine in docker-swarm-manager-{1..3} docker-swarm-worker-{1..3}; do
        process=$(daemon_of "$machine")
        processes="$processes /proc/$process/stat"
        memory="$memory $machine:$process"
    done
    # shellcheck disable=SC2086 # a list of files
    before=$(ticks $processes)
    sleep "$IDLE_SECONDS"
    # shellcheck disable=SC2086
    after=$(ticks $processes)
    for role in manager worker; do
        row "idle $role, resident (largest of 3)" "$([ $role = manager ] && echo 220 || echo 130) MB" "$(
            for machine in $memory; do
                case $machine in *-$role-*) awk '/^VmRSS/ { print $2 / 1024 }' "/proc/${machine#*:}/status" ;; esac
            done | sort -n | tail -n 1 | xargs printf '%.0f MB'), own $(
            for machine in $memory; do
                case $machine in *-$role-*) awk '/^Pss:/ { print $2 / 1024 }' "/proc/${machine#*:}/smaps_rollup" ;; esac
            done | sort -n | tail -n 1 | xargs printf '%.0f MB')"
    done
    row "six idle daemons, processor" "3 % of a core" \
        "$(awk -v ticks="$((after - before))" -v hertz="$(getconf CLK_TCK)" -v time="$IDLE_SECONDS" 'BEGIN { printf "%.1f %%", 100 * ticks / hertz / time }')"
    eval "$(./panal machine env docker-swarm-manager-1)"
    row "panal node ls" "0.25 s" "$(for _ in $(seq 9); do seconds ./panal node ls; done | median) s"
}

if wants lab || wants idle; then
    ./panal lab --quiet --storage-path "$STORAGE" --cidr "$CIDR" >"$log" 2>&1 || { cat "$log" >&2; exit 1; } # makes the image once
    ! wants idle || { sleep 10; idle; }
    if wants lab; then
        made=$(mktemp) gone=$(mktemp)
        for _ in $(seq "$ROUNDS"); do
            seconds ./panal lab rm --storage-path "$STORAGE" >>"$gone"
            seconds ./panal lab --storage-path "$STORAGE" --cidr "$CIDR" >>"$made"
        done
        row "panal lab" "45 s" "$(median <"$made") s"
        row "panal lab rm" "10 s" "$(median <"$gone") s"
        rm -f "$made" "$gone"
    fi
    ./panal lab rm --quiet --storage-path "$STORAGE" >"$log" 2>&1
fi
if wants machine; then row "panal machine create" "3 s" "$(repeat one_machine) s"; fi
if wants daemon; then row "daemon ready" "1.5 s" "$(repeat one_daemon) s"; fi

echo
echo "$(nproc) cores, $(uname -r), load $(cut -d' ' -f1 /proc/loadavg), ${ROUNDS} rounds, network $NETWORK.0"
{ echo "what|limit|measured"; cat "$rows"; } | column -t -s '|'
