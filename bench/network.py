#!/usr/bin/env python3
"""What the swarm's networks cost: a virtual address, the routing mesh and the resolver, against the direct way and against proxies.

Makes a lab of its own (three managers, three workers, the real nginx), and prints a table with ratios of one run:

  paths    requests on kept connections, new connections and bytes per second (wrk, iperf3): between two tasks directly and through
           the service's virtual address, and through an encrypted network; from outside host to host, through the mesh by the task's own node and by another, and
           through docker-proxy and haproxy on the same two nodes, before the same task
  changes  from a request to the API until the kernels of all six nodes hold the change, as the kernels tell it
  names    the resolver of a task: time of an answer, answers in a second
  table    time to connect to a virtual address with a few services in the table and with --services of them

    bench/network.py [--only paths,changes,names,table] [--rounds 3] [--seconds 2] [--changes 100] [--services 10000] [--patience 300] [--keep]

--patience ends the making of services after as many seconds, with those that there are then. --keep leaves the lab for another run,
which takes what is there; without it, and after Ctrl-C, all is taken away. Needs root, a built tree, wrk and iperf3; docker-proxy and haproxy are left out where they are not on the path. Takes six minutes, and as long as --patience.
"""
import argparse, collections, concurrent.futures, ctypes, http.client, json, os, re, select, shutil, signal, socket, statistics, struct
import subprocess, sys, tempfile, threading, time, traceback

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PARTS = ["names", "changes", "paths", "table"]
NAME = "bench-network"
SEALED = f"{NAME}-encrypted"
WEB, CALLER, PLAIN = "bench-web", "bench-caller", "bench-plain"
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--storage-path", default="/var/lib/panal-bench-network")
arguments.add_argument("--cidr", default="192.168.242.1/24", help="network of the lab's machines (default 192.168.242.1/24)")
arguments.add_argument("--only", default=",".join(PARTS))
arguments.add_argument("--rounds", type=int, default=3)
arguments.add_argument("--seconds", type=int, default=2, help="of each measurement of a path")
arguments.add_argument("--changes", type=int, default=100)
arguments.add_argument("--services", type=int, default=10_000)
arguments.add_argument("--patience", type=int, default=300, help="seconds for making them")
arguments.add_argument("--keep", action="store_true")
options = arguments.parse_args()
OUTSIDE = options.cidr.rsplit(".", 1)[0] + ".24"
HTTP, BYTES, PLAIN_HTTP, PLAIN_BYTES = 8090, 8091, 8092, 8093
started, clients = [], []
libc = ctypes.CDLL(None, use_errno=True)


def run(*words, check=True, **more):
    done = subprocess.run(words, capture_output=True, text=True, **more)
    if check and done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def panal(*words, **more):
    return run(f"{ROOT}/panal", *words, env={**os.environ, "MACHINE_STORAGE_PATH": options.storage_path}, **more)


def until(what, holds, limit=120):
    end = time.monotonic() + limit
    while not (found := holds()):
        if time.monotonic() > end:
            sys.exit(f"not within {limit} s: {what}")
        time.sleep(0.1)
    return found


def told(line):
    print(f"# {line}", file=sys.stderr, flush=True)


def load():
    return open("/proc/loadavg").read().split()[0]


class Socket(http.client.HTTPConnection):
    """An engine's API by its socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=300)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(300)
        self.sock.connect(self.path)

    def call(self, method, path, body=None):
        self.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        answer = self.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text) if text[:1] in (b"{", b"[") else text


class Node:
    """A machine of the lab."""

    def __init__(self, name):
        self.name = name
        self.address = panal("machine", "ip", name)
        self.process = f"/proc/{self.daemon()}"
        self.network = f"{self.process}/ns/net"
        self.socket = f"{self.process}/root/run/panal/docker.sock"

    def daemon(self):
        upper = f"upperdir={os.path.realpath(options.storage_path)}/machines/{self.name}/"
        for each in filter(str.isdigit, os.listdir("/proc")):
            try:
                if "io.panal.program.Main" in open(f"/proc/{each}/cmdline").read() and upper in open(f"/proc/{each}/mountinfo").read():
                    return each
            except OSError:
                continue
        sys.exit(f"no daemon of {self.name}")

    def task(self, identity):
        return f"{self.process}/root/run/panal/netns/{identity}"


def docker(*words, **more):
    return run("docker", "-H", f"unix://{nodes[0].socket}", *words, **more)


def enter(namespace, *words):
    return ["nsenter", f"--net={namespace}", *words]


def start(*words):
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    started.append(process)
    return process


def entered(namespace):
    """Takes the calling thread into a network namespace."""
    with open(namespace) as file:
        if libc.setns(file.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), namespace)


def inside(namespace, measure, *words):
    """What a function finds in a network namespace, in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reader)
            entered(namespace)
            with os.fdopen(writer, "w") as file:
                json.dump(measure(*words), file)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as file:
        text = file.read()
    if os.waitpid(child, 0)[1]:
        sys.exit(f"{measure.__name__} failed")
    return json.loads(text)


