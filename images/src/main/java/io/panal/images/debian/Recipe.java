package io.panal.images.debian;

import java.util.List;
import java.util.Map;

/// How an image is made from packages.
///
/// @param name of the image
/// @param mainPackage the package that it is about, whose version it carries
/// @param others that it needs to be of use; what they depend on comes with them
/// @param leftOut of what comes with them: only the installation itself needs these
/// @param steps after unpacking
/// @param run what its containers do
record Recipe(String name, String mainPackage, List<String> others, List<String> leftOut, List<Step> steps, Run run) {
    Recipe {
        others = List.copyOf(others);
        leftOut = List.copyOf(leftOut);
        steps = List.copyOf(steps);
    }

    /// @param environment `%s` in a value stands for the package's upstream version
    /// @param ports such as `80/tcp`
    /// @param stopSignal empty for the usual
    record Run(
            List<String> entrypoint,
            List<String> command,
            Map<String, String> environment,
            List<String> ports,
            String stopSignal) {
        Run {
            entrypoint = List.copyOf(entrypoint);
            command = List.copyOf(command);
            ports = List.copyOf(ports);
        }
    }
}
