package io.panal.machines.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/// Asks one machine's engine a question over TLS, as the docker client would with the same files.
///
/// One request per connection and HTTP/1.0, so that the answer ends where the connection does; the JDK's HTTP client
/// takes longer to load than a machine takes to start.
public final class EngineClient {
    private static final int LONGEST_ANSWER = 1 << 20;

    private final SSLContext context;

    private EngineClient(SSLContext context) {
        this.context = context;
    }

    /// @param certificates a directory with ca.pem, cert.pem and key.pem
    public static EngineClient with(Path certificates) throws IOException {
        Handshake.prepare();
        return new EngineClient(Contexts.of(certificates, "cert.pem", "key.pem"));
    }

    /// The body of `GET path`.
    ///
    /// @param timeout for connecting, and again for each wait in between
    /// @throws IOException when nobody answers, the certificates do not fit, or the status is not 200
    public String ask(InetSocketAddress engine, String path, Duration timeout) throws IOException {
        try (var plain = new Socket()) {
            plain.connect(engine, (int) timeout.toMillis());
            plain.setSoTimeout((int) timeout.toMillis());
            var host = engine.getAddress().getHostAddress();
            try (var socket = Handshake.with(context, plain, host)) {
                var request = "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                var answer = socket.getInputStream().readNBytes(LONGEST_ANSWER);
                return body(new String(answer, StandardCharsets.UTF_8));
            }
        }
    }

    private static String body(String answer) throws IOException {
        var end = answer.indexOf("\r\n\r\n");
        if (end < 0 || !answer.startsWith("HTTP/1.")) {
            throw new IOException("the engine's answer is no HTTP");
        }
        var status = answer.substring(0, answer.indexOf('\r'));
        if (!status.contains(" 200")) {
            throw new IOException("the engine answered " + status);
        }
        return answer.substring(end + 4);
    }
}
