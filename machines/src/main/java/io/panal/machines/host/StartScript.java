package io.panal.machines.host;

import static io.panal.machines.host.Command.word;

import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.Site;
import io.panal.machines.store.Folder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The steps that bring a machine up, as one shell script in a mount namespace of its own: the machine's mounts are
/// never seen on the host, and the kernel drops them with the machine's last process.
final class StartScript {
    private final Site site;
    private final Machine machine;
    private final Folder folder;

    StartScript(Site site, Machine machine, Folder folder) {
        this.site = site;
        this.machine = machine;
        this.folder = folder;
    }

    static Path runDirectory(Site site, MachineName name) {
        return site.runDirectory().resolve("machines").resolve(name.text());
    }

    static Path runc(Site site, MachineName name) {
        return runDirectory(site, name).resolve("runc");
    }

    static Path pidFile(Site site, MachineName name) {
        return runDirectory(site, name).resolve("pid");
    }

    /// Held while the script runs, also when nobody waits for it any more.
    static Path lock(Site site, MachineName name) {
        return runDirectory(site, name).resolve("starting");
    }

    String text() {
        return """
                # The lock outlives a caller that was killed: nobody clears a machine that is still being made.
                exec 9>%s
                flock -w 60 9 || { echo "another command is still starting it" >&2; exit 1; }
                %s%s%s""".formatted(word(lock(site, machine.name())), disk(), root(), process());
    }

    private String disk() {
        var bytes = machine.plan().limits().diskBytes();
        var image = bytes == 0
                ? ""
                : """
                if [ ! -e {IMAGE} ]; then
                    truncate -s {BYTES} {IMAGE}.new
                    mkfs.ext4 -q -F -E lazy_itable_init=1,lazy_journal_init=1 {IMAGE}.new
                    mv {IMAGE}.new {IMAGE}
                fi
                mount -o loop {IMAGE} {DISK}
                """.replace("{BYTES}", Long.toString(bytes))
                        .replace("{IMAGE}", word(folder.image()))
                        .replace("{DISK}", word(folder.disk()));
        return image + "mkdir -p %s %s %s\n".formatted(word(folder.upper()), word(folder.work()), word(folder.data()));
    }

    /// A directory made where the overlay has a whiteout is opaque: nothing of the host's shows in it, now or later.
    private String root() {
        var hidden = Mounts.hidden(site.storage()).stream().map(Command::word).collect(Collectors.joining(" "));
        return """
                upper=%1$s
                root=%2$s
                if [ ! -e "$upper/.panal" ]; then
                    for path in %3$s; do
                        mkdir -p "$(dirname "$upper/$path")"
                        [ -e "$upper/$path" ] || mknod "$upper/$path" c 0 0
                    done
                fi
                mount -t overlay panal -o "lowerdir=/,upperdir=$upper,workdir=%4$s" "$root"
                if [ ! -e "$upper/.panal" ]; then
                    for path in %3$s; do
                        [ -d "$root/$path" ] || mkdir "$root/$path"
                    done
                    chmod 700 "$root/root"
                    chmod 1777 "$root/var/tmp"
                    %5$s
                    : >"$root/.panal"
                fi
                mkdir -p "$root/usr/local/bin"
                printf '#!/bin/sh\\nexec "%%s" "$@"\\n' %6$s >"$root/usr/local/bin/panal"
                chmod 755 "$root/usr/local/bin/panal"
                """.formatted(
                        word(folder.upper()),
                        word(folder.root()),
                        hidden,
                        folder.work(),
                        docker(),
                        word(site.daemon().getFirst()));
    }

    /// `panal` is on the machine's path, anew at each start, for the program may have been built anew since; it answers
    /// to `docker` too where the host has no docker client.
    private static String docker() {
        var hasDocker = List.of("/usr/local/bin/docker", "/usr/bin/docker", "/bin/docker").stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path)));
        return hasDocker ? ":" : "mkdir -p \"$root/usr/local/bin\" && ln -sfn panal \"$root/usr/local/bin/docker\"";
    }

    private String process() {
        var address = machine.address();
        var subnet = machine.plan().subnet();
        return """
                runc --root {RUNC} create --bundle {BUNDLE} --pid-file {PID} {NAME} </dev/null >>{LOG} 2>&1 9>&- || {
                    tail -n 3 {LOG} >&2
                    exit 1
                }
                pid=$(cat {PID})
                ip -batch - <<LINKS
                link add {CABLE} type veth peer name eth0 address {HARDWARE} netns $pid
                link set dev {CABLE} master {BRIDGE}
                link set dev {CABLE} up
                LINKS
                nsenter -t $pid -n ip -batch - <<LINKS
                link set dev lo up
                address add {ADDRESS}/{PREFIX} dev eth0
                link set dev eth0 up
                route add default via {GATEWAY}
                LINKS
                runc --root {RUNC} start {NAME} 9>&-
                """.replace("{RUNC}", word(runc(site, machine.name())))
                .replace("{BUNDLE}", word(folder.bundle()))
                .replace("{PID}", word(pidFile(site, machine.name())))
                .replace("{LOG}", word(folder.log()))
                .replace("{CABLE}", Bridge.cable(address))
                .replace("{HARDWARE}", address.hardwareAddress())
                .replace("{BRIDGE}", new Bridge(site, subnet).name())
                .replace("{ADDRESS}", address.toString())
                .replace("{PREFIX}", Integer.toString(subnet.prefix()))
                .replace("{GATEWAY}", subnet.gateway().toString())
                .replace("{NAME}", word(machine.name().text()));
    }
}