# The lab


def conf(port):
    """nginx that answers from memory and writes no log: what is measured is the way to it."""
    return f"""worker_processes 1;
events {{ worker_connections 8192; }}
http {{ access_log off; keepalive_requests 100000000;
  server {{ listen {port} backlog=4096; location / {{ return 200 "a short answer of a hundred bytes or so, as a service gives them to its callers, and no more\\n"; }} }} }}
"""


def lab():
    if not panal("machine", "ls", "-q", check=False):
        told("making the lab")
        panal("lab", "-q", "--cidr", options.cidr)
    names = sorted(panal("machine", "ls", "-q").split())
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        return list(pool.map(Node, names))


def services():
    """The server on the last node, a caller on each; what is there already stays."""
    have = docker("service", "ls", "--format", "{{.Name}}").split()
    image = f"{options.cidr.split('/')[0]}:5000/nginx:latest"
    for other in have:
        if not re.fullmatch(r"bench-.*|t\d+", other):
            docker("service", "rm", other)
    if CALLER not in have:
        docker("network", "create", "-d", "overlay", "--subnet", "10.77.0.0/16", NAME)
        docker("network", "create", "-d", "overlay", "--opt", "encrypted", SEALED)
        for name, port in ((WEB, 80), (PLAIN, PLAIN_HTTP)):
            docker("config", "create", name, "-", input=conf(port))
        last = f"node.hostname=={nodes[-1].name}"
        served = ["--constraint", last, "--config"]
        docker("service", "create", "-d", "--name", WEB, "--network", NAME, "--network", SEALED, "-p", f"{HTTP}:80", "-p", f"{BYTES}:5201", *served,
               f"source={WEB},target=/etc/nginx/nginx.conf", image)
        docker("service", "create", "-d", "--name", PLAIN, "--network", "host", *served, f"source={PLAIN},target=/etc/nginx/nginx.conf", image)
        docker("service", "create", "-d", "--name", CALLER, "--network", NAME, "--network", SEALED, "--mode", "global", image, "sleep", "1000000")
    wanted = {f"{WEB} 1/1", f"{PLAIN} 1/1", f"{CALLER} {len(nodes)}/{len(nodes)}"}
    until("the services run", lambda: wanted <= set(docker("service", "ls", "--format", "{{.Name}} {{.Replicas}}").splitlines()))


def tasks(service):
    """The running tasks of a service by the names of their nodes."""
    api = Socket(nodes[0].socket)
    names = {each["ID"]: each["Description"]["Hostname"] for each in api.call("GET", "/v1.41/nodes")}
    filters = json.dumps({"service": [service], "desired-state": ["running"]}).replace('"', "%22").replace(" ", "")
    return {names[each["NodeID"]]: each for each in api.call("GET", f"/v1.41/tasks?filters={filters}")}


def attached(task, network):
    return next(each["Addresses"][0].split("/")[0] for each in task["NetworksAttachments"] if each["Network"]["Spec"]["Name"] == network)


def virtual(service):
    api = Socket(nodes[0].socket)
    network = api.call("GET", f"/v1.41/networks/{NAME}")["Id"]
    for each in api.call("GET", f"/v1.41/services/{service}")["Endpoint"]["VirtualIPs"]:
        if each["NetworkID"] == network:
            return each["Addr"].split("/")[0]


def outside(number):
    """A client beside the machines, on their bridge; each way has its own, as a port that comes again by another way is no fair test."""
    bridge = "panal-" + "".join(f"{int(part):02x}" for part in re.sub(r"\.\d+/.*", ".0", options.cidr).split("."))
    name, cable = f"{NAME}-{number}", f"bn-client-{number}"
    clients.append(name)
    run("ip", "netns", "add", name)
    run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
    run("ip", "link", "set", cable, "master", bridge, "up")
    run("ip", "-n", name, "address", "add", f"{OUTSIDE}{number}/24", "dev", "eth0")
    run("ip", "-n", name, "link", "set", "eth0", "up")
    run("ip", "-n", name, "link", "set", "lo", "up")
    return f"/run/netns/{name}"


