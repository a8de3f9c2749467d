package io.panal.core.manager.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.model.TaskSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstraintTest {
    private static final Node NODE = Node.admitted(new Id<>("n1"), Node.Role.WORKER, "")
            .respecified(new Node.NodeSpec(
                    "", Map.of("disk", "ssd", "Rack", "A"), Node.Role.WORKER, Node.Availability.ACTIVE))
            .registered(
                    new Node.Description(
                            "host-1",
                            new TaskSpec.Platform("x86_64", "linux"),
                            new TaskSpec.Resources(0, 0, List.of()),
                            new Node.Engine("28", Map.of("zone", "a"), List.of()),
                            new Node.TlsInfo("", "", ""),
                            List.of()),
                    "192.168.66.103");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "node.id==n1, true",
        "node.id != n1, false",
        "node.hostname==HOST-1, true",
        "node.role==worker, true",
        "node.role!=manager, true",
        "node.platform.os==Linux, true",
        "node.platform.arch==x86_64, true",
        "node.labels.disk==SSD, true",
        "node.labels.rack==A, false",
        "node.labels.Rack==a, true",
        "node.labels.none==x, false",
        "node.labels.none!=x, true",
        "engine.labels.zone==a, true",
        "node.ip==192.168.66.103, true",
        "node.ip==192.168.66.0/24, true",
        "node.ip!=192.168.66.0/24, false",
        "node.ip==192.168.67.0/24, false",
        "node.ip==nonsense, false",
        "node.colour==red, false",
    })
    void aNodeMeetsWhatItIs(String expression, boolean met) throws Constraint.Malformed {
        assertThat(Constraint.parse(expression).isMetBy(NODE)).isEqualTo(met);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "node.id=n1       | constraint expected one operator from ==, !=",
                "no de==x         | key 'no de' is invalid",
                "node.id==        | value '' is invalid",
            })
    void whatIsNoConstraintIsRefusedInDockersWords(String expression, String why) {
        assertThatThrownBy(() -> Constraint.parse(expression))
                .isInstanceOf(Constraint.Malformed.class)
                .hasMessage(why);
    }
}
