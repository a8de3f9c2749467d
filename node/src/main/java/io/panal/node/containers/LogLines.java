package io.panal.node.containers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/// Docker's `json-file` lines: `{"log":"text\n","stream":"stdout","time":"2026-01-02T03:04:05.000000006Z"}`.
///
/// Written for speed, not with a JSON library: a container may print hundreds of thousands of lines a second.
/// Not safe for threads: an instance is a buffer.
final class LogLines {
    static final byte[] HEAD = ascii("{\"log\":\"");
    static final byte[] STDOUT = ascii("\",\"stream\":\"stdout\",\"time\":\"");
    private static final byte[] STDERR = ascii("\",\"stream\":\"stderr\",\"time\":\"");
    private static final byte[] TAIL = ascii("\"}\n");
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final byte[] REPLACEMENT = "\ufffd".getBytes(StandardCharsets.UTF_8);
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);
    static final int TIME_LENGTH = 30;
    private static final int LONGEST_ESCAPE = 6;

    private byte[] buffer = new byte[4 << 10];
    private int length;
    private long formattedSecond = Long.MIN_VALUE;
    private byte[] formatted = new byte[0];

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(buffer, 0, length);
    }

    /// Appends one line.
    void add(LogStream stream, Instant time, byte[] text, int start, int end) {
        int most = HEAD.length + (end - start) * LONGEST_ESCAPE + STDOUT.length + TIME_LENGTH + TAIL.length;
        if (buffer.length - length < most) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + most));
        }
        put(HEAD);
        escape(text, start, end);
        put(stream == LogStream.STDOUT ? STDOUT : STDERR);
        putTime(time);
        put(TAIL);
    }

    private void put(byte[] bytes) {
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    private void putTime(Instant time) {
        if (time.getEpochSecond() != formattedSecond) {
            formattedSecond = time.getEpochSecond();
            formatted = ascii(SECONDS.format(time));
        }
        put(formatted);
        int nanos = time.getNano();
        for (int place = length + 8; place >= length; place--) {
            buffer[place] = (byte) ('0' + nanos % 10);
            nanos /= 10;
        }
        length += 9;
        buffer[length++] = 'Z';
    }

    private void escape(byte[] text, int start, int end) {
        int at = start;
        while (at < end) {
            byte one = text[at];
            if (one >= ' ' && one != '"' && one != '\\') {
                buffer[length++] = one;
                at++;
            } else if (one >= 0) {
                escape(one);
                at++;
            } else {
                int size = sequence(text, at, end);
                if (size == 0) {
                    put(REPLACEMENT);
                    at++;
                } else {
                    System.arraycopy(text, at, buffer, length, size);
                    length += size;
                    at += size;
                }
            }
        }
    }

    private void escape(byte one) {
        buffer[length++] = '\\';
        switch (one) {
            case '"', '\\' -> buffer[length++] = one;
            case '\n' -> buffer[length++] = 'n';
            case '\r' -> buffer[length++] = 'r';
            case '\t' -> buffer[length++] = 't';
            default -> {
                buffer[length++] = 'u';
                buffer[length++] = '0';
                buffer[length++] = '0';
                buffer[length++] = HEX[one >> 4];
                buffer[length++] = HEX[one & 15];
            }
        }
    }

    /// Length of the UTF-8 sequence that begins here, zero if it is none.
    private static int sequence(byte[] text, int at, int end) {
        int first = text[at] & 0xff;
        int size;
        if (first >= 0xc2 && first < 0xe0) {
            size = 2;
        } else if (first >= 0xe0 && first < 0xf0) {
            size = 3;
        } else if (first >= 0xf0 && first < 0xf5) {
            size = 4;
        } else {
            return 0;
        }
        if (at + size > end) {
            return 0;
        }
        for (int i = 1; i < size; i++) {
            if ((text[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = text[at + 1] & 0xff;
        boolean overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
        boolean beyond = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
        return overlong || beyond ? 0 : size;
    }
}
