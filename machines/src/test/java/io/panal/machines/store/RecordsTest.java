package io.panal.machines.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.machines.model.Address;
import io.panal.machines.model.EngineOptions;
import io.panal.machines.model.Limits;
import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachinePlan;
import io.panal.machines.model.Subnet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
    @TempDir
    Path directory;

    private static Machine machine() throws Exception {
        var engine = new EngineOptions(
                List.of("debug=true"),
                List.of("A=b c"),
                List.of("10.0.0.1:5000"),
                List.of("zone=\"a\""),
                List.of(),
                "");
        var plan = new MachinePlan(
                MachineName.of("node-1"),
                Subnet.parse("192.168.66.1/24"),
                Limits.parse("1.5", "2g", "20000"),
                engine,
                List.of("node.example.org"));
        return new Machine(plan, Address.parse("192.168.66.100"), Instant.parse("2026-01-02T03:04:05.6Z"), true);
    }

    @Test
    void whatIsSavedIsLoaded() throws Exception {
        var storage = new Storage(directory);
        storage.save(machine());
        assertThat(storage.load(new MachineName("node-1"))).contains(machine());
        assertThat(storage.names()).containsExactly(new MachineName("node-1"));
        assertThat(storage.load(new MachineName("node-2"))).isEmpty();
    }

    @Test
    void aScriptFindsTheFieldsWhereDockerMachineHasThem() throws Exception {
        var text = Json.pretty(Records.write(machine(), new Storage(directory)));
        assertThat(text)
                .contains("\"ConfigVersion\": 3")
                .contains("\"IPAddress\": \"192.168.66.100\"")
                .contains("\"MachineName\": \"node-1\"")
                .contains("\"DriverName\": \"local\"")
                .contains("\"Memory\": 2048")
                .contains("\"DiskSize\": 20000")
                .contains("\"CPU\": 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{}", "{\"Name\": \"a_b\"}", "not json"})
    void aBrokenRecordIsNamedWithItsFileAndTheWayOut(String text) throws Exception {
        var storage = new Storage(directory);
        var folder = storage.folder(new MachineName("node-1"));
        Files.createDirectories(folder.path());
        Files.writeString(folder.record(), text);
        assertThatThrownBy(() -> storage.load(new MachineName("node-1")))
                .hasMessageContaining(folder.record().toString())
                .hasMessageContaining("panal machine rm -f node-1");
    }

    @Test
    void aLockIsHeldByOneThreadAtATimeAndItsFileMayGoWithIt() throws Exception {
        var file = directory.resolve("locks/a");
        assertThat(Exclusive.isHeld(file)).isFalse();
        var order = new java.util.concurrent.ConcurrentLinkedQueue<String>();
        var second = Thread.ofPlatform().unstarted(() -> {
            try {
                Exclusive.during(file, _ -> order.add("second"));
            } catch (java.io.IOException failure) {
                order.add(failure.toString());
            }
        });
        Exclusive.during(file, held -> {
            second.start();
            while (second.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            assertThat(Exclusive.isHeld(file)).isTrue();
            order.add("first");
            held.lastUse();
        });
        second.join();
        assertThat(order).containsExactly("first", "second");
    }
}
