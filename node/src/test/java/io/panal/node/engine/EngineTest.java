package io.panal.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The host's half, as the stock docker client sees it.
@Timeout(120)
class EngineTest extends OnOneEngine {
    @ParameterizedTest(name = "docker {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            run --rm busybox echo hello            | 0   | hello |
            run --rm busybox sh -c exit`` ``7      | 7   |       |
            run --rm busybox /no/such              | 127 |       | stat /no/such: no such file or directory
            run --rm --read-only busybox touch /x  | 1   |       | Read-only file system
            run --rm -e A=B busybox printenv       | 127 |       | executable file not found
            run --rm -w /bin busybox pwd           | 0   | /bin  |
            run --rm --user 12 busybox id -u       | 0   | 12    |
            run --rm -t busybox test -t 1          | 0   |       |
            run --name x!y busybox                 | 125 |       | Invalid container name (x!y), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed
            run --rm --memory 1m busybox true      | 125 |       | Minimum memory limit allowed is 6MB
            run --rm --cpus 9999 busybox true      | 125 |       | range of CPUs is from 0.01 to
            run --rm --log-opt max-file=x busybox  | 125 |       | invalid value for max-file: "x"
            run --rm --network nope busybox true   | 125 |       | network nope not found
            inspect nothere                        | 1   | []    | o such object: nothere
            logs nothere                           | 1   |       | No such container: nothere
            volume inspect nothere                 | 1   | []    | o such volume
            volume create a!b                      | 1   |       | create a!b: "a!b" includes invalid characters for a local volume name
            network rm bridge                      | 1   |       | bridge is a pre-defined network and cannot be removed
            network rm nothere                     | 1   |       | nothere
            network create bridge                  | 1   |       | operation is not permitted on predefined bridge network
            network create --driver nope x         | 1   |       | plugin "nope" not found
            network create --driver host x         | 1   |       | only one instance of "host" network is allowed
            network create --subnet 10.1.2 x       | 1   |       | invalid CIDR address: 10.1.2
            network create --subnet 172.17.1.0/24 x | 1  |       | Pool overlaps with other one on this address space
            network inspect bridge --format {{.IPAM.Config}} | 0 | [{172.17.0.0/16  172.17.0.1 map[]}] |
            network ls --filter dangling=true --format {{.Name}} | 0 | |
            network connect host nothere           | 1   |       | No such container: nothere
            network ls --filter type=custom --format {{.Name}} | 0 | docker_gwbridge |
            node ls                                | 1   |       | This node is not a swarm manager. Use "docker swarm init" or "docker swarm join"
            service create busybox                 | 1   |       | This node is not a swarm manager. Use "docker swarm init" or "docker swarm join"
            swarm leave                            | 1   |       | This node is not part of a swarm
            swarm init --advertise-addr 10.1.2.3   | 1   |       | advertise address was 10.1.2.3
            swarm join --token T 10.1.2.3:2377     | 1   |       | token was T
            info --format {{.Swarm.LocalNodeState}} | 0  | inactive |
            search nginx                           | 1   |       | search is not supported
            plugin install some/plugin             | 1   |       | plugins are not supported
            plugin enable nope                     | 1   |       | plugin "nope" not found
            plugin ls --format {{.Name}}           | 0   |       |
            version --format {{.Server.APIVersion}} | 0  | 1.47  |
            version --format {{.Server.Version}}    | 0  | 27.3.1+panal.0.1.0 |
            """)
    void speaksDocker(String line, int code, String out, String err) throws Exception {
        String[] words = line.replace("`` ``", "\u00a0").split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = words[i].replace('\u00a0', ' ');
        }

        StockDocker.Outcome outcome = host.docker.run(words);

        assertThat(outcome.err()).contains(err == null ? "" : err);
        assertThat(outcome.out().strip()).isEqualTo(out == null ? "" : out);
        assertThat(outcome.code()).isEqualTo(code);
    }

    @Test
    void imagesHaveNames() throws Exception {
        assertThat(host.docker.run("tag", "busybox", "other:2").code()).isZero();
        assertThat(host.docker
                        .run("images", "--format", "{{.Repository}}:{{.Tag}}")
                        .out()
                        .lines())
                .contains("busybox:latest", "other:2");
        assertThat(host.docker.run("rmi", "other:2").out()).isEqualTo("Untagged: other:2\n");
        assertThat(host.docker.run("tag", "none:1", "x:1").err()).contains("No such image: none:1");
        assertThat(host.docker.run("image", "inspect", "none:1").err()).containsIgnoringCase("no such image: none:1");
    }

    @Test
    void volumesOutliveContainers() throws Exception {
        host.docker.run("run", "--rm", "-v", "kept:/data", "busybox", "sh", "-c", "echo kept > /data/f");

        assertThat(host.docker
                        .run("run", "--name", "user", "-v", "kept:/data", "busybox", "cat", "/data/f")
                        .out())
                .isEqualTo("kept\n");
        assertThat(host.docker.run("volume", "rm", "kept").err()).contains("remove kept: volume is in use");
        host.docker.run("rm", "user");
        assertThat(host.docker.run("volume", "rm", "kept").out()).isEqualTo("kept\n");
    }

    @Test
    void onlyWhatTheFiltersNameIsPruned() throws Exception {
        host.docker.run("create", "--name", "pruned", "--label", "fate=gone", "busybox");

        for (String filter : new String[] {"until=1h30m", "until=2001-02-03", "label=fate=kept", "label!=fate"}) {
            host.docker.run("container", "prune", "-f", "--filter", filter, "--filter", "label=fate");
            assertThat(host.docker.run("inspect", "pruned").code()).as(filter).isZero();
        }
        assertThat(host.docker
                        .run("container", "prune", "-f", "--filter", "until=yesterday")
                        .err())
                .contains("invalid time \"yesterday\"");
        assertThat(host.docker
                        .run("container", "prune", "-f", "--filter", "colour=red")
                        .err())
                .contains("invalid filter 'colour'");
        assertThat(host.docker
                        .run("image", "prune", "-af", "--filter", "until=2001-02-03")
                        .code())
                .isZero();
        assertThat(host.docker.run("image", "inspect", "busybox").code()).isZero();
        host.docker.run("container", "prune", "-f", "--filter", "label=fate=gone", "--filter", "until=0s");
        assertThat(host.docker.run("inspect", "pruned").code()).isNotZero();
    }
}
