package io.panal.core.agent;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Node;
import java.util.List;
import java.util.Objects;

/// What a node says to the leader within a session.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public sealed interface Upward {
    /// First of all.
    ///
    /// @param address that the other nodes reach it at; empty leaves it to the leader to look
    /// @param managerAddress where it takes part in consensus, host:port; empty on a worker
    record Hello(Node.Description description, String address, String managerAddress) implements Upward {
        public Hello {
            Objects.requireNonNull(description.platform(), "a greeting says on what the node runs");
            Objects.requireNonNull(description.resources(), "a greeting says what the node has");
            Objects.requireNonNull(description.engine(), "a greeting says which engine the node has");
            Objects.requireNonNull(description.tlsInfo(), "a greeting says whom the node trusts");
        }
    }

    record Beat() implements Upward {}

    record Reports(List<Report> reports) implements Upward {
        public Reports {
            reports = List.copyOf(reports);
        }
    }

    /// Its kernel is as the orders of this generation and those before wanted it.
    record Connected(long generation) implements Upward {}

    /// A container that its user runs by itself is to be on a network of the swarm; [Downward.Hosted] follows.
    ///
    /// @param guest made by this node; the lease is in the orders then
    /// @param network its name or id
    /// @param names that the container is found by, its own first
    /// @param address the one that it is to have; empty for any
    record Hosts(Id<Guest> guest, String container, String network, List<String> names, String address)
            implements Upward {
        public Hosts {
            names = List.copyOf(names);
        }
    }

    /// Such containers are there no more. Said again as long as the orders have them.
    record Drops(List<Id<Guest>> guests) implements Upward {
        public Drops {
            guests = List.copyOf(guests);
        }
    }

    /// Its host goes down, and all its containers with it.
    record Parting() implements Upward {}

    /// It leaves the swarm for good.
    record Farewell() implements Upward {}
}
