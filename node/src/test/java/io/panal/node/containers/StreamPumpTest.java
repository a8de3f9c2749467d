package io.panal.node.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.panal.node.kernel.Fifos;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamPumpTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    private final StreamPump.Sink sink = new StreamPump.Sink() {
        @Override
        public boolean take(byte[] bytes, int length) {
            taken.write(bytes, 0, length);
            return true;
        }

        @Override
        public void end() {}
    };

    private Path pipe() throws IOException {
        Path pipe = directory.resolve("pipe");
        Fifos.make(pipe);
        return pipe;
    }

    @Test
    void aPipeThatNobodyEverOpenedEndsWhenItIsLookedAt() throws Exception {
        try (var pump = new StreamPump()) {
            var source = pump.read(pipe(), sink);

            source.look();

            assertThat(source.ended().await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPipeThatSomebodyWritesGoesOnWhenItIsLookedAt() throws Exception {
        try (var pump = new StreamPump()) {
            Path pipe = pipe();
            var source = pump.read(pipe, sink);
            try (var writer = Files.newOutputStream(pipe)) {
                source.look();
                writer.write("late".getBytes(StandardCharsets.UTF_8));
            }

            assertThat(source.ended().await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(taken.toString(StandardCharsets.UTF_8)).isEqualTo("late");
        }
    }
}
