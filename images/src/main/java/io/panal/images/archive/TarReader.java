package io.panal.images.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Reads an archive from its beginning to its end.
///
/// Source: POSIX `pax`, "ustar interchange format" and "pax header block"; GNU tar's long names and large numbers.
public final class TarReader {
    static final int BLOCK = 512;
    private static final int LARGEST_HEADER_BYTES = 1 << 20;

    private final InputStream in;
    private long left;
    private long padding;
    private long position;

    public TarReader(InputStream in) {
        this.in = in;
    }

    /// The next file; what is left of the content of the one before is passed over.
    public Optional<TarEntry> next() throws IOException {
        Map<String, String> extended = new HashMap<>();
        while (true) {
            pass();
            byte[] block = in.readNBytes(BLOCK);
            position += block.length;
            if (block.length < BLOCK || isZero(block)) {
                return Optional.empty();
            }
            check(block);
            left = number(block, 124, 12);
            padding = (BLOCK - left % BLOCK) % BLOCK;
            switch (block[156]) {
                case 'x' -> extended.putAll(records(header()));
                case 'g' -> header();
                case 'L' -> extended.put("path", text(header()));
                case 'K' -> extended.put("linkpath", text(header()));
                default -> {
                    return Optional.of(entry(block, extended));
                }
            }
        }
    }

    /// The content of the file that [#next] gave last; it ends where the file does.
    public InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int start, int length) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int count = in.read(bytes, start, (int) Math.min(length, left));
                if (count < 0) {
                    throw new EOFException("unexpected EOF");
                }
                left -= count;
                position += count;
                return count;
            }
        };
    }

    /// Where the next byte lies in the stream: after [#next], where the file's content begins.
    public long position() {
        return position;
    }

    /// To the next header. An archive may end right after its last file's content, as those of the docker client do
    /// whose Dockerfile lies outside the context: only what fills a block up may be missing.
    private void pass() throws IOException {
        try {
            in.skipNBytes(left);
        } catch (EOFException _) {
            throw new EOFException("unexpected EOF");
        }
        position += left + in.readNBytes((int) padding).length;
        left = 0;
        padding = 0;
    }

    private static boolean isZero(byte[] block) {
        for (byte each : block) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static void check(byte[] block) throws IOException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
        }
        if (sum != number(block, 148, 8)) {
            throw new IOException("archive/tar: invalid tar header");
        }
    }

    private byte[] header() throws IOException {
        if (left > LARGEST_HEADER_BYTES) {
            throw new IOException("archive/tar: header field too long");
        }
        return content().readAllBytes();
    }

    private static String text(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, UTF_8);
    }

    private static String field(byte[] block, int start, int length) {
        return text(Arrays.copyOfRange(block, start, start + length));
    }

    /// Octal digits, or, marked by the first bit, a binary number.
    private static long number(byte[] block, int start, int length) throws IOException {
        if ((block[start] & 0x80) != 0) {
            return ByteBuffer.wrap(block, start + length - 8, 8).getLong() & Long.MAX_VALUE;
        }
        String digits =
                new String(block, start, length, ISO_8859_1).replace('\0', ' ').strip();
        if (!digits.matches("[0-7]*")) {
            throw new IOException("archive/tar: invalid tar header");
        }
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    /// `LENGTH KEY=VALUE\n`, one after the other.
    private static Map<String, String> records(byte[] bytes) throws IOException {
        Map<String, String> records = new HashMap<>();
        int at = 0;
        while (at < bytes.length) {
            int space = at;
            while (space < bytes.length && bytes[space] != ' ') {
                space++;
            }
            String digits = new String(bytes, at, space - at, ISO_8859_1);
            int length = digits.matches("[0-9]{1,7}") ? Integer.parseInt(digits) : 0;
            if (length <= space - at || at + length > bytes.length) {
                throw new IOException("archive/tar: invalid tar header");
            }
            String[] pair = new String(bytes, space + 1, at + length - space - 2, UTF_8).split("=", 2);
            records.put(pair[0], pair.length == 2 ? pair[1] : "");
            at += length;
        }
        return records;
    }

    private TarEntry entry(byte[] block, Map<String, String> extended) throws IOException {
        String prefix = field(block, 257, 6).equals("ustar") ? field(block, 345, 155) : "";
        String name = field(block, 0, 100);
        name = extended.getOrDefault("path", prefix.isEmpty() ? name : prefix + "/" + name);
        TarEntry.Kind kind = kind(block[156], name);
        if (extended.containsKey("size")) {
            left = Long.parseLong(extended.get("size"));
            padding = (BLOCK - left % BLOCK) % BLOCK;
        }
        if (kind != TarEntry.Kind.FILE) {
            pass();
        }
        return new TarEntry(
                name,
                kind,
                (int) number(block, 100, 8) & 07777,
                new TarEntry.Owner(
                        extended.containsKey("uid") ? Long.parseLong(extended.get("uid")) : number(block, 108, 8),
                        extended.containsKey("gid") ? Long.parseLong(extended.get("gid")) : number(block, 116, 8)),
                modified(extended, number(block, 136, 12)),
                left,
                extended.getOrDefault("linkpath", field(block, 157, 100)),
                new TarEntry.Device((int) number(block, 329, 8), (int) number(block, 337, 8)));
    }

    private static TarEntry.Kind kind(byte flag, String name) throws IOException {
        for (TarEntry.Kind kind : TarEntry.Kind.values()) {
            if (kind.flag == flag) {
                return kind;
            }
        }
        if (flag == 0 || flag == '7') {
            return name.endsWith("/") ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
        }
        throw new IOException("archive/tar: unhandled tar header type %d".formatted((int) flag));
    }

    private static Instant modified(Map<String, String> extended, long seconds) {
        String exact = extended.getOrDefault("mtime", "");
        if (!exact.matches("-?[0-9]{1,12}(\\.[0-9]{1,12})?")) {
            return Instant.ofEpochSecond(seconds);
        }
        BigDecimal nanos = new BigDecimal(exact).movePointRight(9);
        return Instant.ofEpochSecond(0, nanos.longValue());
    }
}
