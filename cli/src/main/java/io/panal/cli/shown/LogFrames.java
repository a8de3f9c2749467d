package io.panal.cli.shown;

import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// Log streams that carry output and errors in frames: one byte for the stream, three empty, four for the length.
public final class LogFrames {
    private static final int HEADER = 8;

    private LogFrames() {}

    /// Changes a line before it is printed; a line is one frame.
    @FunctionalInterface
    public interface Change {
        String of(String line) throws Failure, IOException;
    }

    /// Prints frames to the stream each belongs to, until there are no more.
    public static void copy(InputStream in, Session session, Change change) throws Failure, IOException {
        byte[] header = new byte[HEADER];
        while (true) {
            int count = in.readNBytes(header, 0, HEADER);
            if (count == 0) {
                return;
            }
            if (count < HEADER) {
                throw new EOFException("unexpected EOF");
            }
            int length = ByteBuffer.wrap(header, 4, 4).getInt();
            byte[] text = in.readNBytes(length);
            String line = change.of(new String(text, StandardCharsets.UTF_8));
            if (header[0] == 3) {
                throw Failure.because("error from daemon in stream: " + line);
            }
            PrintStream out = header[0] == 2 ? session.err() : session.out();
            out.print(line);
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    /// The details before a line, such as `a=b,c=d`, escaped as in a URL.
    public static Map<String, String> details(String text) {
        var details = new TreeMap<String, String>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                details.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return details;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /// Details as they are printed: `a=b,c=d` in the order of their names.
    public static String shown(Map<String, String> details) {
        var out = new StringBuilder();
        details.forEach((name, value) ->
                out.append(out.isEmpty() ? "" : ",").append(name).append('=').append(value));
        return out.toString();
    }
}
