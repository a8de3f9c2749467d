package io.panal.cli.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// HTTP/1.1 over one connection that is kept open from request to request.
public final class Connection implements Transport {
    private final Endpoint endpoint;
    private @Nullable Wire wire;

    public Connection(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public Response send(String method, String path, String headers, byte[] body) throws IOException {
        Wire current = wire;
        boolean fresh = current == null;
        if (current == null) {
            current = Wire.open(endpoint);
            wire = current;
        }
        try {
            return exchange(current, method, path, headers, body);
        } catch (EOFException closed) {
            close();
            if (fresh) {
                throw closed;
            }
            // The daemon may close a connection it held open; a new one is tried once.
            current = Wire.open(endpoint);
            wire = current;
            return exchange(current, method, path, headers, body);
        }
    }

    private static Response exchange(Wire wire, String method, String path, String headers, byte[] body)
            throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: api.panal\r\nUser-Agent: Panal-Client/0.1.0 (linux)\r\n"
                + headers
                + (body.length > 0 || method.equals("POST") ? "Content-Length: " + body.length + "\r\n" : "")
                + "\r\n";
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        wire.out().write(all);
        wire.out().flush();
        return answer(wire.in(), method.equals("HEAD"));
    }

    private static Response answer(InputStream in, boolean headOnly) throws IOException {
        String line = line(in);
        if (!line.startsWith("HTTP/1.") || line.length() < 12) {
            throw new IOException("error during connect: what answers is no Docker daemon");
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
        }
        return new Response(status, headers, body(in, status, headers, headOnly));
    }

    private static InputStream body(InputStream in, int status, Map<String, String> headers, boolean headOnly) {
        if (headOnly || status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return new Body(in, Body.CHUNKED);
        }
        String length = headers.get("content-length");
        return new Body(in, length == null ? Body.TO_THE_END : Long.parseLong(length));
    }

    static String line(InputStream in) throws IOException {
        var out = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("error during connect: the daemon closed the connection");
            }
            if (next == '\n') {
                int end = out.length() - 1;
                return end >= 0 && out.charAt(end) == '\r' ? out.substring(0, end) : out.toString();
            }
            out.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        Wire current = wire;
        wire = null;
        if (current == null) {
            return;
        }
        try {
            current.closing().close();
        } catch (IOException unclosed) {
            throw unclosed;
        } catch (Exception unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }
}
