package io.panal.program.lab;

import io.panal.cli.command.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// The lab's steps. Each looks at what is there first, so that a second run is quick and an interrupted one is
/// finished.
final class Lab {
    static final String SERVICE = "nginx_server";
    static final int PORT = 8000;
    static final int REPLICAS = 10;
    private static final String GO_ON = "panal lab goes on from here, panal lab rm takes it away.";

    private final Site site;
    private final Console console;
    private final Map<String, String> addresses = new TreeMap<>();
    private volatile boolean over;

    Lab(Site site) {
        this.site = site;
        this.console = new Console(site.session().out(), site.session().isTerminal(), site.quiet());
    }

    int make() throws Failure, IOException {
        console.say("Panal's lab: 3 managers and 3 workers on this host, joined into a swarm that serves nginx.");
        HostCheck.require();
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "interrupted"));
        site.lines().forEach(console::command);
        try {
            makeAll();
        } catch (Failure failed) {
            throw Failure.exiting(failed.exitCode(), failed.text() + "\nOnce that is mended, " + GO_ON);
        } finally {
            over = true;
        }
        return 0;
    }

    private void interrupted() {
        if (!over) {
            site.session().err().println("\nInterrupted: " + GO_ON);
        }
    }

    private void makeAll() throws Failure, IOException {
        makeMachines();
        String image = provideImage();
        makeSwarm();
        joinAll(Site.MANAGERS.subList(1, Site.MANAGERS.size()), "manager");
        joinAll(Site.WORKERS, "worker");
        serve(image);
        scale();
        new Pages(site, addresses, console).fetchAll();
        show();
        goOn();
    }

    private void makeMachines() throws Failure {
        console.step("1. Machines: six hosts in namespaces of their own");
        List<String> missing = new ArrayList<>();
        List<String> stopped = new ArrayList<>();
        for (String name : Site.machines()) {
            String state =
                    Machine.machine(site, List.of("status", name)).output().strip();
            if (state.equals("Stopped")) {
                stopped.add(name);
            } else if (!state.equals("Running")) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("create", "--driver", "local"));
            words.addAll(site.options());
            words.addAll(missing);
            console.command("panal machine " + String.join(" ", words));
            String _ = Machine.must(Machine.machine(site, words), "making the machines");
        }
        if (!stopped.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("start"));
            words.addAll(stopped);
            console.command("panal machine " + String.join(" ", words));
            String _ = Machine.must(Machine.machine(site, words), "starting the machines");
        }
        for (String name : Site.machines()) {
            addresses.put(
                    name,
                    Machine.must(Machine.machine(site, List.of("ip", name)), "asking for the address of " + name)
                            .strip());
        }
        for (String name : Site.machines()) {
            new Readiness(() -> standing(name)).await(name);
        }
        console.command("panal machine ls");
        console.note(Machine.must(Machine.machine(site, List.of("ls")), "listing the machines"));
        console.done("%d made, %d started, %d there already"
                .formatted(missing.size(), stopped.size(), Site.machines().size() - missing.size() - stopped.size()));
    }

    private String provideImage() throws Failure, IOException {
        console.step("2. The image: nginx");
        Path chosen = site.own().resolve("image");
        RegistryProcess registry = new RegistryProcess(site);
        boolean started = registry.start();
        if (!started && Files.exists(chosen)) {
            String image = Files.readString(chosen).strip();
            console.done("it is %s".formatted(image));
            return image;
        }
        console.note("the lab's registry listens on " + site.registry());
        String image = new NginxImage(site).choose(console::note);
        Files.writeString(chosen, image);
        console.done("it is %s".formatted(image));
        return image;
    }

    private Machine.Ran onFirst(String... words) {
        return on(Site.MANAGERS.getFirst(), words);
    }

    private Machine.Ran on(String machine, String... words) {
        return Machine.docker(site, machine, addresses.getOrDefault(machine, ""), words);
    }

    private String firstAddress() {
        return addresses.getOrDefault(Site.MANAGERS.getFirst(), "");
    }

    private Machine.Ran standing(String machine) {
        return on(machine, "info", "--format", "{{.Swarm.LocalNodeState}}");
    }

    private boolean isInSwarm(String machine) {
        Machine.Ran ran = standing(machine);
        return ran.isWell() && ran.output().strip().equals("active");
    }

    private void makeSwarm() throws Failure {
        console.step("3. The swarm: the first manager");
        console.command("eval $(panal machine env %s)".formatted(Site.MANAGERS.getFirst()));
        console.command("docker swarm init --advertise-addr " + firstAddress());
        if (isInSwarm(Site.MANAGERS.getFirst())) {
            console.done("there already");
            return;
        }
        console.note(Machine.must(onFirst("swarm", "init", "--advertise-addr", firstAddress()), "docker swarm init")
                .lines()
                .findFirst()
                .orElse(""));
        console.done("made");
    }

    private void joinAll(List<String> machines, String role) throws Failure {
        console.step("%s. The swarm: %ss join with a real token".formatted(role.equals("manager") ? "4" : "5", role));
        console.command("docker swarm join-token %s".formatted(role));
        String token = Machine.must(onFirst("swarm", "join-token", "-q", role), "docker swarm join-token")
                .strip();
        List<String> outside =
                machines.stream().filter(name -> !isInSwarm(name)).toList();
        for (String name : machines) {
            console.command("panal machine ssh %s docker swarm join --token %s... %s:2377"
                    .formatted(name, token.substring(0, 14), firstAddress()));
        }
        if (role.equals("manager")) {
            for (String name : outside) {
                String _ = Machine.must(join(name, token), "joining " + name);
            }
        } else {
            together(outside, name -> Machine.must(join(name, token), "joining " + name));
        }
        console.done("%d joined, %d there already".formatted(outside.size(), machines.size() - outside.size()));
    }

    private Machine.Ran join(String name, String token) {
        return on(name, "swarm", "join", "--token", token, firstAddress() + ":2377");
    }

    /// What is done to one machine.
    private interface Deed {
        String to(String machine) throws Failure;
    }

    private static void together(List<String> machines, Deed deed) throws Failure {
        try (ExecutorService scope = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> done = machines.stream()
                    .map(name -> scope.submit(() -> deed.to(name)))
                    .toList();
            for (Future<String> each : done) {
                String _ = each.get();
            }
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Failure failure) {
                throw failure;
            }
            throw new IllegalStateException("a step broke", failed);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw Failure.because("interrupted: run panal lab again to go on, or panal lab rm");
        }
    }

    private void serve(String image) throws Failure {
        console.step("6. The service: nginx on port " + PORT);
        console.command("docker service create --name %s --publish %d:80 %s".formatted(SERVICE, PORT, image));
        if (onFirst("service", "inspect", SERVICE).isWell()) {
            console.done("there already");
            return;
        }
        String _ = Machine.must(
                onFirst("service", "create", "--detach", "--name", SERVICE, "--publish", PORT + ":80", image),
                "docker service create");
        new Convergence(this::onFirst).await(SERVICE, 1);
        console.done("its first task runs");
    }

    private void scale() throws Failure {
        console.step("7. Scale it to " + REPLICAS);
        console.command("docker service scale %s=%d".formatted(SERVICE, REPLICAS));
        String _ =
                Machine.must(onFirst("service", "scale", "--detach", SERVICE + "=" + REPLICAS), "docker service scale");
        new Convergence(this::onFirst).await(SERVICE, REPLICAS);
        console.done(REPLICAS + " tasks run");
    }

    private void show() throws Failure {
        console.step("9. Look at it");
        for (List<String> words : List.of(List.of("node", "ls"), List.of("service", "ps", SERVICE))) {
            console.command("docker " + String.join(" ", words));
            console.note(Machine.must(onFirst(words.toArray(String[]::new)), "docker " + String.join(" ", words)));
        }
    }

    private void goOn() {
        console.step("The lab is ready (%s). Go on with:".formatted(console.total()));
        site.lines().forEach(console::command);
        Stream.of(
                        "eval $(panal machine env %s)        # your docker client now speaks to the first manager"
                                .formatted(Site.MANAGERS.getFirst()),
                        "docker service ps %s".formatted(SERVICE),
                        "curl http://%s:%d/".formatted(firstAddress(), PORT),
                        "panal machine stop docker-swarm-worker-1     # its tasks move",
                        "panal machine ssh docker-swarm-manager-2 docker node ls",
                        "panal lab status        # panal lab rm takes everything away")
                .forEach(console::command);
        console.say("");
    }

    int status() throws Failure {
        Machine.Ran machines = Machine.machine(site, List.of("ls"));
        site.session().out().print(machines.output());
        boolean any = false;
        String why = "";
        for (String manager : Site.MANAGERS) {
            Machine.Ran ip = Machine.machine(site, List.of("ip", manager));
            if (ip.isWell()) {
                any = true;
                addresses.put(manager, ip.output().strip());
                Machine.Ran nodes = on(manager, "node", "ls");
                if (nodes.isWell()) {
                    site.session().out().printf("%n%s", nodes.output());
                    Machine.Ran services = on(manager, "service", "ls");
                    site.session().out().printf("%n%s", services.output());
                    return services.isWell() ? 0 : 1;
                }
                why = nodes.output();
            }
        }
        if (any) {
            site.session().out().printf("%n%s%s%n", why, GO_ON);
        } else {
            site.session()
                    .out()
                    .println("No lab runs on this host: panal lab makes one, or starts the machines that are there.");
        }
        return 1;
    }

    int remove() throws Failure, IOException {
        console.step("Taking the lab away");
        List<String> there = Machine.machine(site, List.of("ls", "-q"))
                .output()
                .lines()
                .map(String::strip)
                .filter(Site.machines()::contains)
                .toList();
        if (!there.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("rm", "-f", "-y"));
            words.addAll(there);
            console.command("panal machine " + String.join(" ", words));
            String _ = Machine.must(Machine.machine(site, words), "removing the machines");
        }
        new RegistryProcess(site).stop();
        Trees.delete(site.own());
        console.done(there.isEmpty() ? "there was none" : "%d machines are gone".formatted(there.size()));
        return 0;
    }
}
