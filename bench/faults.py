#!/usr/bin/env python3
"""Breaks the networks of a lab in every way that it knows of, and says how long each is broken and what fails meanwhile.

Runs against a lab that is there (`panal lab`), from a manager that does not lead, under a small load: requests with a new connection
each, through the mesh by the node that is broken and from a task to a virtual address. Cases:

    breakages   what another program deletes or changes on a worker: until the daemon's log and `network doctor` say it is mended
    restart     kill -9 of a daemon, while a task pings another through it every 10 ms
    kill        kill -9 of daemons in a loop while tasks come and go (--rounds); afterwards nothing may be left of those that went
    loss        5 of 100 packets between the machines are dropped
    partition   a worker is cut off and comes back
    mtu         a path of 1400 bytes between the machines: 20 MB through an overlay

    bench/faults.py [--storage-path /var/lib/panal-machines] [--only CASE,CASE] [--rounds 20]

Ends with 1 when something was not as promised. Needs root, a lab, and the docker client on the path; the lab is left as it was.
"""
import argparse, json, os, random, re, shlex, subprocess, sys, threading, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CASES = ["breakages", "restart", "kill", "loss", "partition", "mtu"]
NETWORK, SERVICE, CALLER, PORT = "faults", "faults", "faults-caller", 8091
LIMIT = 10
arguments = argparse.ArgumentParser()
arguments.add_argument("--storage-path", default="/var/lib/panal-machines")
arguments.add_argument("--only", default=",".join(CASES))
arguments.add_argument("--rounds", type=int, default=20)
options = arguments.parse_args()
failures = []
# Asks every 10 ms and counts who answers within a second after the last.
PING = """
import select, socket, struct, sys, time
asker = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
count, answered, end = int(sys.argv[2]), set(), None
def hear(until):
    while (left := until - time.monotonic()) > 0 and select.select([asker], [], [], left)[0]:
        packet = asker.recv(2048)
        if packet[20] == 0 and packet[24:26] == b'pa':
            answered.add(packet[26:28])
for number in range(count):
    body = struct.pack('!BBH2sH', 8, 0, 0, b'pa', number)
    total = sum(struct.unpack('!4H', body))
    total = (total & 0xffff) + (total >> 16)
    asker.sendto(struct.pack('!BBH2sH', 8, 0, ~total & 0xffff, b'pa', number), (sys.argv[1], 0))
    hear(time.monotonic() + 0.01)
hear(time.monotonic() + 1)
print(count, len(answered))
"""


