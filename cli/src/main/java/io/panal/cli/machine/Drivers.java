package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import java.nio.file.Files;
import java.nio.file.Path;

/// The driver a machine is to be made with. There is one; a line that names another is answered with the line to type.
final class Drivers {
    private static final String LOCAL = "local";

    private Drivers() {}

    /// @throws Failure unless the driver is the local one
    static void require(Arguments arguments, Session session) throws Failure {
        var variable = session.variable("MACHINE_DRIVER");
        var driver = arguments.text("driver", variable.isEmpty() ? LOCAL : variable);
        if (driver.equals(LOCAL)) {
            return;
        }
        if (!driver.equals("virtualbox")) {
            throw Failure.because("""
                    Error loading driver "%1$s": Driver "%1$s" not found. Panal's machines need no hypervisor and no cloud; type
                      %2$s""".formatted(driver, line(arguments)));
        }
        var reason = isOnPath(session, "VBoxManage")
                ? "Panal makes no virtual machines"
                : "VBoxManage not found. Make sure VirtualBox is installed and VBoxManage is in the path";
        throw Failure.because("""
                Error with pre-create check: "%s"
                A machine here needs no VirtualBox; type
                  %s""".formatted(reason, line(arguments)));
    }

    /// The same command with the driver that works.
    private static String line(Arguments arguments) {
        var line = new StringBuilder("panal machine create --driver ").append(LOCAL);
        for (var flag : arguments.usage().flags()) {
            if (!flag.name().equals("driver")) {
                for (var value : arguments.all(flag.name())) {
                    line.append(" --").append(flag.name());
                    if (!flag.type().isEmpty()) {
                        line.append(' ').append(word(value));
                    }
                }
            }
        }
        arguments.operands().forEach(name -> line.append(' ').append(word(name)));
        return line.toString();
    }

    private static String word(String text) {
        return text.matches("[A-Za-z0-9_./:=@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static boolean isOnPath(Session session, String program) {
        for (var directory : session.variable("PATH").split(":", -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
