package io.panal.cli;

import io.panal.cli.json.Json;
import io.panal.cli.json.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A daemon that answers as one was recorded: each request gets the next recorded answer to the same request.
final class Replay implements AutoCloseable {
    private final ServerSocketChannel server;
    private final List<Tree> exchanges;
    private final boolean[] used;
    private final List<String> surprises = new CopyOnWriteArrayList<>();

    Replay(Path socket, List<Tree> exchanges) throws IOException {
        this.exchanges = exchanges;
        this.used = new boolean[exchanges.size()];
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    /// Requests that were not recorded, and bodies that differ from the recorded ones.
    List<String> surprises() {
        return surprises;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> converse(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void converse(SocketChannel client) {
        try (client;
                InputStream in = Channels.newInputStream(client);
                OutputStream out = Channels.newOutputStream(client)) {
            while (true) {
                String head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                int length = head.indexOf("Content-Length: ");
                byte[] body = length < 0
                        ? new byte[0]
                        : in.readNBytes(Integer.parseInt(head.substring(length + 16, head.indexOf('\r', length))));
                String[] line = head.substring(0, head.indexOf('\r')).split(" ");
                out.write(answer(line[0], line[1], new String(body, StandardCharsets.UTF_8)));
                out.flush();
            }
        } catch (IOException hungUp) {
            return;
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private synchronized byte[] answer(String method, String target, String body) throws IOException {
        int found = -1;
        for (int i = 0; i < used.length; i++) {
            Tree request = exchanges.get(i).tree("request");
            boolean same = request.text("method").equals(method)
                    && normal(request.text("line").split(" ")[1]).equals(normal(target));
            if (same && !used[i]) {
                found = i;
                break;
            }
            found = same ? i : found;
        }
        if (found < 0) {
            surprises.add(method + " " + target);
            return response(404, "{\"message\":\"not recorded: " + target + "\"}", "");
        }
        used[found] = true;
        Tree exchange = exchanges.get(found);
        Object recorded = exchange.at("request.body");
        if (!body.isEmpty() && recorded != null) {
            Object sent = Json.read(body.getBytes(StandardCharsets.UTF_8));
            if (!recorded.equals(sent)) {
                surprises.add("body of " + method + " " + target + "\n  was      " + body + "\n  recorded "
                        + Json.compact(recorded));
            }
        }
        return response(exchange);
    }

    private byte[] response(Tree exchange) throws IOException {
        Tree response = exchange.tree("response");
        Object body = response.at("body");
        if (body instanceof Map<?, ?> map && map.containsKey("$same_body_as_exchange_at_t")) {
            Object time = map.get("$same_body_as_exchange_at_t");
            body = exchanges.stream()
                    .filter(other -> other.decimal("t") == ((Number) time).doubleValue())
                    .map(other -> other.at("response.body"))
                    .findFirst()
                    .orElse(null);
        }
        int status = (int) response.number("status");
        String version = response.text("headers.Api-Version");
        if (body instanceof Map<?, ?> map && map.get("$multiplexed_stream") instanceof List<?> frames) {
            return multiplexed(frames, version);
        }
        String text = switch (body) {
            case null -> "";
            case String plain when !isJson(response) -> plain;
            default -> Json.compact(body);
        };
        return response(status, text, version);
    }

    private static boolean isJson(Tree response) {
        return "application/json".equals(response.tree("headers").map().get("Content-Type"));
    }

    private static byte[] multiplexed(List<?> frames, String version) throws IOException {
        var out = new ByteArrayOutputStream();
        for (Tree frame : Tree.list(frames)) {
            byte[] text = frame.text("data").getBytes(StandardCharsets.UTF_8);
            out.write(frame.text("stream").equals("stderr") ? 2 : 1);
            out.write(new byte[3]);
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.write(text.length >> shift);
            }
            out.write(text);
        }
        var all = new ByteArrayOutputStream();
        all.writeBytes(("HTTP/1.1 200 OK\r\nApi-Version: " + version + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(out.size()) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(out.toByteArray());
        all.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return all.toByteArray();
    }

    private static byte[] response(int status, String body, String version) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        var all = new ByteArrayOutputStream();
        all.writeBytes(("HTTP/1.1 " + status + " x\r\nApi-Version: " + version + "\r\nContent-Length: " + bytes.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(bytes);
        return all.toByteArray();
    }

    private static String normal(String target) {
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        var parameters = new TreeMap<String, String>();
        if (question >= 0) {
            for (String parameter : target.substring(question + 1).split("&")) {
                int equals = parameter.indexOf('=');
                String value = URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8);
                parameters.put(parameter.substring(0, equals), value);
            }
        }
        return path + new ArrayList<>(parameters.entrySet());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
