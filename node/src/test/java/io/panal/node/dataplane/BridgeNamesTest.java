package io.panal.node.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two containers on `app`, one of them on `side` too.
class BridgeNamesTest {
    @TempDir
    Path directory;

    private static final Bridge APP = bridge("app", "10.20.0.1/24");
    private static final Bridge SIDE = bridge("side", "10.21.0.1/24");

    private static Bridge bridge(String name, String gateway) {
        return new Bridge(name, name, "br-" + name, List.of(Cidr.of(gateway)), 0, Bridge.Traffic.USUAL);
    }

    private static TaskPlan plan(String id, TaskNetwork.Attachment... attachments) {
        var task = new TaskNetwork(id, id, List.of(attachments), List.of(), false, TaskNetwork.Names.NONE);
        return TaskPlan.of(task, Optional.empty(), BridgeNamesTest::find, Optional.empty());
    }

    private static Optional<Bridge> find(String id) {
        return Stream.of(APP, SIDE).filter(bridge -> bridge.id().equals(id)).findFirst();
    }

    private static final TaskPlan ONE =
            plan("run-1", new TaskNetwork.Attachment("app", "10.20.0.2/24", List.of("one", "db", "cafe")));
    private static final TaskPlan TWO = plan(
            "run-2",
            new TaskNetwork.Attachment("side", "10.21.0.3/24", List.of("two")),
            new TaskNetwork.Attachment(
                    "app", "10.20.0.3/24", List.of("two", "db"), List.of("fd00::3/64", "169.254.1.1/16")));

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(textBlock = """
            one,       10.20.0.2
            cafe,      10.20.0.2
            one.app,   10.20.0.2
            db,        10.20.0.2 10.20.0.3 fd00::3
            two,       10.20.0.3 fd00::3
            three,
            """)
    void aNameIsFoundOnTheAskersNetworks(String name, String addresses) {
        NameTable table = new NameTable(List.of(), List.of(APP, SIDE), List.of(ONE, TWO));
        assertThat(table.addresses(name, List.of("app")).stream().flatMap(List::stream))
                .extracting(Cidr::shown)
                .containsExactlyInAnyOrder(addresses == null ? new String[0] : addresses.split(" "));
        assertThat(table.nameOf("3.0.20.10.in-addr.arpa", List.of("app"))).contains("two.app");
        assertThat(table.nameOf("3.0.21.10.in-addr.arpa", List.of("app"))).isEmpty();
        assertThat(table.knowsAll(List.of("app", "side"))).isTrue();
        assertThat(table.knowsAll(List.of("app", "overlay"))).isFalse();
    }

    @Test
    void aPlanIsReadAsItWasWritten() throws Exception {
        TWO.writeTo(directory.resolve("two"));
        TaskPlan read = TaskPlan.readFrom(directory.resolve("two"));
        assertThat(read).isEqualTo(TWO);
        assertThat(read.hops()).containsExactly(new TaskPlan.Hop(InetAddress.ofLiteral("10.20.0.1"), "eth1"));
        assertThat(read.ports()).containsExactlyInAnyOrder("t-run-2", "n0-2", "n1-2");
    }

    @Test
    void whatStaysKeepsItsInterface() {
        TaskPlan next = TWO.becoming(
                plan("run-2", TWO.task().attachments().get(1)).task(), BridgeNamesTest::find, Optional.empty());
        assertThat(next.wires()).containsExactly(TWO.wires().get(1));
        TaskPlan back = next.becoming(TWO.task(), BridgeNamesTest::find, Optional.empty());
        assertThat(back.wires()).extracting(TaskPlan.Wire::device).containsExactlyInAnyOrder("eth0", "eth1");
        TaskPlan other = ONE.becoming(
                plan("run-1", new TaskNetwork.Attachment("app", "10.20.0.9/24", List.of()))
                        .task(),
                BridgeNamesTest::find,
                Optional.empty());
        assertThat(other.wires()).extracting(TaskPlan.Wire::device).containsExactly("eth1");
    }

    @ParameterizedTest
    @CsvSource({"fd00:1:0:0:0:0:0:2, fd00:1::2", "0:0:0:0:0:0:0:1, ::1", "fe80:0:0:1:0:0:0:0, fe80:0:0:1::"})
    void ipv6IsPrintedShort(String full, String expected) {
        assertThat(Cidr.shown(InetAddress.ofLiteral(full))).isEqualTo(expected);
    }
}
