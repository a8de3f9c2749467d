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
                    case "kill", "restart", "start", "stop" -> ContainerAction.command("panal container " + name);
                    case "logs" -> ContainerLogs.command("panal container logs");
                    case "ls", "list", "ps" -> ContainerList.command("panal container ls");
                    case "rm", "remove" -> containerRemove("panal container rm");
                    default -> null;
                });
    }

    private static Command containerRemove(String path) {
        return ObjectRemove.command(
                new Usage(
                        path,
                        "[OPTIONS] CONTAINER [CONTAINER...]",
                        "Remove one or more containers",
                        List.of("panal container rm", "panal container remove", "panal rm"),
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
                    case "pull" -> ImagePull.command("panal image pull");
                    case "rm", "remove" -> ImageRemove.command("panal image rm");
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
                    case "kill", "restart", "start", "stop" -> ContainerAction.command("panal " + name);
                    case "pull" -> ImagePull.command("panal pull");
                    case "rm" -> containerRemove("panal rm");
                    case "rmi" -> ImageRemove.command("panal rmi");
                    default -> null;
                });
    }
}
