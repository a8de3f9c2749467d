package io.panal.cli.swarm;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.List;

/// `swarm join`.
final class SwarmJoin implements Command.Action {
    private static final Usage USAGE = Usage.of(
            "panal swarm join", "[OPTIONS] HOST:PORT", "Join a swarm as a node and/or manager", """
            --advertise-addr string   Advertised address (format: "<ip|interface>[:port]")
            --availability string   Availability of the node ("active", "pause", "drain") (default "active")
            --data-path-addr string   Address or interface to use for data path traffic (format: "<ip|interface>")
            --listen-addr node-addr   Listen address (format: "<ip|interface>[:port]") (default 0.0.0.0:2377)
            --token string   Token for entry into the swarm
            """, Usage.Arity.ONE);

    private SwarmJoin() {}

    static Command command() {
        return new Command.Leaf(USAGE, new SwarmJoin());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Tree request = Tree.empty()
                .put("ListenAddr", Settings.listenAddress(arguments))
                .put("AdvertiseAddr", arguments.text("advertise-addr"))
                .put("DataPathAddr", arguments.text("data-path-addr"))
                .put("RemoteAddrs", List.of(arguments.operand(0)))
                .put("JoinToken", arguments.text("token"))
                .put("Availability", Settings.availability(arguments));
        session.engine().post("/swarm/join", request.map());
        boolean manager = session.engine().get("/info").isTrue("Swarm.ControlAvailable");
        session.out().println("This node joined a swarm as a " + (manager ? "manager." : "worker."));
        return 0;
    }
}
