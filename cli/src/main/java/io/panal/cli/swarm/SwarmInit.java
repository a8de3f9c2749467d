package io.panal.cli.swarm;

import io.panal.cli.client.RefusedException;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Json;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// `swarm init`.
final class SwarmInit implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal swarm init", "[OPTIONS]", "Initialize a swarm", """
            --advertise-addr string   Advertised address (format: "<ip|interface>[:port]")
            --autolock   Enable manager autolocking (requiring an unlock key to start a stopped manager)
            --availability string   Availability of the node ("active", "pause", "drain") (default "active")
            --cert-expiry duration   Validity period for node certificates (ns|us|ms|s|m|h) (default 2160h0m0s)
            --data-path-addr string   Address or interface to use for data path traffic (format: "<ip|interface>")
            --data-path-port uint32   Port number to use for data path traffic (1024 - 49151). \
            If no value is set or is set to 0, the default port (4789) is used.
            --default-addr-pool ipNetSlice   default address pool in CIDR format (default [])
            --default-addr-pool-mask-length uint32   default address pool subnet mask length (default 24)
            --dispatcher-heartbeat duration   Dispatcher heartbeat period (ns|us|ms|s|m|h) (default 5s)
            --external-ca external-ca   Specifications of one or more certificate signing endpoints
            --force-new-cluster   Force create a new cluster from current state
            --listen-addr node-addr   Listen address (format: "<ip|interface>[:port]") (default 0.0.0.0:2377)
            """ + Settings.RAFT_OPTIONS, Usage.Arity.NONE);
    private static final String SPEC = """
            {"Labels":null,"Orchestration":{},"Raft":{"ElectionTick":0,"HeartbeatTick":0},"Dispatcher":{},"CAConfig":{},
            "TaskDefaults":{},"EncryptionConfig":{"AutoLockManagers":false}}""";

    private SwarmInit() {}

    static Command command() {
        return new Command.Leaf(USAGE, new SwarmInit());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Tree spec = Tree.of(Json.read(SPEC.getBytes(StandardCharsets.UTF_8)));
        Tree request = Tree.empty()
                .put("ListenAddr", Settings.listenAddress(arguments))
                .put("AdvertiseAddr", arguments.text("advertise-addr"))
                .put("DataPathAddr", arguments.text("data-path-addr"))
                .put("DataPathPort", Long.parseLong(arguments.text("data-path-port", "0")))
                .put("ForceNewCluster", arguments.isOn("force-new-cluster"))
                .put("Spec", spec)
                .put("AutoLockManagers", arguments.isOn("autolock"))
                .put("Availability", Settings.availability(arguments))
                .put("DefaultAddrPool", pools(arguments))
                .put("SubnetSize", Long.parseLong(arguments.text("default-addr-pool-mask-length", "24")));
        Settings.apply(arguments, spec);
        String node = initialize(session, request);
        session.out().print("Swarm initialized: current node (" + node + ") is now a manager.\n\n");
        JoinToken.printCommand(session, node, "worker");
        session.out()
                .println("To add a manager to this swarm, run 'panal swarm join-token manager' "
                        + "and follow the instructions.");
        if (arguments.isOn("autolock")) {
            UnlockKey.print(session, session.engine().get("/swarm/unlockkey").text("UnlockKey"));
        }
        return 0;
    }

    private static List<String> pools(Arguments arguments) throws Failure {
        List<String> pools = new ArrayList<>();
        for (String value : arguments.all("default-addr-pool")) {
            for (String pool : value.split(",", -1)) {
                pools.add(Pool.canonical(pool)
                        .orElseThrow(() -> arguments.invalid(
                                "default-addr-pool", value, "invalid string being converted to CIDR: " + pool)));
            }
        }
        return pools;
    }

    private static String initialize(Session session, Tree request) throws Failure, IOException {
        try {
            return session.engine().postText("/swarm/init", request.map());
        } catch (RefusedException refused) {
            boolean addressMissing = refused.reason().contains("could not choose an IP address to advertise")
                    || refused.reason().contains("could not find the system's IP address");
            if (addressMissing) {
                throw Failure.because(refused.getMessage() + " - specify one with --advertise-addr");
            }
            throw refused;
        }
    }
}
