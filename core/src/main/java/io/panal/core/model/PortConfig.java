package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// A port of a service made reachable from outside.
///
/// @param publishedPort 1 to 65535; 0 asks for one to be given (from 30000)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record PortConfig(
        String name,
        Protocol protocol,

        @Unsigned @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        int targetPort,

        @Unsigned @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        int publishedPort,

        PublishMode publishMode) {
    public PortConfig {
        name = name == null ? "" : name;
        protocol = protocol == null ? Protocol.TCP : protocol;
        publishMode = publishMode == null ? PublishMode.INGRESS : publishMode;
    }

    public PortConfig publishedAt(int port) {
        return new PortConfig(name, protocol, targetPort, port, publishMode);
    }

    /// The transport.
    public enum Protocol {
        TCP,
        UDP,
        SCTP;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static Protocol of(String word) {
            return word.isEmpty() ? TCP : valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// On every node by the mesh, or only on the node of the task.
    public enum PublishMode {
        INGRESS,
        HOST;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @JsonCreator
        public static PublishMode of(String word) {
            return word.isEmpty() ? INGRESS : valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
