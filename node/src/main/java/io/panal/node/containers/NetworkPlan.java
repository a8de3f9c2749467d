package io.panal.node.containers;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// Which network namespace a container lives in.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = NetworkPlan.Isolated.class, name = "isolated"),
    @JsonSubTypes.Type(value = NetworkPlan.Joined.class, name = "joined"),
    @JsonSubTypes.Type(value = NetworkPlan.Host.class, name = "host")
})
public sealed interface NetworkPlan {
    /// A new one with nothing but a loopback device.
    record Isolated() implements NetworkPlan {}

    /// One that was made before, its loopback device up.
    ///
    /// @param path of the namespace, such as `/run/netns/x` or `/proc/7/ns/net`
    record Joined(String path) implements NetworkPlan {}

    /// The host's.
    record Host() implements NetworkPlan {}
}
