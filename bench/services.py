#!/usr/bin/env python3
"""Time from `service create` to all tasks running, one node, image present: Panal and dockerd side by side.

Each engine runs in a network namespace of its own, one after the other, the same commands over its socket; then the floor: the
same number of containers by `ctr run`, eight at a time, as it is and with the filter of system calls that both engines give to
theirs. Prints a table with medians and ratios.

    bench/services.py [--rounds 3] [--only panal|dockerd|ctr] [--sizes 1,10,50,100] [--publish]

Needs root, a built tree, and dockerd, containerd, runc, skopeo, docker-registry, busybox (static) on the path.
"""
import argparse, contextlib, http.client, json, os, shutil, signal, socket, statistics, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
IMAGE = "127.0.0.1:5000/bench:1"
PUBLISH = False


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(120)
        self.sock.connect(self.path)


class Engine:
    def __init__(self, path):
        self.connection = Unix(path)

    def call(self, method, path, body=None):
        self.connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text) if text[:1] in (b"{", b"[", b'"') else text

    def until_running(self, service, count, limit=300):
        begin = time.monotonic()
        while True:
            tasks = self.call("GET", "/v1.41/tasks?filters=" + json.dumps({"service": [service], "desired-state": ["running"]}).replace(" ", "").replace('"', "%22"))
            running = sum(task["Status"]["State"] == "running" for task in tasks)
            if running >= count:
                return
            if time.monotonic() - begin > limit:
                raise RuntimeError(f"{running} of {count} run: {[t['Status'] for t in tasks][:3]}")
            time.sleep(0.02)


def spec(name, replicas):
    ports = {"EndpointSpec": {"Mode": "vip", "Ports": [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 8000, "PublishMode": "ingress"}]}} if PUBLISH else {}
    return {**ports, "Name": name, "Labels": {}, "Mode": {"Replicated": {"Replicas": replicas}},
            "TaskTemplate": {"ContainerSpec": {"Image": IMAGE, "Args": ["sleep", "100000"], "StopGracePeriod": 100000000}, "ForceUpdate": 0}}


def measure(engine, sizes, rounds):
    results = {}
    for size in sizes:
        for round_ in range(rounds):
            name = f"bench{size}-{round_}"
            begin = time.monotonic()
            service = engine.call("POST", "/v1.41/services/create", spec(name, size))["ID"]
            engine.until_running(service, size)
            results.setdefault(f"create {size}", []).append(time.monotonic() - begin)
            remove(engine, service, results, size)
    if 50 in sizes:
        for round_ in range(rounds):
            service = engine.call("POST", "/v1.41/services/create", spec(f"scale-{round_}", 10))["ID"]
            engine.until_running(service, 10)
            now = engine.call("GET", f"/v1.41/services/{service}")
            now["Spec"]["Mode"]["Replicated"]["Replicas"] = 50
            begin = time.monotonic()
            engine.call("POST", f"/v1.41/services/{service}/update?version={now['Version']['Index']}", now["Spec"])
            engine.until_running(service, 50)
            results.setdefault("scale 10 to 50", []).append(time.monotonic() - begin)
            remove(engine, service, results, 50)
    return results


def remove(engine, service, results, size):
    begin = time.monotonic()
    engine.call("DELETE", f"/v1.41/services/{service}")
    while engine.call("GET", "/v1.41/containers/json?all=1"):
        time.sleep(0.02)
    results.setdefault(f"remove {size}", []).append(time.monotonic() - begin)


def wait_for(what, condition, limit=60):
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > limit:
            raise RuntimeError(f"{what}: not within {limit} s")
        time.sleep(0.02)


def answers(path):
    try:
        Engine(path).call("GET", "/_ping")
        return True
    except (OSError, RuntimeError):
        return False


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}")
    return done.stdout


