package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A host in the swarm.
///
/// @param spec what a user wants of it
/// @param description what it said of itself; empty until its agent has spoken
/// @param status whether it is heard of; owned by the dispatcher
/// @param managerAddress where it takes part in consensus, host:port; empty on a worker
/// @param attachments its own addresses in overlay networks, given by the allocator
@JsonInclude(Include.NON_EMPTY)
public record Node(
        Id<Node> id,
        Meta meta,
        NodeSpec spec,
        Optional<Description> description,
        Status status,
        Optional<String> managerAddress,
        List<Task.Attachment> attachments)
        implements Stored<Node> {

    public Node {
        attachments = List.copyOf(attachments);
    }

    /// A node that a token let in and that has not spoken yet.
    public static Node admitted(Id<Node> id, Role role, String address) {
        return new Node(
                id,
                Meta.UNSTAMPED,
                new NodeSpec("", Map.of(), role, Availability.ACTIVE),
                Optional.empty(),
                new Status(State.UNKNOWN, "", address),
                Optional.empty(),
                List.of());
    }

    /// What it said of itself when it came.
    public Node arrived(Arrival arrival) {
        NodeSpec wanted = new NodeSpec(spec.name(), spec.labels(), spec.role(), arrival.availability());
        String addr = arrival.address().isEmpty() ? status.addr() : arrival.address();
        Status known = new Status(status.state(), status.message(), addr);
        return new Node(id, meta, wanted, Optional.of(arrival.description()), known, managerAddress, attachments);
    }

    public Node respecified(NodeSpec next) {
        return new Node(id, meta, next, description, status, managerAddress, attachments);
    }

    public Node inRole(Role role) {
        return respecified(new NodeSpec(spec.name(), spec.labels(), role, spec.availability()));
    }

    public Node registered(Description said, String address) {
        return new Node(
                id, meta, spec, Optional.of(said), new Status(State.READY, "", address), managerAddress, attachments);
    }

    public Node heard(State state, String message) {
        return new Node(
                id, meta, spec, description, new Status(state, message, status.addr()), managerAddress, attachments);
    }

    public Node managingAt(String address) {
        return new Node(id, meta, spec, description, status, Optional.of(address), attachments);
    }

    public Node managingNoMore() {
        return new Node(id, meta, spec, description, status, Optional.empty(), attachments);
    }

    public Node attached(List<Task.Attachment> given) {
        return new Node(id, meta, spec, description, status, managerAddress, given);
    }

    @Override
    public Node stamped(Meta stamp) {
        return new Node(id, stamp, spec, description, status, managerAddress, attachments);
    }

    public boolean isManager() {
        return spec.role() == Role.MANAGER;
    }

    public String hostname() {
        return description.map(Description::hostname).orElse("");
    }

    @JsonInclude(Include.NON_EMPTY)
    public record NodeSpec(
            String name,
            @JsonInclude(Include.ALWAYS) Map<String, String> labels,
            Role role,
            Availability availability) {
        public NodeSpec {
            labels = Labels.sorted(labels);
        }
    }

    /// How a node introduces itself when it asks to be let in.
    ///
    /// @param address that the other nodes reach it at; empty leaves it to the leader to look
    public record Arrival(Description description, Availability availability, String address) {}

    /// @param state owned by the dispatcher
    /// @param addr the node's address, without port
    @JsonInclude(Include.NON_EMPTY)
    public record Status(State state, String message, String addr) {}

    /// @param engine version, labels and plugins
    /// @param hostSubnets what the host has addresses in and routes to, as 192.168.1.0/24: what is chosen for
    ///     networks stays away from these; not shown to users
    @JsonInclude(Include.NON_EMPTY)
    public record Description(
            String hostname,
            TaskSpec.Platform platform,
            TaskSpec.Resources resources,
            Engine engine,
            TlsInfo tlsInfo,
            List<String> hostSubnets) {
        public Description {
            hostSubnets = List.copyOf(hostSubnets);
        }

        /// With the certificate that it has now.
        public Description certified(TlsInfo next) {
            return new Description(hostname, platform, resources, engine, next, hostSubnets);
        }
    }

    @JsonInclude(Include.NON_EMPTY)
    public record Engine(String engineVersion, Map<String, String> labels, List<Plugin> plugins) {
        public Engine {
            labels = Labels.sorted(labels);
            plugins = List.copyOf(plugins);
        }
    }

    public record Plugin(String type, String name) {}

    /// @param trustRoot the CA certificate, PEM
    /// @param certIssuerSubject DER, base 64
    /// @param certIssuerPublicKey DER, base 64
    @JsonInclude(Include.NON_EMPTY)
    public record TlsInfo(String trustRoot, String certIssuerSubject, String certIssuerPublicKey) {
        public boolean isIssuedAs(TlsInfo other) {
            return certIssuerSubject.equals(other.certIssuerSubject)
                    && certIssuerPublicKey.equals(other.certIssuerPublicKey);
        }
    }

    /// What a node may do in the swarm.
    public enum Role {
        WORKER,
        MANAGER;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Role of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// Whether it takes tasks.
    public enum Availability {
        ACTIVE,
        PAUSE,
        DRAIN;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Availability of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// Whether it is heard of.
    public enum State {
        UNKNOWN,
        DOWN,
        READY,
        DISCONNECTED;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
