package io.panal.core.agent;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.panal.core.model.Node;
import java.util.List;

/// What a node says to the leader within a session.
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
public sealed interface Upward {
    /// First of all.
    ///
    /// @param address that the other nodes reach it at; empty leaves it to the leader to look
    /// @param managerAddress where it takes part in consensus, host:port; empty on a worker
    record Hello(Node.Description description, String address, String managerAddress) implements Upward {}

    record Beat() implements Upward {}

    record Reports(List<Report> reports) implements Upward {
        public Reports {
            reports = List.copyOf(reports);
        }
    }

    /// It leaves the swarm for good.
    record Farewell() implements Upward {}
}
