#!/usr/bin/env python3
"""Counts the requests that fail while a service is updated, rolled back, scaled down, drained, and while the leader dies.

Runs against a lab that is there (`panal lab`): six nginx tasks behind a published port and behind a virtual address, asked by `wrk`
through two entry nodes and from a task of the overlay, with a new connection for each request and with kept ones. Prints a table:
requests, failed ones, per case and way.

    bench/handover.py [--storage-path /var/lib/panal-machines] [--seconds 12] [--only CASE,CASE] [--connections 2] [--slow]

--slow gives the tasks a second before they listen, and a health check that knows. Needs root, a lab, wrk and the docker client on
the path. Takes three minutes; the lab is left as it was.
"""
import argparse, json, os, re, shlex, signal, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SERVICE, CALLER, NETWORK, PORT, REPLICAS = "handover", "handover-caller", "handover", 8090, 6
CASES = ["start-first", "stop-first", "rollback", "scale-down", "drain", "leader"]
arguments = argparse.ArgumentParser()
arguments.add_argument("--storage-path", default="/var/lib/panal-machines")
arguments.add_argument("--seconds", type=int, default=12)
arguments.add_argument("--only", default=",".join(CASES))
arguments.add_argument("--connections", type=int, default=2)
arguments.add_argument("--slow", action="store_true")
options = arguments.parse_args()


