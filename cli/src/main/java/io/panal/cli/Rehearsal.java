package io.panal.cli;

import io.panal.cli.command.Command;
import io.panal.cli.command.Session.Streams;
import io.panal.machines.tls.RehearsalServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs the frequent commands once against a stand-in for a daemon, so that the virtual machine can keep the classes
/// they load. Nothing of it is used afterwards.
public final class Rehearsal {
    private static final String NODE = """
            {"ID":"a1","Version":{"Index":1},"CreatedAt":"2026-01-01T00:00:00.5Z","UpdatedAt":"2026-01-01T00:00:00Z",
            "Spec":{"Labels":{"a":"b"},"Role":"manager","Availability":"active"},"Description":{"Hostname":"h",
            "Platform":{"Architecture":"x86_64","OS":"linux"},"Resources":{"NanoCPUs":2000000000,"MemoryBytes":1024},
            "Engine":{"EngineVersion":"1"}},"Status":{"State":"ready","Addr":"10.0.0.1"},
            "ManagerStatus":{"Leader":true,"Reachability":"reachable","Addr":"10.0.0.1:2377"}}""";
    private static final String SERVICE = """
            {"ID":"s1","Version":{"Index":1},"CreatedAt":"2026-01-01T00:00:00.5Z","UpdatedAt":"2026-01-01T00:00:00Z",
            "Spec":{"Name":"web","Labels":{},"TaskTemplate":{"ContainerSpec":{"Image":"nginx:1@sha256:0",
            "Env":["A=B"]},"Resources":{},"ForceUpdate":0},"Mode":{"Replicated":{"Replicas":1}},
            "EndpointSpec":{"Mode":"vip","Ports":[{"Protocol":"tcp","TargetPort":80,"PublishedPort":8000,
            "PublishMode":"ingress"}]}},"Endpoint":{"Spec":{"Mode":"vip"},"Ports":[{"Protocol":"tcp","TargetPort":80,
            "PublishedPort":8000,"PublishMode":"ingress"}]},
            "ServiceStatus":{"RunningTasks":1,"DesiredTasks":1,"CompletedTasks":0}}""";
    private static final String TASK = """
            {"ID":"t1","Version":{"Index":1},"CreatedAt":"2026-01-01T00:00:00Z","UpdatedAt":"2026-01-01T00:00:00Z",
            "Spec":{"ContainerSpec":{"Image":"nginx:1@sha256:0"}},"ServiceID":"s1","Slot":1,"NodeID":"a1",
            "Status":{"Timestamp":"2026-01-01T00:00:00.5Z","State":"running","Message":"started",
            "PortStatus":{}},"DesiredState":"running"}""";
    private static final List<List<String>> COMMANDS = List.of(
            List.of("version"),
            List.of("info"),
            List.of("node", "ls"),
            List.of("node", "ls", "--format", "{{json .}}"),
            List.of("node", "ls", "-q"),
            List.of("node", "inspect", "a1"),
            List.of("node", "inspect", "--pretty", "a1"),
            List.of("node", "ps", "a1"),
            List.of("node", "update", "--label-add", "x=y", "a1"),
            List.of("service", "ls"),
            List.of("service", "ps", "web"),
            List.of("service", "inspect", "web"),
            List.of("service", "inspect", "--pretty", "web"),
            List.of("service", "create", "-d", "--name", "web", "--replicas", "2", "-p", "8000:80", "nginx", "a"),
            List.of("service", "scale", "-d", "web=3"),
            List.of("service", "update", "-d", "--env-add", "A=C", "web"),
            List.of("service", "rm", "web"),
            List.of("swarm", "join-token", "worker"),
            List.of("swarm", "--help"),
            List.of("service", "create", "--help"),
            List.of("no-such-command"));

    private Rehearsal() {}

    /// Ends when every command has run.
    ///
    /// @param outside the program's other commands, which are found but not run
    public static void run(List<Command> outside) throws IOException {
        Path directory = Files.createTempDirectory("panal-rehearsal");
        Path socket = directory.resolve("docker.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().daemon().start(() -> serve(server));
            for (List<String> command : COMMANDS) {
                var words = new ArrayList<String>(List.of("-H", "unix://" + socket));
                words.addAll(command);
                var out = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
                new Cli(outside).run(words, Map.of(), new Streams(InputStream.nullInputStream(), out, out, false));
            }
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(directory);
        }
    }

    /// The same question over TLS, with the variables that `panal machine env` gives.
    ///
    /// @param certificates a machine's directory
    public static void overTls(Path certificates) throws IOException {
        try (var server = RehearsalServer.start(certificates, Rehearsal::converse)) {
            var variables = Map.of(
                    "DOCKER_HOST",
                    "tcp://127.0.0.1:" + server.address().getPort(),
                    "DOCKER_TLS_VERIFY",
                    "1",
                    "DOCKER_CERT_PATH",
                    certificates.toString());
            var out = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
            new Cli(List.of())
                    .run(List.of("node", "ls"), variables, new Streams(InputStream.nullInputStream(), out, out, false));
        }
    }

    private static void serve(ServerSocketChannel server) {
        try {
            while (server.isOpen()) {
                SocketChannel client = server.accept();
                Thread.ofPlatform().daemon().start(() -> converse(client));
            }
        } catch (IOException closed) {
            // The rehearsal is over.
            return;
        }
    }

    private static void converse(SocketChannel client) {
        try (client) {
            converse(Channels.newInputStream(client), Channels.newOutputStream(client));
        } catch (IOException closed) {
            // The command has hung up.
            return;
        }
    }

    private static void converse(InputStream in, OutputStream out) throws IOException {
        for (String head = head(in); !head.isEmpty(); head = head(in)) {
            boolean headOnly = head.startsWith("HEAD");
            byte[] body =
                    (headOnly ? "" : answer(head.substring(0, head.indexOf('\r')))).getBytes(StandardCharsets.UTF_8);
            String start = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: " + body.length + "\r\n\r\n";
            out.write(start.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        }
    }

    /// A request's head; its body is read and dropped.
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        int at = head.indexOf("Content-Length: ");
        if (at >= 0) {
            String length = head.substring(at + 16, head.indexOf("\r", at));
            in.readNBytes(Integer.parseInt(length));
        }
        return head.toString();
    }

    private static String answer(String request) {
        if (request.contains("/nodes/")) {
            return NODE;
        }
        if (request.contains("/nodes")) {
            return "[" + NODE + "]";
        }
        if (request.contains("/tasks")) {
            return "[" + TASK + "]";
        }
        if (request.contains("/services?")) {
            return "[" + SERVICE + "]";
        }
        if (request.contains("/services/")) {
            return SERVICE;
        }
        return "{\"Swarm\":{\"NodeID\":\"a1\",\"LocalNodeState\":\"active\"},\"ID\":\"x\",\"Components\":[]}";
    }
}
