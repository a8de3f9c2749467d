package io.panal.node.engine;

import io.panal.node.http.ApiVersion;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/_ping` and `/version`; and that there are no plugins, no search and no checkpoints.
final class SystemCalls {
    /// Docker's release of the API we speak. Clients compare it with the least they need: Testcontainers asks for 1.6,
    /// which our own version, among the components, would not be.
    private static final String DOCKERS_RELEASE = "27.3.1";

    private final EngineFacts facts;
    private final Swarm swarm;

    SystemCalls(EngineFacts facts, Swarm swarm) {
        this.facts = facts;
        this.swarm = swarm;
    }

    void routes(Router router) {
        router.on("GET", "/_ping", this::ping)
                .on("HEAD", "/_ping", this::ping)
                .on("GET", "/version", this::version)
                .on("GET", "/plugins", call -> Replies.json(call, 200, List.of()))
                .on("GET", "/plugins/{name...}/json", SystemCalls::noPlugin)
                .on("DELETE", "/plugins/{name...}", SystemCalls::noPlugin)
                .on("GET", "/plugins/privileges", SystemCalls::refusePlugins)
                .on("POST", "/plugins/pull", SystemCalls::refusePlugins)
                .on("POST", "/plugins/create", SystemCalls::refusePlugins);
        for (String action : List.of("enable", "disable", "push", "set", "upgrade")) {
            router.on("POST", "/plugins/{name...}/" + action, SystemCalls::noPlugin);
        }
        router.on("GET", "/images/search", SystemCalls::refuseSearch)
                .on("GET", "/containers/{name}/checkpoints", SystemCalls::refuseCheckpoints)
                .on("POST", "/containers/{name}/checkpoints", SystemCalls::refuseCheckpoints)
                .on("DELETE", "/containers/{name}/checkpoints/{checkpoint}", SystemCalls::refuseCheckpoints);
    }

    private static void refusePlugins(Call call) throws IOException {
        throw new Refusal(
                501, "plugins are not supported: networks, volumes and logs have the drivers that docker info lists");
    }

    private static void refuseSearch(Call call) throws IOException {
        throw new Refusal(
                501,
                "search is not supported: look for \"%s\" on the registry's web site, then docker pull it by its name"
                        .formatted(call.query().text("term")));
    }

    private static void refuseCheckpoints(Call call) throws IOException {
        throw new Refusal(501, "checkpoints are not supported: docker commit keeps what a container has written");
    }

    private static void noPlugin(Call call) throws IOException {
        throw new Refusal(404, "plugin \"%s\" not found".formatted(call.name("name")));
    }

    private void ping(Call call) throws IOException {
        call.exchange().answerHeader("Cache-Control", "no-cache, no-store, must-revalidate");
        call.exchange().answerHeader("Pragma", "no-cache");
        call.exchange().answerHeader("Builder-Version", "1");
        Swarm.Membership membership = swarm.membership();
        String role = membership.control() ? "/manager" : "/worker";
        call.exchange()
                .answerHeader("Swarm", membership.state().equals("active") ? "active" + role : membership.state());
        byte[] body = call.exchange().method().equals("HEAD") ? new byte[0] : "OK".getBytes(StandardCharsets.UTF_8);
        call.exchange().respond(200, "text/plain; charset=utf-8", body);
    }

    private void version(Call call) throws IOException {
        String kernel = HostFacts.read().kernel();
        Map<String, String> details = new TreeMap<>();
        details.put("ApiVersion", ApiVersion.NEWEST.toString());
        details.put("MinAPIVersion", ApiVersion.OLDEST.toString());
        details.put("Arch", HostFacts.architecture());
        details.put("Os", "linux");
        details.put("KernelVersion", kernel);
        details.put("GitCommit", facts.build().commit());
        details.put("GoVersion", "none (Java " + Runtime.version() + ")");
        details.put("Experimental", "false");
        details.put("BuildTime", facts.build().time());
        ObjectNode node = Replies.object();
        node.putObject("Platform").put("Name", "Panal");
        ArrayNode components = node.putArray("Components");
        component(components, "Engine", facts.version(), details);
        component(components, "containerd", facts.containerdVersion(), Map.of());
        component(components, "runc", facts.runcVersion(), Map.of());
        node.put("Version", "%s+panal.%s".formatted(DOCKERS_RELEASE, facts.version()));
        node.put("ApiVersion", ApiVersion.NEWEST.toString());
        node.put("MinAPIVersion", ApiVersion.OLDEST.toString());
        node.put("GitCommit", facts.build().commit());
        node.put("GoVersion", "none (Java " + Runtime.version().feature() + ")");
        node.put("Os", "linux");
        node.put("Arch", HostFacts.architecture());
        node.put("KernelVersion", kernel);
        node.put("BuildTime", facts.build().time());
        Replies.json(call, 200, node);
    }

    private static void component(ArrayNode components, String name, String version, Map<String, String> details) {
        ObjectNode node = components.addObject();
        node.put("Name", name);
        node.put("Version", version);
        ObjectNode inner = node.putObject("Details");
        details.forEach(inner::put);
    }
}
