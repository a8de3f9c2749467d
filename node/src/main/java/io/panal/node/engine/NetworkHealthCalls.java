package io.panal.node.engine;

import io.panal.node.dataplane.Difference;
import io.panal.node.http.Call;
import io.panal.node.http.Router;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/panal/network`: whether this node's kernel holds what is wanted. Docker has nothing like it.
final class NetworkHealthCalls {
    private final ContainerNetworks networks;

    NetworkHealthCalls(ContainerNetworks networks) {
        this.networks = networks;
    }

    void routes(Router router) {
        router.on("GET", "/panal/network", call -> answer(call, networks.examine(false)))
                .on("POST", "/panal/network/repair", call -> answer(call, networks.examine(true)));
    }

    private void answer(Call call, List<Difference> found) throws IOException {
        ObjectNode node = Replies.object();
        ArrayNode differences = node.putArray("Differences");
        for (Difference each : found) {
            differences
                    .addObject()
                    .put("Where", each.where())
                    .put("What", each.what())
                    .put("Found", each.found());
        }
        ArrayNode problems = node.putArray("Problems");
        networks.problems().forEach(problems::add);
        Replies.json(call, 200, node);
    }
}
