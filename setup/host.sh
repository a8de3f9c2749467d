# What the two commands, `./panal lab` and `./test`, do to a host before anything of Panal runs. Sourced by both.
# Says what it installs; installs nothing that is there.

# Commands that Panal needs on a host, each with the Debian package that brings it.
PANAL_NEEDS='containerd:containerd runc:runc nft:nftables ip:iproute2 iptables:iptables ps:procps nsenter:util-linux mount:mount tini-static:tini'
# What the tests need beside that.
PANAL_TEST_NEEDS='skopeo:skopeo docker-registry:docker-registry htpasswd:apache2-utils busybox:busybox-static python3:python3 curl:curl openssl:openssl wrk:wrk'

# Java names files in the locale's letters, and a host without one has plain ASCII: names such as año.txt need UTF-8.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]*8*) ;;
    *) LC_ALL=C.UTF-8; export LC_ALL ;;
esac

panal_say() { printf 'panal: %s\n' "$*" >&2; }

panal_fail() { panal_say "$*"; exit 1; }

# A JDK 25 as JAVA_HOME, or a sentence that says what to do.
panal_jdk() {
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/*; do
        if [ -n "$home" ] && [ -x "$home/bin/javac" ] && grep -q '^JAVA_VERSION="25' "$home/release" 2>/dev/null; then
            export JAVA_HOME="$home"
            return
        fi
    done
    panal_fail "no JDK 25 found: install one under /usr/lib/jvm (Temurin 25 for example), or set JAVA_HOME to it"
}

# apt-get without starting the services of the packages: Panal runs its own containerd, under its own directories.
panal_install() {
    policy=/usr/sbin/policy-rc.d
    made=
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=yes
    fi
    panal_say "installing Debian packages: $*"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/tmp/panal-apt.$$ 2>&1 ||
        { apt-get update -q >/dev/null 2>&1
          DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/tmp/panal-apt.$$ 2>&1; }
    result=$?
    [ -z "$made" ] || rm -f "$policy"
    [ "$result" -eq 0 ] || { tail -n 5 /tmp/panal-apt.$$ >&2; rm -f /tmp/panal-apt.$$; panal_fail "apt-get could not install: $*"; }
    rm -f /tmp/panal-apt.$$
}

# panal_needs COMMAND:PACKAGE...: installs the packages whose command is missing.
panal_needs() {
    missing=
    for need in "$@"; do
        PATH="$PATH:/usr/sbin:/sbin" command -v "${need%%:*}" >/dev/null 2>&1 || missing="$missing ${need##*:}"
    done
    [ -n "$missing" ] || return 0
    [ "$(id -u)" -eq 0 ] || panal_fail "these Debian packages are missing:$missing; install them, or run this as root"
    command -v apt-get >/dev/null 2>&1 || panal_fail "install these, there is no apt-get here to do it:$missing"
    # shellcheck disable=SC2086 # one word a package
    panal_install $missing
}

# The stock docker client: the one on the path, else the one inside Debian's docker.io package, whose daemon is neither
# installed nor started. Prints where it is.
panal_docker_client() {
    if command -v docker >/dev/null 2>&1; then
        command -v docker
        return
    fi
    cache=${PANAL_CACHE:-/var/cache/panal}/docker-client
    if [ ! -x "$cache/usr/bin/docker" ]; then
        panal_say "taking the docker client out of Debian's docker.io package"
        mkdir -p "$cache"
        (cd "$cache" && { apt-get download -q docker.io >/dev/null 2>&1 ||
            { apt-get update -q >/dev/null 2>&1 && apt-get download -q docker.io >/dev/null 2>&1; }; } &&
            dpkg -x docker.io_*.deb . && rm -f docker.io_*.deb) ||
            panal_fail "no docker client: install one, or let apt-get reach Debian's packages"
    fi
    printf '%s\n' "$cache/usr/bin/docker"
}
