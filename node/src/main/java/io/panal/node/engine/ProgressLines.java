package io.panal.node.engine;

import io.panal.images.transfer.Progress;
import io.panal.node.http.Exchange;
import io.panal.node.http.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Progress as JSON lines. Nothing is sent before the first, so that a refusal at the start keeps its status.
final class ProgressLines {
    private final Exchange exchange;
    private Optional<OutputStream> out = Optional.empty();
    private Optional<IOException> broken = Optional.empty();

    ProgressLines(Exchange exchange) {
        this.exchange = exchange;
    }

    void accept(Progress line) {
        send(line.json());
    }

    private synchronized void send(String json) {
        try {
            if (broken.isEmpty()) {
                OutputStream open = out.isPresent() ? out.get() : exchange.stream(200, Exchange.JSON);
                out = Optional.of(open);
                open.write((json + "\r\n").getBytes(StandardCharsets.UTF_8));
                open.flush();
            }
        } catch (IOException gone) {
            broken = Optional.of(gone);
            Thread.currentThread().interrupt();
        }
    }

    /// A text that is shown as it is.
    void text(String text) {
        ObjectNode node = Replies.object();
        node.put("stream", text);
        send(node.toString());
    }

    /// What is not shown, but kept by the client.
    void aside(ObjectNode facts) {
        ObjectNode node = Replies.object();
        node.set("aux", facts);
        send(node.toString());
    }

    void fail(Refusal refusal) throws IOException {
        fail(refusal, 0);
    }

    /// @param code of the command that failed; 0 for none
    void fail(Refusal refusal, int code) throws IOException {
        if (out.isEmpty()) {
            throw refusal;
        }
        ObjectNode node = Replies.object();
        ObjectNode detail = node.putObject("errorDetail");
        if (code != 0) {
            detail.put("code", code);
        }
        detail.put("message", refusal.message());
        node.put("error", refusal.message());
        send(node.toString());
        close();
    }

    void close() throws IOException {
        if (out.isPresent()) {
            out.get().close();
        }
    }
}