def run(*words, check=True, **more):
    done = subprocess.run(words, capture_output=True, text=True, **more)
    if check and done.returncode:
        raise RuntimeError(f"{shlex.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def machine(*words, **more):
    return run(f"{ROOT}/panal", "machine", "-s", options.storage_path, *words, **more)


def environment_of(name):
    environment = dict(os.environ)
    for line in machine("env", "--shell", "sh", name).splitlines():
        if line.startswith("export "):
            key, value = shlex.split(line)[1].split("=", 1)
            environment[key] = value
    return environment


machines = machine("ls", "-q").split()
workers = [name for name in machines if "worker" in name]
managers = [name for name in machines if "manager" in name]
address = {name: machine("ip", name) for name in machines}
environments = {name: environment_of(name) for name in managers}


def docker(*words, via=None, **more):
    return run("docker", *words, env=environments[via or managers[1]], **more)


def processes(name, of):
    root = f"upperdir={os.path.realpath(options.storage_path)}/machines/{name}/"
    found = []
    for each in os.listdir("/proc"):
        try:
            if each.isdigit() and of in open(f"/proc/{each}/cmdline").read() and root in open(f"/proc/{each}/mountinfo").read():
                found.append(int(each))
        except OSError:
            continue
    return found


def daemon(name):
    return processes(name, "io.panal.program.Main\0daemon")


def first_process(name):
    return int(re.search(r"PPid:\s+(\d+)", open(f"/proc/{daemon(name)[0]}/status").read()).group(1))


inits = {name: first_process(name) for name in machines}


def inside(name, script, **more):
    return run("nsenter", "-t", str(inits[name]), "-m", "-n", "sh", "-c", script, **more)


def namespace(name, path, script, **more):
    return inside(name, f"nsenter --net={path} sh -c {shlex.quote(script)}", **more)


def until(what, holds, limit=120):
    begin = time.monotonic()
    while not holds():
        if time.monotonic() > begin + limit:
            raise RuntimeError(f"not within {limit} s: {what}")
        time.sleep(0.1)
    return time.monotonic() - begin


def doctor(*words, via=None):
    """Differences, and what else is said."""
    done = subprocess.run([f"{ROOT}/panal", "network", "doctor", "--format", "json", *words], capture_output=True, text=True,
                          env=environments[via or managers[1]])
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr.strip(), done.returncode


def said_clean():
    return doctor()[2] == 0


def tasks(service, name):
    """Ids of a service's tasks that run on a machine."""
    lines = docker("service", "ps", "--no-trunc", "--filter", "desired-state=running", "--format", "{{.ID}} {{.Node}} {{.CurrentState}}", service).splitlines()
    return [line.split()[0] for line in lines if line.split()[1] == name and line.split()[2] == "Running"]


def replicas(service):
    return docker("service", "ls", "--filter", f"name={service}", "--format", "{{.Name}} {{.Replicas}}").splitlines()


def create(service, count, *words):
    docker("service", "create", "-d", "--name", service, "--network", NETWORK, "--replicas", str(count), *words)
    until(f"{service} runs", lambda: any(line.startswith(f"{service} {count}/{count}") for line in replicas(service)))


class Load:
    """Requests all the time; what failed is kept with its time."""

    def __init__(self):
        task = tasks(CALLER, workers[1])[0]
        vip = json.loads(docker("service", "inspect", "--format", "{{json .Endpoint.VirtualIPs}}", SERVICE))
        network = docker("network", "inspect", "--format", "{{.Id}}", NETWORK)
        self.vip = next(each["Addr"].split("/")[0] for each in vip if each["NetworkID"] == network)
        self.caller = f"/run/panal/netns/{task}"
        self.within = ["nsenter", f"--net=/proc/{inits[workers[1]]}/root{self.caller}"]
        self.ended, self.counts = False, {}
        self.threads = [threading.Thread(target=self.ask, args=each) for each in (
            ("mesh", ["curl"], f"http://{address[workers[0]]}:{PORT}/"),
            ("vip", [*self.within, "curl"], f"http://{self.vip}/"))]
        for each in self.threads:
            each.start()

    def ask(self, way, curl, url):
        while not self.ended:
            done = subprocess.run([*curl, "-sf", "-o", "/dev/null", "--max-time", "2", url], stderr=subprocess.DEVNULL)
            asked, failed = self.counts.get(way, (0, 0))
            self.counts[way] = asked + 1, failed + (done.returncode != 0)
            time.sleep(0.05)

    def lap(self):
        before, self.counts = self.counts, {}
        return ", ".join(f"{way} {failed} of {asked} failed" for way, (asked, failed) in sorted(before.items()))

    def end(self):
        self.ended = True
        for each in self.threads:
            each.join()


def breakages(load):
    worker = workers[0]
    task = f"/run/panal/netns/{tasks(SERVICE, worker)[0]}"
    network = docker("network", "inspect", "--format", "{{.Id}}", NETWORK)
    overlay = f"/run/panal/network/overlays/{inside(worker, f'ls /run/panal/network/overlays | grep {network}')}"
    ingress = f"/run/panal/network/overlays/{inside(worker, f'ls /run/panal/network/overlays | grep -v {network} | head -1')}"
    entry = "mac=$(bridge fdb show dev vx0 | sed -n 's/ .*dst.*//p' | head -1); "
    cable = "dev=$(ip -br link | sed -n 's/^\\(t-[^@ ]*\\).*/\\1/p' | head -1); "
    table = [
        ("", "nft flush ruleset"),
        ("", "nft delete table inet panal"),
        ("", "ip link del ingress0"),
        ("", "ip addr flush dev docker_gwbridge"),
        ("", cable + "ip link del $dev"),
        ("", "sysctl -qw net.ipv4.ip_forward=0"),
        ("", "sysctl -qw net.ipv4.conf.ingress0.route_localnet=0"),
        (overlay, "ip link del vx0"),
        (ingress, "ip link del vx0"),
        (overlay, "ip link del br0"),
        (overlay, entry + "bridge fdb replace $mac dev vx0 self dst 192.0.2.9 permanent"),
        (overlay, entry + "bridge fdb del $mac dev vx0 self"),
        (overlay, "ip neigh flush dev vx0 nud permanent"),
        (overlay, cable + "ip link del $dev"),
        (task, "nft flush ruleset"),
        (task, "ip addr flush dev eth0"),
        (task, "ip link set eth0 down"),
    ]
    for path, script in table:
        log = int(inside(worker, "wc -l < /var/log/panal.log"))
        load.lap()
        begin = time.monotonic()
        namespace(worker, path, script) if path else inside(worker, script)
        seen = [each for each in doctor("--node", worker)[0]]
        reported = lambda: inside(worker, f"tail -n +{log + 1} /var/log/panal.log | grep 'network repaired' || true")
        try:
            until("reported", reported, LIMIT)
            mended = time.monotonic() - begin
            until("clean", lambda: not doctor("--node", worker)[0], LIMIT)
            lines = reported().splitlines()
            row("breakages", script[-60:], f"seen {len(seen)}, mended in {mended:.1f} s, {len(lines)} lines, e.g. {re.sub('.*repaired ', '', lines[0])}", load.lap())
        except RuntimeError as late:
            fail("breakages", script, f"{late}; doctor: {seen[:2]}")
            doctor("--fix")


def restart(load):
    worker = workers[0]
    pinged = re.search(r"(\d+\.\d+\.\d+\.\d+)/", namespace(worker, f"/run/panal/netns/{tasks(SERVICE, worker)[0]}", "ip -4 -br addr | grep -v '^lo' | head -1")).group(1)
    pings = [subprocess.Popen([*load.within, sys.executable, "-c", PING, each, "1200"],
                              stdout=subprocess.PIPE, text=True) for each in (pinged, load.vip)]
    load.lap()
    for _ in range(2):
        time.sleep(2)
        killed = daemon(worker)
        for each in killed:
            os.kill(each, 9)
        until("another daemon", lambda: daemon(worker) and daemon(worker) != killed)
    for ping, what in zip(pings, ("task", "virtual address")):
        asked, answered = ping.communicate()[0].split()
        (row if asked == answered else fail)("restart", f"ping of a {what}", f"{answered} of {asked} answered", load.lap())


# What a task has of each service: cables are for the ingress network, the overlay, the way out.
CABLES = {"nginx_server": 1, SERVICE: 2, CALLER: 2}
CGROUPS = 9


def kernel(name):
    """What is there of tasks on a machine: counted by kind."""
    script = """ls /run/panal/netns | sed 's/^/namespace /'
        ls /run/panal/network/tasks | sed 's/^/plan /'
        ip -br link | sed -n 's/^\\(t-[^@ ]*\\).*/cable host \\1/p'
        for o in /run/panal/network/overlays/*; do nsenter --net=$o ip -br link | sed -n 's/^\\(t-[^@ ]*\\).*/cable overlay \\1/p'; done
        ls -d /run/panal/network/overlays/* | sed 's/^/overlay /'
        grep ' /run/panal/' /proc/self/mounts | grep -v ' /run/panal/n' | sed 's/^/mount /'"""
    kinds = dict.fromkeys(("namespace", "plan", "cable", "overlay", "mount"), 0)
    for line in inside(name, script).splitlines():
        kinds[line.split()[0]] += 1
    return kinds


def wanted(name):
    """The same, of the tasks that are wanted there."""
    services = [line.rsplit(".", 1)[0] for line in docker("node", "ps", "--filter", "desired-state=running", "--format", "{{.Name}}", name).splitlines()]
    return {"namespace": len(services), "plan": len(services), "cable": sum(CABLES.get(each, 9) for each in services), "overlay": 2, "mount": mounts * len(services)}


def kill(load):
    global mounts
    first = kernel(workers[1])
    mounts = first["mount"] // first["namespace"]
    until("as wanted at first", lambda: all(kernel(name) == wanted(name) for name in machines), 30)
    create("faults-churn", 6, image)
    load.lap()
    for round_ in range(options.rounds):
        docker("service", "scale", "-d", f"faults-churn={random.choice((2, 6, 10, 14))}", via=random.choice(managers), check=False)
        time.sleep(random.random() * 2)
        for name in [random.choice(workers)] + ([random.choice(managers)] if round_ % 4 == 3 else []):
            for each in daemon(name):
                os.kill(each, 9)
        if round_ % 5 == 4:
            docker("service", "update", "-d", "--force", "faults-churn", check=False)
    lost = load.lap()
    until("a manager answers", lambda: run("docker", "node", "ls", env=environments[managers[1]], check=False))
    until("all nodes are ready", lambda: docker("node", "ls", "--format", "{{.Status}}", check=False).split() == ["Ready"] * len(machines))
    docker("service", "rm", "faults-churn")
    try:
        until("as wanted", lambda: all(kernel(name) == wanted(name) for name in machines), 60)
        row("kill", f"{options.rounds} rounds", "nothing is left", lost)
    except RuntimeError:
        fail("kill", f"{options.rounds} rounds", str({name: (kernel(name), wanted(name)) for name in machines if kernel(name) != wanted(name)}), lost)
    try:
        until("clean", said_clean, 30)
        row("kill", "doctor", "clean on all nodes", "")
    except RuntimeError:
        fail("kill", "doctor", str(doctor()))


def on_the_wire(rule):
    for name in machines:
        inside(name, f"nft 'table inet faults {{ chain arriving {{ type filter hook prerouting priority -400; {rule}; }}; }}'")


def off_the_wire():
    for name in machines:
        inside(name, "nft delete table inet faults", check=False)


def loss(load):
    load.lap()
    on_the_wire("iifname eth0 numgen random mod 100 < 5 drop")
    try:
        time.sleep(30)
        down = docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}", check=False)
        row("loss", "5 of 100, 30 s", "all nodes ready" if down.count(" Ready") == len(machines) else down.replace("\n", ", "), load.lap())
    finally:
        off_the_wire()
    (row if until("clean", said_clean, 60) < 60 else fail)("loss", "afterwards", "doctor is clean", "")


