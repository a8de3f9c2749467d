package io.panal.cli.service;

import io.panal.cli.client.Query;
import io.panal.cli.client.RefusedException;
import io.panal.cli.client.RegistryLogin;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Images;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Pins a service's image to what the registry has for it now: digest and platforms.
final class Registry {
    private Registry() {}

    /// @param headers to send with the service
    record Answer(String headers, List<String> warnings) {}

    /// Asks the daemon for the image's digest and puts it into the spec; an image it cannot find stays as it is.
    static Answer resolve(Session session, Spec spec, Arguments arguments) throws Failure, IOException {
        Tree container = spec.container();
        String image = Images.familiar(container.text("Image"));
        image = Images.hasDigest(container.text("Image")) ? container.text("Image") : Images.tagged(image);
        container.put("Image", image);
        String headers = arguments.isOn("with-registry-auth")
                ? RegistryLogin.header(session.configuration(), container.text("Image"))
                : "";
        if (arguments.isOn("no-resolve-image")) {
            return new Answer(headers, List.of());
        }
        try {
            Tree found = session.engine()
                    .get(Query.of("/distribution/", image, "/json").toString(), headers);
            pin(spec, image, found);
            return new Answer(headers, List.of());
        } catch (RefusedException refused) {
            return new Answer(headers, List.of(unknown(image)));
        }
    }

    private static void pin(Spec spec, String image, Tree found) {
        String digest = found.text("Descriptor.digest");
        if (!Images.hasDigest(image) && !digest.isEmpty()) {
            spec.container().put("Image", image + "@" + digest);
        }
        List<Tree> platforms = new ArrayList<>();
        for (Tree platform : found.trees("Platforms")) {
            // An image for "arm" does not say which of its versions it needs.
            String architecture = platform.text("architecture");
            Tree wanted = Tree.empty();
            Spec.put(wanted, "Architecture", architecture.equalsIgnoreCase("arm") ? "" : architecture);
            Spec.put(wanted, "OS", platform.text("os"));
            platforms.add(wanted);
        }
        if (!platforms.isEmpty()) {
            Spec.putAll(spec.placement(), "Platforms", platforms);
        }
    }

    private static String unknown(String image) {
        return "image " + image + " could not be accessed on a registry to record\nits digest. Each node will access "
                + image + " independently,\npossibly leading to different nodes running different\n"
                + "versions of the image.\n";
    }
}