# Paths

Path = collections.namedtuple("Path", "name client http bytes baseline")


def wrk(path, *more):
    said = run(*enter(path.client, "wrk", "-t1", "-c32", f"-d{options.seconds}s", *more, f"http://{path.http}/"))
    errors = re.search(r"Socket errors: (.*)", said)
    if errors or "Non-2xx" in said:
        told(f"{path.name}: {errors[1] if errors else 'other answers than 200'}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def gigabits(path):
    host, port = path.bytes.split(":")
    said = json.loads(run(*enter(path.client, "iperf3", "-J", "-c", host, "-p", port, "-t", str(options.seconds)), check=False))
    if "error" in said:
        sys.exit(f"{path.name}: iperf3: {said['error']}")
    return said["end"]["sum_received"]["bits_per_second"] / 1e9


def proxies(node, target, work):
    """docker-proxy and haproxy on a node, before a task; their two ports by name."""
    found = {}
    if docker_proxy := shutil.which("docker-proxy"):
        for port, of in ((8101, 80), (8102, 5201)):
            words = f"-proto tcp -host-ip 0.0.0.0 -host-port {port} -container-ip {target} -container-port {of}"
            start(*enter(node.network, "sh", "-c", f"exec {docker_proxy} {words} 3>/dev/null"))
        found["docker-proxy"] = (8101, 8102)
    if haproxy := shutil.which("haproxy"):
        with open(f"{work}/haproxy.cfg", "w") as file:
            file.write("global\n  maxconn 8000\n  nbthread 1\ndefaults\n  mode tcp\n  timeout connect 2s\n  timeout client 60s\n  timeout server 60s\n")
            for port, of in ((8103, 80), (8104, 5201)):
                file.write(f"listen of{of}\n  bind :{port}\n  server task {target}:{of}\n")
        start(*enter(node.network, haproxy, "-db", "-f", f"{work}/haproxy.cfg"))
        found["haproxy"] = (8103, 8104)
    return found


def paths(work):
    home, entry = nodes[-1], nodes[0]
    task = tasks(WEB)[home.name]
    caller, other_caller, sealed_caller = [node.task(tasks(CALLER)[node.name]["ID"]) for node in (nodes[-2], nodes[-3], nodes[-4])]
    start(*enter(home.task(task["ID"]), "iperf3", "-s"))
    start(*enter(home.network, "iperf3", "-s", "-p", str(PLAIN_BYTES)))
    address, vip, target, sealed = attached(task, NAME), virtual(WEB), attached(task, "ingress"), attached(task, SEALED)
    direct, plain = "direct, task to task on another host", "host to host, no overlay"
    found = [Path(direct, caller, f"{address}:80", f"{address}:5201", direct),
             Path("virtual address, from another task", other_caller, f"{vip}:80", f"{vip}:5201", direct),
             Path("encrypted network, task to task on another host", sealed_caller, f"{sealed}:80", f"{sealed}:5201", direct),
             Path(plain, outside(0), f"{home.address}:{PLAIN_HTTP}", f"{home.address}:{PLAIN_BYTES}", plain)]
    for node, words in ((home, "the task's node"), (entry, "another node")):
        found.append(Path(f"mesh, by {words}", outside(len(clients)), f"{node.address}:{HTTP}", f"{node.address}:{BYTES}", plain))
        for proxy, ports in proxies(node, target, work).items():
            found.append(Path(f"{proxy}, on {words}", outside(len(clients)), *(f"{node.address}:{port}" for port in ports), plain))
    time.sleep(2)
    return found


LIMITS = {"virtual address, from another task": 0.9, "mesh, by the task's node": 0.75, "mesh, by another node": 0.6}


def measure_paths(work):
    ways = paths(work)
    results = {way.name: [] for way in ways}
    before = load()
    for _ in range(options.rounds):
        for way in ways:
            results[way.name].append((wrk(way), wrk(way, "-H", "Connection: close"), gigabits(way)))
            told(f"{way.name}: {results[way.name][-1]}")

    def against(name, other, what):
        return statistics.median(a[what] / b[what] for a, b in zip(results[name], results[other]))

    print(f"\n{options.rounds} rounds of {options.seconds} s each, medians of the rounds and of their ratios; load {before} to {load()}\n")
    print("| way | requests/s, kept | new connections/s | Gbit/s | of its direct way | limit | met |\n|---|---|---|---|---|---|---|")
    for way in ways:
        middle = [statistics.median(each) for each in zip(*results[way.name])]
        ratios = [against(way.name, way.baseline, what) for what in range(3)]
        limit = LIMITS.get(way.name)
        met = "" if limit is None else ", ".join("yes" if ratio >= limit else "**no**" for ratio in ratios)
        print(f"| {way.name} | {middle[0]:,.0f} | {middle[1]:,.0f} | {middle[2]:.1f} | {', '.join(f'{ratio:.2f}' for ratio in ratios)} | {limit or ''} | {met} |")
    print("\n| mesh against | requests/s, kept | new connections/s | Gbit/s | limit | met |\n|---|---|---|---|---|---|")
    for way in ways:
        if "proxy" in way.name:
            kind, words = way.name.split(", on ")
            ratios = [against(f"mesh, by {words}", way.name, what) for what in range(3)]
            met = ", ".join("yes" if ratio >= 1.5 else "**no**" for ratio in ratios)
            print(f"| {way.name} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} | 1.5 | {met} |")
    sys.stdout.flush()


# Changes


# Of nf_tables: an element is new, an element is gone.
ADDED, REMOVED = 0xA0C, 0xA0E


class Watch(threading.Thread):
    """What the kernels tell of changes to nf_tables, with the time at which they told it."""

    def __init__(self, namespaces):
        super().__init__(daemon=True)
        self.sockets = {}
        for namespace in namespaces:
            opener = threading.Thread(target=self.open, args=(namespace,))
            opener.start()
            opener.join()
        self.heard = {namespace: [] for namespace in namespaces}
        self.over = False

    def open(self, namespace):
        entered(namespace)
        listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        listener.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)
        listener.bind((0, 0))
        listener.setsockopt(270, 1, 7)
        listener.setblocking(False)
        self.sockets[namespace] = listener

    def run(self):
        of = {listener.fileno(): (namespace, listener) for namespace, listener in self.sockets.items()}
        poll = select.epoll()
        for number in of:
            poll.register(number, select.EPOLLIN)
        while not self.over:
            for number, _ in poll.poll(0.2):
                namespace, listener = of[number]
                message = listener.recv(1 << 20)
                self.heard[namespace].append((time.monotonic(), message))

    def first(self, namespace, begin, kind, part):
        """When a kernel told of an element with these bytes that was added, or removed."""
        for when, message in self.heard[namespace]:
            if when >= begin and any(part in each for each in self.elements(kind, message)):
                return when
        return None

    @staticmethod
    def elements(wanted, messages):
        """Those of a kind, of what was told at once."""
        at = 0
        while at + 16 <= len(messages):
            length, kind = struct.unpack_from("=IH", messages, at)
            if kind == wanted:
                yield messages[at:at + length]
            at += max(16, length + 3 & ~3)

    def clear(self):
        for each in self.heard.values():
            each.clear()


