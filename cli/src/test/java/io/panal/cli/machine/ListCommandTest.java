package io.panal.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.panal.cli.command.Failure;
import io.panal.machines.model.EngineFacts;
import io.panal.machines.model.EngineOptions;
import io.panal.machines.model.Limits;
import io.panal.machines.model.Listing;
import io.panal.machines.model.Machine;
import io.panal.machines.model.MachineName;
import io.panal.machines.model.MachinePlan;
import io.panal.machines.model.MachineState;
import io.panal.machines.model.Subnet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListCommandTest {
    private static final List<Listing> TWO =
            List.of(listing("default", MachineState.RUNNING, "28.5.2"), listing("node2", MachineState.STOPPED, ""));

    private static Listing listing(String name, MachineState state, String version) {
        try {
            var subnet = Subnet.parse("192.168.66.1/24");
            var engine = new EngineOptions(List.of(), List.of(), List.of(), List.of("zone=a"), List.of(), "");
            var plan = new MachinePlan(new MachineName(name), subnet, Limits.none(), engine, List.of());
            var machine = new Machine(plan, subnet.free(Set.of()).orElseThrow(), Instant.EPOCH, true);
            return new Listing(
                    plan.name(),
                    Optional.of(machine),
                    state,
                    Optional.of(new EngineFacts(version, "manager", "")).filter(facts -> !version.isEmpty()),
                    "",
                    Duration.ofMillis(12));
        } catch (java.io.IOException wrong) {
            throw new java.io.UncheckedIOException(wrong);
        }
    }

    @Test
    void theTableIsThatOfDockerMachine() {
        var table = "table {{.Name}}\t{{.Active}}\t{{.DriverName}}\t{{.State}}\t{{.URL}}\t{{.Swarm}}"
                + "\t{{.DockerVersion}}\t{{.Error}}";
        var active = "tcp://192.168.66.100:2376";
        assertThat(ListCommand.render(table, TWO, active)).isEqualTo("""
                NAME      ACTIVE   DRIVER   STATE     URL                         SWARM     DOCKER    ERRORS
                default   *        local    Running   tcp://192.168.66.100:2376   manager   v28.5.2  \s
                node2     -        local    Stopped                                         Unknown  \s
                """);
        assertThat(ListCommand.render("table", TWO, active)).isEqualTo(ListCommand.render(table, TWO, active));
    }

    @Test
    void aFormatNamesAnyFieldAndATableOnlyWhereAsked() {
        assertThat(ListCommand.render("{{.Name}}: {{.State}}", TWO, ""))
                .isEqualTo("default: Running\nnode2: Stopped\n");
        assertThat(ListCommand.render("table {{.Name}}\\t{{.DriverName}}", TWO, ""))
                .isEqualTo("NAME      DRIVER\ndefault   local\nnode2     local\n");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            state=running     | default
            state=Stopped     | node2
            name=^n           | node2
            driver=local      | default node2
            driver=virtualbox | ''
            label=zone=a      | default node2
            label=zone=b      | ''
            swarm=manager     | default
            swarm=worker      | ''
            """)
    void filtersKeepWhatMatches(String filter, String names) throws Exception {
        var filters = ListFilters.parse(List.of(filter));
        assertThat(TWO.stream()
                        .filter(filters::accept)
                        .map(listing -> listing.name().text()))
                .containsExactlyElementsOf(names.isEmpty() ? List.of() : List.of(names.split(" ")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            nonsense  | Unsupported filter syntax.
            color=red | Unsupported filter key 'color'
            """)
    void aWrongFilterIsRefusedInTheWordsOfDockerMachine(String filter, String message) {
        assertThatThrownBy(() -> ListFilters.parse(List.of(filter)))
                .isInstanceOf(Failure.class)
                .hasMessage(message);
    }
}
