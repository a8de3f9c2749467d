package io.panal.node.engine;

import io.panal.core.api.Query;
import io.panal.node.containers.LogQuery;
import io.panal.node.http.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// What a request for logs asks for.
///
/// @param timestamps before each line
/// @param details attributes before each line
record LogOptions(LogQuery query, boolean timestamps, boolean details) {
    static LogOptions of(Query query) throws Refusal {
        boolean stdout = query.isSet("stdout");
        boolean stderr = query.isSet("stderr");
        if (!stdout && !stderr) {
            throw new Refusal(400, "Bad parameters: you must choose at least one stream");
        }
        return new LogOptions(
                new LogQuery(
                        stdout,
                        stderr,
                        Times.parse(query.text("since")),
                        Times.parse(query.text("until")),
                        tail(query.text("tail")),
                        query.isSet("follow")),
                query.isSet("timestamps"),
                query.isSet("details"));
    }

    /// Anything but a number is all, as in docker.
    private static long tail(String text) {
        boolean number = !text.isEmpty() && text.length() < 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(text) : -1;
    }

    /// A line as it is sent.
    ///
    /// @param attributes `name=value,...`, shown when details are asked for
    byte[] shown(Instant time, String attributes, ByteBuffer text) {
        String before = (timestamps ? Times.nanoseconds(time) + " " : "") + (details ? attributes + " " : "");
        byte[] head = before.getBytes(StandardCharsets.UTF_8);
        byte[] line = new byte[head.length + text.remaining()];
        System.arraycopy(head, 0, line, 0, head.length);
        text.duplicate().get(line, head.length, text.remaining());
        return line;
    }
}