def measure_changes():
    api = Socket(nodes[0].socket)
    sandboxes = {name: task["ID"] for name, task in tasks(CALLER).items()}
    of_tasks = [node.task(sandboxes[node.name]) for node in nodes]
    of_nodes = [node.network for node in nodes]
    watch = Watch(of_tasks + of_nodes)
    watch.start()

    def arrived(namespaces, begin, part, kind=ADDED):
        times = until("all kernels hold the change", lambda: (lambda found: found if None not in found else None)([watch.first(each, begin, kind, part) for each in namespaces]), 30)
        watch.clear()
        return sorted((when - begin) * 1000 for when in times)

    image = tasks(WEB)[nodes[-1].name]["Spec"]["ContainerSpec"]["Image"]
    made, moved, answered = [], [], []
    for number in range(options.changes):
        begin = time.monotonic()
        identity = api.call("POST", "/v1.41/services/create", empty(f"change-{number}", image))["ID"]
        answered.append((time.monotonic() - begin) * 1000)
        address = socket.inet_aton(virtual(identity))
        made.append(arrived(of_tasks, begin, address))
        begin = time.monotonic()
        api.call("DELETE", f"/v1.41/services/{identity}")
        arrived(of_tasks, begin, address, REMOVED)
    for number in range(options.changes):
        service = api.call("GET", f"/v1.41/services/{WEB}")
        port = 20_000 + number
        spec = service["Spec"]
        spec["EndpointSpec"]["Ports"] = spec["EndpointSpec"]["Ports"][:2] + [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": port, "PublishMode": "ingress"}]
        begin = time.monotonic()
        api.call("POST", f"/v1.41/services/{service['ID']}/update?version={service['Version']['Index']}", spec)
        moved.append(arrived(of_nodes, begin, b"\x06\0\0\0" + struct.pack(">H", port)))
    watch.over = True
    print(f"\n{options.changes} changes of each kind, from the request until the kernel has it, ms; {len(nodes)} nodes; load {load()}\n")
    print("| change | five of the nodes, p50 | p95 | all six, p50 | p95 | limit, five nodes at p95 | met |\n|---|---|---|---|---|---|---|")
    for what, times in (("a new service's virtual address, in a task of each node", made), ("a published port of a service that runs, on each node", moved)):
        five, six = [sorted(each[index] for each in times) for index in (4, 5)]
        p95 = percentile(five, 95)
        print(f"| {what} | {percentile(five, 50):.0f} | {p95:.0f} | {percentile(six, 50):.0f} | {percentile(six, 95):.0f} | 100 | {'yes' if p95 < 100 else '**no**'} |")
    print(f"\nThe API had answered the creation after {percentile(sorted(answered), 50):.0f} ms, p95 {percentile(sorted(answered), 95):.0f}.", flush=True)


def percentile(ordered, part):
    return ordered[min(len(ordered) - 1, len(ordered) * part // 100)]


def empty(name, image):
    """A service with a virtual address and no task."""
    return {"Name": name, "Mode": {"Replicated": {"Replicas": 0}}, "TaskTemplate": {"ContainerSpec": {"Image": image}, "Networks": [{"Target": NAME}]}}


# Names


def question(number, name):
    labels = b"".join(bytes([len(each)]) + each.encode() for each in name.split("."))
    return struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)


def ask(name, count):
    """One after the other: microseconds of each, in order, and answers in a second."""
    asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asking.connect(("127.0.0.11", 53))
    asking.settimeout(2)
    for _ in range(1000):
        asking.send(question(1, name))
        asking.recv(512)
    times = []
    begin = time.perf_counter()
    for number in range(count):
        words = question(number & 0xFFFF, name)
        now = time.perf_counter()
        asking.send(words)
        answer = asking.recv(512)
        times.append((time.perf_counter() - now) * 1e6)
        if answer[:2] != words[:2] or struct.unpack_from(">H", answer, 6)[0] == 0:
            raise ValueError(f"no answer to {name}: {answer}")
    return sorted(times), count / (time.perf_counter() - begin)


def flood(name, seconds):
    """Sixteen sockets with a question each on its way: answers in a second."""
    poll = select.epoll()
    asking = {}
    words = question(7, name)
    for _ in range(16):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.connect(("127.0.0.11", 53))
        poll.register(one, select.EPOLLIN)
        asking[one.fileno()] = one
        one.send(words)
    begin, answers = time.perf_counter(), 0
    while time.perf_counter() < begin + seconds:
        for number, _ in poll.poll(1):
            asking[number].recv(512)
            answers += 1
            asking[number].send(words)
    return answers / (time.perf_counter() - begin)


def measure_names():
    node = nodes[-2]
    caller = node.task(tasks(CALLER)[node.name]["ID"])
    rounds = [(inside(caller, ask, WEB, 5000), inside(caller, flood, WEB, 2)) for _ in range(options.rounds)]
    p50 = statistics.median(percentile(times, 50) for (times, _), _ in rounds)
    p99 = statistics.median(percentile(times, 99) for (times, _), _ in rounds)
    alone = statistics.median(rate for (_, rate), _ in rounds)
    many = statistics.median(rate for _, rate in rounds)
    print(f"\nA task's resolver, {options.rounds} rounds, load {load()}\n\n| what | measured | limit | met |\n|---|---|---|---|")
    print(f"| time of an answer, p50 | {p50:.0f} us (p99 {p99:.0f}) | 100 us | {'yes' if p50 < 100 else '**no**'} |")
    print(f"| answers in a second, one asks after the other | {alone:,.0f} | | |")
    print(f"| answers in a second, 16 questions on their way | {many:,.0f} | 5,000 | {'yes' if many >= 5000 else '**no**'} |", flush=True)


# Table


def connects(addresses, count):
    """Microseconds of connecting to each address, in turn."""
    times = {address: [] for address in addresses}
    for number in range(count + 100):
        for address in addresses:
            begin = time.perf_counter()
            one = socket.create_connection((address, 80))
            if number >= 100:
                times[address].append((time.perf_counter() - begin) * 1e6)
            # By a reset: no connection waits for its end, whatever their number.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()
    return [sorted(times[address]) for address in addresses]


def measure_table():
    node, home = nodes[-2], nodes[-1]
    caller = node.task(tasks(CALLER)[node.name]["ID"])
    web = tasks(WEB)[home.name]
    addresses = [virtual(WEB), attached(web, NAME)]

    def held():
        listed = [run(*enter(caller, "nft", "list", kind, "inet", "panal_services", name)) for kind, name in (("set", "empty4"), ("map", "service4"))]
        return sum(len(re.findall(r"\d+\.\d+\.\d+\.\d+", text)) for text in listed)

    few = inside(caller, connects, addresses, 2000)
    before = held()
    image = web["Spec"]["ContainerSpec"]["Image"]
    local = threading.local()

    def create(number):
        if time.monotonic() > begin + options.patience:
            return False
        local.api = getattr(local, "api", None) or Socket(nodes[0].socket)
        local.api.call("POST", "/v1.41/services/create", empty(f"t{number}", image))
        return True

    have = set(docker("service", "ls", "--format", "{{.Name}}").split())
    wanted = [number for number in range(options.services) if f"t{number}" not in have]
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = 0
        for one in pool.map(create, wanted):
            made += one
            if one and made % 1000 == 0:
                told(f"{made} services after {time.monotonic() - begin:.0f} s")
    took = time.monotonic() - begin
    until("the kernel holds all of them", lambda: held() >= before + made, 120)
    reached = time.monotonic() - begin - took
    many = inside(caller, connects, addresses, 2000)
    print(f"\n{made:,} of {options.services:,} services (no tasks, a virtual address each) made through the API in {took:.0f} s, the last in the task's kernel {reached:.1f} s after; load {load()}\n")
    print(f"| connecting, p50 us | {before} in the table | {held():,} | ratio | limit | met |\n|---|---|---|---|---|---|")
    for what, a, b, limit in (("virtual address", few[0], many[0], 1.1), ("directly, in turn with it", few[1], many[1], None)):
        ratio = percentile(b, 50) / percentile(a, 50)
        print(f"| {what} | {percentile(a, 50):.0f} | {percentile(b, 50):.0f} | {ratio:.2f} | {limit or ''} | {'' if limit is None else 'yes' if ratio <= limit else '**no**'} |")
    both = (percentile(many[0], 50) / percentile(many[1], 50)) / (percentile(few[0], 50) / percentile(few[1], 50))
    print(f"\nThe virtual address against the direct way of the same moment: {both:.2f} of what it was.", flush=True)


def away(work):
    for process in started:
        process.kill()
        process.wait()
    for client in clients:
        subprocess.run(["ip", "netns", "del", client], capture_output=True)
    shutil.rmtree(work, ignore_errors=True)
    if not options.keep:
        told("taking the lab away")
        panal("lab", "rm", "--quiet", check=False)


def main():
    global nodes
    if os.geteuid():
        sys.exit("bench/network.py: run it as root")
    if not os.path.exists(f"{ROOT}/program/target/panal/built"):
        sys.exit("bench/network.py: build first: ./panal build")
    for program in ("wrk", "iperf3", "docker", "nft"):
        if not shutil.which(program):
            sys.exit(f"bench/network.py: {program} is not on the path")
    only = options.only.split(",")
    if unknown := set(only) - set(PARTS):
        sys.exit(f"bench/network.py: no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    work = tempfile.mkdtemp(prefix="panal-bench-network-")
    try:
        nodes = lab()
        services()
        print(f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, {os.cpu_count()} cores, Linux {os.uname().release}, {' '.join(sys.argv)}")
        if "names" in only:
            measure_names()
        if "changes" in only:
            measure_changes()
        if "paths" in only:
            measure_paths(work)
        if "table" in only:
            measure_table()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        away(work)


nodes = []
if __name__ == "__main__":
    main()
