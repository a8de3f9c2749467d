package io.panal.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    private static final Usage USAGE = Usage.of(
            "panal service create",
            "[OPTIONS] IMAGE [COMMAND]",
            "Create",
            """
            -d, --detach   Exit immediately
            -e, --env list   Set environment variables
            --limit-memory bytes   Limit Memory
            --replicas uint   Number of tasks
            --restart-delay duration   Delay
            -q, --quiet   Suppress
            """,
            new Usage.Arity(1, Integer.MAX_VALUE, true));

    @Test
    void optionsEndAtTheImage() throws Failure {
        Arguments arguments = Arguments.read(USAGE, List.of("-dq", "-eA=B", "--env", "C=D", "nginx", "sh", "-c", "-d"));

        assertThat(arguments.isOn("detach")).isTrue();
        assertThat(arguments.isOn("quiet")).isTrue();
        assertThat(arguments.all("env")).containsExactly("A=B", "C=D");
        assertThat(arguments.operands()).containsExactly("nginx", "sh", "-c", "-d");
    }

    @Test
    void aSwitchMayBeTurnedOff() throws Failure {
        assertThat(Arguments.read(USAGE, List.of("--detach=false", "x")).isOn("detach"))
                .isFalse();
        assertThat(Arguments.read(USAGE, List.of("--detach=false", "x")).has("detach"))
                .isTrue();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            --nope x               | unknown flag: --nope
            -z x                   | unknown shorthand flag: 'z' in -z
            --env                  | flag needs an argument: --env
            -de                    | flag needs an argument: 'e' in -de
            --replicas -1 x        | invalid argument "-1" for "--replicas" flag: strconv.ParseUint: parsing "-1": invalid syntax
            --detach=maybe x       | invalid argument "maybe" for "-d, --detach" flag: strconv.ParseBool: parsing "maybe": invalid syntax
            --restart-delay 5 x    | invalid argument "5" for "--restart-delay" flag: time: missing unit in duration "5"
            --limit-memory zz x    | invalid argument "zz" for "--limit-memory" flag: invalid size: 'zz'
            """)
    void aWrongOptionIsRefusedInDockersWords(String words, String message) {
        assertThatThrownBy(() -> Arguments.read(USAGE, List.of(words.split(" "))))
                .hasMessageStartingWith(
                        message + "\n\nUsage:  panal service create [OPTIONS] IMAGE [COMMAND]\n\nRun 'panal")
                .satisfies(failure -> assertThat(((Failure) failure).exitCode()).isEqualTo(125));
    }

    @ParameterizedTest(name = "{0} is {1} ns, shown as {2}")
    @CsvSource({
        "5s, 5000000000, 5s",
        "1m30s, 90000000000, 1m30s",
        "2160h, 7776000000000000, 2160h0m0s",
        "1.5s, 1500000000, 1.5s",
        "500ms, 500000000, 500ms",
        "10us, 10000, 10µs",
        "0, 0, 0s",
        "-1s, -1000000000, -1s"
    })
    void durationsAreGos(String text, long nanoseconds, String shown) {
        assertThat(Durations.nanoseconds(text)).isEqualTo(nanoseconds);
        assertThat(Durations.shown(nanoseconds)).isEqualTo(shown);
    }

    @ParameterizedTest(name = "{0} s ago: {1}")
    @CsvSource({
        "0, Less than a second",
        "1, 1 second",
        "59, 59 seconds",
        "60, About a minute",
        "150, 2 minutes",
        "3600, About an hour",
        "5400, 2 hours",
        "172800, 2 days",
        "1209600, 2 weeks",
        "7776000, 3 months",
        "63072000, 2 years"
    })
    void agesAreDockers(long seconds, String shown) {
        assertThat(Durations.human(seconds)).isEqualTo(shown);
    }

    @ParameterizedTest(name = "{0} is {1} bytes")
    @CsvSource({"64m, 67108864", "1g, 1073741824", "512, 512", "1.5kb, 1536", "2GiB, 2147483648", "x, -1", "1zz, -1"})
    void sizesArePowersOf1024(String text, long bytes) {
        assertThat(Values.bytes(text)).isEqualTo(bytes);
    }
}
