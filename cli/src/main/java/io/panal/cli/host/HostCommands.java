package io.panal.cli.host;

import io.panal.cli.command.Command;
import io.panal.cli.command.Usage;
import java.util.List;
import java.util.Optional;

/// The commands behind `container` and `image`.
public final class HostCommands {
    private HostCommands() {}

    public static Command container() {
        return new Command.Group(
                "panal container",
                "Manage containers",
                List.of("inspect", "kill", "logs", "ls", "restart", "rm", "start", "stop"),
                HostCommands::container);
    }

    public static Command image() {
        return new Command.Group(
                "panal image", "Manage images", List.of("inspect", "ls", "pull", "rm"), HostCommands::image);
    }

    private static Optional<Command> container(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "inspect" ->
                        ObjectInspect.command(
                                "panal container inspect", "CONTAINER", "containers", "/containers/", "/json");
                    case "kill" -> ContainerAction.command("kill", "Kill one or more running containers");
                    case "logs" -> ContainerLogs.command("panal container logs");
                    case "ls", "list", "ps" -> ContainerList.command("panal container ls");
                    case "restart" -> ContainerAction.command("restart", "Restart one or more containers");
                    case "rm", "remove" -> containerRemove();
                    case "start" -> ContainerAction.command("start", "Start one or more stopped containers");
                    case "stop" -> ContainerAction.command("stop", "Stop one or more running containers");
                    default -> null;
                });
    }

    private static Command containerRemove() {
        return ObjectRemove.command(
                new Usage(
                        "panal container rm",
                        "[OPTIONS] CONTAINER [CONTAINER...]",
                        "Remove one or more containers",
                        List.of("panal container rm", "panal container remove"),
                        """
                        -f, --force   Force the removal of a running container (uses SIGKILL)
                        -v, --volumes   Remove anonymous volumes associated with the container
                        """,
                        Usage.Arity.SOME),
                "/containers/");
    }

    private static Optional<Command> image(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "inspect" ->
                        ObjectInspect.command("panal image inspect", "IMAGE", "images", "/images/", "/json");
                    case "ls", "list" -> ImageList.command("panal image ls");
                    case "pull" -> ImagePull.command();
                    case "rm", "remove" -> ImageRemove.command();
                    default -> null;
                });
    }

    /// The command that a word means by itself, such as `ps` for `container ls`.
    public static Optional<Command> shortcut(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "ps" -> ContainerList.command("panal ps");
                    case "images" -> ImageList.command("panal images");
                    case "logs" -> ContainerLogs.command("panal logs");
                    case "inspect" -> AnyInspect.command();
                    default -> null;
                });
    }
}
