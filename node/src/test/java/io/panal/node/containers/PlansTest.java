package io.panal.node.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class PlansTest {
    private static final Accounts ACCOUNTS = new Accounts(
            "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/var:/bin/false\nbroken\n",
            "root:x:0:\nstaff:x:50:web,other\nweb:x:34:\n");

    @ParameterizedTest(name = "{0} runs as {1}:{2} with {3}")
    @CsvSource(delimiter = '|', textBlock = """
            ''       | 0    | 0    | ''
            root     | 0    | 0    | ''
            web      | 33   | 34   | 50
            33       | 33   | 34   | 50
            web:50   | 33   | 50   | ''
            web:root | 33   | 0    | ''
            1234     | 1234 | 0    | ''
            1:2      | 1    | 2    | ''
            """)
    void usersAreResolvedAsDockerDoes(String wanted, long uid, long gid, String groups) throws Exception {
        var identity = ACCOUNTS.resolve(wanted, List.of());

        assertThat(identity.uid()).isEqualTo(uid);
        assertThat(identity.gid()).isEqualTo(gid);
        assertThat(identity.groups()).isEqualTo(groups.isEmpty() ? List.of() : List.of(Long.parseLong(groups)));
    }

    @Test
    void aFurtherProcessHasTheLimitsOfTheFirst() {
        List<Limits.Ulimit> limits =
                List.of(new Limits.Ulimit("nofile", 1000, 2000), new Limits.Ulimit("memlock", -1, -1));
        var identity = new Accounts.Identity(0, 0, List.of());
        var first = new RuntimeProcess(List.of("sh"), List.of(), "/", identity, List.of(), limits, false, false);

        assertThat(RuntimeProcess.ulimits(first.json())).isEqualTo(limits);
    }

    @Test
    void anUnknownUserIsRefused() {
        assertThatThrownBy(() -> ACCOUNTS.resolve("nobody", List.of()))
                .hasMessage("unable to find user nobody: no matching entries in passwd file");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"TERM,15", "SIGKILL,9", "sigint,2", "10,10", "RTMIN+3,37", "SYS,31"})
    void signalsHaveNames(String text, int number) throws Exception {
        assertThat(Signals.parse(text)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({"0", "65", "BEE", "SIG", "-1"})
    void whatIsNoSignalIsRefused(String text) {
        assertThatThrownBy(() -> Signals.parse(text)).hasMessage("invalid signal: " + text);
    }

    @Test
    void capabilitiesAreAddedToWhatIsNotDropped() throws Exception {
        var plan =
                new SecurityPlan(false, false, false, true, List.of("net_admin"), List.of("ALL"), List.of(), Map.of());

        assertThat(Capabilities.of(plan, -1)).containsExactly("CAP_NET_ADMIN");
        assertThat(Capabilities.of(SecurityPlan.standard(), -1)).hasSize(14).contains("CAP_CHOWN");
        assertThat(Capabilities.of(SecurityPlan.standard(), 1)).containsExactly("CAP_CHOWN");
    }

    @ParameterizedTest(name = "entrypoint {0} command {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            ''  | ''  | image-entry image-command
            ''  | mine| image-entry mine
            own | ''  | own
            own | mine| own mine
            """)
    void anEntrypointOfThePlanForgetsTheImagesCommand(String entrypoint, String command, String expected)
            throws Exception {
        var image = new ImageConfiguration.ImageProcess(
                List.of("image-entry"), List.of("image-command"), List.of(), "", "", "");
        var plan = new ProcessPlan(
                list(entrypoint),
                list(command),
                List.of(),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                false,
                false);

        assertThat(String.join(" ", RuntimeProcess.arguments(plan, image))).isEqualTo(expected);
    }

    private static java.util.Optional<List<String>> list(String text) {
        return text.isEmpty() ? java.util.Optional.empty() : java.util.Optional.of(List.of(text));
    }

    @Test
    void laterVariablesReplaceEarlierOnes() {
        var environment = RuntimeProcess.environment(
                "bee", false, List.of(List.of("A=1", "B=2"), List.of("A=3", "B", "PATH=/x")));

        assertThat(environment).containsExactly("PATH=/x", "HOSTNAME=bee", "A=3");
    }

    @Test
    void aPlanIsReadBackAsItWasKept() {
        var id = "ab".repeat(32);
        var plan = ContainerPlan.of(id, "web", "image:1")
                .mounting(List.of(
                        new MountPlan.Bind("/a", "/b", true, ""),
                        new MountPlan.Volume("/c", "/d", false, true),
                        new MountPlan.Memory("/e", 5, 0)))
                .labelled(Map.of("io.panal.task", "x"));
        plan = plan.on(plan.host()
                .connected(new NetworkPlan.Joined("/run/netns/x"))
                .limited(new Limits(1, 2, 3, 4, List.of(new Limits.Ulimit("nofile", 1, -1)))));

        var json = JsonMapper.shared().writeValueAsBytes(new Records.Kept(plan, "sha256:1"));

        assertThat(JsonMapper.shared().readValue(json, Records.Kept.class))
                .isEqualTo(new Records.Kept(plan, "sha256:1"));
    }

    @Test
    void eachLayersSnapshotIsNamedByAllBelowIt() {
        assertThat(ImageDocuments.chain(List.of("sha256:a", "sha256:b")))
                .containsExactly(
                        "sha256:a",
                        ImageDocuments.digest("sha256:a sha256:b".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
}
