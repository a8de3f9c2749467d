package io.panal.cli.command;

import io.panal.cli.client.Connection;
import io.panal.cli.client.Endpoint;
import io.panal.cli.client.Engine;
import io.panal.cli.client.Transport;
import io.panal.cli.client.UnreachableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One run of the program: its environment, its streams, and the daemon it speaks to.
public final class Session implements AutoCloseable {
    private static final String OWN_SOCKET = "/run/panal/docker.sock";
    private static final String DOCKER_SOCKET = "/var/run/docker.sock";

    private final Map<String, String> environment;
    private final Streams streams;
    private final Arguments options;
    private final Surroundings surroundings;
    private @Nullable Engine engine;

    /// What a run of the program has of the world around it.
    ///
    /// @param dial makes what carries requests to the daemon at an address; sends nothing yet
    /// @param elapsed the time that has gone by since any beginning; nobody can set it
    public record Surroundings(
            Function<Endpoint, Transport> dial, InstantSource clock, Supplier<Duration> elapsed, Pause pause) {
        /// The real ones.
        public static final Surroundings REAL = new Surroundings(
                Connection::new, InstantSource.system(), () -> Duration.ofNanos(System.nanoTime()), Thread::sleep);
    }

    /// Lets time pass.
    @FunctionalInterface
    public interface Pause {
        void last(Duration duration) throws InterruptedException;
    }

    /// @param options the options before the command (`-H`, `--tlsverify`, ...)
    public Session(Map<String, String> environment, Streams streams, Arguments options, Surroundings surroundings) {
        this.environment = environment;
        this.streams = streams;
        this.options = options;
        this.surroundings = surroundings;
    }

    /// The standard streams of a run.
    ///
    /// @param isTerminal whether results go to a terminal
    public record Streams(InputStream in, PrintStream out, PrintStream err, boolean isTerminal) {}

    /// Where results are printed.
    public PrintStream out() {
        return streams.out();
    }

    /// Where warnings and errors are printed.
    public PrintStream err() {
        return streams.err();
    }

    public InputStream in() {
        return streams.in();
    }

    /// A variable of the environment; empty when it is not set.
    public String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /// Whether results go to a terminal.
    public boolean isTerminal() {
        return streams.isTerminal();
    }

    /// The daemon this run speaks to; nothing is sent before it is asked something.
    public Engine engine() throws Failure {
        Engine current = engine;
        if (current == null) {
            Endpoint endpoint = endpoint();
            current = new Engine(() -> surroundings.dial().apply(endpoint), variable("DOCKER_API_VERSION"));
            engine = current;
        }
        return current;
    }

    public Instant now() {
        return surroundings.clock().instant();
    }

    /// What waits counts with it: the clock may be set.
    public Duration elapsed() {
        return surroundings.elapsed().get();
    }

    /// Waits before the next look at what does not change at once.
    public void pause(Duration duration) throws InterruptedException {
        surroundings.pause().last(duration);
    }

    /// The address of the daemon.
    public Endpoint endpoint() throws Failure {
        List<String> hosts = options.all("host");
        if (hosts.size() > 1) {
            throw Failure.because("Failed to initialize: unable to resolve docker endpoint: specify only one -H");
        }
        String host = hosts.isEmpty() ? variable("DOCKER_HOST") : hosts.getFirst();
        try {
            return Endpoint.parse(host.isEmpty() ? defaultHost() : host, tls());
        } catch (UnreachableException invalid) {
            throw Failure.because(String.valueOf(invalid.getMessage()));
        }
    }

    private static String defaultHost() {
        boolean ours = Files.exists(Path.of(OWN_SOCKET)) || !Files.exists(Path.of(DOCKER_SOCKET));
        return "unix://" + (ours ? OWN_SOCKET : DOCKER_SOCKET);
    }

    private Optional<Endpoint.Tls> tls() {
        boolean verify = options.has("tlsverify")
                ? options.isOn("tlsverify")
                : !variable("DOCKER_TLS_VERIFY").isEmpty();
        boolean named = options.has("tlscacert") || options.has("tlscert") || options.has("tlskey");
        if (!verify && !options.isOn("tls") && variable("DOCKER_TLS").isEmpty() && !named) {
            return Optional.empty();
        }
        Path directory = certificates();
        return Optional.of(new Endpoint.Tls(
                verify,
                file("tlscacert", directory.resolve("ca.pem")),
                file("tlscert", directory.resolve("cert.pem")),
                file("tlskey", directory.resolve("key.pem"))));
    }

    private Path file(String option, Path otherwise) {
        return options.has(option) ? Path.of(options.text(option)) : otherwise;
    }

    private Path certificates() {
        String path = variable("DOCKER_CERT_PATH");
        return path.isEmpty() ? configuration() : Path.of(path);
    }

    /// The directory of the client's configuration: `--config`, `DOCKER_CONFIG`, or `.docker` in the home directory.
    public Path configuration() {
        if (options.has("config")) {
            return Path.of(options.text("config"));
        }
        String path = variable("DOCKER_CONFIG");
        return path.isEmpty() ? Path.of(variable("HOME"), ".docker") : Path.of(path);
    }

    @Override
    public void close() {
        streams.out().flush();
        streams.err().flush();
        Engine current = engine;
        if (current == null) {
            return;
        }
        try {
            current.close();
        } catch (IOException unclosed) {
            streams.err().println(unclosed.getMessage());
        }
    }
}
