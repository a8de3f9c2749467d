package io.panal.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DisplayTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream printer = new PrintStream(out, true, StandardCharsets.UTF_8);

    private String shown() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /// The sequence the docker client wrote for `service create` of one task on a terminal of 160 columns.
    @Test
    void aTerminalsLinesChangeInPlace() {
        var display = new Display(printer, true, false);

        display.line("overall progress", "0 out of 1 tasks");
        display.line("1/1", " ");
        display.bar("1/1", "preparing", 6, 9);
        display.message("", "Operation continuing in background.");

        assertThat(shown())
                .isEqualTo("\n\u001b[1A\u001b[2K\roverall progress: 0 out of 1 tasks \r\u001b[1B"
                        + "\n\u001b[1A\u001b[2K\r1/1:   \r\u001b[1B"
                        + "\u001b[1A\u001b[2K\r1/1: preparing [=================================>                 ] \r"
                        + "\u001b[1BOperation continuing in background.\n");
    }

    @Test
    void elsewhereALineWithABarIsLeftOut() {
        var display = new Display(printer, false, false);

        display.line("overall progress", "0 out of 1 tasks");
        display.bar("1/1", "preparing", 6, 9);
        display.line("1/1", "no suitable node");

        assertThat(shown()).isEqualTo("overall progress: 0 out of 1 tasks\n1/1: no suitable node\n");
    }

    @Test
    void quietSaysNothing() {
        var display = new Display(printer, true, true);

        display.line("a", "b");
        display.message("", "c");

        assertThat(shown()).isEmpty();
    }
}
