#!/usr/bin/env python3
"""Processor time of one started task, summed over all processes: Panal's against `ctr run` of the same containers, eight at a time.

Unlike the time on the wall it hardly changes with what else the machine does. The engine, its containerd and all shims are in a
control group of their own; what runs in the containers' groups, `runc init` most of it, is added. The kernel's own threads are not in it.

    bench/processor.py [--size 50] [--rounds 3] [--only ctr,ctr-seccomp,panal] [--publish]

Starts 1 and 10 tasks first, as bench/services.py does; then prints milliseconds for each task of each round, for a virtual machine is
still compiling in the first. Needs what bench/services.py needs.
"""
import argparse, os, signal, subprocess, time
from concurrent.futures import ThreadPoolExecutor

import services

UNIFIED = os.path.exists("/sys/fs/cgroup/cgroup.controllers")
GROUPS = "/sys/fs/cgroup" if UNIFIED else "/sys/fs/cgroup/cpuacct"
OWN = "panal-bench-processor"
# containerd names the group of a namespace's containers by the namespace.
OWN_CONTAINERS = "panal-bench-containers"


def enter():
    with open(f"{GROUPS}/{OWN}/cgroup.procs", "w") as file:
        file.write(str(os.getpid()))


def used(group):
    """Milliseconds that a control group and those below it have used, those that are gone among them."""
    try:
        if UNIFIED:
            with open(f"{GROUPS}/{group}/cpu.stat") as file:
                return int(file.readline().split()[1]) / 1e3
        with open(f"{GROUPS}/{group}/cpuacct.usage") as file:
            return int(file.read()) / 1e6
    except FileNotFoundError:
        return 0


def used_by(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def measure(options, start, remove, containers, processes):
    rows = []
    for round_ in range(options.rounds):
        reads = {"rest": lambda: used(OWN), "in containers": lambda: used(containers), **{name: lambda pid=pid: used_by(pid) for name, pid in processes.items()}}
        before = {name: read() for name, read in reads.items()}
        begin = time.monotonic()
        made = start(f"p{round_}", options.size)
        wall = time.monotonic() - begin
        row = {name: (read() - before[name]) / options.size for name, read in reads.items()}
        row = {"all": row["rest"] + row["in containers"], **row}
        row["rest"] -= sum(row[name] for name in processes)
        rows.append({**row, "on the wall": wall * 1000 / options.size})
        remove(made)
        time.sleep(1)
    return rows


def ctr(options, *confinement):
    with services.host("ctr") as (work, inside):
        with open(f"{work}/config.toml", "w") as file:
            file.write(f'version = 2\nroot = "{work}/root"\nstate = "{work}/state"\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\n address = "{work}/c.sock"\n')
        daemon = subprocess.Popen([*inside, "containerd", "-c", f"{work}/config.toml", "-l", "error"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=enter)
        command = ["ctr", "-n", OWN_CONTAINERS, "-a", f"{work}/c.sock"]

        def start(name, size):
            names = [f"{name}-{i}" for i in range(size)]
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda each: services.run(*command, "run", "-d", "--null-io", *confinement, services.IMAGE, each, "sleep", "100000", preexec_fn=enter), names))
            return names

        def remove(names):
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda each: subprocess.run([*command, "task", "rm", "-f", each], capture_output=True), names))
                list(pool.map(lambda each: services.run(*command, "container", "rm", each), names))

        try:
            services.wait_for("containerd", lambda: subprocess.run([*command, "version"], capture_output=True).returncode == 0)
            services.run(*inside, *command, "image", "pull", "--plain-http", services.IMAGE)
            return measure(options, start, remove, OWN_CONTAINERS, {"containerd": daemon.pid})
        finally:
            end(daemon, work)


def panal(options):
    with services.host("panal") as (work, inside):
        path = f"{work}/docker.sock"
        with open("/tmp/panal-bench-processor.log", "w") as log:
            daemon = subprocess.Popen([*inside, f"{services.ROOT}/panal", "daemon", "--data-root", f"{work}/data", "--exec-root", f"{work}/exec", "-H", f"unix://{path}"], stdout=log, stderr=log, preexec_fn=enter)
        try:
            services.wait_for("panal", lambda: services.answers(path))
            engine = services.Engine(path)
            engine.call("POST", "/v1.41/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": "192.168.77.2"})

            def start(name, size):
                service = engine.call("POST", "/v1.41/services/create", services.spec(name, size))["ID"]
                engine.until_running(service, size)
                return service

            def remove(service):
                services.remove(engine, service, {}, 0)

            remove(start("one", 1))
            ten = start("ten", 10)
            containers = group_of(engine.call("GET", "/v1.41/tasks")[0]["Status"]["ContainerStatus"]["PID"])
            remove(ten)
            containerd = subprocess.run(["pgrep", "-f", f"^containerd .*{work}"], capture_output=True, text=True).stdout.split()[0]
            rows = measure(options, start, remove, containers, {"daemon": daemon.pid, "containerd": int(containerd)})
            engine.call("POST", "/v1.41/swarm/leave?force=1")
            return rows
        finally:
            end(daemon, work)


def group_of(pid):
    """The group that all containers' groups are in."""
    with open(f"/proc/{pid}/cgroup") as file:
        line = next(line for line in file if UNIFIED or "cpuacct" in line.split(":")[1])
    return os.path.dirname(line.strip().split(":")[2]).strip("/")


def end(daemon, work):
    daemon.send_signal(signal.SIGTERM)
    try:
        daemon.wait(20)
    except subprocess.TimeoutExpired:
        daemon.kill()
    subprocess.run(["pkill", "-9", "-f", work])
    services.wait_for("end", lambda: subprocess.run(["pgrep", "-f", work], capture_output=True).returncode != 0)
    with open("/proc/mounts") as file:
        for line in reversed(file.read().splitlines()):
            if work in line:
                subprocess.run(["umount", "-l", line.split()[1]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="ctr,ctr-seccomp,panal")
    parser.add_argument("--publish", action="store_true")
    options = parser.parse_args()
    services.PUBLISH = options.publish
    os.makedirs(f"{GROUPS}/{OWN}", exist_ok=True)
    kinds = {"ctr": lambda: ctr(options), "ctr-seccomp": lambda: ctr(options, "--seccomp"), "panal": lambda: panal(options)}
    for name in options.only.split(","):
        for number, row in enumerate(kinds[name](), 1):
            print(f"{name:12} round {number}  " + "  ".join(f"{what} {value:.1f}" for what, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
