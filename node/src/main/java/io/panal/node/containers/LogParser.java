package io.panal.node.containers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/// Reads what [LogLines] wrote, as fast. Not safe for threads: it remembers the last line's second.
final class LogParser {
    private static final int SECOND_LENGTH = 19;

    private byte[] second = new byte[SECOND_LENGTH];
    private long epochSecond;

    /// Reads one line back; one that a crash left unfinished is passed over.
    ///
    /// @param line from its brace to before its line end; overwritten with its text
    void read(byte[] line, int start, int end, LogReceiver receiver) throws IOException {
        int at = start + LogLines.HEAD.length;
        if (end - at < LogLines.STDOUT.length + LogLines.TIME_LENGTH
                || !Arrays.equals(line, start, at, LogLines.HEAD, 0, LogLines.HEAD.length)) {
            return;
        }
        int out = start;
        while (at < end && line[at] != '"') {
            if (line[at] != '\\') {
                line[out++] = line[at++];
            } else if (at + 5 < end && line[at + 1] == 'u') {
                line[out++] = (byte) Integer.parseInt(new String(line, at + 4, 2, StandardCharsets.US_ASCII), 16);
                at += 6;
            } else if (at + 1 < end) {
                line[out++] = unescaped(line[at + 1]);
                at += 2;
            } else {
                return;
            }
        }
        int time = at + LogLines.STDOUT.length;
        if (time + LogLines.TIME_LENGTH > end) {
            return;
        }
        var stream = line[at + LogLines.STDOUT.length - 13] == 'o' ? LogStream.STDOUT : LogStream.STDERR;
        receiver.line(stream, time(line, time), ByteBuffer.wrap(line, start, out - start));
    }

    /// Most lines share their second with the one before.
    private Instant time(byte[] line, int at) {
        if (!Arrays.equals(line, at, at + SECOND_LENGTH, second, 0, SECOND_LENGTH)) {
            second = Arrays.copyOfRange(line, at, at + SECOND_LENGTH);
            epochSecond = Instant.parse(new String(second, StandardCharsets.US_ASCII) + "Z")
                    .getEpochSecond();
        }
        int nanos = 0;
        for (int digit = at + SECOND_LENGTH + 1; digit < at + LogLines.TIME_LENGTH - 1; digit++) {
            nanos = nanos * 10 + line[digit] - '0';
        }
        return Instant.ofEpochSecond(epochSecond, nanos);
    }

    private static byte unescaped(byte escaped) {
        return switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escaped;
        };
    }
}