@contextlib.contextmanager
def host(name):
    """A network namespace with a route that leads nowhere, and a registry with the image."""
    work = tempfile.mkdtemp(prefix=f"panal-bench-{name}-")
    netns = f"panal-bench-{name}"
    enter = ["nsenter", f"--net=/run/netns/{netns}"]  # not `ip netns exec`, which hides the cgroups
    subprocess.run(["ip", "netns", "del", netns], stderr=subprocess.DEVNULL)
    run("ip", "netns", "add", netns)
    registry = None
    try:
        run(*enter, "ip", "link", "set", "lo", "up")
        run(*enter, "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "peer0")
        run(*enter, "ip", "link", "set", "peer0", "up")
        run(*enter, "ip", "addr", "add", "192.168.77.2/24", "dev", "eth0")
        run(*enter, "ip", "link", "set", "eth0", "up")
        config = os.path.join(work, "registry.yml")
        with open(config, "w") as file:
            file.write(f"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {work}/registry}}}}\nhttp: {{addr: 127.0.0.1:5000}}\n")
        registry = subprocess.Popen([*enter, "docker-registry", "serve", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        image(work)
        wait_for("registry", lambda: subprocess.run([*enter, "skopeo", "copy", "-q", "--dest-tls-verify=false", f"oci:{work}/image:1", f"docker://{IMAGE}"], capture_output=True).returncode == 0)
        yield work, enter
    finally:
        if registry:
            registry.kill()
            registry.wait()
        run("ip", "netns", "del", netns)
        shutil.rmtree(work, ignore_errors=True)


def image(work):
    """An OCI image of one static program, written by hand."""
    import gzip, hashlib, io, tarfile
    os.makedirs(f"{work}/image/blobs/sha256")

    def blob(content):
        digest = hashlib.sha256(content).hexdigest()
        with open(f"{work}/image/blobs/sha256/{digest}", "wb") as file:
            file.write(content)
        return "sha256:" + digest, len(content)

    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as layer:
        layer.add(shutil.which("busybox"), "bin/busybox")
        for name in ("sh", "sleep"):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            layer.addfile(link)
        for name in ("proc", "sys", "dev", "etc", "tmp"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            layer.addfile(folder)
    plain = tar.getvalue()
    layer_digest, layer_size = blob(gzip.compress(plain, mtime=0))
    config_digest, config_size = blob(json.dumps({"architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/bin"], "Cmd": ["sleep", "100000"]},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(plain).hexdigest()]}}).encode())
    manifest, manifest_size = blob(json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": config_digest, "size": config_size},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": layer_digest, "size": layer_size}]}).encode())
    with open(f"{work}/image/index.json", "w") as file:
        json.dump({"schemaVersion": 2, "manifests": [{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": manifest, "size": manifest_size,
            "annotations": {"org.opencontainers.image.ref.name": "1"}}]}, file)
    with open(f"{work}/image/oci-layout", "w") as file:
        file.write('{"imageLayoutVersion":"1.0.0"}')


def bench_engine(name, command, sizes, rounds):
    with host(name) as (work, enter):
        path = f"{work}/docker.sock"
        log = open(f"/tmp/panal-bench-{name}.log", "w")
        daemon = subprocess.Popen([*enter, *command(work, path)], stdout=log, stderr=log)
        try:
            wait_for(name, lambda: answers(path))
            engine = Engine(path)
            engine.call("POST", "/v1.41/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": "192.168.77.2"})
            warm = engine.call("POST", "/v1.41/services/create", spec("warm", 2))["ID"]
            engine.until_running(warm, 2)
            remove(engine, warm, {}, 2)
            result = measure(engine, sizes, rounds)
            engine.call("POST", "/v1.41/swarm/leave?force=1")
            return result
        finally:
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
            subprocess.run(["pkill", "-9", "-f", work])
            wait_for("end", lambda: subprocess.run(["pgrep", "-f", work], capture_output=True).returncode != 0)
            for line in reversed(open("/proc/mounts").read().splitlines()):
                if work in line:
                    subprocess.run(["umount", "-l", line.split()[1]])


