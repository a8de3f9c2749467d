package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.core.api.Lookup;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import io.panal.node.dataplane.Difference;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/panal/network`: whether the kernels hold what is wanted of the networks. Docker has nothing like it.
///
/// A manager asks every node, all at once; any other node answers for itself.
final class NetworkHealthCalls {
    /// For all nodes together: who has not answered by then is told of as one that could not be asked.
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final ContainerNetworks own;
    private final Swarm swarm;
    private final NodeNetworks others;

    NetworkHealthCalls(ContainerNetworks own, Swarm swarm, NodeNetworks others) {
        this.own = own;
        this.swarm = swarm;
        this.others = others;
    }

    void routes(Router router) {
        router.on("GET", "/panal/network", call -> answer(call, false))
                .on("POST", "/panal/network/repair", call -> answer(call, true));
    }

    /// A node that is asked, and how.
    private record Asked(String id, String hostname, Callable<NetworkHealth> question) {}

    private void answer(Call call, boolean mending) throws IOException {
        List<String> wanted = Filters.of(call.query(), List.of("node")).all("node");
        // Even without a leader, when it is wanted most.
        Optional<View> state = swarm.copy();
        ObjectNode answer = Replies.object();
        answer.put("Scope", state.isPresent() ? "swarm" : "node");
        ArrayNode nodes = answer.putArray("Nodes");
        List<Asked> asked = state.isPresent() ? inSwarm(state.get(), wanted, mending) : List.of(here(wanted, mending));
        List<Future<NetworkHealth>> answers = answers(asked);
        for (int at = 0; at < asked.size(); at++) {
            put(nodes.addObject(), asked.get(at), answers.get(at));
        }
        Replies.json(call, 200, answer);
    }

    private List<Asked> inSwarm(View state, List<String> wanted, boolean mending) {
        List<Node> nodes = new ArrayList<>();
        for (String name : wanted) {
            nodes.add(
                    Lookup.node(state, name.equals("self") ? swarm.membership().nodeId() : name));
        }
        Id<Node> self = new Id<>(swarm.membership().nodeId());
        return (wanted.isEmpty() ? state.nodes().all() : nodes)
                .stream()
                        .distinct()
                        .map(node -> new Asked(
                                node.id().value(),
                                node.hostname(),
                                () -> node.id().equals(self) ? own.health(mending) : others.examine(node, mending)))
                        .toList();
    }

    private Asked here(List<String> wanted, boolean mending) throws IOException {
        String id = swarm.membership().nodeId();
        String hostname = HostFacts.read().hostname();
        List<String> names = List.of("self", id, hostname);
        for (String name : wanted) {
            if (!names.contains(name)) {
                throw new Refusal(
                        503,
                        "node %s cannot be asked by this node, which is no manager: ask a manager".formatted(name));
            }
        }
        return new Asked(id, hostname, () -> own.health(mending));
    }

    private static List<Future<NetworkHealth>> answers(List<Asked> asked) throws IOException {
        ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
        try {
            return askers.invokeAll(
                    asked.stream().map(Asked::question).toList(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has left");
        } finally {
            askers.shutdownNow();
        }
    }

    private static void put(ObjectNode node, Asked asked, Future<NetworkHealth> answer) throws IOException {
        node.put("ID", asked.id()).put("Hostname", asked.hostname());
        NetworkHealth health = new NetworkHealth(List.of(), List.of());
        String error = "";
        try {
            if (answer.isCancelled()) {
                error = "it has not answered for %d s".formatted(PATIENCE.toSeconds());
            } else {
                health = answer.get();
            }
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            error = String.valueOf(cause == null ? failed.getMessage() : cause.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the client has left");
        }
        node.put("Error", error);
        ArrayNode differences = node.putArray("Differences");
        for (Difference each : health.differences()) {
            differences
                    .addObject()
                    .put("Where", each.where())
                    .put("What", each.what())
                    .put("Found", each.found())
                    .put("Wanted", each.wanted());
        }
        ArrayNode problems = node.putArray("Problems");
        health.problems().forEach(problems::add);
    }
}