def partition(load):
    worker = workers[2]
    load.lap()
    inside(worker, "nft 'table inet faults { chain arriving { type filter hook prerouting priority -400; iifname eth0 drop; }; }'")
    try:
        missed = until("it is missed", lambda: f"{worker} Down" in docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}"))
        named = doctor()[1]
        (row if worker in named else fail)("partition", f"missed after {missed:.1f} s", named, load.lap())
    finally:
        off_the_wire()
    back = until("it is back", lambda: f"{worker} Ready" in docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}"))
    clean = until("clean", said_clean, 60)
    load.lap()
    time.sleep(3)
    row("partition", "healed", f"ready after {back:.1f} s, doctor clean {clean:.1f} s later", load.lap())


def mtu(load):
    for name in machines:
        inside(name, "ip link set eth0 mtu 1400")
    try:
        time.sleep(5)
        task = tasks(SERVICE, workers[0])[0]
        until("clean", said_clean, 60)
        container = docker("inspect", "--format", "{{.Status.ContainerStatus.ContainerID}}", task)
        inside(workers[0], f"docker exec {container} sh -c 'head -c 20000000 /dev/zero > /usr/share/nginx/html/big'")
        attached = json.loads(docker("inspect", "--format", "{{json .NetworksAttachments}}", task))
        own = next(each["Addresses"][0].split("/")[0] for each in attached if each["Network"]["Spec"]["Name"] == NETWORK)
        begin = time.monotonic()
        done = subprocess.run([*load.within, "curl", "-sf", "--max-time", "20", "-o", "/dev/null",
                               "-w", "%{size_download}", f"http://{own}/big"], capture_output=True, text=True)
        (row if done.stdout == "20000000" else fail)("mtu", "20 MB through an overlay", f"{done.stdout} bytes in {time.monotonic() - begin:.1f} s", load.lap())
    finally:
        for name in machines:
            inside(name, "ip link set eth0 mtu 1500")
    until("clean", said_clean, 60)


def row(case, what, result, lost):
    print(f"| {case} | {what} | {result} | {lost} |", flush=True)


def fail(case, what, result, lost=""):
    failures.append(what)
    row(case, what, "FAILED: " + result, lost)


docker("network", "create", "-d", "overlay", NETWORK)
load = None
try:
    image = docker("service", "inspect", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Image}}", "nginx_server")
    create(SERVICE, len(machines), "-p", f"{PORT}:80", "--replicas-max-per-node", "1", image)
    create(CALLER, len(machines), "--replicas-max-per-node", "1", image, "sleep", "100000")
    load = Load()
    print("| case | what | result | requests meanwhile |\n| --- | --- | --- | --- |")
    for each in options.only.split(","):
        globals()[each](load)
finally:
    if load:
        load.end()
    for each in (SERVICE, CALLER, "faults-churn"):
        docker("service", "rm", each, check=False)
    until("the network is gone", lambda: docker("network", "rm", NETWORK, check=False) == NETWORK or NETWORK not in docker("network", "ls", "--format", "{{.Name}}").split())
sys.exit(1 if failures else 0)
