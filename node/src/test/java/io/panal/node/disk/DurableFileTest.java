package io.panal.node.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    @Test
    void whatWasSavedComesBack(@TempDir Path directory) throws IOException {
        var file = new DurableFile(directory.resolve("a/b/state"));
        assertThat(file.load()).isEmpty();
        file.save(new byte[] {1, 2, 3});
        file.save(new byte[] {4, 5});
        assertThat(file.load()).contains(new byte[] {4, 5});
        file.remove();
        assertThat(file.load()).isEmpty();
    }

    @Test
    void aDamagedFileIsNotBelieved(@TempDir Path directory) throws IOException {
        var file = new DurableFile(directory.resolve("state"));
        file.save(new byte[] {1, 2, 3});
        byte[] bytes = Files.readAllBytes(file.path());
        bytes[bytes.length - 1] ^= 1;
        Files.write(file.path(), bytes);
        assertThatThrownBy(file::load).isInstanceOf(IOException.class).hasMessageContaining("checksum");
    }

    @Test
    void anUnfinishedReplacementLeavesTheOldContent(@TempDir Path directory) throws IOException {
        var file = new DurableFile(directory.resolve("state"));
        file.save(new byte[] {1});
        Files.write(directory.resolve("state.new"), new byte[] {9});
        assertThat(file.load()).contains(new byte[] {1});
        file.save(new byte[] {2});
        assertThat(file.load()).contains(new byte[] {2});
    }
}
