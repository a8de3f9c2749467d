package io.panal.node.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class LogFileTest {
    @TempDir
    private Path directory;

    private LogFile log(LogPlan plan) {
        return new LogFile(directory.resolve("a.log"), plan, new LogLines());
    }

    private static void print(LogFile log, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        log.append(LogStream.STDOUT, bytes, bytes.length);
    }

    private static List<String> read(LogFile log, LogQuery query) throws IOException {
        var lines = new ArrayList<String>();
        new LogReader(
                        log,
                        query,
                        (_, _, text) ->
                                lines.add(StandardCharsets.UTF_8.decode(text).toString()))
                .read();
        return lines;
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "quote \" and \\", "tab\tbell\u0007", "señal ✓ 🐝", "", "a\r"})
    void aLineIsJsonAndComesBackAsItWas(String text) throws IOException {
        var log = log(LogPlan.standard());
        print(log, text + "\n");

        var line = Files.readString(directory.resolve("a.log"));
        var json = JsonMapper.shared().readTree(line);

        assertThat(json.path("log").asString()).isEqualTo(text + "\n");
        assertThat(Instant.parse(json.path("time").asString())).isBeforeOrEqualTo(Instant.now());
        assertThat(read(log, LogQuery.all())).containsExactly(text + "\n");
    }

    @Test
    void bytesThatAreNoTextAreReplaced() throws IOException {
        var log = log(LogPlan.standard());
        log.append(LogStream.STDERR, new byte[] {'a', (byte) 0xff, (byte) 0xe2, (byte) 0x82, '\n'}, 5);

        assertThat(read(log, LogQuery.all())).containsExactly("a\ufffd\ufffd\ufffd\n");
    }

    @Test
    void piecesOfALineAreKeptTogetherAndALongOneIsCut() throws IOException {
        var log = log(LogPlan.standard());
        print(log, "half");
        assertThat(read(log, LogQuery.all())).isEmpty();
        print(log, " line\nx".repeat(1));
        print(log, "y".repeat(40_000));
        log.close();

        var lines = read(log, LogQuery.all());

        assertThat(lines).hasSize(4).first().isEqualTo("half line\n");
        assertThat(lines.subList(1, 4)).extracting(String::length).containsExactly(16384, 16384, 40_001 - 32768);
    }

    @Test
    void fullFilesArePutAsideAndTheOldestGo() throws IOException {
        var log = log(new LogPlan(true, 1000, 3));
        for (int i = 0; i < 100; i++) {
            print(log, "line " + i + "\n");
        }

        assertThat(directory.resolve("a.log.1")).exists();
        assertThat(directory.resolve("a.log.2")).exists();
        assertThat(directory.resolve("a.log.3")).doesNotExist();
        var lines = read(log, LogQuery.all());
        assertThat(lines).last().isEqualTo("line 99\n");
        assertThat(read(log, new LogQuery(true, true, Optional.empty(), Optional.empty(), 25, false)))
                .isEqualTo(lines.subList(lines.size() - 25, lines.size()));
    }

    @Test
    void timesChooseLines() throws IOException {
        var log = log(LogPlan.standard());
        print(log, "early\n");
        var middle = Instant.now().plusNanos(1);
        while (!Instant.now().isAfter(middle)) {
            Thread.onSpinWait();
        }
        print(log, "late\n");

        assertThat(read(log, new LogQuery(true, true, Optional.of(middle), Optional.empty(), -1, false)))
                .containsExactly("late\n");
        assertThat(read(log, new LogQuery(true, true, Optional.empty(), Optional.of(middle), -1, false)))
                .containsExactly("early\n");
    }

    @Test
    void aFollowerSeesEachLineOnceOverRotations() throws Exception {
        var log = log(new LogPlan(true, 4000, 100));
        var seen = new CopyOnWriteArrayList<String>();
        var follower = Thread.ofVirtual().start(() -> follow(log, seen));

        for (int i = 0; i < 500; i++) {
            print(log, i + "\n");
        }
        log.close();
        follower.join();

        var expected = new ArrayList<String>();
        for (int i = 0; i < 500; i++) {
            expected.add(i + "\n");
        }
        assertThat(seen).isEqualTo(expected);
    }

    private static void follow(LogFile log, List<String> seen) {
        try {
            new LogReader(
                            log,
                            LogQuery.following(),
                            (_, _, text) ->
                                    seen.add(StandardCharsets.UTF_8.decode(text).toString()))
                    .read();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
