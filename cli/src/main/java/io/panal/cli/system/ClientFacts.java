package io.panal.cli.system;

import io.panal.cli.Cli;
import io.panal.cli.client.Engine;
import io.panal.cli.json.Tree;

/// What the client says of itself, under docker's names.
final class ClientFacts {
    private ClientFacts() {}

    static Tree of(String apiVersion) {
        return Tree.empty()
                .put("Version", Cli.VERSION)
                .put("ApiVersion", apiVersion)
                .put("DefaultAPIVersion", Engine.NEWEST)
                .put("JavaVersion", System.getProperty("java.version"))
                .put("Os", "linux")
                .put("Arch", architecture())
                .put("Context", "default");
    }

    /// The processor as Go names it.
    static String architecture() {
        String name = System.getProperty("os.arch");
        return switch (name) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case null -> "";
            default -> name;
        };
    }
}
