package io.panal.machines.host;

/// A machine's first process: a shell, since it holds two megabytes where a second Java process would hold forty.
///
/// It keeps the daemon running, collects orphans (each `wait` of a POSIX shell collects any child), and on SIGTERM
/// stops the daemon first and everything else after it, as a host that goes down does.
final class InitScript {
    private InitScript() {}

    /// The longest that processes may take after the daemon has ended, in tenths of a second: docker's own grace of
    /// ten seconds.
    private static final int GRACE_TENTHS = 100;

    static String text() {
        return """
                #!/bin/sh
                # First process of a machine: keeps the daemon running, collects orphans, stops in order on SIGTERM.
                log=/var/log/panal.log
                stopping=
                daemon=

                say() {
                    echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) machine: $*" >>"$log"
                }

                # True while anything but this shell and container shims lives. A shim ignores SIGTERM and ends with its
                # container; it need not be waited for.
                others_live() {
                    for process in /proc/[0-9]*; do
                        [ "$process" = /proc/1 ] && continue
                        name=
                        read -r name 2>/dev/null <"$process/comm" || continue
                        case $name in
                        containerd-shim*) ;;
                        *) return 0 ;;
                        esac
                    done
                    return 1
                }

                # Version 2 lets a group with members of its own hand no controller on: the members go one level down.
                share_controllers() {
                    groups=/sys/fs/cgroup
                    [ -e "$groups/cgroup.controllers" ] || return 0
                    mkdir -p "$groups/init"
                    while read -r process; do
                        echo "$process" >"$groups/init/cgroup.procs"
                    done <"$groups/cgroup.procs" 2>/dev/null
                    for controller in $(cat "$groups/cgroup.controllers"); do
                        echo "+$controller" >"$groups/cgroup.subtree_control"
                    done 2>/dev/null
                }

                # The daemon tells the swarm that the host goes, not only the daemon.
                rm -f /run/panal/host-stopping
                trap 'stopping=yes; mkdir -p /run/panal; : >/run/panal/host-stopping; [ -z "$daemon" ] || kill -TERM "$daemon" 2>/dev/null' TERM INT PWR
                ulimit -n "$(ulimit -Hn)" 2>/dev/null
                ulimit -c 0
                umask 022
                mount --make-rshared / 2>/dev/null
                share_controllers
                mkdir -p /run/panal /run/lock
                ln -sfn /run/panal/docker.sock /run/docker.sock
                [ -e /var/run ] || ln -s /run /var/run
                [ -e /root/.profile ] || cp -R /etc/skel/. /root/ 2>/dev/null

                # A crash now and then is made good at once; a daemon that cannot start is not tried without end.
                pause=0
                while [ -z "$stopping" ]; do
                    # An appending writer goes on at the beginning when the file is cut.
                    [ "$(wc -c <"$log")" -lt 16777216 ] || : >"$log"
                    began=$(date +%s)
                    "$@" >>"$log" 2>&1 &
                    daemon=$!
                    [ -z "$stopping" ] || kill -TERM "$daemon" 2>/dev/null
                    status=0
                    while kill -0 "$daemon" 2>/dev/null; do
                        wait "$daemon"
                        status=$?
                    done
                    daemon=
                    [ -z "$stopping" ] || break
                    [ $(($(date +%s) - began)) -lt 60 ] || pause=0
                    say "the daemon ended with status $status; it starts again in $pause s"
                    sleep "$pause" &
                    wait $!
                    case $pause in
                    0) pause=1 ;;
                    1 | 2 | 4) pause=$((pause * 2)) ;;
                    esac
                done

                say "going down"
                kill -TERM -1 2>/dev/null
                left=GRACE
                while [ "$left" -gt 0 ] && others_live; do
                    sleep 0.1 &
                    wait $!
                    left=$((left - 1))
                done
                say "down"
                """.replace("GRACE", Integer.toString(GRACE_TENTHS));
    }
}
