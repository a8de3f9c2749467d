package io.panal.cli.client;

import io.panal.cli.json.Json;
import io.panal.cli.json.Tree;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The Docker Engine API of one daemon.
public final class Engine implements AutoCloseable {
    /// The newest version spoken here; a daemon that knows only older ones is spoken to in its own.
    public static final String NEWEST = "1.50";

    private static final byte[] EMPTY = new byte[0];

    private final Supplier<Transport> dial;
    private final Transport connection;
    private final String wanted;
    private String version = "";

    /// @param dial reaches the daemon
    /// @param wantedVersion the API version to use, or empty to agree on one with the daemon
    public Engine(Supplier<Transport> dial, String wantedVersion) {
        this.dial = dial;
        this.connection = dial.get();
        this.wanted = wantedVersion;
    }

    /// The API version agreed on, such as `1.41`.
    public String version() throws IOException {
        if (version.isEmpty()) {
            version = wanted.isEmpty() ? agreed() : wanted;
        }
        return version;
    }

    /// Whether the agreed version is the given one or a later one.
    public boolean isAtLeast(String other) throws IOException {
        return number(version()) >= number(other);
    }

    private String agreed() throws IOException {
        Response answer = connection.send("HEAD", "/_ping", "", EMPTY);
        answer.bytes();
        String offered = answer.header("api-version");
        return offered.isEmpty() || number(offered) > number(NEWEST) ? NEWEST : offered;
    }

    private static int number(String version) {
        int dot = version.indexOf('.');
        try {
            return Integer.parseInt(version.substring(0, Math.max(dot, 0))) * 1000
                    + Integer.parseInt(version.substring(dot + 1));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /// Reads one object.
    public Tree get(String path) throws IOException {
        return Tree.of(json(send("GET", path, "", EMPTY)));
    }

    /// @param headers further header lines, each with its line end
    public Tree get(String path, String headers) throws IOException {
        return Tree.of(json(send("GET", path, headers, EMPTY)));
    }

    /// Reads a list of objects.
    public List<Tree> list(String path) throws IOException {
        return Tree.list(json(send("GET", path, "", EMPTY)));
    }

    /// Sends JSON and reads the answer's object; an empty answer is an empty object.
    public Tree post(String path, @Nullable Object body) throws IOException {
        return post(path, body, "");
    }

    /// @param headers further header lines, each with its line end
    public Tree post(String path, @Nullable Object body, String headers) throws IOException {
        if (body == null) {
            return Tree.of(json(send("POST", path, headers, EMPTY)));
        }
        byte[] bytes = Json.compact(body).getBytes(StandardCharsets.UTF_8);
        return Tree.of(json(send("POST", path, "Content-Type: application/json\r\n" + headers, bytes)));
    }

    /// Sends JSON and reads an answer that is a text, such as a node's id.
    public String postText(String path, Object body) throws IOException {
        byte[] bytes = Json.compact(body).getBytes(StandardCharsets.UTF_8);
        return json(send("POST", path, "Content-Type: application/json\r\n", bytes)) instanceof String text ? text : "";
    }

    public void delete(String path) throws IOException {
        send("DELETE", path, "", EMPTY).bytes();
    }

    /// Deletes, and reads the list of what went with it.
    public List<Tree> deleteList(String path) throws IOException {
        return Tree.list(json(send("DELETE", path, "", EMPTY)));
    }

    /// Sends a request without a body and opens an answer that comes bit by bit.
    public InputStream postStream(String path, String headers) throws IOException {
        return send("POST", path, headers, EMPTY).body();
    }

    /// Opens a body that may go on for as long as the daemon likes, on a connection of its own.
    public InputStream stream(String path) throws IOException {
        Transport own = dial.get();
        Response answer = checked(own.send("GET", "/v" + version() + path, "", EMPTY));
        return new FilterInputStream(answer.body()) {
            @Override
            public void close() throws IOException {
                own.close();
            }
        };
    }

    private static @Nullable Object json(Response answer) throws IOException {
        byte[] bytes = answer.bytes();
        return bytes.length == 0 ? null : Json.read(bytes);
    }

    private Response send(String method, String path, String headers, byte[] body) throws IOException {
        return checked(connection.send(method, "/v" + version() + path, headers, body));
    }

    private static Response checked(Response answer) throws IOException {
        if (answer.status() < 400) {
            return answer;
        }
        throw new RefusedException(answer.status(), reason(answer));
    }

    private static String reason(Response answer) throws IOException {
        byte[] bytes = answer.bytes();
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            return Tree.of(Json.read(bytes)).text("message").strip();
        }
        return text.isEmpty() ? "request returned " + answer.status() : text;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