def bench_floor(sizes, rounds, *confinement):
    """`ctr run -d` of the same containers, eight at a time."""
    results = {}
    with host("ctr") as (work, enter):
        config = f"{work}/config.toml"
        with open(config, "w") as file:
            file.write(f'version = 2\nroot = "{work}/root"\nstate = "{work}/state"\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\n address = "{work}/c.sock"\n')
        daemon = subprocess.Popen([*enter, "containerd", "-c", config, "-l", "error"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ctr = ["ctr", "-a", f"{work}/c.sock"]
        try:
            wait_for("containerd", lambda: subprocess.run([*ctr, "version"], capture_output=True).returncode == 0)
            run(*enter, *ctr, "image", "pull", "--plain-http", IMAGE)
            for size in sizes:
                for round_ in range(rounds):
                    begin = time.monotonic()
                    with ThreadPoolExecutor(8) as pool:
                        list(pool.map(lambda i: run(*ctr, "run", "-d", "--null-io", *confinement, IMAGE, f"b{size}-{round_}-{i}", "sleep", "100000"), range(size)))
                    results.setdefault(f"create {size}", []).append(time.monotonic() - begin)
                    with ThreadPoolExecutor(8) as pool:
                        list(pool.map(lambda i: subprocess.run([*ctr, "task", "rm", "-f", f"b{size}-{round_}-{i}"], capture_output=True), range(size)))
                        list(pool.map(lambda i: run(*ctr, "container", "rm", f"b{size}-{round_}-{i}"), range(size)))
        finally:
            daemon.kill()
            daemon.wait()
            subprocess.run(["pkill", "-9", "-f", work])
            for line in reversed(open("/proc/mounts").read().splitlines()):
                if work in line:
                    subprocess.run(["umount", "-l", line.split()[1]])
    return results


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--sizes", default="1,10,50,100")
    options.add_argument("--publish", action="store_true", help="publish port 8000 of the service, as the lab does")
    options.add_argument("--only", default="ctr,dockerd,panal")
    chosen = options.parse_args()
    global PUBLISH
    PUBLISH = chosen.publish
    sizes = [int(size) for size in chosen.sizes.split(",")]
    results = {}
    if "ctr" in chosen.only:
        several = [size for size in sizes if size > 1]
        results["ctr"] = bench_floor(several, chosen.rounds)
        results["ctr --seccomp"] = bench_floor(several, chosen.rounds, "--seccomp")
    if "dockerd" in chosen.only:
        results["dockerd"] = bench_engine("dockerd", lambda work, path: [shutil.which("dockerd") or sys.exit("no dockerd on the path"), "--data-root", f"{work}/data", "--exec-root", f"{work}/exec", "-H", f"unix://{path}", "--pidfile", f"{work}/pid"], sizes, chosen.rounds)
    if "panal" in chosen.only:
        results["panal"] = bench_engine("panal", lambda work, path: [f"{ROOT}/panal", "daemon", "--data-root", f"{work}/data", "--exec-root", f"{work}/exec", "-H", f"unix://{path}"], sizes, chosen.rounds)
    others = [name for name in results if name != "panal"]
    print(f"{'seconds, median (min)':24}" + "".join(f"{name:>18}" for name in results) + "".join(f"{'panal/' + name:>21}" for name in others))
    for case in dict.fromkeys(case for result in results.values() for case in result):
        medians = {name: statistics.median(result[case]) for name, result in results.items() if case in result}
        cells = "".join(f"{medians[name]:9.2f} ({min(results[name][case]):5.2f})" if name in medians else " " * 17 for name in results)
        ratio = lambda other: f"{medians['panal'] / medians[other]:.2f}" if "panal" in medians and other in medians else ""
        print(f"{case:24}{cells:>{18 * len(results)}}" + "".join(f"{ratio(name):>21}" for name in others))


if __name__ == "__main__":
    main()
