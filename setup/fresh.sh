#!/bin/sh
# Runs commands on a fresh Debian 12 that holds nothing but a JDK (and Maven, unless --bare): does what the README promises
# still hold on a machine that nobody has prepared? As root; needs debootstrap, iproute2 and nftables.
#
#   setup/fresh.sh DIRECTORY ./panal lab             its own root, network and processes, a clone of this tree, then the command
#   setup/fresh.sh --bare DIRECTORY ./panal lab      the same without Maven
#   setup/fresh.sh --rm DIRECTORY                    takes it away
#
# What is in DIRECTORY is used again as it is: a second command finds what the first one left.
set -eu

fail() { echo "fresh: $1" >&2; exit 1; }

tree=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
packages=maven
remove=
while :; do
    case ${1:-} in
        --bare) packages=; shift ;;
        --rm) remove=yes; shift ;;
        *) break ;;
    esac
done
[ $# -ge 1 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || fail "it mounts and makes networks: run it as root"
mkdir -p "$1"
place=$(cd "$1" && pwd)
shift
name=fresh-$(printf %s "$place" | cksum | cut -d ' ' -f 1 | xargs printf %08x)
root=$place/root
# Two addresses between this host and the fresh one; FRESH_NETWORK names others where these are taken.
net=${FRESH_NETWORK:-10.107.$((0x$(printf %s "$name" | tail -c 2) % 250)).}

clear_kernel() {
    for processes in /sys/fs/cgroup/*/"$name"/cgroup.procs /sys/fs/cgroup/"$name"/cgroup.procs; do
        [ ! -e "$processes" ] || while read -r process; do kill -9 "$process" 2>/dev/null || :; done <"$processes"
    done
    ip netns delete "$name" 2>/dev/null || :
    ip link delete "${name#fresh-}-h" 2>/dev/null || :
    nft delete table ip "$(echo "$name" | tr - _)" 2>/dev/null || :
    for group in /sys/fs/cgroup/*/"$name" /sys/fs/cgroup/"$name"; do
        [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || :
    done
}

if [ -n "$remove" ]; then
    clear_kernel
    rm -rf --one-file-system "$place"
    exit 0
fi
[ $# -gt 0 ] || fail "which command?"

jdk=
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
    [ -z "$candidate" ] || [ ! -x "$candidate/bin/javac" ] || { jdk=$(readlink -f "$candidate"); break; }
done
[ -n "$jdk" ] || fail "no JDK 25 here to lend: set JAVA_HOME"

if [ ! -e "$place/made" ]; then
    began=$(date +%s)
    rm -rf --one-file-system "$root"
    debootstrap --variant=minbase ${packages:+--include=$packages} bookworm "$root" ${DEBIAN_MIRROR:-} >"$place/debootstrap.log" 2>&1 ||
        fail "debootstrap failed: see $place/debootstrap.log"
    # With the certificates it trusts, which it may keep in /etc.
    mkdir -p "$root/usr/lib/jvm" "$root/root/panal"
    cp -a "$jdk" "$root/usr/lib/jvm/jdk-25"
    cp -L --remove-destination "$jdk/lib/security/cacerts" "$root/usr/lib/jvm/jdk-25/lib/security/cacerts"
    # This host's own settings may say where Maven's packages are.
    [ ! -e "$HOME/.m2/settings.xml" ] || { mkdir -p "$root/root/.m2"; cp "$HOME/.m2/settings.xml" "$root/root/.m2/"; }
    git clone -q --no-hardlinks "$tree" "$root/root/panal"
    touch "$place/made"
    echo "fresh: a Debian 12 in $place after $(($(date +%s) - began)) s" >&2
fi
cp -L /etc/resolv.conf "$root/etc/resolv.conf"

clear_kernel
trap clear_kernel EXIT
trap 'exit 130' INT TERM
ip netns add "$name"
ip link add "${name#fresh-}-h" type veth peer name eth0 netns "$name"
ip addr add "${net}1/24" dev "${name#fresh-}-h"
ip link set "${name#fresh-}-h" up
ip -n "$name" link set lo up
ip -n "$name" addr add "${net}2/24" dev eth0
ip -n "$name" link set eth0 up
ip -n "$name" route add default via "${net}1"
nft -f - <<RULES
table ip $(echo "$name" | tr - _) {
    chain postrouting { type nat hook postrouting priority srcnat; ip saddr ${net}0/24 ip daddr != ${net}0/24 masquerade; }
}
RULES
[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ] || echo 1 >/proc/sys/net/ipv4/ip_forward

# Its control groups are one group of this host's, seen as if they were all there is.
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
    [ -e "$hierarchy/cgroup.procs" ] && [ ! -L "$hierarchy" ] || continue
    mkdir -p "$hierarchy/$name" 2>/dev/null || continue
    [ ! -e "$hierarchy/cpuset.cpus" ] || {
        cat "$hierarchy/cpuset.cpus" >"$hierarchy/$name/cpuset.cpus"
        cat "$hierarchy/cpuset.mems" >"$hierarchy/$name/cpuset.mems"
    } 2>/dev/null || :
done

cat >"$place/enter" <<ENTER
set -e
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
    [ ! -e "\$hierarchy/$name/cgroup.procs" ] || echo \$\$ >"\$hierarchy/$name/cgroup.procs" 2>/dev/null || :
done
exec nsenter --net="/run/netns/$name" unshare --mount --pid --fork --kill-child --uts --ipc --cgroup --propagation private \
    /bin/sh "$place/inside" "\$@"
ENTER

cat >"$place/inside" <<INSIDE
set -e
hostname fresh
root=$root
mount --bind "\$root" "\$root"
mount -t proc proc "\$root/proc"
mount -t sysfs sysfs "\$root/sys"
mount --rbind /dev "\$root/dev"
mount -t tmpfs tmpfs "\$root/run"
mount -t tmpfs tmpfs "\$root/tmp"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 cgroup2 "\$root/sys/fs/cgroup"
else
    mount -t tmpfs tmpfs "\$root/sys/fs/cgroup"
    for hierarchy in /sys/fs/cgroup/*; do
        [ -e "\$hierarchy/cgroup.procs" ] && [ ! -L "\$hierarchy" ] || continue
        there="\$root\$hierarchy"
        mkdir "\$there"
        options=\$(grep " \$hierarchy cgroup " /proc/self/mounts | head -n 1 | cut -d ' ' -f 4 | sed 's/^rw,\\(relatime,\\)\\{0,1\\}//')
        if [ -e "\$hierarchy/cgroup.controllers" ]; then mount -t cgroup2 cgroup2 "\$there"
        else mount -t cgroup -o "\$options" cgroup "\$there"; fi
    done
fi
# The shell stays, as the first process: somebody has to collect orphans.
cd "\$root"
mkdir -p .before
pivot_root . .before
umount -l /.before
exec chroot / env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="\${TERM:-dumb}" \
    ${FRESH_ENVIRONMENT:-} /bin/sh -c 'cd /root/panal; "\$@"; exit \$?' sh "\$@"
INSIDE
began=$(date +%s)
status=0
/bin/sh "$place/enter" "$@" || status=$?
echo "fresh: $* ended with $status after $(($(date +%s) - began)) s" >&2
exit "$status"
