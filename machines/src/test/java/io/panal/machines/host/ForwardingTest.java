package io.panal.machines.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each script in a network of its own and with a `/run` of its own.
class ForwardingTest {
    private static final String SETTING = "cat /proc/sys/net/ipv4/ip_forward\n";

    @Test
    void whatWasFoundIsPutBackWithTheLastNetwork() throws IOException {
        assertThat(run(off() + on() + SETTING + on() + back() + SETTING + "ls /run"))
                .containsExactly("1", "0");
        assertThat(run("echo 1 >/proc/sys/net/ipv4/ip_forward\n" + on() + back() + SETTING))
                .as("it was on already")
                .containsExactly("1");
    }

    @Test
    void itStaysOnWhileSomethingElseForwards() throws IOException {
        assertThat(run(off() + on() + "ip link add other type bridge\n" + back() + SETTING + "ip link delete other\n"
                        + back() + SETTING))
                .as("another bridge, and without it")
                .containsExactly("1", "0");
        assertThat(run(off() + on() + "ip link add some type veth peer name else\n" + back() + SETTING))
                .as("another's cable")
                .containsExactly("1");
        assertThat(run(off() + on() + "ip link add panalc0a84264 type veth peer name panalc0a84265\n" + back()
                        + SETTING))
                .as("machines' cables that the kernel has not taken away yet")
                .containsExactly("0");
    }

    @Test
    void aHostThatIsAContainerHasACableOfItsOwn() throws IOException {
        assertThat(run(off() + on() + """
                        ip link add eth0 type veth peer name panalc0a84265
                        ip link set eth0 up
                        ip link set panalc0a84265 up
                        ip address add 192.0.2.2/24 dev eth0
                        ip route add default via 192.0.2.1
                        """ + back() + SETTING)).containsExactly("0");
    }

    private static String off() {
        return "echo 0 >/proc/sys/net/ipv4/ip_forward\n";
    }

    private static String on() {
        return Forwarding.on();
    }

    private static String back() {
        return Forwarding.back();
    }

    private static List<String> run(String script) throws IOException {
        var result = Command.run(
                List.of("unshare", "--net", "--mount", "/bin/sh", "-e"),
                "mount -t tmpfs run /run\n" + Forwarding.lock() + script);
        assertThat(result.errors()).isEmpty();
        return result.output().lines().toList();
    }
}
