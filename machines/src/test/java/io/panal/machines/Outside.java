package io.panal.machines;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A host beyond this one: a network namespace with a listener, reached through this host only.
final class Outside implements AutoCloseable {
    static final int PORT = 4711;

    private final String network;
    private final Process listener;

    private Outside(String network, Process listener) {
        this.network = network;
        this.listener = listener;
    }

    /// @param network three octets; this host gets .1 and the other one .2
    static Outside at(String network) throws Exception {
        sh("""
                ip netns add panal-outside
                ip link add panal-out type veth peer name eth0 netns panal-outside
                ip address add %1$s.1/24 dev panal-out
                ip link set panal-out up
                ip -n panal-outside address add %1$s.2/24 dev eth0
                ip -n panal-outside link set eth0 up
                """.formatted(network));
        var java = ProcessHandle.current().info().command().orElseThrow();
        var listener = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        "panal-outside",
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Listener.class.getName())
                .redirectErrorStream(true)
                .start();
        var ready = listener.inputReader().readLine();
        if (!"ready".equals(ready)) {
            throw new IOException("listener: " + ready);
        }
        return new Outside(network, listener);
    }

    String address() {
        return network + ".2";
    }

    /// Whom the listener saw first.
    String caller() throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    try {
                        return listener.inputReader().readLine();
                    } catch (IOException failure) {
                        return failure.toString();
                    }
                })
                .get(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        listener.destroyForcibly().waitFor();
        sh("ip netns delete panal-outside; ip link delete panal-out 2>/dev/null || true");
    }

    private static void sh(String script) throws Exception {
        new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor();
    }

    /// Prints the address of who connects.
    static final class Listener {
        public static void main(String[] none) throws IOException {
            try (var server = new java.net.ServerSocket(PORT)) {
                System.out.println("ready");
                while (true) {
                    try (var client = server.accept()) {
                        System.out.println(client.getInetAddress().getHostAddress());
                    }
                }
            }
        }
    }
}
