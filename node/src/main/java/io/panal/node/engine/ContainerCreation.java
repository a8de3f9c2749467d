package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerPlan;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.Containers;
import io.panal.node.containers.HostPlan;
import io.panal.node.containers.ImageConfiguration;
import io.panal.node.containers.Limits;
import io.panal.node.containers.LogPlan;
import io.panal.node.containers.NamesPlan;
import io.panal.node.containers.NetworkPlan;
import io.panal.node.containers.ProcessPlan;
import io.panal.node.containers.SecurityPlan;
import io.panal.node.containers.StoredImage;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import io.panal.node.networks.LocalNetwork;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /containers/create`: a client's body made into a plan.
final class ContainerCreation {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
    private static final long DEFAULT_SHARED_MEMORY = 64L << 20;

    private final Containers containers;
    private final ContainerLookup lookup;
    private final ContainerNetworks networks;
    private final ContainerMounts mounts;
    private final ImageNames names;
    private final SecureRandom random = new SecureRandom();

    ContainerCreation(HostParts host, ImageNames names) {
        this.containers = host.containers();
        this.lookup = host.lookup();
        this.networks = host.networks();
        this.mounts = new ContainerMounts(host.volumes());
        this.names = names;
    }

    void routes(Router router) {
        router.on("POST", "/containers/create", this::create);
    }

    /// As dockerd says it.
    static void refuseNoName(String name) throws Refusal {
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(
                    400, "Invalid container name (%s), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed".formatted(name));
        }
    }

    private void create(Call call) throws IOException {
        ObjectNode body = Replies.body(call);
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        String name = call.query().text("name").replaceFirst("^/", "");
        if (name.isEmpty()) {
            name = ContainerNames.fresh(random, taken -> containers.named(taken).isPresent());
        }
        refuseNoName(name);
        if (body.path("Image").asString("").isEmpty()) {
            throw new Refusal(400, "config cannot be empty in order to create a container");
        }
        ForeignWishes.refuse(body);
        StoredImage image = names.require(body.path("Image").asString(""));
        ContainerDetails details = details(body);
        Restarts.check(details.hostConfig().path("RestartPolicy"));
        PublishedPorts.choose(details, image.configuration().ports());
        ContainerStarts.refuseUnreadablePorts(details);
        ContainerPlan plan = new ContainerPlan(
                id,
                name,
                image.names().isEmpty() ? image.digest() : image.names().getFirst(),
                process(body),
                host(id, body, details),
                mounts.of(details, image.configuration()),
                labels(body, image.configuration()),
                details.text());
        Container _ = containers.create(plan);
        ObjectNode node = Replies.object();
        node.put("Id", id);
        ForeignWishes.warnings(details.hostConfig()).forEach(node.putArray("Warnings")::add);
        Replies.json(call, 201, node);
    }

    /// Networks are kept by their names; one that is not there is missed at the start only, as dockerd does it.
    private ContainerDetails details(ObjectNode body) {
        var details = new ContainerDetails(config(body), child(body, "HostConfig"));
        if (!details.isOnBridges()) {
            return details;
        }
        List<Map.Entry<String, JsonNode>> asked = List.copyOf(
                body.path("NetworkingConfig").path("EndpointsConfig").properties());
        var named = new ContainerDetails(details.config(), details.hostConfig(), Replies.object());
        // Who names networks is not on the default one beside them.
        boolean isModeLeftOut = !asked.isEmpty() && details.networks().has(LocalNetwork.DEFAULT);
        for (EndpointSettings own : isModeLeftOut ? List.<EndpointSettings>of() : details.endpoints()) {
            named = named.connected(name(own.network()), own.asked());
        }
        for (Map.Entry<String, JsonNode> entry : asked) {
            named = named.connected(
                    name(entry.getKey()),
                    entry.getValue() instanceof ObjectNode settings ? settings : Replies.object());
        }
        return named;
    }

    private String name(String network) {
        String known = network.equals("default") ? LocalNetwork.DEFAULT : network;
        return networks.local().find(known).map(LocalNetwork::name).orElse(known);
    }

    private static ObjectNode config(ObjectNode body) {
        ObjectNode config = body.deepCopy();
        config.remove("HostConfig");
        config.remove("NetworkingConfig");
        return config;
    }

    private static ObjectNode child(JsonNode body, String key) {
        return body.path(key) instanceof ObjectNode object ? object : Replies.object();
    }

    private static Map<String, String> labels(ObjectNode body, ImageConfiguration image) {
        Map<String, String> labels = new TreeMap<>(image.labels());
        body.path("Labels")
                .properties()
                .forEach(entry -> labels.put(entry.getKey(), entry.getValue().asString("")));
        return labels;
    }

    private static ProcessPlan process(ObjectNode body) {
        return new ProcessPlan(
                list(body, "Entrypoint"),
                list(body, "Cmd"),
                texts(body.path("Env")),
                text(body, "WorkingDir"),
                text(body, "User"),
                text(body, "StopSignal"),
                body.path("Tty").asBoolean(false),
                body.path("OpenStdin").asBoolean(false));
    }

    private static Optional<List<String>> list(ObjectNode body, String key) {
        JsonNode list = body.path(key);
        if (list.isString()) {
            return Optional.of(List.of(list.asString()));
        }
        List<String> words = texts(list);
        // `--entrypoint ""` comes as a list of one empty word and takes the image's away.
        return list.isArray() && !words.isEmpty()
                ? Optional.of(words.equals(List.of("")) ? List.of() : words)
                : Optional.empty();
    }

    static List<String> texts(JsonNode list) {
        return list.valueStream().map(node -> node.asString("")).toList();
    }

    private static Optional<String> text(JsonNode body, String key) {
        return Optional.of(body.path(key).asString("")).filter(text -> !text.isEmpty());
    }

    private HostPlan host(String id, ObjectNode body, ContainerDetails details) throws IOException {
        ObjectNode host = details.hostConfig();
        String hostname = text(body, "Hostname").orElse(id.substring(0, 12));
        NamesPlan resolver = new NamesPlan(
                hostname,
                body.path("Domainname").asString(""),
                hosts(host.path("ExtraHosts")),
                texts(host.path("Dns")),
                texts(host.path("DnsSearch")),
                texts(host.path("DnsOptions")));
        return new HostPlan(
                resolver,
                network(id, details),
                security(host),
                limits(host),
                log(host.path("LogConfig")),
                host.path("Init").asBoolean(false),
                ContainerHealth.wanted(body.path("Healthcheck")));
    }

    /// `name:address` as a line of the hosts file.
    static List<String> hosts(JsonNode extra) {
        List<String> lines = new ArrayList<>();
        for (String pair : texts(extra)) {
            int colon = pair.indexOf(':');
            if (colon > 0) {
                lines.add(pair.substring(colon + 1) + " " + pair.substring(0, colon));
            }
        }
        return lines;
    }

    private NetworkPlan network(String id, ContainerDetails details) throws IOException {
        String mode = details.networkMode();
        if (mode.startsWith("container:")) {
            Container other = lookup.require(mode.substring("container:".length()));
            if (!(other.state() instanceof ContainerState.Running running)) {
                throw new Refusal(409, "cannot join network of a non running container: " + other.id());
            }
            return new NetworkPlan.Joined("/proc/%d/ns/net".formatted(running.pid()));
        }
        return switch (mode) {
            case "none" -> new NetworkPlan.Isolated();
            case "host" -> new NetworkPlan.Host();
            default -> networks.planned(id);
        };
    }

    private static SecurityPlan security(ObjectNode host) {
        List<String> options = texts(host.path("SecurityOpt"));
        Map<String, String> sysctls = new TreeMap<>();
        host.path("Sysctls")
                .properties()
                .forEach(entry -> sysctls.put(entry.getKey(), entry.getValue().asString("")));
        return new SecurityPlan(
                host.path("Privileged").asBoolean(false),
                host.path("ReadonlyRootfs").asBoolean(false),
                options.contains("no-new-privileges") || options.contains("no-new-privileges:true"),
                !options.contains("seccomp=unconfined"),
                texts(host.path("CapAdd")),
                texts(host.path("CapDrop")),
                texts(host.path("GroupAdd")),
                sysctls);
    }

    static Limits limits(JsonNode host) throws Refusal {
        long memory = host.path("Memory").asLong(0);
        if (memory != 0 && memory < 6L << 20) {
            throw new Refusal(400, "Minimum memory limit allowed is 6MB");
        }
        long nanoCpus = host.path("NanoCpus").asLong(0);
        int cores = Runtime.getRuntime().availableProcessors();
        if (nanoCpus < 0 || nanoCpus > cores * 1_000_000_000L) {
            throw new Refusal(
                    400,
                    "range of CPUs is from 0.01 to %d.00, as there are only %d CPUs available".formatted(cores, cores));
        }
        long period = host.path("CpuPeriod").asLong(0);
        long quota = host.path("CpuQuota").asLong(0);
        if (nanoCpus == 0 && quota > 0) {
            nanoCpus = quota * 1_000_000_000L / (period > 0 ? period : 100_000);
        }
        List<Limits.Ulimit> ulimits = new ArrayList<>();
        for (JsonNode ulimit : host.path("Ulimits")) {
            ulimits.add(new Limits.Ulimit(
                    ulimit.path("Name").asString(""),
                    ulimit.path("Soft").asLong(0),
                    ulimit.path("Hard").asLong(0)));
        }
        long shared = host.path("ShmSize").asLong(0);
        return new Limits(
                nanoCpus,
                memory,
                Math.max(0, host.path("PidsLimit").asLong(0)),
                shared > 0 ? shared : DEFAULT_SHARED_MEMORY,
                ulimits);
    }

    private static LogPlan log(JsonNode log) throws Refusal {
        String driver = log.path("Type").asString("");
        return switch (driver) {
            case "none" -> new LogPlan(false, 0, 1);
            case "", "json-file", "local" ->
                new LogPlan(
                        true,
                        bytes(log.path("Config").path("max-size").asString("0")),
                        count(log.path("Config").path("max-file").asString("1")));
            default ->
                throw new Refusal(
                        400,
                        "logger: no log driver named '%s' is registered; there are json-file and none"
                                .formatted(driver));
        };
    }

    private static int count(String text) throws Refusal {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new Refusal(400, "invalid value for max-file: \"%s\": it is a number from 1 on".formatted(text));
        }
        return Integer.parseInt(text);
    }

    /// `10m` as bytes.
    private static long bytes(String text) throws Refusal {
        if (!text.matches("[0-9]{1,12}[bkmgBKMG]?")) {
            throw new Refusal(400, "invalid size: '%s'".formatted(text));
        }
        char unit = Character.toLowerCase(text.charAt(text.length() - 1));
        int shift = Math.max(0, "bkmg".indexOf(unit)) * 10;
        return Long.parseLong(text.replaceAll("[^0-9]", "")) << shift;
    }
}