def run(*words, check=True, **more):
    done = subprocess.run(words, capture_output=True, text=True, **more)
    if check and done.returncode:
        sys.exit(f"{shlex.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def machine(*words, **more):
    return run(f"{ROOT}/panal", "machine", "-s", options.storage_path, *words, **more)


machines = machine("ls", "-q").split()
address = {name: machine("ip", name) for name in machines}
managers = [name for name in machines if "manager" in name]


def docker(*words, via=None, **more):
    environment = dict(os.environ)
    for line in machine("env", "--shell", "sh", via or managers[1]).splitlines():
        if line.startswith("export "):
            name, value = shlex.split(line)[1].split("=", 1)
            environment[name] = value
    return run("docker", *words, env=environment, **more)


def until(what, holds, limit=120):
    end = time.monotonic() + limit
    while not holds():
        if time.monotonic() > end:
            sys.exit(f"not within {limit} s: {what}")
        time.sleep(0.1)


def running(count):
    return docker("service", "ls", "--filter", f"name={SERVICE}", "--format", "{{.Name}} {{.Replicas}}").splitlines().count(f"{SERVICE} {count}/{count}")


def create(order):
    image = docker("service", "inspect", "--format", "{{.Spec.TaskTemplate.ContainerSpec.Image}}", CALLER)
    slow = ["--health-cmd", "test -s /run/nginx.pid", "--health-interval", "500ms"] if options.slow else []
    command = ["sh", "-c", "rm -f /run/nginx.pid; sleep 1; exec nginx -g 'daemon off;'"] if options.slow else []
    docker("service", "create", "-d", "--name", SERVICE, "--network", NETWORK, "-p", f"{PORT}:80", "--replicas", str(REPLICAS), "--update-order", order,
           "--rollback-order", order, "--update-parallelism", "2", "--rollback-parallelism", "2", "--update-monitor", "1s", "--rollback-monitor", "1s",
           *slow, image, *command)
    until("all tasks run", lambda: running(REPLICAS))


def remove():
    docker("service", "rm", SERVICE, check=False)
    until("it is gone", lambda: not docker("ps", "-q", "--filter", f"label=com.docker.swarm.service.name={SERVICE}"))


class Client:
    """wrk by one way, with new connections for each request or with kept ones."""

    def __init__(self, way, kept):
        wrk = ["wrk", "-t1", f"-c{options.connections}", "-d600", "--timeout", "10s"] + ([] if kept else ["-H", "Connection: close"])
        self.way = f"{way}, {'kept' if kept else 'new'} connections"
        if way == "virtual address":
            task, node = docker("service", "ps", "--no-trunc", "--filter", "desired-state=running", "--format", "{{.ID}} {{.Node}}", CALLER).split()
            vips = json.loads(docker("service", "inspect", "--format", "{{json .Endpoint.VirtualIPs}}", SERVICE))
            network = docker("network", "inspect", "--format", "{{.Id}}", NETWORK)
            vip = next(each["Addr"].split("/")[0] for each in vips if each["NetworkID"] == network)
            sandbox = f"{pid_of(node)}/root/run/panal/netns/{task}"
            words = ["nsenter", f"--net={sandbox}", *wrk, f"http://{vip}/"]
        else:
            words = [*wrk, f"http://{address[way]}:{PORT}/"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def end(self):
        self.process.send_signal(signal.SIGINT)
        said = self.process.communicate()[0]
        requests = int(re.search(r"(\d+) requests in", said).group(1))
        errors = dict(re.findall(r"(connect|read|write|timeout) (\d+)", said))
        errors["status"] = (re.search(r"Non-2xx or 3xx responses: (\d+)", said) or [0, "0"])[1]
        return self.way, requests, {what: int(count) for what, count in errors.items() if int(count)}


def processes(name, of):
    """Processes of a machine, as the host counts them."""
    root = f"upperdir={os.path.realpath(options.storage_path)}/machines/{name}/"
    found = []
    for each in os.listdir("/proc"):
        try:
            words = open(f"/proc/{each}/cmdline").read() if each.isdigit() else ""
            if of in words and root in open(f"/proc/{each}/mountinfo").read():
                found.append(int(each))
        except OSError:
            continue
    return found


def pid_of(name):
    return f"/proc/{processes(name, 'io.panal.program.Main')[0]}"


def leader():
    lines = docker("node", "ls", "--format", "{{.Hostname}} {{.ManagerStatus}}").splitlines()
    return next((line.split()[0] for line in lines if line.endswith("Leader")), None)


def updated():
    until("the update is over", lambda: docker("service", "inspect", "--format", "{{.UpdateStatus.State}}", SERVICE) in ("completed", "rollback_completed"))


def update():
    docker("service", "update", "-d", "--env-add", f"STEP={time.time()}", SERVICE)
    updated()


def rollback():
    docker("service", "update", "-d", "--rollback", SERVICE)
    updated()


def scale_down():
    docker("service", "scale", "-d", f"{SERVICE}={REPLICAS // 2}")
    until("half of it runs", lambda: len(docker("service", "ps", "-q", SERVICE).split()) == REPLICAS // 2)


def drain():
    nodes = docker("service", "ps", "--filter", "desired-state=running", "--format", "{{.Node}}", SERVICE).split()
    caller = docker("service", "ps", "--filter", "desired-state=running", "--format", "{{.Node}}", CALLER)
    chosen = next(node for node in nodes if node != caller)
    docker("node", "update", "--availability", "drain", chosen)
    until("the node is empty", lambda: not docker("node", "ps", "-q", "--filter", "desired-state=running", chosen) and running(REPLICAS))
    time.sleep(2)
    docker("node", "update", "--availability", "active", chosen)


def kill_leader():
    former = leader()
    other = next(name for name in managers if name != former)
    for process in processes(former, "io.panal.program.Main"):
        os.kill(process, signal.SIGKILL)
    until("another leads", lambda: docker("node", "ls", via=other, check=False))
    docker("service", "update", "-d", "--env-add", f"STEP={time.time()}", SERVICE, via=other)
    until("the update is over", lambda: "completed" == docker("service", "inspect", "--format", "{{.UpdateStatus.State}}", SERVICE, via=other))
    until("it is back", lambda: docker("node", "ls", "--format", "{{.Status}}", via=former, check=False).split().count("Ready") == len(machines))


def tried(case, deed, ways):
    clients = [Client(way, kept) for way in ways for kept in (False, True)]
    time.sleep(2)
    begin = time.monotonic()
    deed()
    time.sleep(max(2.0, options.seconds - (time.monotonic() - begin)))
    for client in clients:
        way, requests, errors = client.end()
        told = ", ".join(f"{what} {count}" for what, count in errors.items())
        print(f"| {case} | {way} | {requests} | {sum(errors.values())} | {told} |", flush=True)


DEEDS = {"start-first": update, "stop-first": update, "rollback": rollback, "scale-down": scale_down, "drain": drain, "leader": kill_leader}


def main():
    image = f"{re.sub('[.][0-9]+$', '.1', address[managers[0]])}:5000/nginx:latest"
    docker("network", "create", "-d", "overlay", NETWORK, check=False)
    docker("service", "create", "-d", "--name", CALLER, "--network", NETWORK, image, "sleep", "100000", check=False)
    until("the caller runs", lambda: f"{CALLER} 1/1" in docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}"))
    print(f"{'slow tasks with a health check, ' if options.slow else ''}{os.cpu_count()} cores, load {open('/proc/loadavg').read().split()[0]}\n")
    print("| case | way | requests | failed | how |\n|---|---|---|---|---|")
    try:
        for case in options.only.split(","):
            create("stop-first" if case == "stop-first" else "start-first")
            if case == "rollback":
                update()
            # The leader's own kernel goes on sending while its daemon is dead.
            tried(case, DEEDS[case], ([leader()] if case == "leader" else []) + [machines[-1], "virtual address"])
            remove()
    finally:
        docker("service", "rm", SERVICE, check=False)
        docker("service", "rm", CALLER, check=False)
        time.sleep(3)
        docker("network", "rm", NETWORK, check=False)


main()
