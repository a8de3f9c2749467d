package io.panal.images.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes an archive, in POSIX's form with its extended headers where a value does not fit.
///
/// Times are kept to the second, so that the same files give the same bytes.
public final class TarWriter implements Closeable {
    private static final int PIECE = 1 << 16;

    private final OutputStream out;

    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /// One without content.
    public void add(TarEntry entry) throws IOException {
        add(entry, InputStream.nullInputStream());
    }

    /// @param content at least as long as the entry says; the rest of it is left unread
    /// @throws IOException also when the content is shorter
    public void add(TarEntry entry, InputStream content) throws IOException {
        String name = name(entry);
        Map<String, String> extended = new LinkedHashMap<>();
        extend(extended, "path", name, 100);
        extend(extended, "linkpath", entry.link(), 100);
        extend(extended, "size", entry.sizeBytes(), 11);
        extend(extended, "uid", entry.owner().user(), 7);
        extend(extended, "gid", entry.owner().group(), 7);
        if (!extended.isEmpty()) {
            byte[] records = records(extended);
            out.write(header("PaxHeaders/entry", 'x', entry, records.length));
            out.write(records);
            pad(records.length);
        }
        out.write(header(name, entry.kind().flag, entry, entry.sizeBytes()));
        copy(content, entry);
        pad(entry.sizeBytes());
    }

    private static String name(TarEntry entry) {
        boolean directory = entry.kind() == TarEntry.Kind.DIRECTORY;
        return directory && !entry.name().endsWith("/") ? entry.name() + "/" : entry.name();
    }

    private static void extend(Map<String, String> extended, String key, String value, int most) {
        byte[] bytes = value.getBytes(UTF_8);
        if (bytes.length > most || bytes.length != value.length()) {
            extended.put(key, value);
        }
    }

    private static void extend(Map<String, String> extended, String key, long value, int digits) {
        if (Long.toOctalString(value).length() > digits) {
            extended.put(key, String.valueOf(value));
        }
    }

    private static byte[] records(Map<String, String> extended) {
        var records = new ByteArrayOutputStream();
        extended.forEach((key, value) -> {
            byte[] pair = " %s=%s\n".formatted(key, value).getBytes(UTF_8);
            int length = pair.length + 1;
            while (String.valueOf(length).length() + pair.length != length) {
                length++;
            }
            records.writeBytes(String.valueOf(length).getBytes(ISO_8859_1));
            records.writeBytes(pair);
        });
        return records.toByteArray();
    }

    private static byte[] header(String name, char flag, TarEntry entry, long size) {
        byte[] block = new byte[TarReader.BLOCK];
        text(block, 0, 100, name);
        number(block, 100, 8, entry.mode());
        number(block, 108, 8, entry.owner().user());
        number(block, 116, 8, entry.owner().group());
        number(block, 124, 12, size);
        number(block, 136, 12, Math.max(0, entry.modified().getEpochSecond()));
        block[156] = (byte) flag;
        text(block, 157, 100, entry.link());
        text(block, 257, 6, "ustar");
        text(block, 263, 2, "00");
        number(block, 329, 8, entry.device().major());
        number(block, 337, 8, entry.device().minor());
        long sum = 8 * ' ';
        for (byte each : block) {
            sum += each & 0xff;
        }
        text(block, 148, 8, "%06o\0 ".formatted(sum));
        return block;
    }

    private static void text(byte[] block, int start, int length, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        System.arraycopy(bytes, 0, block, start, Math.min(length, bytes.length));
    }

    /// What does not fit stands in the extended header.
    private static void number(byte[] block, int start, int length, long value) {
        String digits = Long.toOctalString(value);
        boolean fits = digits.length() < length;
        text(block, start, length, "0".repeat(fits ? length - 1 - digits.length() : length - 1) + (fits ? digits : ""));
    }

    private void copy(InputStream content, TarEntry entry) throws IOException {
        byte[] piece = new byte[PIECE];
        long left = entry.sizeBytes();
        while (left > 0) {
            int count = content.read(piece, 0, (int) Math.min(piece.length, left));
            if (count < 0) {
                throw new IOException("%s became shorter while it was read".formatted(entry.name()));
            }
            out.write(piece, 0, count);
            left -= count;
        }
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) ((TarReader.BLOCK - size % TarReader.BLOCK) % TarReader.BLOCK)]);
    }

    /// Ends the archive; the stream below stays open.
    @Override
    public void close() throws IOException {
        out.write(new byte[2 * TarReader.BLOCK]);
        out.flush();
    }
}
