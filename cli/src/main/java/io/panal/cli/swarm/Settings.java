package io.panal.cli.swarm;

import io.panal.cli.client.Engine;
import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Durations;
import io.panal.cli.command.Failure;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The options that change the swarm's spec, and the sending of a changed one.
final class Settings {
    static final String OPTIONS = """
            --cert-expiry duration   Validity period for node certificates (ns|us|ms|s|m|h) (default 2160h0m0s)
            --dispatcher-heartbeat duration   Dispatcher heartbeat period (ns|us|ms|s|m|h) (default 5s)
            --external-ca external-ca   Specifications of one or more certificate signing endpoints
            """;
    static final String RAFT_OPTIONS = """
            --max-snapshots uint   Number of additional Raft snapshots to retain
            --snapshot-interval uint   Number of log entries between Raft snapshots (default 10000)
            --task-history-limit int   Task history retention limit (default 5)
            """;

    /// What a change of the swarm draws anew.
    enum Rotation {
        NOTHING,
        WORKER_TOKEN,
        MANAGER_TOKEN,
        UNLOCK_KEY
    }

    private Settings() {}

    /// Puts the options given into a spec.
    static void apply(Arguments arguments, Tree spec) throws Failure {
        if (arguments.has("task-history-limit")) {
            spec.make("Orchestration").put("TaskHistoryRetentionLimit", whole(arguments, "task-history-limit"));
        }
        if (arguments.has("snapshot-interval")) {
            spec.make("Raft").put("SnapshotInterval", whole(arguments, "snapshot-interval"));
        }
        if (arguments.has("max-snapshots")) {
            spec.make("Raft").put("KeepOldSnapshots", whole(arguments, "max-snapshots"));
        }
        if (arguments.has("dispatcher-heartbeat")) {
            spec.make("Dispatcher").put("HeartbeatPeriod", duration(arguments, "dispatcher-heartbeat"));
        }
        applyAuthority(arguments, spec);
        if (arguments.has("autolock")) {
            spec.make("EncryptionConfig").put("AutoLockManagers", arguments.isOn("autolock"));
        }
    }

    /// Puts the options about certificates into a spec.
    static void applyAuthority(Arguments arguments, Tree spec) throws Failure {
        if (arguments.has("cert-expiry")) {
            spec.make("CAConfig").put("NodeCertExpiry", duration(arguments, "cert-expiry"));
        }
        if (arguments.has("external-ca")) {
            spec.make("CAConfig").put("ExternalCAs", authorities(arguments));
        }
    }

    private static long whole(Arguments arguments, String name) {
        return Long.parseUnsignedLong(arguments.text(name));
    }

    private static long duration(Arguments arguments, String name) {
        return Durations.nanoseconds(arguments.text(name));
    }

    private static List<Map<String, @Nullable Object>> authorities(Arguments arguments) throws Failure {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (String value : arguments.all("external-ca")) {
            Tree authority = Tree.empty().put("Protocol", "").put("URL", "");
            for (String field : value.split(",", -1)) {
                int equals = field.indexOf('=');
                if (equals < 0) {
                    throw arguments.invalid(
                            "external-ca", value, "invalid field '" + field + "' must be a key=value pair");
                }
                authorityField(arguments, value, authority, field.substring(0, equals), field.substring(equals + 1));
            }
            if (authority.text("Protocol").isEmpty()) {
                throw arguments.invalid("external-ca", value, "the external-ca option needs a protocol= parameter");
            }
            if (authority.text("URL").isEmpty()) {
                throw arguments.invalid("external-ca", value, "the external-ca option needs a url= parameter");
            }
            all.add(authority.map());
        }
        return all;
    }

    private static void authorityField(Arguments arguments, String whole, Tree authority, String key, String value)
            throws Failure {
        switch (key.toLowerCase(Locale.ROOT)) {
            case "protocol" -> {
                if (!value.equalsIgnoreCase("cfssl")) {
                    throw arguments.invalid("external-ca", whole, "unrecognized external CA protocol " + value);
                }
                authority.put("Protocol", "cfssl");
            }
            case "url" -> authority.put("URL", value);
            case "cacert" -> authority.put("CACert", Files.read(value));
            default -> authority.make("Options").put(key, value);
        }
    }

    /// Sends a changed spec for the version the swarm was read at.
    static void send(Engine engine, Tree swarm, Rotation rotation) throws IOException {
        Query query = Query.of("/swarm/update")
                .with("version", swarm.number("Version.Index"))
                .with("rotateWorkerToken", rotation == Rotation.WORKER_TOKEN)
                .with("rotateManagerToken", rotation == Rotation.MANAGER_TOKEN)
                .with("rotateManagerUnlockKey", rotation == Rotation.UNLOCK_KEY);
        engine.post(query.toString(), swarm.tree("Spec").map());
    }

    /// An address to listen on with its port.
    static String listenAddress(Arguments arguments) {
        String address = arguments.text("listen-addr", "0.0.0.0:2377");
        boolean hasPort =
                address.lastIndexOf(':') > address.lastIndexOf(']') && address.indexOf(':') == address.lastIndexOf(':');
        boolean bracketed = address.startsWith("[") && address.lastIndexOf(':') > address.lastIndexOf(']');
        return hasPort || bracketed ? address : address + ":2377";
    }

    /// The availability asked for; empty when none was.
    static String availability(Arguments arguments) throws Failure {
        if (!arguments.has("availability")) {
            return "";
        }
        String availability = arguments.text("availability").toLowerCase(Locale.ROOT);
        return switch (availability) {
            case "active", "pause", "drain" -> availability;
            default ->
                throw Failure.because("invalid availability \"" + arguments.text("availability")
                        + "\", only active, pause and drain are supported");
        };
    }
}
